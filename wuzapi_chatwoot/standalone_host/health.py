"""Is all well? Real checks of the store, of every gateway and Chatwoot, and of what waits; kept for a moment."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TookTooLong
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ..bridge.errors import BridgeError
from ..bridge.ports import Bridge
from ..bridge.records import EventState

Check = Callable[[], None]

# An answer is good for this long, so that a monitor cannot be used to press the services behind. In seconds.
_GOOD_FOR = 5.0
# How long one check may take, in seconds.
_PATIENCE = 8.0
# A waiting event older than this is a sign of trouble, in seconds.
_TOO_OLD = 300.0


@dataclass(frozen=True, slots=True)
class Report:
	"""`checks` maps a check's name to `ok` or to what is wrong."""

	healthy: bool
	checks: Mapping[str, str]
	oldest_waiting_seconds: float
	waiting_events: int
	dead_events: int

	def as_json(self) -> dict[str, Any]:
		return {
			"status": "ok" if self.healthy else "unhealthy",
			"checks": dict(self.checks),
			"oldest_waiting_seconds": round(self.oldest_waiting_seconds, 1),
			"waiting_events": self.waiting_events,
			"dead_events": self.dead_events,
		}


@dataclass(slots=True)
class Health:
	"""`checks`: by session, the gateway's and Chatwoot's; `workers_alive` tells of the dispatcher."""

	bridge: Bridge
	checks: Mapping[str, tuple[Check, Check]]
	workers_alive: Callable[[], bool]
	_pool: ThreadPoolExecutor = field(
		default_factory=lambda: ThreadPoolExecutor(8, thread_name_prefix="health")
	)
	_lock: threading.Lock = field(default_factory=threading.Lock)
	_last: tuple[datetime, Report] | None = None

	def report(self) -> Report:
		with self._lock:
			now = self.bridge.clock.now()
			if self._last is None or (now - self._last[0]).total_seconds() > _GOOD_FOR:
				self._last = (now, self._look())
			return self._last[1]

	def _look(self) -> Report:
		running = {}
		for name, (gateway, chatwoot) in self.checks.items():
			running[f"gateway of {name}"] = self._pool.submit(gateway)
			running[f"Chatwoot of {name}"] = self._pool.submit(chatwoot)
		results = {"workers": "ok" if self.workers_alive() else "the dispatcher has stopped"}
		oldest, waiting, dead = 0.0, 0, 0
		try:
			counts = self.bridge.store.count_events()
			waiting, dead = counts.get(EventState.WAITING, 0), counts.get(EventState.DEAD, 0)
			received = self.bridge.store.oldest_waiting()
			oldest = (self.bridge.clock.now() - received).total_seconds() if received else 0.0
			self.bridge.store.check_writable()
			results["store"] = "ok"
		except BridgeError as error:
			results["store"] = error.reason
		for name, future in running.items():
			try:
				future.result(timeout=_PATIENCE)
				results[name] = "ok"
			except BridgeError as error:
				results[name] = error.reason
			except TookTooLong:
				results[name] = "no answer in time"
		if oldest > _TOO_OLD:
			results["oldest waiting event"] = f"waits for {oldest:.0f} seconds"
		healthy = all(result == "ok" for result in results.values())
		return Report(healthy, results, oldest, waiting, dead)
