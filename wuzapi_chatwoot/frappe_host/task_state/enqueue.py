"""Wakes the pump. A hint, and may be lost: the sweep finds what no wake-up brought.

One waiting pump is enough, however many events arrive; a key in Redis says that one waits, and the pump takes the key
away when it starts. RQ's own deduplication would also drop a wake-up while a pump is about to end.
"""

from __future__ import annotations

from typing import Any

import frappe

from wuzapi_chatwoot.bridge.model.records import Source
from wuzapi_chatwoot.frappe_host.telemetry.site_log import site_log

QUEUE = "short"
# How the ids of jobs begin that somebody waits for. They are in the pump's queue, or a busy pump would starve them where
# there is one worker; and it gives way to them.
FOR_PEOPLE = "wuzapi_chatwoot_for_people"
_WAITING = "wuzapi_chatwoot_pump_waits"
# If Redis forgets the job but not the key, the next wake-up after this gets through. In seconds.
_AT_MOST = 20


def wake() -> None:
	"""After the commit of what there is to work."""
	frappe.db.after_commit.add(_enqueue_pump)


def pump_started() -> None:
	"""The next wake-up is for another pump."""
	frappe.cache().delete_value(_WAITING)


def fetch_missed_soon(session: str) -> None:
	"""Once, however many threads and pumps notice that it answers again."""
	soon(
		"wuzapi_chatwoot.frappe_host.jobs.entry_points.fetch_missed_of",
		session=session,
		job_id=f"wuzapi_chatwoot_fetch_missed {session}",
		deduplicate=True,
	)


def show_soon(session: str, source: Source, payload: str) -> None:
	"""That somebody types is worth a job only while workers keep up; it is asked for by session, and off at first."""
	soon(
		"wuzapi_chatwoot.frappe_host.jobs.entry_points.show_passing",
		session=session,
		source=source.value,
		payload=payload,
	)


def _enqueue_pump() -> None:
	try:
		cache = frappe.cache()
		if not cache.set(cache.make_key(_WAITING), 1, nx=True, ex=_AT_MOST):
			return
	except Exception as error:  # noqa: BLE001 - what is stored is stored: the answer stays a good one
		_lost(error)
		return
	if not soon("wuzapi_chatwoot.frappe_host.jobs.entry_points.pump"):
		pump_started()


def soon(method: str, **arguments: Any) -> bool:
	"""Let a worker do it. May be lost; false: it is."""
	try:
		frappe.enqueue(method, queue=QUEUE, timeout=280, **arguments)
	except Exception as error:  # noqa: BLE001 - Redis away, or too many jobs: the sweep will do it
		_lost(error)
		return False
	return True


def _lost(error: Exception) -> None:
	site_log().warning(f"a wake-up was lost: {type(error).__name__}")
