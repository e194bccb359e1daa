"""Notices that the clock was set back. Times that were near lie far ahead then: lanes would wait for an hour, and nobody
would know why.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from wuzapi_chatwoot.bridge.context import Bridge

# What is less waits no longer than a retry does; and the clocks of several machines differ by less.
_SINCE_LAST_LOOK = timedelta(seconds=5)
_SINCE_ARRIVALS = timedelta(seconds=60)


class ClockWatch:
	"""For one who hands lanes out, and looks every few seconds. Not thread-safe."""

	def __init__(self) -> None:
		self._last: datetime | None = None

	def look(self, bridge: Bridge) -> None:
		"""Let what waits be due, if the clock was set back since the last look; the first one asks the newest event.

		Raises `StoreUnavailable`.
		"""
		now = bridge.clock.now()
		if self._set_back(bridge, now):
			bridge.store.clock_was_set_back(now, now + timedelta(seconds=bridge.lease_seconds))
			bridge.breakers.clock_was_set_back(now)
			bridge.observer.notice("the clock was set back; what waits is tried now")
		self._last = now

	def _set_back(self, bridge: Bridge, now: datetime) -> bool:
		if self._last is not None:
			return now < self._last - _SINCE_LAST_LOOK
		newest = bridge.store.latest_arrival()
		return newest is not None and now < newest - _SINCE_ARRIVALS
