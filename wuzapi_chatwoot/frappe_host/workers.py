"""Does anybody work on this site: RQ workers and the scheduler. `None` means that all is well."""

from __future__ import annotations

import frappe
from frappe.utils import get_datetime, now_datetime
from frappe.utils.background_jobs import generate_qname, get_queue, get_workers
from frappe.utils.scheduler import is_scheduler_inactive

from .wake import QUEUE

_SWEEP = "wuzapi_chatwoot.frappe_host.jobs.wuzapi_chatwoot_sweep"
# Frappe 16 ticks every four minutes. In seconds.
_SWEEP_TOO_OLD = 900


def workers() -> int:
	"""How many listen to the pump's queue. One that was killed counts until its last sign of life is too old."""
	return sum(1 for worker in get_workers() if generate_qname(QUEUE) in worker.queue_names())


def queued_jobs() -> int:
	return int(get_queue(QUEUE).count)


def workers_trouble() -> str | None:
	try:
		found = workers()
	except Exception as error:  # noqa: BLE001 - whatever it is, no job starts without Redis
		return frappe._("The queue cannot be read: {0}.").format(type(error).__name__)
	return None if found else frappe._("No worker listens to the queue {0}.").format(QUEUE)


def scheduler_trouble() -> str | None:
	if is_scheduler_inactive(verbose=False):
		return frappe._("The scheduler is switched off for this site.")
	ran = frappe.db.get_value("Scheduled Job Type", {"method": _SWEEP}, "last_execution")
	if ran is None:
		return frappe._("The scheduler has not run the sweep yet.")
	seconds = (now_datetime() - get_datetime(ran)).total_seconds()
	if seconds > _SWEEP_TOO_OLD:
		return frappe._("The scheduler has not run the sweep for {0} minutes.").format(round(seconds / 60))
	return None
