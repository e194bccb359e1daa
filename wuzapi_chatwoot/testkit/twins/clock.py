"""A clock that tests move by hand. Never looks at the machine's."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

START = datetime(2026, 3, 2, 9, 0, 0, tzinfo=timezone.utc)


class FixedClock:
	"""Implements `Clock`: stands still until it is advanced or set."""

	def __init__(self, now: datetime = START) -> None:
		self._now = _aware(now)

	def now(self) -> datetime:
		return self._now

	def advance(self, seconds: float) -> datetime:
		"""Move on by that many seconds and return the new time."""
		self._now += timedelta(seconds=seconds)
		return self._now

	def set(self, now: datetime) -> None:
		self._now = _aware(now)


def _aware(time: datetime) -> datetime:
	if time.tzinfo is None:
		raise ValueError("The bridge knows aware times only")
	return time.astimezone(timezone.utc)
