"""Find or create the contact and the conversation that a WhatsApp chat is here, whatever address it comes under.

A person who was known by LID and by phone apart becomes one as soon as a message bears both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from wuzapi_chatwoot.bridge.contacts.merge_contacts import merge_contacts
from wuzapi_chatwoot.bridge.context import Bridge
from wuzapi_chatwoot.bridge.model.addresses import Address, AddressKind, canonical
from wuzapi_chatwoot.bridge.model.events import WhatsAppMessage
from wuzapi_chatwoot.bridge.model.phone import display, variants
from wuzapi_chatwoot.bridge.model.records import ContactRow, ConversationRow, NameSource, Session


@dataclass(frozen=True, slots=True)
class LocalChat:
	contact: ContactRow
	conversation: ConversationRow
	is_new: bool
	"""The contact was not known before."""
	phone: str | None = None
	"""A number that has just become known of a contact known before."""


def resolve_contact(bridge: Bridge, session: Session, message: WhatsAppMessage) -> LocalChat:
	store = bridge.store
	addresses = [address for address in (message.chat, message.chat_alt) if address is not None]
	known = _known(bridge, session, addresses)
	# Asked for outside the transaction: a gateway that takes its time must not hold up everybody's writing.
	name, source = _name(bridge, session, message) if known is None else ("", NameSource.ADDRESS)
	with store.atomic():
		contact = known or store.add_contact(session.name, name, addresses, source)
		unknown = [address for address in addresses if address not in contact.addresses]
		conversation = _conversation(bridge, session, contact, addresses)
	learnt = next((address.phone for address in unknown if address.phone), None)
	had_one = any(address.phone for address in contact.addresses)
	return LocalChat(contact, conversation, known is None, None if had_one else learnt)


def known_conversations(
	bridge: Bridge, session: Session, chat: Address, alt: Address | None
) -> list[ConversationRow]:
	"""What a chat is here; creates and merges nothing. Several: one person is still known here as two."""
	addresses = [address for address in (chat, alt) if address is not None]
	rows = [bridge.store.find_conversation(session.name, address) for address in addresses]
	if not chat.is_group:
		contacts = _contacts(bridge, session, addresses)
		rows += [bridge.store.find_conversation_of_contact(contact.id) for contact in contacts]
	return list({row.id: row for row in rows if row is not None}.values())


def chat_of_person(bridge: Bridge, session: Session, address: Address, name: str) -> ConversationRow:
	"""The chat that we begin ourselves (a group's, too). `name`: should the contact not be there yet."""
	known = next(iter(_contacts(bridge, session, [address])), None)
	with bridge.store.atomic():
		contact = known or bridge.store.add_contact(session.name, name, [address])
		if address.is_group:
			return bridge.store.add_conversation(session.name, address, contact.id)
		return bridge.store.find_conversation_of_contact(contact.id) or bridge.store.add_conversation(
			session.name, canonical(*contact.addresses) or address, contact.id
		)


def own_chat(
	bridge: Bridge, session: Session, own: Sequence[Address], name: str
) -> tuple[ContactRow, ConversationRow]:
	"""The chat of the session's number with itself. `name`: should the contact not be there yet."""
	known = _known(bridge, session, list(own))
	with bridge.store.atomic():
		contact = known or bridge.store.add_contact(session.name, name, own)
		return contact, _conversation(bridge, session, contact, own)


def _conversation(
	bridge: Bridge, session: Session, contact: ContactRow, addresses: Sequence[Address]
) -> ConversationRow:
	"""The contact's own; the contact learns those of the chat's addresses that it did not have."""
	store = bridge.store
	unknown = [address for address in addresses if address not in contact.addresses]
	if unknown:
		store.add_addresses(contact.id, unknown)
	key = canonical(*contact.addresses, addresses[0]) or addresses[0]
	return store.find_conversation_of_contact(contact.id) or store.add_conversation(
		session.name, key, contact.id
	)


def learn_pair(bridge: Bridge, session: Session, one: Address | None, other: Address | None) -> None:
	"""Two addresses of one person, told in passing (by a group's message): nothing if neither is known here."""
	if one is None or other is None or one == other or {one.kind, other.kind} != _PAIR:
		return
	contact = _known(bridge, session, [one, other])
	if contact is not None and not {one, other} <= set(contact.addresses):
		bridge.store.add_addresses(contact.id, [one, other])


def current(bridge: Bridge, conversation: ConversationRow) -> ConversationRow:
	"""The same conversation, or what it has been merged into meanwhile: only one without a number can have been."""
	if conversation.chat.kind is not AddressKind.LID:
		return conversation
	contact = bridge.store.find_contact(conversation.session, [conversation.chat])
	found = bridge.store.find_conversation_of_contact(contact.id) if contact is not None else None
	return found or conversation


_PAIR = {AddressKind.LID, AddressKind.PHONE}


def _contacts(bridge: Bridge, session: Session, addresses: Sequence[Address]) -> list[ContactRow]:
	found = bridge.store.find_contacts(session.name, addresses)
	if found:
		return found
	# The same subscriber may have been written to under another spelling of the number.
	spellings = [
		Address.of_phone(phone)
		for address in addresses
		if address.phone
		for phone in variants(address.phone)[1:]
	]
	return bridge.store.find_contacts(session.name, spellings) if spellings else []


def _known(bridge: Bridge, session: Session, addresses: list[Address]) -> ContactRow | None:
	found = _contacts(bridge, session, addresses)
	if len(found) > 1:
		return merge_contacts(bridge, session, found)
	return found[0] if found else None


def _name(bridge: Bridge, session: Session, message: WhatsAppMessage) -> tuple[str, NameSource]:
	match message.chat.kind:
		case AddressKind.GROUP:
			name = _group_name(bridge, session, message.chat)
			return (name, NameSource.SAVED) if name else (f"Group {message.chat.user}", NameSource.ADDRESS)
		case AddressKind.BROADCAST:
			return "WhatsApp status", NameSource.ADDRESS
		case AddressKind.NEWSLETTER:
			return f"Channel {message.chat.user}", NameSource.ADDRESS
	return name_told(message) or (_plain_name(message), NameSource.ADDRESS)


def name_told(message: WhatsAppMessage) -> tuple[str, NameSource] | None:
	"""The name that a person's own message tells of its author. Never the owner's, which is on what he writes."""
	if message.from_me or message.chat.kind not in _PAIR:
		return None
	if message.verified_name:
		return message.verified_name, NameSource.VERIFIED
	return (message.push_name, NameSource.PUSH) if message.push_name else None


def _plain_name(message: WhatsAppMessage) -> str:
	phone = (canonical(message.chat, message.chat_alt) or message.chat).phone
	return display(phone) if phone else "WhatsApp contact"


def _group_name(bridge: Bridge, session: Session, group: Address) -> str | None:
	# A name is no reason to hold up a message: any failure leaves the plain one.
	try:
		return bridge.gateway(session).group_name(group)
	except Exception as error:  # noqa: BLE001 - best effort by design, and told to the operator
		bridge.observer.notice("a group's name could not be fetched", error=type(error).__name__)
		return None
