"""Keeps the leases of lanes that are being worked alive, so that they may be short: a dead worker's run out soon.

A call may take longer than a lease. Without this, a lane would then be handed to a second worker.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from datetime import timedelta

from wuzapi_chatwoot.bridge.context import Bridge

# Between two renewals, in seconds, unless leases are so short that it must be less.
_LONGEST_PAUSE = 10.0


class LeaseRenewal:
	"""Of one process that works lanes: every lane is leased to the same `owner`. Thread-safe.

	Without a clock of its own: `elapsed` is in seconds, from one that is never set.
	"""

	def __init__(self, owner: str, seconds: float, elapsed: float) -> None:
		"""`seconds`: how long a lease lasts."""
		self.owner = owner
		self.pause = min(seconds / 4, _LONGEST_PAUSE)
		self._seconds = seconds
		self._next = elapsed + self.pause
		self._lanes: set[str] = set()
		self._lock = threading.Lock()

	@contextlib.contextmanager
	def renewed(self, lane: str) -> Iterator[None]:
		with self._lock:
			self._lanes.add(lane)
		try:
			yield
		finally:
			with self._lock:
				self._lanes.discard(lane)

	def renew_if_due(self, bridge: Bridge, elapsed: float) -> None:
		"""`bridge`: of the thread that asks. Raises `StoreUnavailable`."""
		if elapsed < self._next:
			return
		with self._lock:
			lanes = sorted(self._lanes)
		if lanes:
			until = bridge.clock.now() + timedelta(seconds=self._seconds)
			bridge.store.renew_leases(self.owner, lanes, until)
		self._next = elapsed + self.pause
