"""Which chats a session relays: people's choice. Decides by addresses alone."""

from __future__ import annotations

from fnmatch import fnmatchcase

from wuzapi_chatwoot.bridge.model.addresses import Address, AddressKind
from wuzapi_chatwoot.bridge.model.errors import Ignored
from wuzapi_chatwoot.bridge.model.records import Session


def check_relay_filter(session: Session, *addresses: Address | None) -> None:
	"""Raises `Ignored`. The addresses are those of one chat; the first is what WhatsApp calls it."""
	known = [address for address in addresses if address is not None]
	chat = known[0]
	match chat.kind:
		case AddressKind.BROADCAST if not session.status_broadcasts:
			raise Ignored("status broadcasts are not relayed")
		case AddressKind.NEWSLETTER if not session.newsletters:
			raise Ignored("newsletters are not relayed")
		case AddressKind.GROUP if not session.groups:
			raise Ignored("groups are switched off for this session")
		case AddressKind.GROUP if session.only_groups and chat not in session.only_groups:
			raise Ignored("this group is not among those chosen for this session")
	if any(_matches(address, pattern) for address in known for pattern in session.ignored):
		raise Ignored("this address is ignored for this session")


def _matches(address: Address, pattern: str) -> bool:
	"""Against the whole address, or what stands before the `@`; a `+` is taken for a phone number's."""
	wanted = pattern.strip().lower().removeprefix("+")
	return bool(wanted) and (
		fnmatchcase(str(address).lower(), wanted) or fnmatchcase(address.user.lower(), wanted)
	)
