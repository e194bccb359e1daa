"""How much of large files a process carries at a time: each is in memory while it is carried."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from wuzapi_chatwoot.bridge.model.content import Edit, Media
from wuzapi_chatwoot.bridge.model.events import ChatwootMessage, Event, FetchMedia, WhatsAppMessage

SMALL = 1024 * 1024
"""Bytes. What has no more is carried whatever else is."""
OUTWARD = 5
"""A gateway takes files as base64 in JSON: on its way there, one is in memory about so many times."""


class MemoryBudget:
	"""Thread-safe. Nobody waits here: who finds no room comes again."""

	def __init__(self, most: int | None = None) -> None:
		"""`most` bytes; `None`: any number."""
		self._most = most
		self._taken = 0
		self._changing = threading.Lock()

	@contextmanager
	def taken(self, size: int) -> Iterator[bool]:
		"""False: there is no room for so many bytes at the moment. What is larger than all of it goes alone."""
		if self._most is None or size <= SMALL:
			yield True
			return
		size = min(size, self._most)
		with self._changing:
			fits = self._taken + size <= self._most
			self._taken += size if fits else 0
		try:
			yield fits
		finally:
			if fits:
				with self._changing:
					self._taken -= size


def size_of(event: Event) -> int:
	"""How much memory carrying an event's files takes, in bytes, as far as its sender tells."""
	match event:
		case (
			WhatsAppMessage(content=Media(size=size))
			| WhatsAppMessage(content=Edit(content=Media(size=size)))
		):
			return size or 0
		case FetchMedia(media=Media(size=size)):
			return size or 0
		case ChatwootMessage(attachments=attachments):
			return OUTWARD * sum(each.size or 0 for each in attachments)
		case _:
			return 0
