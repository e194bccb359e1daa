"""Does anybody work on this site: RQ workers and the scheduler. `None` means that all is well.

Whether the scheduler lives is told by what it has done: the site's switch stays on when the process is dead.
"""

from __future__ import annotations

import frappe
from frappe.utils import get_datetime, now_datetime
from frappe.utils.background_jobs import generate_qname, get_queue, get_workers
from frappe.utils.scheduler import get_scheduler_tick, is_scheduler_inactive

from wuzapi_chatwoot.frappe_host.task_state.enqueue import QUEUE

_SWEEP = "wuzapi_chatwoot.frappe_host.jobs.entry_points.wuzapi_chatwoot_sweep"
# The sweep is due at every tick. One tick may be late, and its job may wait behind others for so many seconds.
_TICKS, _WAITS = 2, 60


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
		return frappe._("The scheduler has not run a job of this app yet.")
	seconds = (now_datetime() - get_datetime(ran)).total_seconds()
	if seconds > _TICKS * get_scheduler_tick() + _WAITS:
		minutes = round(seconds / 60)
		return frappe._("The scheduler has run no job of this app for {0} minutes.").format(minutes)
	return None
