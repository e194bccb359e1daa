"""What runs on the site's workers: the pump, and what the scheduler asks for. Each sets its user: a job that a webhook
enqueued would otherwise run as Guest.
"""

from __future__ import annotations

from datetime import timedelta

import frappe

from wuzapi_chatwoot.bridge.inbox.sweep import sweep
from wuzapi_chatwoot.bridge.model.records import Source
from wuzapi_chatwoot.bridge.worker.clock_watch import ClockWatch
from wuzapi_chatwoot.bridge.worker.typing_relay import relay_typing
from wuzapi_chatwoot.frappe_host.files.media import forget_media
from wuzapi_chatwoot.frappe_host.jobs.fetch_round import fetch_all, fetch_one
from wuzapi_chatwoot.frappe_host.jobs.pump import Pump
from wuzapi_chatwoot.frappe_host.jobs.read_marks import mark_read_now
from wuzapi_chatwoot.frappe_host.jobs.session_counts import count_messages
from wuzapi_chatwoot.frappe_host.sessions.watch import watch_all
from wuzapi_chatwoot.frappe_host.task_state.enqueue import pump_started, wake
from wuzapi_chatwoot.frappe_host.threads.shutdown import End
from wuzapi_chatwoot.frappe_host.threads.site_connection import as_machine
from wuzapi_chatwoot.frappe_host.wiring.bridge import bridge_of_site

# Seconds. A pump that has had its life waits for the calls under way, the longest of which are sends: it serves others
# meanwhile. With the longest call of all (a large file to a slow gateway) both stay below the job's limit.
_LIFE = 60.0
_LONGEST_LIFE = 150.0
# Lanes worked side by side by one pump.
_THREADS = 8
# What becomes due until the next sweep at the latest is worth a pump. Frappe 16 ticks every four minutes.
_UNTIL_NEXT_SWEEP = timedelta(seconds=60)


def pump() -> None:
	"""Work due lanes until there are none, side by side."""
	pump_started()
	end = End(_LIFE, _LONGEST_LIFE)
	with end.on_signal():
		as_machine()
		threads = int(frappe.conf.get("wuzapi_chatwoot_pump_threads") or _THREADS)
		if Pump(frappe.local.site, end, max(threads, 1)).run():
			# More than one life's work, or something is due in a moment: the next pump has it.
			wake()


def mark_read(conversation: int) -> None:
	as_machine()
	mark_read_now(conversation)


def show_passing(session: str, source: str, payload: str) -> None:
	as_machine()
	relay_typing(bridge_of_site(in_job=True), session, Source(source), payload)


def fetch_missed_of(session: str) -> None:
	"""Read from one session's Chatwoot what its webhooks did not bring."""
	as_machine()
	fetch_one(session)


# ---- asked for by the scheduler. Their names must differ from those of every other app on the site.


def wuzapi_chatwoot_sweep() -> None:
	"""Find what a lost wake-up or a dead worker left."""
	as_machine()
	bridge = bridge_of_site(in_job=True)
	ClockWatch().look(bridge)
	due = bridge.store.next_due()
	if due is not None and due - bridge.clock.now() < _UNTIL_NEXT_SWEEP:
		wake()


def wuzapi_chatwoot_fetch_missed() -> None:
	"""Read from every Chatwoot what its webhooks did not bring."""
	as_machine()
	fetch_all()


def wuzapi_chatwoot_watch() -> None:
	"""Ask every gateway how its sessions stand, and mend what has drifted."""
	as_machine()
	watch_all()


def wuzapi_chatwoot_count() -> None:
	"""Count the messages of each session."""
	as_machine()
	count_messages()


def wuzapi_chatwoot_trim() -> None:
	"""Forget events that came to an end long ago, and old files; 0 days: keep all."""
	as_machine()
	bridge = bridge_of_site(in_job=True)
	settings = frappe.get_doc("WuzAPI Settings")
	if settings.event_retention_days:
		sweep(bridge, timedelta(days=settings.event_retention_days))
	if settings.file_retention_days:
		forget_media(bridge.clock.now(), timedelta(days=settings.file_retention_days))
