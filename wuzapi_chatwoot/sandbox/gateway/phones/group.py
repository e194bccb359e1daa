"""The one group: its name, its members, its admins, and how the gateway shows it. No messages here."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from wuzapi_chatwoot.sandbox.defaults import GROUP_JID, GROUP_NAME
from wuzapi_chatwoot.sandbox.gateway.phones.people import ANA, BEN, OWNER, People, Person

MADE_AT = "2026-03-14T10:21:07Z"
NO_TIME = "0001-01-01T00:00:00Z"


@dataclass
class Group:
	"""Members are kept by their keys, since a person may get another name or address."""

	name: str = GROUP_NAME
	topic: str = ""
	members: list[str] = field(default_factory=lambda: [ANA.key, BEN.key])
	admins: list[str] = field(default_factory=lambda: [BEN.key])
	# The number of ours that is in it as well.
	owner: Person = OWNER

	def has(self, person: Person) -> bool:
		"""Say whether somebody is a member."""
		return person.key in self.members

	def is_admin(self, person: Person) -> bool:
		"""Say whether somebody may delete what others wrote."""
		return person.key in self.admins

	def admin(self, people: People) -> Person:
		"""Return the one who does what admins do."""
		return people.all[self.admins[0]]

	def as_json(self, people: People) -> dict[str, Any]:
		"""Return the group as the group endpoints show it."""
		members = [people.all[key] for key in self.members]
		participants = [_participant(person, admin=self.is_admin(person)) for person in members]
		participants.append(_participant(self.owner, admin=False))
		owner = self.admin(people)
		return {
			"JID": GROUP_JID,
			"OwnerJID": owner.lid_jid,
			"OwnerPN": owner.phone_jid,
			"Name": self.name,
			"NameSetAt": MADE_AT,
			"NameSetBy": owner.lid_jid,
			"NameSetByPN": "",
			"Topic": self.topic,
			"TopicID": "",
			"TopicSetAt": NO_TIME,
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
			"GroupCreated": MADE_AT,
			"CreatorCountryCode": "",
			"ParticipantVersionID": "",
			"Participants": participants,
			"ParticipantCount": len(participants),
			"MemberAddMode": "all_member_add",
			"Suspended": False,
		}


def _participant(person: Person, *, admin: bool) -> dict[str, Any]:
	return {
		"JID": person.group_jid,
		"PhoneNumber": "" if person.hides_phone else person.phone_jid,
		"LID": person.lid_jid,
		"IsAdmin": admin,
		"IsSuperAdmin": admin,
		"DisplayName": "",
		"Error": 0,
		"AddRequest": None,
	}
