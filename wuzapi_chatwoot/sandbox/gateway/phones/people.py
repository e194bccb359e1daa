"""Who lives in the simulated WhatsApp: the shop and some customers. No groups and no messages here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from wuzapi_chatwoot.sandbox.defaults import OWN_LID, OWN_NAME, OWN_PHONE, UNREACHABLE_PHONE

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
	# What the shop's address book calls them, and the name WhatsApp has verified for a business.
	saved_name: str = ""
	verified_name: str = ""

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
	def group_jid(self) -> str:
		"""The address under which a group knows this person: the LID, when there is one."""
		return self.lid_jid or self.phone_jid

	@property
	def group_alt(self) -> str:
		"""The phone address beside the one of the group, as far as WhatsApp gives it away."""
		return "" if self.hides_phone or not self.lid else self.phone_jid

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


def without_device(jid: str) -> str:
	"""Strip the `:device` part of an address."""
	user, at, server = jid.partition("@")
	return user.split(":")[0] + at + server


class People:
	"""Everybody reachable; a number never seen before becomes a person when it is first used."""

	def __init__(self, owner: Person = OWNER) -> None:
		self._by_name: dict[str, Person] = {}
		# Reachable as anybody is: one can write to oneself. No customer, though.
		self._name(owner)
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

	def change(self, person: Person, **changes: Any) -> Person:
		"""Give a person another name or other addresses; the key stays."""
		return self._add(replace(person, **changes))

	def listed_under(self, digits: str) -> Person | None:
		"""Find a customer by a number as people write it, which may be an older form of the real one."""
		# By the phone address only: nobody may learn the number behind a LID here.
		found = (self.find(form + PHONE_SERVER) for form in _forms(digits))
		return next((person for person in found if person is not None), None)

	def reachable(self, jid: str) -> bool:
		"""Say whether WhatsApp would find somebody under an address."""
		user, _, server = jid.partition("@")
		if server == "s.whatsapp.net":
			return user.isdecimal() and 7 <= len(user) <= 15 and user != UNREACHABLE_PHONE
		return server != "lid" or user.isdecimal()

	def _add(self, person: Person) -> Person:
		self.all[person.key] = person
		return self._name(person)

	def _name(self, person: Person) -> Person:
		for name in (person.key, person.phone, person.lid, person.phone_jid, person.lid_jid):
			if name:
				self._by_name[name] = person
		return person


def _forms(digits: str) -> list[str]:
	# Brazil put a 9 before mobile numbers, Mexico took a 1 away after the country code, and Argentina has a 9
	# there that is not dialled at home. WhatsApp finds the person under either form.
	forms = [digits]
	if digits.startswith("55") and len(digits) == 12:
		forms.append(digits[:4] + "9" + digits[4:])
	elif digits.startswith("55") and len(digits) == 13 and digits[4] == "9":
		forms.append(digits[:4] + digits[5:])
	for country, mark, length in (("52", "1", 12), ("54", "9", 12)):
		if digits.startswith(country) and len(digits) == length:
			forms.append(country + mark + digits[2:])
		elif digits.startswith(country + mark) and len(digits) == length + 1:
			forms.append(country + digits[3:])
	return forms
