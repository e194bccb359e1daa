"""The names in the address books of the paired phones, kept for minutes. WuzAPI gives a book as a whole only.

Shared by all clients of a process. Does not ask the gateway itself, and does not know what a client is.
"""

from __future__ import annotations

import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from threading import Lock

from wuzapi_chatwoot.bridge.model.addresses import Address

Names = Mapping[Address, str]

KEPT_SECONDS = 300.0
MOST_BOOKS = 64


class AddressBooks:
	"""Thread-safe. `monotonic` counts seconds."""

	def __init__(
		self, monotonic: Callable[[], float] = time.monotonic, *, most_books: int = MOST_BOOKS
	) -> None:
		self._monotonic = monotonic
		self._most_books = most_books
		self._lock = Lock()
		self._books: OrderedDict[str, tuple[float, Names]] = OrderedDict()

	def names(self, owner: str, read: Callable[[], Names]) -> Names:
		"""Of this owner, from `read` if they are not known or too old. What `read` raises is not kept."""
		now = self._monotonic()
		with self._lock:
			read_at, names = self._books.get(owner, (now - KEPT_SECONDS, {}))
		if now - read_at < KEPT_SECONDS:
			return names
		# Not under the lock: reading takes as long as a gateway takes. Two threads may both read; both are right.
		names = read()
		with self._lock:
			self._books[owner] = (now, names)
			self._books.move_to_end(owner)
			while len(self._books) > self._most_books:
				self._books.popitem(last=False)
		return names


ADDRESS_BOOKS = AddressBooks()


def owner_of(address: str, token: str) -> str:
	"""Whose book it is, as a key that does not tell the token."""
	return hashlib.sha256(f"{address}\n{token}".encode("utf-8", "replace")).hexdigest()
