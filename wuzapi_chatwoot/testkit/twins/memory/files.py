"""Private files in a dictionary."""

from __future__ import annotations

from wuzapi_chatwoot.bridge.model.errors import NotFound, StoreUnavailable


class MemoryFiles:
	"""Implements `Files`. While `broken` is set, nothing can be saved."""

	def __init__(self) -> None:
		self.contents: dict[str, bytes] = {}
		self.broken = False

	def save(self, key: str, content: bytes) -> None:
		if self.broken:
			raise StoreUnavailable("The disk is full")
		self.contents[key] = bytes(content)

	def read(self, key: str) -> bytes:
		try:
			return self.contents[key]
		except KeyError:
			raise NotFound("The file is not there any more", detail=key) from None

	def delete(self, key: str) -> None:
		self.contents.pop(key, None)
