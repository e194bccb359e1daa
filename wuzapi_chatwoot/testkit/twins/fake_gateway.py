"""A WhatsApp gateway in memory: what the customers' phones show, and what we asked for. No protocol."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.content import ContactCard, Location, Media
from wuzapi_chatwoot.bridge.model.errors import BridgeError, NotFound
from wuzapi_chatwoot.bridge.ports.gateway import Avatar, OutgoingFile, Reply, VoiceNote
from wuzapi_chatwoot.testkit.twins.scripted_failures import ScriptedFailures


@dataclass(frozen=True, slots=True)
class Delivered:
	"""A message on the customer's phone."""

	message_id: str
	to: Address
	text: str | None = None
	"""Of a file: its caption."""
	file: OutgoingFile | None = None
	"""Of a sticker too."""
	reply: Reply | None = None
	voice: VoiceNote | None = None
	sticker: bool = False
	location: Location | None = None
	card: ContactCard | None = None


@dataclass(frozen=True, slots=True)
class ReadMark:
	chat: Address
	message_ids: tuple[str, ...]
	sender: Address


@dataclass(frozen=True, slots=True)
class Reacted:
	"""`emoji` empty: taken back. `author` of the target, `None`: ourselves."""

	chat: Address
	target_id: str
	emoji: str
	author: Address | None


@dataclass(frozen=True, slots=True)
class Revoked:
	chat: Address
	message_id: str


@dataclass(frozen=True, slots=True)
class TypingShown:
	chat: Address
	active: bool


@dataclass(slots=True)
class FakeGateway(ScriptedFailures):
	"""Implements `Gateway`. As on WhatsApp, a message id sent again is the same message: the phone shows it once."""

	delivered: list[Delivered] = field(default_factory=list)
	reads: list[ReadMark] = field(default_factory=list)
	downloads: dict[str, bytes] = field(default_factory=dict)
	"""Bytes by ticket."""
	group_names: dict[Address, str] = field(default_factory=dict)
	group_admins: dict[Address, tuple[Address, ...]] = field(default_factory=dict)
	reactions: list[Reacted] = field(default_factory=list)
	revoked: list[Revoked] = field(default_factory=list)
	typing: list[TypingShown] = field(default_factory=list)
	saved_names: dict[Address, str] = field(default_factory=dict)
	avatars: dict[Address, Avatar] = field(default_factory=dict)
	"""With their files; who is known already is told by `known_id`."""
	own: Address | None = None
	trouble: BridgeError | None = None
	"""What `check` raises."""

	def send_text(self, to: Address, text: str, message_id: str, reply: Reply | None = None) -> None:
		with self._called("send_text", to=to, text=text, message_id=message_id, reply=reply):
			self._deliver(Delivered(message_id, to, text, reply=reply))

	def send_file(
		self,
		to: Address,
		file: OutgoingFile,
		message_id: str,
		caption: str | None = None,
		reply: Reply | None = None,
	) -> None:
		with self._called("send_file", to=to, file=file, message_id=message_id, caption=caption, reply=reply):
			self._deliver(Delivered(message_id, to, caption, file, reply=reply))

	def send_voice(self, to: Address, note: VoiceNote, message_id: str, reply: Reply | None = None) -> None:
		with self._called("send_voice", to=to, note=note, message_id=message_id, reply=reply):
			self._deliver(Delivered(message_id, to, voice=note, reply=reply))

	def send_sticker(
		self, to: Address, file: OutgoingFile, message_id: str, reply: Reply | None = None
	) -> None:
		with self._called("send_sticker", to=to, file=file, message_id=message_id, reply=reply):
			self._deliver(Delivered(message_id, to, file=file, sticker=True, reply=reply))

	def send_location(
		self, to: Address, location: Location, message_id: str, reply: Reply | None = None
	) -> None:
		with self._called("send_location", to=to, location=location, message_id=message_id, reply=reply):
			self._deliver(Delivered(message_id, to, location=location, reply=reply))

	def send_contact(
		self, to: Address, card: ContactCard, message_id: str, reply: Reply | None = None
	) -> None:
		with self._called("send_contact", to=to, card=card, message_id=message_id, reply=reply):
			self._deliver(Delivered(message_id, to, card=card, reply=reply))

	def react(self, chat: Address, target_id: str, emoji: str, author: Address | None) -> None:
		with self._called("react", chat=chat, target_id=target_id, emoji=emoji, author=author):
			self.reactions.append(Reacted(chat, target_id, emoji, author))

	def revoke(self, chat: Address, message_id: str) -> None:
		with self._called("revoke", chat=chat, message_id=message_id):
			self.revoked.append(Revoked(chat, message_id))

	def show_typing(self, chat: Address, active: bool) -> None:
		with self._called("show_typing", chat=chat, active=active):
			self.typing.append(TypingShown(chat, active))

	def saved_name(self, of: Address) -> str | None:
		with self._called("saved_name", of=of):
			pass
		return self.saved_names.get(of)

	def avatar(self, of: Address, known_id: str | None) -> Avatar | None:
		with self._called("avatar", of=of, known_id=known_id):
			pass
		avatar = self.avatars.get(of)
		return avatar if avatar is None or avatar.id != known_id else Avatar(avatar.id, None)

	def own_address(self) -> Address | None:
		with self._called("own_address"):
			pass
		return self.own

	def mark_read(self, chat: Address, message_ids: Sequence[str], sender: Address) -> None:
		with self._called("mark_read", chat=chat, message_ids=tuple(message_ids), sender=sender):
			self.reads.append(ReadMark(chat, tuple(message_ids), sender))

	def download(self, media: Media) -> bytes:
		with self._called("download", media=media):
			if media.ticket not in self.downloads:
				raise NotFound("The file is not at the gateway any more")
			return self.downloads[media.ticket]

	def group_name(self, group: Address) -> str | None:
		with self._called("group_name", group=group):
			pass
		return self.group_names.get(group)

	def is_group_admin(self, group: Address, addresses: Sequence[Address]) -> bool:
		with self._called("is_group_admin", group=group, addresses=tuple(addresses)):
			pass
		return any(address in self.group_admins.get(group, ()) for address in addresses)

	def check(self) -> None:
		with self._called("check"):
			if self.trouble is not None:
				raise self.trouble

	def texts_to(self, to: Address) -> list[str | None]:
		"""What the customer's phone shows, in order."""
		return [message.text for message in self.delivered if message.to == to]

	def _deliver(self, message: Delivered) -> None:
		if not any(known.message_id == message.message_id for known in self.delivered):
			self.delivered.append(message)
