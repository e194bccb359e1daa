"""Who lives in the simulated WhatsApp: the shop, some customers, one group. No messages here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..defaults import (
	GROUP_JID,
	GROUP_NAME,
	OWN_LID,
	OWN_NAME,
	OWN_PHONE,
	UNREACHABLE_PHONE,
)

PHONE_SERVER = "@s.whatsapp.net"
LID_SERVER = "@lid"


@dataclass(frozen=True)
class Person:
	"""A customer as WhatsApp shows them to the shop."""

	key: str
	name: str
	phone: str = ""
	lid: str = ""
	by_lid: bool = False
	hides_phone: bool = False

	@property
	def phone_jid(self) -> str:
		"""The phone address, empty when there is none."""
		return f"{self.phone}{PHONE_SERVER}" if self.phone else ""

	@property
	def lid_jid(self) -> str:
		"""The LID address, empty when there is none."""
		return f"{self.lid}{LID_SERVER}" if self.lid else ""

	@property
	def chat(self) -> str:
		"""The address that the chat with this person has."""
		return self.lid_jid if self.by_lid else self.phone_jid

	@property
	def other_address(self) -> str:
		"""The other identity, as far as WhatsApp gives it away."""
		if self.by_lid:
			return "" if self.hides_phone else self.phone_jid
		return self.lid_jid


OWNER = Person(OWN_PHONE, OWN_NAME, OWN_PHONE, OWN_LID)

ANA = Person("447700900123", "Ana Example", "447700900123", "222200002222000")
BEN = Person("447700900456", "Ben Sample", "447700900456", "333300003333000", by_lid=True)
DAN = Person("447700900790", "Dan Sample", "447700900790")
MARINA = Person("5511900000001", "Marina Souza", "5511900000001")
# Nobody tells the shop this one's number: the LID is all there is.
CARA = Person(
	"444400004444000", "Cara Sample", "447700900789", "444400004444000", by_lid=True, hides_phone=True
)

GROUP_MEMBERS = (ANA, BEN)


def without_device(jid: str) -> str:
	"""Strip the `:device` part of an address."""
	user, at, server = jid.partition("@")
	return user.split(":")[0] + at + server


class People:
	"""Everybody reachable; a number never seen before becomes a person when it is first used."""

	def __init__(self) -> None:
		self._by_name: dict[str, Person] = {}
		self.all: dict[str, Person] = {}
		for person in (ANA, BEN, MARINA, CARA, DAN):
			self._add(person)

	def find(self, who: str) -> Person | None:
		"""Find a customer by key, phone number, LID or address."""
		return self._by_name.get(without_device(who.lstrip("+")))

	def found_or_made(self, who: str) -> Person:
		"""Find a customer, or make one for a plain number or a phone or LID address."""
		if known := self.find(who):
			return known
		user, _, server = without_device(who.lstrip("+")).partition("@")
		if server == "lid":
			return self._add(Person(user, f"Guest {user[-4:]}", lid=user, by_lid=True, hides_phone=True))
		return self._add(Person(user, f"Customer {user[-6:]}", phone=user))

	def reachable(self, jid: str) -> bool:
		"""Say whether WhatsApp would find somebody under an address."""
		user, _, server = jid.partition("@")
		if server == "s.whatsapp.net":
			return user.isdecimal() and 7 <= len(user) <= 15 and user != UNREACHABLE_PHONE
		return server != "lid" or user.isdecimal()

	def _add(self, person: Person) -> Person:
		self.all[person.key] = person
		for name in (person.key, person.phone, person.lid, person.phone_jid, person.lid_jid):
			if name:
				self._by_name[name] = person
		return person


def group_json() -> dict[str, Any]:
	"""Return the group as the group endpoints show it."""
	participants = [_participant(person, admin=index == 1) for index, person in enumerate(GROUP_MEMBERS)]
	participants.append(_participant(OWNER, admin=False))
	return {
		"JID": GROUP_JID,
		"OwnerJID": BEN.lid_jid,
		"OwnerPN": BEN.phone_jid,
		"Name": GROUP_NAME,
		"NameSetAt": "2026-03-14T10:21:07Z",
		"NameSetBy": BEN.lid_jid,
		"NameSetByPN": "",
		"Topic": "",
		"TopicID": "",
		"TopicSetAt": "0001-01-01T00:00:00Z",
		"TopicSetBy": "",
		"TopicSetByPN": "",
		"TopicDeleted": False,
		"IsLocked": False,
		"IsAnnounce": False,
		"AnnounceVersionID": "",
		"IsEphemeral": False,
		"DisappearingTimer": 0,
		"IsIncognito": False,
		"IsParent": False,
		"DefaultMembershipApprovalMode": "",
		"LinkedParentJID": "",
		"IsDefaultSubGroup": False,
		"IsJoinApprovalRequired": False,
		"AddressingMode": "lid",
		"GroupCreated": "2026-03-14T10:21:07Z",
		"CreatorCountryCode": "",
		"ParticipantVersionID": "",
		"Participants": participants,
		"ParticipantCount": len(participants),
		"MemberAddMode": "all_member_add",
		"Suspended": False,
	}


def _participant(person: Person, *, admin: bool) -> dict[str, Any]:
	return {
		"JID": person.lid_jid,
		"PhoneNumber": person.phone_jid,
		"LID": person.lid_jid,
		"IsAdmin": admin,
		"IsSuperAdmin": admin,
		"DisplayName": "",
		"Error": 0,
		"AddRequest": None,
	}
