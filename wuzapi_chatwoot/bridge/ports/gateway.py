"""What the bridge needs of a session's WhatsApp gateway, as a protocol. Raises any `BridgeError`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.content import ContactCard, Location, Media


@dataclass(frozen=True, slots=True)
class OutgoingFile:
	"""A file on its way to the other side."""

	content: bytes
	mime_type: str
	file_name: str


@dataclass(frozen=True, slots=True)
class VoiceNote:
	"""Sound as WhatsApp's phones play it with a waveform: Ogg with one Opus stream."""

	content: bytes
	seconds: int
	"""At least 1."""
	waveform: bytes
	"""64 loudnesses from 0 to 100."""


class VoiceMaker(Protocol):
	def __call__(self, content: bytes) -> VoiceNote:
		"""From sound in any usual format. Raises `Permanent` if it is none that can be read."""


class FilmMaker(Protocol):
	def __call__(self, content: bytes) -> bytes | None:
		"""MP4 of an animated GIF; `None` for what does not move. Raises `Permanent` if it cannot be read."""


class StickerMaker(Protocol):
	def __call__(self, content: bytes) -> bytes:
		"""WebP of a picture; WebP as it is. Raises `Permanent` if it is no picture."""


@dataclass(frozen=True, slots=True)
class Reply:
	"""What a message that we send answers to."""

	message_id: str
	author: Address
	"""Who wrote it; our own address if we did."""
	text: str = ""
	"""Shown in the quote by phones that do not have the original."""


@dataclass(frozen=True, slots=True)
class Avatar:
	"""A contact's picture. `file` is `None` if it is the one known already."""

	id: str
	file: OutgoingFile | None


class Gateway(Protocol):
	"""One session's WhatsApp gateway. `message_id` is ours: the same id again is the same message."""

	def send_text(self, to: Address, text: str, message_id: str, reply: Reply | None = None) -> None: ...

	def send_file(
		self,
		to: Address,
		file: OutgoingFile,
		message_id: str,
		caption: str | None = None,
		reply: Reply | None = None,
	) -> None:
		"""Picks image, video, audio or document by the file's type."""

	def send_voice(
		self, to: Address, note: VoiceNote, message_id: str, reply: Reply | None = None
	) -> None: ...

	def send_sticker(
		self, to: Address, file: OutgoingFile, message_id: str, reply: Reply | None = None
	) -> None: ...

	def send_location(
		self, to: Address, location: Location, message_id: str, reply: Reply | None = None
	) -> None: ...

	def send_contact(
		self, to: Address, card: ContactCard, message_id: str, reply: Reply | None = None
	) -> None: ...

	def react(self, chat: Address, target_id: str, emoji: str, author: Address | None) -> None:
		"""`emoji` empty takes the reaction back; `author` of the target, `None` if we wrote it."""

	def revoke(self, chat: Address, message_id: str) -> None:
		"""Delete a message of ours for everyone."""

	def show_typing(self, chat: Address, active: bool) -> None: ...

	def saved_name(self, of: Address) -> str | None:
		"""In the address book of the session's phone."""

	def avatar(self, of: Address, known_id: str | None) -> Avatar | None:
		"""`None`: there is none, or it is not for us to see."""

	def own_address(self) -> Address | None: ...

	def mark_read(self, chat: Address, message_ids: Sequence[str], sender: Address) -> None: ...

	def download(self, media: Media) -> bytes:
		"""Fetch bytes that did not come with the event, by `media.ticket`."""

	def group_name(self, group: Address) -> str | None: ...

	def is_group_admin(self, group: Address, addresses: Sequence[Address]) -> bool:
		"""Is one of these, which are one person's, an administrator of the group? A no is never minutes old."""

	def check(self) -> None:
		"""Raise what is wrong between us and WhatsApp (gateway down, token refused, not logged in)."""
