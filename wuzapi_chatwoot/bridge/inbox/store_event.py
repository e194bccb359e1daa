"""Write what was read of a webhook into the durable inbox: under which key, in which lane, with its file."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta, timezone

from wuzapi_chatwoot.bridge.context import Bridge
from wuzapi_chatwoot.bridge.model.addresses import Address, canonical
from wuzapi_chatwoot.bridge.model.content import Edit, Pin, PollVote, Reaction, Revoke
from wuzapi_chatwoot.bridge.model.events import (
	Call,
	ChatwootDeletion,
	ChatwootMessage,
	ConversationChanged,
	Event,
	GroupChanged,
	PictureChanged,
	Receipt,
	SessionChanged,
	WhatsAppMessage,
)
from wuzapi_chatwoot.bridge.model.lanes import chat_lane, session_lane
from wuzapi_chatwoot.bridge.model.records import Direction, NewEvent, Session, Source
from wuzapi_chatwoot.bridge.ports.connector import Reading

SAME_CHANGE_SECONDS = 5
"""Within these, the same words about a session's connection are one event."""
_EPOCH = datetime.fromtimestamp(0, timezone.utc)


def store_reading(
	bridge: Bridge, source: Source, session: Session, reading: Reading, received_at: datetime
) -> str | None:
	"""Its trace id; `None` if it was known already, and then nothing is written. Raises `StoreUnavailable`."""
	now = received_at
	trace_id = bridge.ids.new()
	own = reading.key
	if isinstance(reading.event, SessionChanged):
		# "Connected" reads the same every time: only its arrival tells two of them apart. Whoever repeats one that he
		# has caught, however often, gets one in so many seconds.
		own = f"{reading.key}/{int(now.timestamp() // SAME_CHANGE_SECONDS)}"
	whose = session.chatwoot_key if source is Source.CHATWOOT else session.name
	key = event_key(whose, source, own)
	lane = _lane_of(bridge, session, reading.event)
	file = None
	if reading.media is not None:
		if bridge.store.find_event(key) is not None:
			return None
		# A name of its own: nothing that comes later, proved or not, is ever written over it.
		file = hashlib.sha256(f"{key}\n{trace_id}".encode()).hexdigest()
		bridge.files.save(file, reading.media)
	event = NewEvent(
		key=key,
		session=session.name,
		source=source,
		kind=reading.kind,
		lane=lane,
		payload=reading.payload,
		occurred_at=_occurred_at(reading.event, now),
		order=_order_of(reading.event),
		trace_id=trace_id,
		file=file,
	)
	added = False
	try:
		due_at = bridge.clock.now() + timedelta(seconds=session.settle_seconds)
		added = bridge.store.add_event(event, due_at=due_at, received_at=now)
	finally:
		if file is not None and not added:
			bridge.files.delete(file)
	if not added:
		return None
	bridge.wake(lane)
	return trace_id


def event_key(session: str, source: Source, key: str) -> str:
	"""The digest under which an event is stored: case-sensitive in every database, 64 characters."""
	return hashlib.sha256(f"{session}\n{source.value}\n{key}".encode()).hexdigest()


def _lane_of(bridge: Bridge, session: Session, event: Event) -> str:
	match event:
		case WhatsAppMessage(chat=chat, chat_alt=alt) | Receipt(chat=chat, chat_alt=alt):
			return lane_from(bridge, session, chat, alt)
		case Call(caller=caller, caller_alt=alt):
			return lane_from(bridge, session, caller, alt)
		case (
			ChatwootMessage(conversation=conversation)
			| ChatwootDeletion(conversation=conversation)
			| ConversationChanged(conversation=conversation)
		):
			return chat_lane(session.name, Direction.OUT, str(conversation.id))
		case GroupChanged(group=group):
			return chat_lane(session.name, Direction.IN, group)
		case PictureChanged(about=about):
			return chat_lane(session.name, Direction.IN, f"picture {about}")
		case _:
			return session_lane(session.name)


def lane_from(bridge: Bridge, session: Session, chat: Address, alt: Address | None) -> str:
	"""The lane of what comes from a chat on WhatsApp."""
	return chat_lane(session.name, Direction.IN, _lane_address(bridge, session, chat, alt))


def _lane_address(bridge: Bridge, session: Session, chat: Address, alt: Address | None) -> Address:
	"""The same for every event of a chat, though WhatsApp names the chat by phone today and by LID tomorrow."""
	address = canonical(chat, alt) or chat
	if address.phone is None and not address.is_group:
		contact = bridge.store.find_contact(session.name, [address])
		if contact is not None:
			return canonical(*contact.addresses) or address
	return address


def _occurred_at(event: Event, now: datetime) -> datetime:
	match event:
		case (
			WhatsAppMessage(sent_at=at)
			| Receipt(at=at)
			| Call(at=at)
			| GroupChanged(at=at)
			| PictureChanged(at=at)
			| ChatwootDeletion(at=at)
			| ConversationChanged(at=at)
		):
			pass
		case ChatwootMessage(created_at=created_at, retried=False):
			# As a fetched message has it: with parts of a second here only, a fetched one would go ahead of older
			# ones of its second. Within the second the ids tell the order.
			at = created_at.replace(microsecond=0)
		case _:
			return now
	# A missing time stamp reads as 1970; and nothing can have happened after it reached us.
	return now if at <= _EPOCH else min(at, now + timedelta(minutes=5))


def _order_of(event: Event) -> int:
	match event:
		case ChatwootMessage(id=id):
			return id
		case ChatwootDeletion(id=id):
			# After the message itself, whose time stamp it may bear.
			return id + 1
		case WhatsAppMessage(content=Reaction() | Edit() | Revoke() | Pin() | PollVote()) | Call(ended=True):
			# After what it is about, which may be of the same second.
			return 1
		case Receipt():
			# WhatsApp's times have whole seconds: a message goes before its receipt of the same second.
			return 1
		case _:
			return 0
