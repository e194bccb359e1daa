"""To whom a message goes that an agent writes. Decided anew for each: never by what is merely likely.

A quoted message decides. Without one it is whose conversation it is here; where two people have written into one
conversation of Chatwoot, nobody: the message fails and says why. Sends nothing.
"""

from __future__ import annotations

from datetime import timedelta

from wuzapi_chatwoot.bridge.contacts.resolve_contact import chat_of_person
from wuzapi_chatwoot.bridge.context import Bridge
from wuzapi_chatwoot.bridge.inbox.enqueue_internal import enqueue_internal
from wuzapi_chatwoot.bridge.model.addresses import Address, AddressKind
from wuzapi_chatwoot.bridge.model.errors import Permanent
from wuzapi_chatwoot.bridge.model.events import ChatwootMessage, NoteToAgents
from wuzapi_chatwoot.bridge.model.phone import display, to_e164, variants
from wuzapi_chatwoot.bridge.model.records import ConversationRow, Direction, MessageRow, Session

PUBLIC = (AddressKind.BROADCAST, AddressKind.NEWSLETTER)
"""Who writes there publishes."""

# So long a message of somebody else keeps a conversation in Chatwoot from being one person's.
_REMEMBERED = timedelta(days=7)
_TWO_PEOPLE = (
	"Two WhatsApp contacts have written in this conversation, so it is not clear who should get this: "
	"reply to one of their messages"
)
_STATUS = "An answer here would be published as your status: reply to a message, and it goes to its author"
_CHANNEL = "An answer here would be published in the channel"


def recipient_of(
	bridge: Bridge, session: Session, message: ChatwootMessage, quoted: MessageRow | None
) -> ConversationRow:
	"""Creates contact and conversation if need be. Raises `Permanent` with a cause for the agent."""
	store, told = bridge.store, message.conversation
	meant = store.get_conversation(quoted.conversation) if quoted is not None else None
	if meant is not None and meant.last_incoming_at is not None:
		return private_recipient(bridge, session, meant, quoted)
	row = meant or store.find_conversation_by_chatwoot_id(session.name, told.id)
	row = row or _written_in(bridge, session, message) or _addressed(bridge, session, message)
	since = bridge.clock.now() - _REMEMBERED
	if meant is None and store.others_wrote_in(session.name, told.id, row.id, since):
		raise Permanent(_TWO_PEOPLE)
	row = private_recipient(bridge, session, row, None)
	row = _with_number_told(bridge, session, message, row)
	_take(bridge, message, row)
	return row


def private_recipient(
	bridge: Bridge, session: Session, conversation: ConversationRow, quoted: MessageRow | None
) -> ConversationRow:
	"""The conversation itself, or the chat with the author of the status that is answered to.

	Raises `Permanent` where an answer would be published.
	"""
	match conversation.chat.kind:
		case AddressKind.BROADCAST:
			if quoted is None or quoted.direction is not Direction.IN or quoted.sender is None:
				raise Permanent(_STATUS)
			name = quoted.sender_name or _name_of(quoted.sender)
			return chat_of_person(bridge, session, quoted.sender, name)
		case AddressKind.NEWSLETTER:
			raise Permanent(_CHANNEL)
	return conversation


def _written_in(bridge: Bridge, session: Session, message: ChatwootMessage) -> ConversationRow | None:
	"""By the messages that stand there: the conversation has another one in Chatwoot by now."""
	found = bridge.store.conversations_in_chatwoot(session.name, message.conversation.id)
	if len(found) > 1:
		raise Permanent(_TWO_PEOPLE)
	return bridge.store.get_conversation(found[0]) if found else None


def _addressed(bridge: Bridge, session: Session, message: ChatwootMessage) -> ConversationRow:
	"""A conversation that an agent began: by its link, else by the contact's identifier or phone."""
	told = message.conversation
	for text in (told.source_id, told.identifier):
		address = Address.parse(text)
		if address is not None:
			return _chat_with(bridge, session, address, told.name)
	phone = _phone_told(session, message)
	if phone is None:
		raise Permanent("this contact has no phone number, so there is nowhere to send to")
	return _chat_with(bridge, session, Address.of_phone(phone), told.name)


def _with_number_told(
	bridge: Bridge, session: Session, message: ChatwootMessage, row: ConversationRow
) -> ConversationRow:
	"""An agent has corrected the contact's number. Who has written to us is who he is, and the agent is told."""
	phone = _phone_told(session, message)
	contact = bridge.store.get_contact(row.contact)
	known = [address.phone for address in contact.addresses if address.phone] if contact is not None else []
	if phone is None or not known or row.chat.kind not in (AddressKind.PHONE, AddressKind.LID):
		return row
	if any(phone in _spellings(each) for each in known):
		return row
	if row.last_incoming_at is None:
		corrected = _chat_with(bridge, session, Address.of_phone(phone), message.conversation.name)
		place = corrected.chatwoot_conversation_id
		if corrected.last_incoming_at is not None and place not in (None, message.conversation.id):
			# Two contacts were merged rather than a number corrected: who is meant is not to be told.
			raise Permanent(
				f"This conversation was begun with another number than its contact has now: write to that one in "
				f"conversation {place}"
			)
		return corrected
	_tell_difference(bridge, session, message, known[0], phone)
	return row


def _tell_difference(
	bridge: Bridge, session: Session, message: ChatwootMessage, writes: str, told: str
) -> None:
	place = message.conversation.id
	text = (
		f"This contact's number in Chatwoot is {display(told)}, but the messages here come from {display(writes)} "
		f"on WhatsApp, and answers go there. To write to {display(told)}, start a conversation with a contact "
		"of that number."
	)
	id = f"number-{place}-{writes.lstrip('+')}-{told.lstrip('+')}"
	with bridge.store.atomic():
		enqueue_internal(bridge, session, NoteToAgents(place, id, text), key=id, about=f"note {place}")


def _chat_with(bridge: Bridge, session: Session, address: Address, name: str | None) -> ConversationRow:
	return chat_of_person(bridge, session, address, name or _name_of(address))


def _take(bridge: Bridge, message: ChatwootMessage, row: ConversationRow) -> None:
	"""Answers to what an agent began belong where the agent began it."""
	told, store = message.conversation, bridge.store
	if row.chatwoot_conversation_id == told.id:
		return
	with store.atomic():
		holder = store.find_conversation_by_chatwoot_id(row.session, told.id)
		if holder is not None and holder.id != row.id:
			store.update_conversation(
				holder.id,
				{"chatwoot_conversation_id": None, "chatwoot_status": None, "reconciled_up_to": None},
			)
		store.update_conversation(
			row.id,
			{
				"chatwoot_conversation_id": told.id,
				"chatwoot_contact_id": told.contact_id,
				"chatwoot_status": told.status,
				"reconciled_up_to": None,
			},
		)


def _phone_told(session: Session, message: ChatwootMessage) -> str | None:
	phone = message.conversation.phone
	return to_e164(phone, session.default_region) if phone else None


def _spellings(phone: str) -> tuple[str, ...]:
	return (phone, *variants(phone))


def _name_of(address: Address) -> str:
	return display(address.phone) if address.phone else address.user
