"""A breaker per destination: when a Chatwoot or a gateway is down, one call asks it, the others wait.

Keeps its state in the memory of one process; losing it costs one round of failures, never a message. No clock:
times are passed in.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta


@dataclass(slots=True)
class _Destination:
	failures: int = 0
	openings: int = 0
	open_until: datetime | None = None
	probing: bool = False


@dataclass(frozen=True, slots=True)
class BreakerState:
	"""A breaker as people see it. `until` is when the next try is allowed; `None` while one is under way."""

	destination: str
	open: bool
	until: datetime | None


@dataclass(slots=True)
class Breakers:
	"""All destinations of one process. Thread-safe. Pauses are in seconds."""

	threshold: int = 5
	"""Failures in a row that open a breaker."""
	first_pause: float = 1.0
	longest_pause: float = 15.0
	_destinations: dict[str, _Destination] = field(default_factory=dict)
	_lock: threading.Lock = field(default_factory=threading.Lock)

	def may_try(self, destination: str, now: datetime) -> datetime | None:
		"""`None`: go on. Otherwise the time before which this destination must be left alone.

		The first caller after that time is the probe, and must report by `succeeded` or `failed`.
		"""
		with self._lock:
			state = self._destinations.get(destination)
			if state is None or state.open_until is None:
				return None
			if now < state.open_until:
				return state.open_until
			if state.probing:
				return now + timedelta(seconds=self.first_pause)
			state.probing = True
			return None

	def succeeded(self, destination: str) -> bool:
		"""Note that the destination answered; true when that closed an open breaker."""
		with self._lock:
			state = self._destinations.pop(destination, None)
			return state is not None and state.open_until is not None

	def failed(
		self, destination: str, now: datetime, *, pause: float | None = None, at_once: bool = False
	) -> None:
		"""Note a failure that speaks against the destination.

		`at_once` opens the breaker whatever the count (a rate limit); `pause` is what the destination asked for.
		"""
		with self._lock:
			state = self._destinations.setdefault(destination, _Destination())
			state.failures += 1
			already_open = state.open_until is not None and not state.probing
			if already_open or (state.failures < self.threshold and not at_once and not state.probing):
				# Calls that had begun before the breaker opened do not push its end further away.
				return
			wait = (
				pause if pause is not None else min(self.first_pause * 2**state.openings, self.longest_pause)
			)
			state.openings += 1
			state.open_until = now + timedelta(seconds=wait)
			state.probing = False

	def states(self) -> list[BreakerState]:
		with self._lock:
			return [
				BreakerState(name, state.open_until is not None, None if state.probing else state.open_until)
				for name, state in sorted(self._destinations.items())
			]
