"""Which sessions' secrets are being replaced in Chatwoot at this moment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from wuzapi_chatwoot.bridge.ports.host import Clock

# A replacement takes less, whatever becomes of its calls.
_AT_MOST = timedelta(minutes=5)
# After its end, for requests that have read the session before.
_AND_A_MOMENT = timedelta(seconds=10)


class SecretChanges:
	def __init__(self, clock: Clock) -> None:
		self._clock = clock
		self._until: dict[str, datetime] = {}

	def __call__(self, session: str) -> bool:
		until = self._until.get(session)
		return until is not None and self._clock.now() < until

	@contextmanager
	def under_way(self, session: str) -> Iterator[None]:
		"""From before Chatwoot is asked until we know the new one. One at a time for each session."""
		self._until[session] = self._clock.now() + _AT_MOST
		try:
			yield
		finally:
			self._until[session] = self._clock.now() + _AND_A_MOMENT
