"""Jobs for the drain on a Frappe site, in the bench's Python: our pump, or one job for each message to compare with.

SITE=… python -m benchmarks.frappe_jobs pump 2      as many pumps
SITE=… python -m benchmarks.frappe_jobs single      a job for each waiting event
"""

from __future__ import annotations

import os
import sys

import frappe

from wuzapi_chatwoot.bridge.worker.work_lane import work_lane
from wuzapi_chatwoot.frappe_host.jobs import entry_points
from wuzapi_chatwoot.frappe_host.threads.site_connection import as_machine
from wuzapi_chatwoot.frappe_host.wiring.bridge import bridge_of_site

QUEUE = "short"


def work_one(lane: str) -> None:
	"""The job for one message: the pump's use case, on one event of the lane."""
	as_machine()
	bridge = bridge_of_site(in_job=True)
	if not work_lane(bridge, lane, bridge.ids.new(), lambda: False):
		# Another worker has the lane: its turn comes again behind the others.
		_enqueue_one(lane)


def _enqueue_one(lane: str) -> None:
	# The function itself, not its name: names are looked up in installed apps only.
	frappe.enqueue(work_one, queue=QUEUE, timeout=280, lane=lane)


def main(kind: str, pumps: int = 1) -> None:
	"""Enqueue them."""
	frappe.init(site=os.environ["SITE"])
	frappe.connect()
	if kind == "pump":
		for _ in range(pumps):
			frappe.enqueue(entry_points.pump, queue=QUEUE, timeout=280)
		return
	waiting = "SELECT lane FROM `tabWuzAPI Event` WHERE state = 'waiting' ORDER BY creation, name"
	for lane in frappe.db.sql_list(waiting):
		_enqueue_one(lane)


if __name__ == "__main__":
	# By its full name, as the worker imports it.
	from benchmarks import frappe_jobs

	frappe_jobs.main(sys.argv[1], *map(int, sys.argv[2:]))
