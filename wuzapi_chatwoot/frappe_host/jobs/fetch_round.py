"""Fetching on a site what Chatwoot's webhooks did not bring: of one session, or of all in turn, several at a time."""

from __future__ import annotations

import frappe

from wuzapi_chatwoot.bridge.guards.concurrency_limits import in_turn_at_chatwoot
from wuzapi_chatwoot.bridge.model.errors import BridgeError, StoreUnavailable
from wuzapi_chatwoot.bridge.worker.fetch_missed import fetch_missed
from wuzapi_chatwoot.frappe_host.settings import sessions
from wuzapi_chatwoot.frappe_host.task_state.fair_scheduling import longest_ago_first, note_turn
from wuzapi_chatwoot.frappe_host.threads.session_pool import SessionPool
from wuzapi_chatwoot.frappe_host.threads.shutdown import End
from wuzapi_chatwoot.frappe_host.wiring.bridge import bridge_of_site

# Seconds, for a round may hold the only worker up: who has no turn in it is the first in the next.
_LIFE = 45.0
_ROUND = "fetch"


def fetch_all() -> None:
	"""In a job. Those come first that have waited longest."""
	known = sessions()
	waiting = [known[name] for name in longest_ago_first(_ROUND, known)]
	SessionPool(frappe.local.site, End(_LIFE), _fetch_in_turn, in_turn_at_chatwoot).run(waiting)


def _fetch_in_turn(name: str) -> None:
	note_turn(_ROUND, name)
	fetch_one(name)


def fetch_one(name: str) -> None:
	"""In a job. A Chatwoot that cannot be read is noticed; raises `StoreUnavailable`."""
	bridge, known = bridge_of_site(in_job=True), sessions().get(name)
	if known is None:
		return
	try:
		found = fetch_missed(bridge, known)
	except StoreUnavailable:
		raise
	except BridgeError as error:
		bridge.observer.notice("missed messages could not be fetched", session=name, error=error.reason)
		return
	if found:
		bridge.observer.notice("messages fetched that no webhook had brought", session=name, found=found)
