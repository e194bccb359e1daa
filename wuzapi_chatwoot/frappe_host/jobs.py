"""What runs on the site's workers: the pump, and what the scheduler asks for. Each sets its user: a job that a webhook
enqueued would otherwise run as Guest.
"""

from __future__ import annotations

import threading
import time
from datetime import timedelta

import frappe

from ..bridge.errors import BridgeError, StoreUnavailable
from ..bridge.ports import Bridge
from ..bridge.usecases.fetch_missed import fetch_missed
from ..bridge.usecases.sweep import sweep
from ..bridge.usecases.work_lane import work_lane
from .read_marks import mark_read_now
from .settings import sessions
from .wake import pump_started, wake
from .wiring import bridge_of_site

# In seconds. A pump lives shorter than its job may, and waits a little for what is about to become due.
_LIFE = 200.0
_LINGER = 2.0
# Lanes worked side by side by one pump, each with a database connection of its own.
_THREADS = 8


def pump() -> None:
	"""Work due lanes until there are none, side by side."""
	pump_started()
	site, ends = frappe.local.site, time.monotonic() + _LIFE
	threads = int(frappe.conf.get("wuzapi_chatwoot_pump_threads") or _THREADS)
	helpers = [
		threading.Thread(target=_in_own_connection, args=(site, ends), name=f"pump-{number}")
		for number in range(1, threads)
	]
	for helper in helpers:
		helper.start()
	try:
		_work(ends)
	finally:
		for helper in helpers:
			helper.join()
	frappe.set_user("Administrator")
	if bridge_of_site(in_job=True).store.next_due() is not None:
		# More than one life's work, or something became due meanwhile: the next pump has it.
		wake()


def _in_own_connection(site: str, ends: float) -> None:
	frappe.init(site=site)
	frappe.connect()
	try:
		_work(ends)
	except Exception as error:  # noqa: BLE001 - the other threads go on; the lanes of this one are taken over
		frappe.logger("wuzapi_chatwoot", allow_site=True).error(
			f"a pump's thread ended: {type(error).__name__}"
		)
	finally:
		frappe.destroy()


def _work(ends: float) -> None:
	frappe.set_user("Administrator")
	_read_committed()
	bridge = bridge_of_site(in_job=True)
	owner = bridge.ids.new()
	while time.monotonic() < ends:
		if not _work_due(bridge, owner, ends) and not _wait(bridge):
			return


def _work_due(bridge: Bridge, owner: str, ends: float) -> int:
	"""One round; how many lanes were ours."""
	worked = 0
	for lane in bridge.store.due_lanes(bridge.clock.now(), 20):
		worked += bool(work_lane(bridge, lane, owner, lambda: time.monotonic() < ends))
	return worked


def _wait(bridge: Bridge) -> bool:
	"""Wait for what will be due in a moment; false: nothing will."""
	due = bridge.store.next_due()
	if due is None:
		return False
	seconds = (due - bridge.clock.now()).total_seconds()
	if seconds > _LINGER:
		return False
	time.sleep(max(seconds, 0.05))
	return True


def _read_committed() -> None:
	"""Every statement sees what others have committed: a job reads between calls that take seconds."""
	frappe.db.commit()  # nosemgrep - nothing has been written yet; ends the snapshot
	frappe.db.sql("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED")


def wuzapi_chatwoot_sweep() -> None:
	"""Find what a lost wake-up or a dead worker left."""
	due = bridge_of_site(in_job=True).store.next_due()
	if due is not None:
		wake()


def wuzapi_chatwoot_fetch_missed() -> None:
	"""Read from Chatwoot what its webhooks did not bring."""
	for name in sessions():
		fetch_missed_of(name)


def fetch_missed_of(session: str) -> None:
	frappe.set_user("Administrator")
	_read_committed()
	bridge = bridge_of_site(in_job=True)
	known = sessions().get(session)
	if known is None:
		return
	try:
		found = fetch_missed(bridge, known)
	except StoreUnavailable:
		raise
	except BridgeError as error:
		bridge.observer.notice("missed messages could not be fetched", session=session, error=error.reason)
		return
	if found:
		bridge.observer.notice("messages fetched that no webhook had brought", session=session, found=found)


def mark_read(conversation: int) -> None:
	frappe.set_user("Administrator")
	_read_committed()
	mark_read_now(conversation)


def wuzapi_chatwoot_trim() -> None:
	"""Forget events that came to an end long ago."""
	frappe.set_user("Administrator")
	days = frappe.db.get_single_value("WuzAPI Settings", "event_retention_days") or 14
	sweep(bridge_of_site(in_job=True), timedelta(days=days))
