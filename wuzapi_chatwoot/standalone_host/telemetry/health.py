"""Is all well? Real checks of the store, of every gateway and Chatwoot, and of what waits; kept for a moment."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from wuzapi_chatwoot.bridge.context import Bridge
from wuzapi_chatwoot.bridge.model.errors import BridgeError
from wuzapi_chatwoot.bridge.model.records import EventState

Check = Callable[[], None]

# An answer is good for this long, so that a monitor cannot be used to press the services behind. In seconds.
_GOOD_FOR = 5.0
# How long the checks of gateways and Chatwoots may take, all together, in seconds.
_PATIENCE = 8.0
# Those of a gateway that hangs keep their threads for half a minute: there must be more of them than it has sessions.
_CHECKS_AT_ONCE = 64
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

	def as_json(self, *, named: bool) -> dict[str, Any]:
		"""`named`: with what is wrong with which session; else how many there are of each kind, and how many are ok."""
		return {
			"status": "ok" if self.healthy else "unhealthy",
			"checks": dict(self.checks) if named else _counted(self.checks),
			"oldest_waiting_seconds": round(self.oldest_waiting_seconds, 1),
			"waiting_events": self.waiting_events,
			"dead_events": self.dead_events,
		}


def _counted(checks: Mapping[str, str]) -> dict[str, str]:
	"""`{"store": "ok", "gateways": "2 of 3 ok", …}`. The reason of a trouble may name somebody, too."""
	kinds: dict[str, list[bool]] = {}
	for name, result in checks.items():
		kind = next((plural for singular, plural in _KINDS.items() if name.startswith(singular)), name)
		kinds.setdefault(kind, []).append(result == "ok")
	return {
		kind: "ok"
		if all(results)
		else f"{sum(results)} of {len(results)} ok"
		if kind in _KINDS.values()
		else "not ok"
		for kind, results in kinds.items()
	}


_KINDS = {"gateway of ": "gateways", "Chatwoot of ": "Chatwoots"}


class Health:
	"""`checks` gives, by session, the gateway's and Chatwoot's; `workers_alive` tells of the dispatcher."""

	def __init__(
		self,
		bridge: Bridge,
		checks: Callable[[], Mapping[str, tuple[Check, Check]]],
		workers_alive: Callable[[], bool],
		*,
		patience: float = _PATIENCE,
	) -> None:
		self._bridge = bridge
		self._checks = checks
		self._workers_alive = workers_alive
		self._patience = patience
		self._pool = ThreadPoolExecutor(_CHECKS_AT_ONCE, thread_name_prefix="health")
		self._running: dict[str, Future[None]] = {}
		self._looking = threading.Lock()
		self._last: tuple[datetime, Report] | None = None

	def report(self) -> Report:
		last = self._last
		# Whoever comes while somebody looks gets the last answer: waiting for a Chatwoot that hangs, many askers
		# would take all the threads that webhooks need.
		if not self._looking.acquire(blocking=last is None):
			assert last is not None  # noqa: S101
			return last[1]
		try:
			now = self._bridge.clock.now()
			if self._last is None or abs((now - self._last[0]).total_seconds()) > _GOOD_FOR:
				self._last = (now, self._look())
			return self._last[1]
		finally:
			self._looking.release()

	def close(self) -> None:
		"""No more checks. One that is under way is not waited for; see `busy`."""
		self._pool.shutdown(wait=False, cancel_futures=True)

	@property
	def busy(self) -> int:
		return sum(1 for check in self._running.values() if check.running())

	def _look(self) -> Report:
		checks = self._named_checks()
		# Of a session that is gone nobody asks for the answer; while it hangs it counts as busy.
		self._running = {
			name: check for name, check in self._running.items() if name in checks or not check.done()
		}
		for name, check in checks.items():
			if name not in self._running:
				self._running[name] = self._pool.submit(check)
		results = {"workers": "ok" if self._workers_alive() else "the dispatcher has stopped"}
		oldest, waiting, dead = 0.0, 0, 0
		store = self._bridge.store
		try:
			counts = store.count_events()
			waiting, dead = counts.get(EventState.WAITING, 0), counts.get(EventState.DEAD, 0)
			received = store.oldest_waiting()
			oldest = (self._bridge.clock.now() - received).total_seconds() if received else 0.0
			store.check_writable()
			results["store"] = "ok"
		except BridgeError as error:
			results["store"] = error.reason
		wait([self._running[name] for name in checks], self._patience)
		results.update({name: self._result(name) for name in checks})
		if oldest > _TOO_OLD:
			results["oldest waiting event"] = f"waits for {oldest:.0f} seconds"
		healthy = all(result == "ok" for result in results.values())
		return Report(healthy, results, max(oldest, 0.0), waiting, dead)

	def _named_checks(self) -> dict[str, Check]:
		return {
			f"{side} of {session}": check
			for session, both in self._checks().items()
			for side, check in zip(("gateway", "Chatwoot"), both, strict=True)
		}

	def _result(self, name: str) -> str:
		"""A check that still runs is kept: next time it is looked at again, not begun once more."""
		check = self._running[name]
		if not check.done():
			return "no answer in time"
		del self._running[name]
		try:
			check.result()
		except BridgeError as error:
			return error.reason
		except Exception as fault:  # noqa: BLE001 - whatever it is, it is not well
			return f"a fault in the bridge ({type(fault).__name__})"
		return "ok"
