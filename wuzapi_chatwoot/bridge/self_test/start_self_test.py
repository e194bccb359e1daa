"""Begin a proof of a session's whole path: a message to its own number, written in Chatwoot as an agent would write it.

From there on nothing here is special: Chatwoot's webhook, the lanes and the gateway do with it what they do with every
message. How far it has come is `check_self_test`'s to tell. It goes to nobody else.
"""

from __future__ import annotations

from wuzapi_chatwoot.bridge.contacts.resolve_contact import own_chat
from wuzapi_chatwoot.bridge.context import Bridge
from wuzapi_chatwoot.bridge.inbox.store_event import event_key, lane_from
from wuzapi_chatwoot.bridge.model.addresses import Address, canonical
from wuzapi_chatwoot.bridge.model.errors import BridgeError, Ignored, Permanent, Uncertain
from wuzapi_chatwoot.bridge.model.phone import display
from wuzapi_chatwoot.bridge.model.records import (
	ContactRow,
	ConversationChanges,
	ConversationRow,
	Session,
	Source,
)
from wuzapi_chatwoot.bridge.ports.chatwoot import Post
from wuzapi_chatwoot.bridge.self_test.steps import SelfTest, Written
from wuzapi_chatwoot.bridge.sessions.own_number import two_numbers
from wuzapi_chatwoot.bridge.to_chatwoot.deliver_post import DeliveredPost, deliver_once
from wuzapi_chatwoot.bridge.to_chatwoot.relay_filter import check_relay_filter

_UNKNOWN = "The number of this session is not known yet: connect it and pair it with the phone first"


def start_self_test(bridge: Bridge, session: Session) -> SelfTest:
	"""Raises `BridgeError` if no message could go to the number; a Chatwoot that does not take it is told by the proof."""
	own = _own_addresses(bridge, session)
	_refuse_ignored(session, own)
	contact, conversation = own_chat(bridge, session, own, _name(session, own))
	now = bridge.clock.now()
	post = Post(_text(session, f"{now:%H:%M:%S} UTC"), incoming=False, source_id=None, sent_at=now)
	try:
		placed = deliver_once(bridge, session, conversation, contact.name, post)
	except Uncertain as error:
		return SelfTest(
			now,
			None,
			f"It is not known whether Chatwoot took the message: {error}.",
			"Nothing is written twice by itself. Look into the conversation with the number itself in Chatwoot, "
			"then test again.",
		)
	except BridgeError as error:
		return SelfTest(
			now, None, f"Chatwoot did not take the message: {error}.", "Mend that, then test again."
		)
	_remember(bridge, contact, conversation, placed)
	return SelfTest(now, _written(bridge, session, own, placed))


def _own_addresses(bridge: Bridge, session: Session) -> tuple[Address, ...]:
	"""The phone's first. Raises `Permanent` when it is not certain which number is paired: nobody else may be written to."""
	known = bridge.store.own_addresses(session.name)
	now = None
	if bridge.gateway_setup is not None:
		status = bridge.gateway_setup(session).status()
		if not status.connected:
			raise Permanent("The session is not connected to WhatsApp: connect it first")
		if not status.logged_in:
			raise Permanent("The number is not paired: pair it with the phone first")
		now = status.address
	if now is None and not known:
		now = bridge.gateway(session).own_address()
	differing = two_numbers(known, now)
	if differing is not None:
		raise Permanent(
			f"The gateway says that its number is {differing[0]}, but the phone that was paired is {differing[1]}: "
			"nothing was sent. Restart the gateway, then test again. If the two still differ, log the session out and "
			"pair it again"
		)
	own = known if now is None or now in known else (now, *known)
	first = canonical(*own)
	if first is None:
		raise Permanent(_UNKNOWN)
	return (first, *(address for address in own if address != first))


def _refuse_ignored(session: Session, own: tuple[Address, ...]) -> None:
	try:
		check_relay_filter(session, *own)
	except Ignored as error:
		raise Permanent(
			f"The settings of this session ignore its own number ({_shown(own)}), so nothing could come back: "
			"take it off the list of ignored numbers for the test"
		) from error


def _name(session: Session, own: tuple[Address, ...]) -> str:
	return f"{session.name} ({_shown(own)})"


def _shown(own: tuple[Address, ...]) -> str:
	return display(own[0].phone) if own[0].phone else str(own[0])


def _text(session: Session, time: str) -> str:
	return (
		f"A test of the bridge ({session.name}, {time}). It was written in Chatwoot and goes to this number itself, "
		"to nobody else. Please answer it on the phone, in this chat with yourself: your answer proves the way back."
	)


def _remember(
	bridge: Bridge, contact: ContactRow, conversation: ConversationRow, placed: DeliveredPost
) -> None:
	changes: ConversationChanges = {"chatwoot_conversation_id": placed.posted.conversation_id}
	if placed.posted.conversation_id != conversation.chatwoot_conversation_id:
		changes["chatwoot_status"] = "open"
	with bridge.store.atomic():
		if placed.contact_id is not None:
			changes["chatwoot_contact_id"] = placed.contact_id
			bridge.store.set_chatwoot_contact(contact.id, placed.contact_id)
		bridge.store.update_conversation(conversation.id, changes)


def _written(bridge: Bridge, session: Session, own: tuple[Address, ...], placed: DeliveredPost) -> Written:
	id = placed.posted.message_id
	return Written(
		message_id=id,
		conversation_id=placed.posted.conversation_id,
		event_key=event_key(session.chatwoot_key, Source.CHATWOOT, f"message_created/{id}"),
		lane=lane_from(bridge, session, own[0], own[1] if len(own) > 1 else None),
	)
