"""Who wrote where, as the gateway reports it: senders, their other identities, and keys of target messages."""

from __future__ import annotations

from typing import Any

from wuzapi_chatwoot.sandbox.gateway.phones.people import LID_SERVER, Person
from wuzapi_chatwoot.sandbox.gateway.phones.phone import STATUS_JID, Chat, PhoneMessage
from wuzapi_chatwoot.sandbox.gateway.posts import payloads

# Members of a group write from a device with a number, as real ones do.
GROUP_DEVICE = 4

Json = dict[str, Any]


def origin(chat: Chat, person: Person | None, *, device: int = 0, without_alt: bool = False) -> Json:
	"""Say who writes where, as the gateway reports it; None is the shop's owner.

	`device` is another phone or computer of the same person; `without_alt` leaves out the other identity, as
	happens when WhatsApp did not tell it and the gateway does not know it.
	"""
	where = _origin(chat, person, device)
	if chat.jid == STATUS_JID:
		where.update(IsGroup=True, AddressingMode="")
	if without_alt:
		where["SenderAlt"] = ""
	return where


def _origin(chat: Chat, person: Person | None, device: int) -> Json:
	if person is None:
		if chat.is_group:
			return payloads.source(chat.jid, chat.owner.lid_jid, chat.owner.phone_jid, from_me=True)
		by_lid = chat.jid.endswith(LID_SERVER)
		sender = chat.owner.lid_jid if by_lid else chat.owner.phone_jid
		return payloads.source(chat.jid, sender, "", from_me=True, recipient_alt=chat.partner_alt)
	if chat.is_group:
		device = device or GROUP_DEVICE
		return payloads.source(
			chat.jid, _on_device(person.group_jid, device), _on_device(person.group_alt, device)
		)
	return payloads.source(
		chat.jid, _on_device(person.chat, device), _on_device(person.other_address, device)
	)


def _on_device(jid: str, device: int) -> str:
	user, at, server = jid.partition("@")
	return f"{user}:{device}{at}{server}" if device and user else jid


def key_of(chat: Chat, target: PhoneMessage, person: Person | None, own: bool) -> Json:
	"""Name a message that something is done to."""
	# Written from the author's point of view: the chat as the author sees it, and whether the author wrote the
	# target.
	remote = chat.jid if chat.is_group or person is None else chat.owner.phone_jid
	key = {"remoteJID": remote, "fromMe": own, "ID": target.id}
	if chat.is_group:
		key["participant"] = target.author
	return key


def author_of(chat: Chat, person: Person | None) -> str:
	"""Return the address that stands for the author inside messages: no device, in the manner of the chat."""
	if person is None:
		by_lid = chat.is_group or chat.jid.endswith(LID_SERVER)
		return chat.owner.lid_jid if by_lid else chat.owner.phone_jid
	return person.group_jid if chat.is_group else person.chat
