"""Keeps the leases of lanes that are being worked alive, so that they may be short: a dead worker's run out soon."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from ..bridge.ports import Bridge

# Between two signs of life, in seconds, unless leases are so short that it must be less.
_LONGEST_PAUSE = 10.0


class Leases:
	"""Of one pump. Every lane it works is leased to the same `owner`."""

	def __init__(self, bridge: Bridge) -> None:
		self.owner = bridge.ids.new()
		self._seconds = bridge.lease_seconds
		self._pause = min(self._seconds / 4, _LONGEST_PAUSE)
		self._next = time.monotonic() + self._pause
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

	def renew_if_due(self, bridge: Bridge) -> None:
		"""`bridge`: of the thread that asks. Raises `StoreUnavailable`."""
		if time.monotonic() < self._next:
			return
		with self._lock:
			lanes = sorted(self._lanes)
		if lanes:
			store: Any = bridge.store
			store.renew_leases(self.owner, lanes, bridge.clock.now() + timedelta(seconds=self._seconds))
		self._next = time.monotonic() + self._pause
