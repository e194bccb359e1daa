"""A WhatsApp gateway in memory: what the customers' phones show, and what we asked for. No protocol."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ..bridge.addresses import Address
from ..bridge.content import Media
from ..bridge.errors import BridgeError, NotFound
from ..bridge.ports import OutgoingFile
from .scripted_failures import ScriptedFailures


@dataclass(frozen=True, slots=True)
class Delivered:
	"""A message on the customer's phone."""

	message_id: str
	to: Address
	text: str | None = None
	"""Of a file: its caption."""
	file: OutgoingFile | None = None


@dataclass(frozen=True, slots=True)
class ReadMark:
	chat: Address
	message_ids: tuple[str, ...]
	sender: Address


@dataclass(slots=True)
class FakeGateway(ScriptedFailures):
	"""Implements `Gateway`. As on WhatsApp, a message id sent again is the same message: the phone shows it once."""

	delivered: list[Delivered] = field(default_factory=list)
	reads: list[ReadMark] = field(default_factory=list)
	downloads: dict[str, bytes] = field(default_factory=dict)
	"""Bytes by ticket."""
	group_names: dict[Address, str] = field(default_factory=dict)
	trouble: BridgeError | None = None
	"""What `check` raises."""

	def send_text(self, to: Address, text: str, message_id: str) -> None:
		with self._called("send_text", to=to, text=text, message_id=message_id):
			self._deliver(Delivered(message_id, to, text))

	def send_file(self, to: Address, file: OutgoingFile, message_id: str, caption: str | None = None) -> None:
		with self._called("send_file", to=to, file=file, message_id=message_id, caption=caption):
			self._deliver(Delivered(message_id, to, caption, file))

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
