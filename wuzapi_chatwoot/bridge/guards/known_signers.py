"""Which senders have signed before: once one has, what comes unsigned in its name is not believed.

The mark is in the store. What is kept in memory here spares a look at it for every signed webhook.
"""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

from wuzapi_chatwoot.bridge.model.records import Source
from wuzapi_chatwoot.bridge.ports.store import SessionStore

_QUIET_FOR = timedelta(hours=1)
# A session may be deleted, and another one made of its name.
_GOOD_FOR = timedelta(minutes=10)


class KnownSigners:
	"""Thread-safe; lives as long as the process, and is of one store."""

	def __init__(self) -> None:
		self._known: dict[tuple[str, Source], datetime] = {}
		self._unsigned: dict[tuple[str, Source], datetime] = {}
		self._changing = threading.Lock()

	def note(self, store: SessionStore, session: str, source: Source, at: datetime) -> None:
		"""This sender has signed validly. Raises `StoreUnavailable`."""
		known = self._known.get((session, source))
		if known is not None and at - known < _GOOD_FOR:
			return
		if store.signing(session).since(source) is None:
			# Kept in memory only when it is read again: what is written now may still be rolled back.
			store.note_signed(session, source, at)
			return
		with self._changing:
			self._known[session, source] = at

	def first_unsigned(self, session: str, source: Source, at: datetime) -> bool:
		"""Has none come from it, without a signature, for an hour? For one notice, not one for each."""
		with self._changing:
			last = self._unsigned.get((session, source))
			self._unsigned[session, source] = at
		return last is None or at - last > _QUIET_FOR
