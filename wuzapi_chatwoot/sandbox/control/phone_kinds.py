"""Every kind of message and act that `POST /control/phone/send` knows, each carried out once."""

from __future__ import annotations

from itertools import count

from wuzapi_chatwoot.sandbox.control.inputs import (
	BadControl,
	Json,
	file_of,
	flag_of,
	number_of,
	text_of,
	texts_of,
)
from wuzapi_chatwoot.sandbox.control.phone_details import details_of, manner_of
from wuzapi_chatwoot.sandbox.defaults import GROUP_JID
from wuzapi_chatwoot.sandbox.gateway.phones.acts import Acts
from wuzapi_chatwoot.sandbox.gateway.phones.life import MEDIA_KINDS, Life
from wuzapi_chatwoot.sandbox.gateway.phones.people import Person
from wuzapi_chatwoot.sandbox.gateway.phones.phone import STATUS_JID, Chat, PhoneMessage
from wuzapi_chatwoot.sandbox.gateway.phones.world import World
from wuzapi_chatwoot.sandbox.gateway.posts.contents import INFO_TYPES
from wuzapi_chatwoot.sandbox.gateway.posts.more_contents import MORE_KINDS

PLAIN_KINDS = ("text", "template_answer", "group_invite", "unknown", "empty", "undecryptable", "sender_key")
MESSAGE_KINDS = (*PLAIN_KINDS, *MORE_KINDS, *(kind for kind in INFO_TYPES if kind != "album"), *MEDIA_KINDS)
ACT_KINDS = ("reaction", "edit", "delete", "pin", "unpin", "poll_vote", "ephemeral_setting")
GROUP_KINDS = ("group_join", "group_leave", "group_subject", "joined_group")
WORLD_KINDS = ("call", "call_end", "picture", "picture_removed", "profile", "newsletter", "peer_noise")
NAMES = ("name", "saved_name", "verified_name", "phone", "lid")


class PhoneKinds:
	"""Carries out one act of one person."""

	def __init__(self, life: Life) -> None:
		self._life = life
		self._acts = Acts(life)
		self._world = World(life)
		self._numbers = count(1)

	def do(self, body: Json, kind: str, chat: Chat, person: Person | None, text: str) -> list[Json]:
		"""Carry it out; returns one object for each message or act that came of it."""
		if kind in ACT_KINDS:
			return [{"id": self._act(body, kind, chat, person, text), "customer": chat.key, "chat": chat.jid}]
		if kind in (*GROUP_KINDS, *WORLD_KINDS):
			if person is None:
				raise BadControl(f"{kind} is an act of a customer")
			return [self._happens(body, kind, chat, person, text)]
		if kind == "album":
			return self._album(body, chat, person, text)
		if kind == "status_broadcast":
			status = self._life.phone.chat_for(STATUS_JID)
			return [self._message(body, "text", status, person, text)]
		if kind not in MESSAGE_KINDS:
			raise BadControl(f"there is no kind {kind!r}")
		return [self._message(body, kind, chat, person, text)]

	def _message(
		self, body: Json, kind: str, chat: Chat, person: Person | None, text: str, album_of: str = ""
	) -> Json:
		manner, message_id = manner_of(body), text_of(body, "id", "")
		if manner.resent and (known := self._life.phone.message(message_id)) is not None:
			self._life.sends_again(chat, person, known)
			return _shown(chat, known)
		details = details_of(body, kind, text, chat, self._life.phone.people)
		details.album_of = album_of
		made = "animated_sticker" if kind == "sticker" and details.animated else kind
		message = self._life.says(
			chat,
			person,
			kind,
			text,
			file=file_of(body, made, next(self._numbers)) if kind in MEDIA_KINDS else None,
			reply_to=text_of(body, "reply_to", ""),
			message_id="" if album_of else message_id,
			details=details,
			declared_size=number_of(body, "size", 0),
			manner=manner,
		)
		return _shown(chat, message)

	def _album(self, body: Json, chat: Chat, person: Person | None, text: str) -> list[Json]:
		pictures, videos = number_of(body, "pictures", 2), number_of(body, "videos", 0)
		details = details_of(body, "album", "", chat, self._life.phone.people)
		details.album = {"pictures": pictures, "videos": videos}
		parent = self._life.says(
			chat, person, "album", details=details, message_id=text_of(body, "id", ""), manner=manner_of(body)
		)
		shown = [_shown(chat, parent)]
		for number, kind in enumerate(["image"] * pictures + ["video"] * videos):
			# Phones put the words of an album under its first picture.
			words = "" if number else text
			shown.append(self._message(body, kind, chat, person, words, album_of=parent.id))
		return shown

	def _act(self, body: Json, kind: str, chat: Chat, person: Person | None, text: str) -> str:
		manner = manner_of(body)
		if kind == "ephemeral_setting":
			return self._acts.sets_ephemeral(chat, person, number_of(body, "seconds", 604_800), manner)
		target = self.target(text_of(body, "target"))
		match kind:
			case "reaction":
				return self._acts.reacts(chat, person, target, text, manner)
			case "pin" | "unpin":
				return self._acts.pins(chat, person, target, manner, on=kind == "pin")
			case "poll_vote":
				return self._vote(body, chat, person, target, text)
		if kind == "delete" and flag_of(body, "by_admin"):
			if person is None or not chat.is_group or not self._life.phone.group.is_admin(person):
				raise BadControl("only an admin of the group can delete what others wrote there")
			return self._acts.deletes(chat, person, target, manner, admin=True)
		if not target.is_by(person):
			raise BadControl(f"only an own message can be changed by {kind}")
		if kind == "edit":
			sealing = text_of(body, "sealing", "")
			if sealing not in ("", "open", "sealed"):
				raise BadControl("sealing is open or sealed")
			return self._acts.edits(chat, person, target, text, manner, sealing)
		return self._acts.deletes(chat, person, target, manner)

	def _vote(self, body: Json, chat: Chat, person: Person | None, target: PhoneMessage, text: str) -> str:
		if target.details.poll is None:
			raise BadControl("the target is no poll")
		chosen = texts_of(body, "options", [text] if text else [])
		if unknown := [option for option in chosen if option not in target.details.poll["options"]]:
			raise BadControl(f"the poll has no option {unknown[0]!r}")
		hashes_only = flag_of(body, "hashes_only")
		return self._acts.votes(chat, person, target, chosen, manner_of(body), hashes_only=hashes_only)

	def _happens(self, body: Json, kind: str, chat: Chat, person: Person, text: str) -> Json:
		world, message_id = self._world, text_of(body, "id", "")
		match kind:
			case "call":
				video = flag_of(body, "video")
				return _shown(chat, world.calls(chat, person, video=video, call_id=message_id))
			case "call_end":
				line = self.target(text_of(body, "target"))
				world.ends_call(person, line, text_of(body, "reason", "timeout"))
				return _shown(chat, line)
			case "picture" | "picture_removed":
				file = file_of(body, "image", next(self._numbers)) if kind == "picture" else None
				number = world.changes_picture(chat, person, file)
				return {"id": number, "customer": chat.key, "chat": chat.jid}
			case "profile":
				return self._profile(body, person)
			case "newsletter":
				return _shown(chat, world.publishes(text or "Channel update", message_id))
			case "peer_noise":
				world.makes_noise()
				return {"id": "", "customer": chat.key, "chat": chat.jid}
		return _shown(self._life.phone.chats[GROUP_JID], self._group_act(body, kind, person, text))

	def _group_act(self, body: Json, kind: str, person: Person, text: str) -> PhoneMessage:
		match kind:
			case "group_join":
				return self._world.joins(person)
			case "group_leave":
				return self._world.leaves(person)
			case "group_subject":
				return self._world.renames_group(person, text or text_of(body, "subject"))
		return self._world.takes_shop_in()

	def _profile(self, body: Json, person: Person) -> Json:
		changes: Json = {name: text_of(body, name) for name in NAMES if name in body}
		if "by_lid" in body:
			changes["by_lid"] = flag_of(body, "by_lid")
		if "number_known" in body:
			changes["hides_phone"] = not flag_of(body, "number_known")
		phone, lid = changes.get("phone", person.phone), changes.get("lid", person.lid)
		if not (lid if changes.get("by_lid", person.by_lid) else phone):
			raise BadControl(f"{person.name} has no such address")
		changed = self._world.changes_person(person, **changes)
		named = {"customer": changed.key, "chat": changed.chat, "name": changed.name}
		return {"id": "", **named, "phone": changed.phone, "lid": changed.lid}

	def target(self, message_id: str) -> PhoneMessage:
		"""Find the message that something is done to."""
		message = self._life.phone.message(message_id)
		if message is None:
			raise BadControl(f"there is no message {message_id!r} on the phones", 404)
		return message


def _shown(chat: Chat, message: PhoneMessage) -> Json:
	return {
		"id": message.id,
		"customer": chat.key,
		"chat": chat.jid,
		"timestamp": message.timestamp,
		"text": message.text,
	}
