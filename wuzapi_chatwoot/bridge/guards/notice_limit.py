"""What was told lately, so that an operator reads of a lasting trouble once a day and not every few minutes."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

from wuzapi_chatwoot.bridge.ports.host import Clock

AGAIN = timedelta(days=1)
"""After this, the same is told once more."""
_MOST = 10_000


class NoticeLimit:
	"""Of one process, in its memory; thread-safe. What is forgotten is told once too often."""

	def __init__(self, clock: Clock) -> None:
		self._clock = clock
		self._told: dict[str, datetime] = {}
		self._lock = threading.Lock()

	def first_time(self, key: str) -> bool:
		"""Was this not told within a day? From now on it was."""
		with self._lock:
			now = self._clock.now()
			told = self._told.get(key)
			if told is not None and now - AGAIN < told <= now:
				return False
			if len(self._told) >= _MOST:
				self._told.clear()
			self._told[key] = now
			return True
