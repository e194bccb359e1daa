"""Is all well? Real checks of the store, of every gateway and Chatwoot, of those who work, and of what waits."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any

from wuzapi_chatwoot.bridge.context import Bridge
from wuzapi_chatwoot.bridge.model.errors import BridgeError
from wuzapi_chatwoot.bridge.model.records import EventState
from wuzapi_chatwoot.chatwoot.client.client import ChatwootInbox
from wuzapi_chatwoot.frappe_host.sessions.workers import (
	queued_jobs,
	scheduler_trouble,
	workers,
	workers_trouble,
)
from wuzapi_chatwoot.frappe_host.settings import sessions
from wuzapi_chatwoot.frappe_host.wiring.bridge import bridge_of_site
from wuzapi_chatwoot.gateways.wuzapi.client.client import WuzapiGateway

# How long the checks of gateways and Chatwoots may take, all together, in seconds.
_PATIENCE = 8.0
_CHECKS_AT_ONCE = 8
# A waiting event older than this is a sign of trouble, in seconds.
_TOO_OLD = 300.0


def report() -> dict[str, Any]:
	bridge = bridge_of_site()
	checks = {"store": _store(bridge), **_sides()}
	checks["workers"] = workers_trouble() or "ok"
	checks["scheduler"] = scheduler_trouble() or "ok"
	counts, received = bridge.store.count_events(), bridge.store.oldest_waiting()
	oldest = (bridge.clock.now() - received).total_seconds() if received else 0.0
	if oldest > _TOO_OLD:
		checks["oldest waiting event"] = f"waits for {oldest:.0f} seconds"
	queue_is_there = checks["workers"] == "ok"
	return {
		"status": "ok" if all(result == "ok" for result in checks.values()) else "unhealthy",
		"checks": checks,
		"oldest_waiting_seconds": round(max(oldest, 0.0), 1),
		"waiting_events": counts.get(EventState.WAITING, 0),
		"dead_events": counts.get(EventState.DEAD, 0),
		"queued_jobs": queued_jobs() if queue_is_there else None,
		"workers": workers() if queue_is_there else 0,
	}


def _store(bridge: Bridge) -> str:
	try:
		bridge.store.check_writable()
	except BridgeError as error:
		return error.reason
	return "ok"


def _sides() -> dict[str, str]:
	"""All at once, since one that hangs must not hide the others. The threads touch nothing of Frappe's."""
	checks: dict[str, Callable[[], None]] = {}
	for name, session in sessions().items():
		checks[f"gateway of {name}"] = WuzapiGateway(session).check
		checks[f"Chatwoot of {name}"] = ChatwootInbox(session).check
	pool = ThreadPoolExecutor(_CHECKS_AT_ONCE, thread_name_prefix="health")
	running = {name: pool.submit(check) for name, check in checks.items()}
	wait(running.values(), _PATIENCE)
	pool.shutdown(wait=False, cancel_futures=True)
	return {name: _result(check) for name, check in running.items()}


def _result(check: Future[None]) -> str:
	if not check.done() or check.cancelled():
		return "no answer in time"
	error = check.exception()
	if error is None:
		return "ok"
	return (
		error.reason if isinstance(error, BridgeError) else f"a fault in the bridge ({type(error).__name__})"
	)
