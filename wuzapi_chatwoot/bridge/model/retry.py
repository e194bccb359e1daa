"""When to try again: pure decisions about time, no sleeping and no clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime

DEFAULT_PAUSES = (
	*(0.2, 0.5, 1.0, 3.0, 10.0, 30.0, 60.0),
	*(300.0, 900.0, 1800.0, 3600.0, 7200.0, 14400.0, 28800.0),
)
"""The first fit a hiccup, the last an error that somebody must mend."""
LONGEST_ASKED_PAUSE = 300.0
"""Nobody is left alone for longer because of what one answer says, in seconds."""
_DIGITS = len(str(int(LONGEST_ASKED_PAUSE)))


@dataclass(frozen=True, slots=True)
class RetrySchedule:
	"""Pauses in seconds after the first, second, … failed attempt; after the last one the event is dead."""

	pauses: Sequence[float] = DEFAULT_PAUSES

	def pause_after(self, failed_attempts: int) -> float | None:
		"""Seconds to wait after this many failed attempts (1 or more); `None`: give up."""
		if failed_attempts > len(self.pauses):
			return None
		return self.pauses[max(failed_attempts, 1) - 1]


def asked_pause(said: str | None, told_at: str | None = None) -> float | None:
	"""Seconds that a `Retry-After` asks for, `LONGEST_ASKED_PAUSE` at most; `None`: none that can be read, or none at all.

	It may be a number of any length, or a time. `told_at` is the `Date` of the same answer, so that it does not matter
	whose clock is wrong.
	"""
	text = (said or "").strip()
	if text.isascii() and text.isdigit():
		# Not read as a number before its length is known: a million digits are no number to reckon with.
		digits = text.lstrip("0")
		seconds = LONGEST_ASKED_PAUSE if len(digits) > _DIGITS else float(digits or 0)
	else:
		until, now = _time_of(text), _time_of((told_at or "").strip())
		seconds = (until - now).total_seconds() if until is not None and now is not None else 0.0
	return min(seconds, LONGEST_ASKED_PAUSE) if seconds > 0 else None


def _time_of(text: str) -> datetime | None:
	try:
		time = parsedate_to_datetime(text)
	except (ValueError, TypeError, IndexError, OverflowError):
		return None
	return time if time.tzinfo is not None else None
