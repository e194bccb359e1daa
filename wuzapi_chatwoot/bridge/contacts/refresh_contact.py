"""Look up a contact's name and picture on WhatsApp and carry them to Chatwoot, apart from the messages."""

from __future__ import annotations

from collections.abc import Sequence

from wuzapi_chatwoot.bridge.context import Bridge
from wuzapi_chatwoot.bridge.inbox.effects import Effects, nothing_to_write
from wuzapi_chatwoot.bridge.model.addresses import Address, AddressKind, canonical
from wuzapi_chatwoot.bridge.model.errors import (
	BridgeError,
	DuplicateRow,
	Fault,
	Ignored,
	NotFound,
	Permanent,
	Retriable,
	Uncertain,
)
from wuzapi_chatwoot.bridge.model.events import PictureChanged, RefreshContact
from wuzapi_chatwoot.bridge.model.phone import display, variants
from wuzapi_chatwoot.bridge.model.records import ContactChanges, ContactRow, EventRow, NameSource, Session
from wuzapi_chatwoot.bridge.ports.chatwoot import Chatwoot
from wuzapi_chatwoot.bridge.ports.gateway import OutgoingFile

_PERSON = (AddressKind.PHONE, AddressKind.LID)


# A name is not worth more tries than this, unless the other side cannot be reached at all.
_TRIES = 3
# Those that got no answer and therefore did not count included.
_MOST_TRIES = 20


def refresh_contact(bridge: Bridge, session: Session, event: EventRow, work: RefreshContact) -> Effects:
	"""Never dead in the end: a name that cannot be had is nothing that people must look after."""
	try:
		return _refresh(bridge, session, work)
	except Permanent as error:
		raise Ignored(f"no name and no picture: {error.reason}") from error
	except (Retriable, Uncertain) as error:
		if error.fault is Fault.UNREACHABLE or (event.attempts < _TRIES and event.begun < _MOST_TRIES):
			raise
		raise Ignored(f"no name and no picture: {error.reason}") from error


def refresh_picture(bridge: Bridge, session: Session, event: EventRow, change: PictureChanged) -> Effects:
	contact = bridge.store.find_contact(session.name, [change.about])
	if contact is None or change.removed:
		raise Ignored("a picture of nobody known here, or none any more")
	return refresh_contact(bridge, session, event, RefreshContact(contact.id))


def _refresh(bridge: Bridge, session: Session, work: RefreshContact) -> Effects:
	contact = bridge.store.get_contact(work.contact)
	if contact is None or contact.chatwoot_contact_id is None:
		raise Ignored("the contact is gone, or not in Chatwoot")
	saved = _saved_name(bridge, session, contact)
	name = saved or contact.name
	was = work.was or (contact.name if saved and saved != contact.name else "")
	avatar_id, picture = _picture(bridge, session, contact)
	chatwoot = bridge.chatwoot(session)
	if work.phone:
		_tell_phone(bridge, session, chatwoot, contact, work.phone)
	if was and not _named_by_people(chatwoot, contact, (was, name)):
		_update(bridge, chatwoot, contact, name=name, avatar=picture)
	elif picture is not None:
		_update(bridge, chatwoot, contact, avatar=picture)
	changes: ContactChanges = {}
	if saved:
		changes["name"], changes["name_source"] = saved, NameSource.SAVED
	if picture is not None:
		changes["avatar_id"] = avatar_id
	if not changes:
		return nothing_to_write
	return lambda: bridge.store.update_contact(contact.id, changes)


def _address(contact: ContactRow) -> Address:
	return canonical(*contact.addresses) or contact.addresses[0]


def _saved_name(bridge: Bridge, session: Session, contact: ContactRow) -> str | None:
	"""The address book's name, if it is worth writing over the present one."""
	if not any(address.kind in _PERSON for address in contact.addresses):
		return None
	for address in contact.addresses:
		name = bridge.gateway(session).saved_name(address)
		if name and (name != contact.name or contact.name_source is not NameSource.SAVED):
			return name
	return None


def _picture(bridge: Bridge, session: Session, contact: ContactRow) -> tuple[str | None, OutgoingFile | None]:
	try:
		avatar = bridge.gateway(session).avatar(_address(contact), contact.avatar_id)
	except BridgeError as error:
		bridge.observer.notice("a picture could not be fetched", contact=contact.id, error=error.reason)
		return None, None
	return (avatar.id, avatar.file) if avatar is not None else (None, None)


def _named_by_people(chatwoot: Chatwoot, contact: ContactRow, ours: Sequence[str]) -> bool:
	"""Has somebody given the contact another name in Chatwoot than we ever did? That one stays."""
	phone = next((address.phone for address in contact.addresses if address.phone), None)
	given = {*ours, contact.name, "", *((display(phone), phone) if phone else ())}
	identifiers = [str(address) for address in contact.addresses]
	for identifier in identifiers:
		for found in chatwoot.find_contacts(identifier, variants(phone) if phone else ()):
			if found.id == contact.chatwoot_contact_id:
				return found.name not in given
	return False


def _tell_phone(
	bridge: Bridge, session: Session, chatwoot: Chatwoot, contact: ContactRow, phone: str
) -> None:
	"""A contact known by LID has a number now. If Chatwoot has a contact of that number, they are one person."""
	id = contact.chatwoot_contact_id
	if id is None:
		return
	try:
		chatwoot.update_contact(id, phone=phone)
	except DuplicateRow:
		other = next((each for each in chatwoot.find_contacts("", variants(phone)) if each.id != id), None)
		if other is not None:
			chatwoot.merge_contacts(other.id, id)
			bridge.store.set_chatwoot_contact(contact.id, other.id)
			conversation = bridge.store.find_conversation_of_contact(contact.id)
			if conversation is not None:
				bridge.store.update_conversation(conversation.id, {"chatwoot_contact_id": other.id})
	except NotFound:
		bridge.observer.notice("a contact is gone from Chatwoot", contact=contact.id)


def _update(
	bridge: Bridge,
	chatwoot: Chatwoot,
	contact: ContactRow,
	*,
	name: str | None = None,
	avatar: OutgoingFile | None = None,
) -> None:
	if contact.chatwoot_contact_id is None:
		return
	try:
		chatwoot.update_contact(contact.chatwoot_contact_id, name=name, avatar=avatar)
	except (NotFound, DuplicateRow) as error:
		bridge.observer.notice(
			"a contact could not be renamed in Chatwoot", contact=contact.id, error=error.reason
		)
