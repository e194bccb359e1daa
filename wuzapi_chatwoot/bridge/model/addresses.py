"""WhatsApp addresses (JIDs) as values. Knows their grammar; does not know who is behind one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class AddressKind(str, Enum):
	PHONE = "phone"
	LID = "lid"
	GROUP = "group"
	BROADCAST = "broadcast"
	NEWSLETTER = "newsletter"
	OTHER = "other"


_KIND_BY_SERVER = {
	"s.whatsapp.net": AddressKind.PHONE,
	"lid": AddressKind.LID,
	"g.us": AddressKind.GROUP,
	"broadcast": AddressKind.BROADCAST,
	"newsletter": AddressKind.NEWSLETTER,
}

# Old clients and some libraries write phone addresses with this server; WhatsApp itself does not accept it.
# Numbers that a business hosts in the cloud are written with servers of their own, and are the same people.
_SERVER_ALIASES = {"c.us": "s.whatsapp.net", "hosted": "s.whatsapp.net", "hosted.lid": "lid"}


LONGEST_ADDRESS = 128
"""Characters. Every column for an address holds so many, and a lane's name some more; a test compares."""
_MOST_DIGITS = 20


@dataclass(frozen=True, slots=True, order=True)
class Address:
	"""One WhatsApp address without its device part, e.g. `447700900123@s.whatsapp.net`."""

	user: str
	server: str

	@classmethod
	def parse(cls, text: str | None) -> Address | None:
		"""Read an address; `None` for an empty one or text that is none. Device and agent parts are dropped.

		One that is longer than any that there are is none: cut, it would be somebody else's.
		"""
		user, separator, server = (text or "").strip().partition("@")
		if not separator or not server or "@" in server:
			return None
		user = user.partition(":")[0].partition(".")[0] if server != "g.us" else user
		server = server.lower()
		if not user or len(user) + len(server) >= LONGEST_ADDRESS:
			return None
		return cls(user=user, server=_SERVER_ALIASES.get(server, server))

	@classmethod
	def of_phone(cls, e164: str) -> Address:
		"""The address WhatsApp gives a phone number, `+447700900123` → `447700900123@s.whatsapp.net`."""
		return cls(user=e164.lstrip("+"), server="s.whatsapp.net")

	@property
	def kind(self) -> AddressKind:
		return _KIND_BY_SERVER.get(self.server, AddressKind.OTHER)

	@property
	def is_group(self) -> bool:
		return self.kind is AddressKind.GROUP

	@property
	def is_status(self) -> bool:
		"""Where everybody's statuses come from. The other broadcast addresses are lists of somebody's."""
		return self.kind is AddressKind.BROADCAST and self.user == "status"

	@property
	def phone(self) -> str | None:
		"""The phone number in E.164, or `None`: the digits of a LID or a group are never a phone number."""
		if (
			self.kind is AddressKind.PHONE
			and self.user.isascii()
			and self.user.isdigit()
			and len(self.user) <= _MOST_DIGITS
			and self.user != "0"
		):
			return f"+{self.user}"
		return None

	def __str__(self) -> str:
		return f"{self.user}@{self.server}"


def canonical(*addresses: Address | None) -> Address | None:
	"""Choose the one address that names a chat: group, then phone, then LID, then whatever is there.

	The phone address is preferred to the LID because every event of a chat that WhatsApp is moving to LIDs
	still carries it beside the LID, while the LID may be missing from the older ones.
	"""
	known = [address for address in addresses if address is not None]
	for kind in (AddressKind.GROUP, AddressKind.PHONE, AddressKind.LID):
		for address in known:
			if address.kind is kind:
				return address
	return known[0] if known else None
