"""Who wrote where, as the gateway reports it: senders, their other identities, and keys of target messages."""

from __future__ import annotations

from typing import Any

from ..defaults import OWN_LID, OWN_PHONE
from . import payloads
from .people import LID_SERVER, PHONE_SERVER, Person
from .phone import Chat, PhoneMessage

Json = dict[str, Any]


def origin(chat: Chat, person: Person | None) -> Json:
	"""Say who writes where, as the gateway reports it; None is the shop's owner."""
	if person is None:
		if chat.is_group:
			return payloads.source(chat.jid, OWN_LID + LID_SERVER, OWN_PHONE + PHONE_SERVER, from_me=True)
		by_lid = chat.jid.endswith(LID_SERVER)
		sender = OWN_LID + LID_SERVER if by_lid else OWN_PHONE + PHONE_SERVER
		return payloads.source(chat.jid, sender, "", from_me=True, recipient_alt=chat.partner_alt)
	if chat.is_group:
		return payloads.source(chat.jid, f"{person.lid}:4{LID_SERVER}", f"{person.phone}:4{PHONE_SERVER}")
	return payloads.source(chat.jid, person.chat, person.other_address)


def key_of(chat: Chat, target: PhoneMessage, person: Person | None, own: bool) -> Json:
	# Written from the author's point of view: the chat as the author sees it, and whether the author wrote the
	# target.
	remote = chat.jid if chat.is_group or person is None else OWN_PHONE + PHONE_SERVER
	key = {"remoteJID": remote, "fromMe": own, "ID": target.id}
	if chat.is_group:
		key["participant"] = target.author
	return key


def author_of(chat: Chat, person: Person | None) -> str:
	if person is None:
		return OWN_LID + LID_SERVER if chat.is_group else OWN_PHONE + PHONE_SERVER
	return person.lid_jid if chat.is_group else person.chat
