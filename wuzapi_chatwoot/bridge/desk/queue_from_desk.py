"""Store what people do in the host's own desk, and what is to be done about it. Sends nothing: a lane does."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from wuzapi_chatwoot.bridge.context import Bridge
from wuzapi_chatwoot.bridge.inbox.desk_messages import payload_of
from wuzapi_chatwoot.bridge.inbox.store_event import event_key
from wuzapi_chatwoot.bridge.model.content import Location
from wuzapi_chatwoot.bridge.model.events import DeskEvent, DeskMessage, DeskReaction, Status
from wuzapi_chatwoot.bridge.model.lanes import chat_lane
from wuzapi_chatwoot.bridge.model.message_ids import fresh_id, further_id
from wuzapi_chatwoot.bridge.model.records import (
	ConversationRow,
	Direction,
	MessageRow,
	NewEvent,
	Session,
	Source,
)
from wuzapi_chatwoot.bridge.ports.gateway import OutgoingFile
from wuzapi_chatwoot.bridge.text.describe import describe
from wuzapi_chatwoot.bridge.to_whatsapp.message_parts import LONGEST_CAPTION
from wuzapi_chatwoot.bridge.to_whatsapp.recipient import private_recipient


def queue_from_desk(
	bridge: Bridge,
	session: Session,
	conversation: ConversationRow,
	text: str,
	author_name: str,
	file: OutgoingFile | None = None,
	*,
	location: Location | None = None,
	reply_to: str | None = None,
	voice: bool = True,
	id: str | None = None,
) -> MessageRow:
	"""The row is pending, and is there when this returns. `reply_to`: WhatsApp id of the message answered to.

	It may belong to another conversation: a status is answered in its author's own chat. Raises `Permanent` where an
	answer would be published.
	Sound and places have no caption on WhatsApp, and others no long one: the text becomes a message of its own and goes
	ahead. The answer is the row of what follows it. Without a text, sound is somebody speaking (`voice`).

	`id`: the WhatsApp id that the message shall bear, from a caller that may repeat itself; `DuplicateRow` if it does.
	"""
	answered = _row(bridge, session, conversation, reply_to) if reply_to else None
	conversation = private_recipient(bridge, session, conversation, answered)
	sound = file is not None and file.mime_type.startswith("audio/")
	too_long = file is not None and len(text) > LONGEST_CAPTION
	if text and (sound or too_long or location is not None):
		with bridge.store.atomic():
			ahead = further_id(id, 1) if id else None
			_queue(bridge, session, conversation, text, author_name, answered=answered, id=ahead)
			return _queue(bridge, session, conversation, "", author_name, file, location=location, id=id)
	return _queue(
		bridge,
		session,
		conversation,
		text,
		author_name,
		file,
		location=location,
		answered=answered,
		voice=voice and sound,
		id=id,
	)


def _queue(
	bridge: Bridge,
	session: Session,
	conversation: ConversationRow,
	text: str,
	author_name: str,
	file: OutgoingFile | None = None,
	*,
	location: Location | None = None,
	answered: MessageRow | None = None,
	voice: bool = False,
	id: str | None = None,
) -> MessageRow:
	"""One message, as WhatsApp has it."""
	now = bridge.clock.now()
	id = id or fresh_id(bridge.ids.new())
	key = event_key(session.name, Source.DESK, id)
	if file is not None:
		bridge.files.save(key, file.content)
	message = DeskMessage(
		whatsapp_id=id,
		conversation=conversation.id,
		text=text,
		author_name=author_name,
		file=key if file else None,
		file_name=file.file_name if file else "",
		mime_type=file.mime_type if file else "",
		voice=voice,
		location=location,
		reply_to=answered.whatsapp_id if answered is not None else None,
		answered=answered.id if answered is not None else 0,
	)
	row = _pending_row(session, conversation, message, now)
	with bridge.store.atomic():
		stored = bridge.store.add_message(row)
		message = replace(message, row=stored.id)
		if file is not None:
			bridge.keep_media(stored, file)
		_add_event(bridge, session, conversation, message, key, "message from the desk", now, message.file)
	return stored


def find_queued(bridge: Bridge, session: Session, id: str) -> MessageRow | None:
	"""The message that was queued under this id before, wherever it is by now."""
	event = bridge.store.find_event(event_key(session.name, Source.DESK, id))
	queued = bridge.connectors[Source.DESK].parse(event.payload) if event is not None else None
	return bridge.store.get_message(queued.row) if isinstance(queued, DeskMessage) else None


def queue_reaction(
	bridge: Bridge,
	session: Session,
	conversation: ConversationRow,
	target_id: str,
	emoji: str,
	author_name: str,
) -> None:
	"""`emoji` empty takes back the reaction that was given before. Raises `Permanent` where it would be published."""
	private_recipient(bridge, session, conversation, None)
	id = fresh_id(bridge.ids.new())
	target = _row(bridge, session, conversation, target_id)
	reaction = DeskReaction(
		id, conversation.id, target_id, emoji, author_name, target=target.id if target is not None else 0
	)
	key = event_key(session.name, Source.DESK, id)
	with bridge.store.atomic():
		_add_event(
			bridge, session, conversation, reaction, key, "reaction from the desk", bridge.clock.now(), None
		)


def _row(bridge: Bridge, session: Session, conversation: ConversationRow, id: str) -> MessageRow | None:
	return next(iter(bridge.store.find_messages(session.name, conversation.chat, [id])), None)


def _add_event(
	bridge: Bridge,
	session: Session,
	conversation: ConversationRow,
	what: DeskEvent,
	key: str,
	kind: str,
	now: datetime,
	file: str | None,
) -> None:
	lane = chat_lane(
		session.name, Direction.OUT, str(conversation.chatwoot_conversation_id or conversation.chat)
	)
	event = NewEvent(
		key=key,
		session=session.name,
		source=Source.DESK,
		kind=kind,
		lane=lane,
		payload=payload_of(what),
		occurred_at=now,
		order=0,
		trace_id=bridge.ids.new(),
		file=file,
	)
	bridge.store.add_event(event, due_at=now, received_at=now)
	bridge.wake(lane)


def _pending_row(
	session: Session, conversation: ConversationRow, message: DeskMessage, at: datetime
) -> MessageRow:
	kind = message.mime_type.partition("/")[0] if message.file else "text"
	return MessageRow(
		id=0,
		session=session.name,
		conversation=conversation.id,
		chat=conversation.chat,
		whatsapp_id=message.whatsapp_id,
		part=0,
		direction=Direction.OUT,
		status=Status.PENDING,
		sent_at=at,
		status_at=at,
		origin="desk",
		kind="location" if message.location else kind,
		text=describe(message.location) if message.location else message.text,
		file=message.file,
		sender_name=message.author_name,
		reply_to_id=message.reply_to,
	)
