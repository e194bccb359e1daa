"""What happens on WhatsApp beside messages: calls, the group's life, pictures, names, channels."""

from __future__ import annotations

import secrets
import time
from typing import Any

from wuzapi_chatwoot.sandbox.defaults import GROUP_JID
from wuzapi_chatwoot.sandbox.files import File
from wuzapi_chatwoot.sandbox.gateway.phones.details import Details
from wuzapi_chatwoot.sandbox.gateway.phones.life import Life
from wuzapi_chatwoot.sandbox.gateway.phones.people import Person
from wuzapi_chatwoot.sandbox.gateway.phones.phone import NEWSLETTER_JID, Chat, PhoneMessage, new_message_id
from wuzapi_chatwoot.sandbox.gateway.posts import payloads, world_payloads
from wuzapi_chatwoot.sandbox.gateway.posts.addressing import author_of

Json = dict[str, Any]


class World:
	"""Acts of people that change something or ring; each posts the webhook that it causes."""

	def __init__(self, life: Life) -> None:
		self._life = life

	def calls(self, chat: Chat, person: Person, *, video: bool = False, call_id: str = "") -> PhoneMessage:
		"""Let the shop's phone ring."""
		call_id = call_id or secrets.token_hex(16).upper()
		call = {"id": call_id, "video": video, "reason": "", "rejected": False}
		words = "Video call" if video else "Voice call"
		line = self._life.notes(chat, person.name, "call", words, Details(call=call), call_id)
		line.by_key = person.key
		group = chat.jid if chat.is_group else ""
		self._life.emit(
			world_payloads.call_event(call_id, *_caller(person), line.timestamp, video=video, group=group)
		)
		return line

	def ends_call(self, person: Person, line: PhoneMessage, reason: str) -> None:
		"""Let the caller, or WhatsApp, give up."""
		if line.details.call is not None:
			line.details.call["reason"] = reason
		self._life.emit(world_payloads.call_end_event(line.id, *_caller(person), int(time.time()), reason))
		self._life.changed()

	def joins(self, person: Person) -> PhoneMessage:
		"""Let the group's admin take somebody in."""
		group, people = self._life.phone.group, self._life.phone.people
		if not group.has(person):
			group.members.append(person.key)
		return self._group_change(group.admin(people), f"{person.name} joined", Join=[person.group_jid])

	def leaves(self, person: Person) -> PhoneMessage:
		"""Let somebody leave the group."""
		group = self._life.phone.group
		if group.has(person):
			group.members.remove(person.key)
		return self._group_change(person, f"{person.name} left", Leave=[person.group_jid])

	def renames_group(self, person: Person, name: str) -> PhoneMessage:
		"""Let somebody give the group another subject."""
		phone = self._life.phone
		phone.group.name = phone.chats[GROUP_JID].name = name
		sender, sender_pn = person.group_jid, person.group_alt
		named = {
			"Name": name,
			"NameSetAt": payloads.time_text(int(time.time())),
			"NameSetBy": sender,
			"NameSetByPN": sender_pn,
		}
		return self._group_change(person, f"{person.name} named the group {name}", Name=named)

	def takes_shop_in(self) -> PhoneMessage:
		"""Let the shop be taken into the group, as if it had just been made."""
		phone = self._life.phone
		admin = phone.group.admin(phone.people)
		line = self._life.notes(
			phone.chats[GROUP_JID],
			admin.name,
			"note",
			f"{admin.name} added {self._life.phone.owner.name}",
			Details(),
		)
		shown = phone.group.as_json(phone.people)
		self._life.emit(world_payloads.joined_event(shown, admin.group_jid, admin.group_alt))
		return line

	def _group_change(self, person: Person, words: str, **changes: Any) -> PhoneMessage:
		chat = self._life.phone.chats[GROUP_JID]
		line = self._life.notes(chat, person.name, "note", words, Details())
		self._life.emit(
			world_payloads.group_event(
				GROUP_JID, person.group_jid, person.group_alt, line.timestamp, **changes
			)
		)
		return line

	def changes_picture(self, chat: Chat, person: Person, file: File | None) -> str:
		"""Give a person, or the group, another picture, or none; returns its number."""
		phone = self._life.phone
		key = chat.jid if chat.is_group else person.key
		number = ""
		if file is None:
			phone.pictures.pop(key, None)
		else:
			number = str(1_773_483_667 + secrets.randbelow(1_000_000_000))
			phone.pictures[key] = (number, file)
		jid = chat.jid if chat.is_group else person.chat
		author = author_of(chat, person)
		self._life.emit(world_payloads.picture_event(jid, author, int(time.time()), number))
		self._life.changed()
		return number

	def changes_person(self, person: Person, **changes: Any) -> Person:
		"""Give a person other names or addresses. WhatsApp tells of it with the next message only."""
		changed = self._life.phone.change_person(person, **changes)
		self._life.changed()
		return changed

	def publishes(self, text: str, message_id: str = "") -> PhoneMessage:
		"""Let a channel that the shop follows publish something."""
		chat = self._life.phone.chat_for(NEWSLETTER_JID)
		message_id = message_id or "3EB0" + secrets.token_hex(9).upper()
		line = self._life.notes(chat, chat.name, "text", text, Details(), message_id)
		about = payloads.info(payloads.source(chat.jid, chat.jid, ""), line.id, "", line.timestamp)
		self._life.emit(payloads.newsletter_event(about, {"conversation": text}, 100 + len(chat.messages)))
		return line

	def makes_noise(self) -> None:
		"""Let the shop's phone tell its other devices something that is none of the customers' business."""
		own = self._life.phone.owner.phone_jid
		self._life.emit(
			world_payloads.peer_noise_event(
				own, self._life.phone.owner.name, new_message_id(), int(time.time())
			)
		)


def _caller(person: Person) -> tuple[str, str]:
	"""Return the caller's addresses: the LID first, when there is one."""
	if not person.lid:
		return person.phone_jid, ""
	return person.lid_jid, "" if person.hides_phone else person.phone_jid
