"""The chats as the phones show them: every message once, with its ticks. Knows nothing of HTTP."""

from __future__ import annotations

import hashlib
import secrets
import time
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from wuzapi_chatwoot.sandbox.defaults import GROUP_JID, GROUP_NAME
from wuzapi_chatwoot.sandbox.files import File
from wuzapi_chatwoot.sandbox.gateway.phones.details import Details
from wuzapi_chatwoot.sandbox.gateway.phones.group import Group
from wuzapi_chatwoot.sandbox.gateway.phones.people import OWNER, People, Person

STATUS_JID = "status@broadcast"
NEWSLETTER_JID = "120363999000000001@newsletter"

SPECIAL_CHATS = {STATUS_JID: "Status", NEWSLETTER_JID: "Example channel"}

# How far a message has come; a phone never shows it going back.
RANKS = {"sent": 0, "delivered": 1, "read": 2}


@dataclass
class PhoneMessage:
	"""One bubble."""

	id: str
	chat: str
	from_me: bool
	by: str
	kind: str
	text: str
	timestamp: int
	via: str
	sent_at: float
	status: str = "sent"
	reply_to: str = ""
	author: str = ""
	# The key of the person who wrote it; empty for the shop.
	by_key: str = ""
	file: File | None = None
	reactions: dict[str, str] = field(default_factory=dict)
	edited: bool = False
	deleted: bool = False
	pinned: bool = False
	# Who deleted it, when that was not the author.
	deleted_by: str = ""
	earlier_texts: list[str] = field(default_factory=list)
	# What the sender says the file has; more than it really has stands for a file too large to be handled.
	declared_size: int = 0
	details: Details = field(default_factory=Details)

	def is_by(self, person: Person | None) -> bool:
		"""Say whether somebody (None: the shop) wrote this."""
		return self.from_me if person is None else not self.from_me and self.by_key == person.key

	@property
	def size(self) -> int:
		"""How many bytes the file has, as the sender says."""
		return self.declared_size or (len(self.file.data) if self.file else 0)

	def as_json(self) -> dict[str, Any]:
		"""Return the bubble for the page and for tests; its file is fetched on its own."""
		file = self.file
		return {
			"id": self.id,
			"from_me": self.from_me,
			"by": self.by,
			"kind": self.kind,
			"text": self.text,
			"caption": self.text if file else "",
			"timestamp": self.timestamp,
			"sent_at": self.sent_at,
			"via": self.via,
			"status": self.status,
			"reply_to": self.reply_to,
			"reactions": dict(self.reactions),
			"edited": self.edited,
			"earlier_texts": list(self.earlier_texts),
			"deleted": self.deleted,
			"deleted_by": self.deleted_by,
			"pinned": self.pinned,
			"file": file
			and {
				"name": file.name,
				"mimetype": file.mimetype,
				"size": self.size,
				"sha256": file.sha256,
				"url": f"/control/files/phone/{self.id}",
			},
			**self.details.as_json(),
		}


@dataclass
class Chat:
	"""One chat between the shop and a customer, or the group."""

	jid: str
	key: str
	name: str
	is_group: bool
	partner_alt: str = ""
	messages: list[PhoneMessage] = field(default_factory=list)
	last_second: int = 0
	typing: str = ""
	# "audio" while a voice note is being recorded instead.
	typing_media: str = ""
	# Whose phone this is.
	owner: Person = OWNER

	def as_json(self, limit: int | None = None) -> dict[str, Any]:
		"""Return the chat with its last messages."""
		shown = self.messages if limit is None else self.messages[len(self.messages) - limit :]
		return {
			"customer": self.key,
			"jid": self.jid,
			"name": self.name,
			"is_group": self.is_group,
			"typing": self.typing,
			"typing_media": self.typing_media,
			"total": len(self.messages),
			"messages": [message.as_json() for message in shown],
		}


def new_message_id() -> str:
	"""Make an id as a phone makes it."""
	# Never from the seeded random numbers: a bridge that outlives the sandbox would take a repeated id for a
	# message that it already has.
	return "3A" + secrets.token_hex(9).upper()


class Phone:
	"""All chats of one number of ours."""

	def __init__(self, keep: int, strict_seconds: Callable[[], bool], owner: Person = OWNER) -> None:
		self.owner = owner
		self.people = People(owner)
		self.group = Group(owner=owner)
		# Profile pictures by key of the person, or by address of the group; each with its number.
		self.pictures: dict[str, tuple[str, File]] = {}
		self.chats: dict[str, Chat] = {}
		self._messages: dict[str, PhoneMessage] = {}
		self._media: dict[str, PhoneMessage] = {}
		self._keep = keep
		self._strict_seconds = strict_seconds
		for person in self.people.all.values():
			self.chat_with(person)
		self.chats[GROUP_JID] = Chat(
			GROUP_JID, GROUP_JID.partition("@")[0], GROUP_NAME, is_group=True, owner=self.owner
		)

	def chat_with(self, person: Person) -> Chat:
		"""Return the chat with a customer."""
		chat = self.chats.get(person.chat)
		if chat is None:
			chat = self.chats[person.chat] = Chat(
				person.chat, person.key, person.name, is_group=False, owner=self.owner
			)
			chat.partner_alt = person.other_address
		return chat

	def is_with_oneself(self, chat: str) -> bool:
		"""Say whether the chat at an address is the number's with itself."""
		return chat in (self.owner.phone_jid, self.owner.lid_jid)

	def chat_for(self, jid: str) -> Chat:
		"""Return the chat behind any address of its partner."""
		if jid in self.chats:
			return self.chats[jid]
		if jid.endswith("@g.us"):
			chat = self.chats[jid] = Chat(jid, jid.partition("@")[0], jid, is_group=True, owner=self.owner)
			return chat
		if jid in SPECIAL_CHATS or jid.endswith("@newsletter"):
			name = SPECIAL_CHATS.get(jid, jid)
			chat = self.chats[jid] = Chat(jid, jid.partition("@")[0], name, is_group=False, owner=self.owner)
			return chat
		return self.chat_with(self.people.found_or_made(jid))

	def find_chat(self, who: str) -> Chat | None:
		"""Find a chat by customer, by address, or `group`."""
		if who in ("group", GROUP_JID, GROUP_JID.partition("@")[0]):
			return self.chats[GROUP_JID]
		if who in ("status", "newsletter"):
			return self.chats.get(STATUS_JID if who == "status" else NEWSLETTER_JID)
		person = self.people.find(who)
		return self.chats.get(person.chat if person else who)

	def change_person(self, person: Person, **changes: Any) -> Person:
		"""Give a person another name or other addresses; the chat goes along, with all that is in it."""
		chat = self.chats.pop(person.chat, None)
		changed = self.people.change(person, **changes)
		if chat is not None:
			chat.jid, chat.name, chat.partner_alt = changed.chat, changed.name, changed.other_address
			self.chats[chat.jid] = chat
			for message in chat.messages:
				message.chat = chat.jid
		return changed

	def next_second(self, chat: Chat) -> int:
		"""Return WhatsApp's time stamp for a new message: whole seconds, never going back within a chat."""
		# When deliveries are shuffled on purpose, only different seconds can tell the true order.
		step = 1 if self._strict_seconds() else 0
		chat.last_second = max(int(time.time()), chat.last_second + step)
		return chat.last_second

	def add(self, message: PhoneMessage) -> None:
		"""Show a message."""
		chat = self.chat_for(message.chat)
		earlier = self._messages.get(message.id)
		if earlier is not None and earlier in chat.messages:
			# What could not be decrypted at first, or came without content, comes again under its id.
			chat.messages.remove(earlier)
		chat.messages.append(message)
		self._messages[message.id] = message
		if message.file is not None:
			self._media[media_path(message.id)] = message
		# Cut in slices, so that the cost of keeping a list short does not fall on every message.
		if self._keep and len(chat.messages) > self._keep + self._keep // 4 + 8:
			gone = chat.messages[: -self._keep]
			del chat.messages[: -self._keep]
			for old in gone:
				self._messages.pop(old.id, None)
				self._media.pop(media_path(old.id), None)

	def message(self, message_id: str) -> PhoneMessage | None:
		"""Find a message by its id."""
		return self._messages.get(message_id)

	def media_at(self, path: str) -> File | None:
		"""Return the file that lies at a path of WhatsApp's media store."""
		message = self._media.get(path.partition("?")[0])
		return message.file if message else None

	def raise_status(self, message: PhoneMessage, status: str) -> bool:
		"""Move the ticks forward; false when they were already that far."""
		if RANKS[status] <= RANKS[message.status]:
			return False
		message.status = status
		return True


def media_path(message_id: str) -> str:
	"""Return where the file of a message lies in WhatsApp's media store."""
	return f"/v/t62.0000-24/{message_id}_fictional_n.enc"


def pseudo_bytes(seed: str, length: int) -> str:
	"""Make base64 text for a field whose content nobody can check, always the same for the same seed."""
	digest = hashlib.sha256(seed.encode()).digest()
	return b64encode(digest[:length]).decode()


def pseudo_waveform(seed: str) -> str:
	"""Make the picture of a sound as phones send it: base64 of 64 heights between 0 and 100."""
	return b64encode(bytes(byte % 101 for byte in hashlib.sha512(seed.encode()).digest())).decode()
