"""When to try again: pure decisions about time, no sleeping and no clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

DEFAULT_PAUSES = (1.0, 3.0, 10.0, 30.0, 60.0, 300.0, 900.0, 1800.0, 3600.0, 7200.0, 14400.0, 28800.0)


@dataclass(frozen=True, slots=True)
class RetrySchedule:
	"""Pauses in seconds after the first, second, … failed attempt; after the last one the event is dead."""

	pauses: Sequence[float] = DEFAULT_PAUSES

	def pause_after(self, failed_attempts: int) -> float | None:
		"""Seconds to wait after this many failed attempts (1 or more); `None`: give up."""
		if failed_attempts > len(self.pauses):
			return None
		return self.pauses[max(failed_attempts, 1) - 1]
