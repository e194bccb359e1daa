"""The pump: lanes are worked to their end, whatever happens to the database and to the worker meanwhile."""

# bench runs this with unittest alone
# ruff: noqa: PT009

from __future__ import annotations

import contextlib
import os
import signal
import threading
import unittest
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from unittest.mock import DEFAULT, patch

import frappe
from frappe.utils.background_jobs import get_job, get_queue
from redis import Redis

from wuzapi_chatwoot.bridge.context import Bridge
from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.errors import StoreUnavailable
from wuzapi_chatwoot.bridge.model.records import EventState
from wuzapi_chatwoot.frappe_host.jobs.pump import Pump
from wuzapi_chatwoot.frappe_host.sessions.setup import enqueue_once
from wuzapi_chatwoot.frappe_host.store import FrappeStore
from wuzapi_chatwoot.frappe_host.task_state.enqueue import FOR_PEOPLE, QUEUE
from wuzapi_chatwoot.frappe_host.tests.site_case import add_event, add_session
from wuzapi_chatwoot.frappe_host.threads.call_interceptor import CallInterceptor
from wuzapi_chatwoot.frappe_host.threads.shutdown import End
from wuzapi_chatwoot.frappe_host.threads.site_connection import as_machine
from wuzapi_chatwoot.frappe_host.wiring.bridge import bridge_of_site
from wuzapi_chatwoot.gateways.wuzapi.client.client import WuzapiGateway
from wuzapi_chatwoot.runtime.system import SystemClock

_LANES = 12


class TestPump(unittest.TestCase):
	"""Commits, as a job does; takes away what it wrote."""

	def setUp(self) -> None:
		as_machine()
		self._empty()
		add_session("alpha", 141)
		for number in range(_LANES):
			id = add_event("alpha", f"pump-{number}")
			lane = f"in|alpha|lane-{number}"
			frappe.db.set_value("WuzAPI Event", id, "lane", lane, update_modified=False)
			store = FrappeStore()
			now = SystemClock().now()
			with store.atomic():
				store._add_lane(lane, "alpha", "in", now, now)
		frappe.db.sql("DELETE FROM `tabWuzAPI Lane` WHERE lane LIKE 'in|alpha|4477%%'")
		frappe.db.commit()  # nosemgrep - other connections must see them
		self.addCleanup(self._empty)
		self.failures: list[str] = []

	def test_every_lane_is_worked_side_by_side(self) -> None:
		together = threading.Barrier(4, timeout=20)
		with self._handling(
			lambda event: together.wait() if event.lane[-2:] in ("-0", "-1", "-2", "-3") else 0
		):
			# Twice as many threads: where a site has sessions on other gateways, one gets half of them.
			self.assertFalse(Pump(frappe.local.site, End(30), 8).run())
		self._all_done()

	def test_a_gateway_that_hangs_leaves_threads_to_the_others(self) -> None:
		"""Though more of its lanes are due than there are threads, and before all others."""
		self._add_others()
		add_event("beta", "pump-beta")
		frappe.db.commit()  # nosemgrep - other connections must see it
		others_done = threading.Event()
		handled: list[str] = []

		def act(event: Any) -> None:
			handled.append(event.session)
			if event.session == "beta":
				others_done.set()
			elif not others_done.wait(20):
				others_done.set()  # one wait is enough to see that nobody else is served

		with self._handling(act):
			self.assertFalse(Pump(frappe.local.site, End(60), 4).run())
		self.assertLessEqual(handled.index("beta"), 2)
		self._all_done()

	def test_others_are_served_while_a_hanging_call_is_waited_for_at_the_end(self) -> None:
		self._add_others()
		frappe.db.commit()  # nosemgrep - other connections must see it
		end, first, others_done = End(30), threading.Lock(), threading.Event()
		handled: list[str] = []

		def act(event: Any) -> None:
			handled.append(event.session)
			if event.session == "beta":
				others_done.set()
				return
			if first.acquire(blocking=False):
				end.ask()
				add_event("beta", "pump-beta")
				frappe.db.commit()  # nosemgrep - the pump must see it
			others_done.wait(20)

		with self._handling(act):
			self.assertTrue(Pump(frappe.local.site, end, 4).run())
		self.assertIn("beta", handled)
		self.assertLessEqual(handled.count("alpha"), 2)
		leased = frappe.db.sql("SELECT COUNT(*) FROM `tabWuzAPI Lane` WHERE lease_until IS NOT NULL")[0][0]
		self.assertEqual(leased, 0)

	def test_between_two_looks_no_transaction_is_open(self) -> None:
		"""A migration would wait for what the pump has read."""
		pump, own = Pump(frappe.local.site, End(30), 4), frappe.db
		waits: list[bool] = []
		with (
			self._handling(lambda event: threading.Event().wait(0.3)),
			patch.object(own, "commit", wraps=own.commit) as committed,
			patch.object(pump, "_hand_out", wraps=pump._hand_out) as handed_out,
		):
			handed_out.side_effect = lambda last: committed.reset_mock() or DEFAULT
			with patch.object(pump._changed, "wait", lambda seconds: waits.append(committed.called)):
				pump.run()
		self.assertTrue(waits)
		self.assertTrue(all(waits))

	def test_a_lane_whose_end_could_not_be_written_is_taken_up_again_at_once(self) -> None:
		failing = {"left": 3}
		finish = FrappeStore.finish_event

		def flaky(*arguments: object, **options: object) -> None:
			if failing["left"]:
				failing["left"] -= 1
				raise StoreUnavailable("Lost", detail="2013")
			finish(*arguments, **options)  # type: ignore[arg-type]

		with self._handling(), patch.object(FrappeStore, "finish_event", flaky):
			self.assertFalse(Pump(frappe.local.site, End(30), 4).run())
		self.assertEqual(failing["left"], 0)
		self._all_done()

	def test_an_update_that_is_not_migrated_yet_counts_against_no_message(self) -> None:
		"""The code knows columns and tables that the database does not have: no such column, no such table."""
		statements = ["SELECT not_yet FROM `tabWuzAPI Event`", "SELECT 1 FROM `tabWuzAPI Not Yet`"] * 4

		def fail(*_: object) -> None:
			if statements:
				store = FrappeStore()
				store._connection.rows(statements.pop())

		with self._handling(fail):
			self.assertFalse(Pump(frappe.local.site, End(60), 2).run())
		self.assertEqual(statements, [])
		self._all_done()
		counted = {"session": "alpha", "attempts": [">", 0]}
		self.assertEqual(frappe.get_all("WuzAPI Event", filters=counted, pluck="last_error"), [])

	def test_connections_that_are_killed_are_opened_again(self) -> None:
		killed = {"left": 5}

		def kill(event: object) -> None:
			if killed["left"]:
				killed["left"] -= 1
				own = frappe.db.sql("SELECT CONNECTION_ID()")[0][0]
				# The server says that it did so, as an error.
				with contextlib.suppress(Exception):
					frappe.db.sql(f"KILL {own}")

		with self._handling(kill):
			self.assertFalse(Pump(frappe.local.site, End(60), 4).run())
		self.assertEqual(killed["left"], 0)
		self._all_done()

	def test_sigterm_ends_it_between_two_events(self) -> None:
		end = End(60)
		with end.on_signal(), self._handling(lambda event: os.kill(os.getpid(), signal.SIGTERM)):
			self.assertTrue(Pump(frappe.local.site, end, 1).run())
		waiting = frappe.db.count("WuzAPI Event", {"session": "alpha", "state": "waiting"})
		self.assertEqual(waiting, _LANES - 1)
		leased = frappe.db.sql("SELECT COUNT(*) FROM `tabWuzAPI Lane` WHERE lease_until IS NOT NULL")[0][0]
		self.assertEqual(leased, 0)

	def test_it_gives_way_between_two_events_to_a_job_that_somebody_waits_for(self) -> None:
		frappe.enqueue("frappe.ping", queue=QUEUE, job_id=self._job_id("other"))
		end = self._end_in_a_worker(get_queue(QUEUE).connection)
		end.look()
		self.assertFalse(end.near)
		enqueue_once("look", "alpha")
		frappe.db.commit()  # nosemgrep - the job is queued after it
		self._job_id(f"{FOR_PEOPLE} look alpha")
		# Each takes so long that a second has passed before the last.
		with self._handling(lambda event: threading.Event().wait(0.3)):
			self.assertTrue(Pump(frappe.local.site, end, 1).run())
		self.assertTrue(end.near)
		waiting = frappe.db.count("WuzAPI Event", {"session": "alpha", "state": "waiting"})
		self.assertTrue(0 < waiting < _LANES)
		leased = frappe.db.sql("SELECT COUNT(*) FROM `tabWuzAPI Lane` WHERE lease_until IS NOT NULL")[0][0]
		self.assertEqual(leased, 0)

	def test_without_redis_it_goes_on(self) -> None:
		nowhere = Redis(host="127.0.0.1", port=1)
		end = self._end_in_a_worker(nowhere)
		end.look()
		self.assertFalse(end.near)

	def test_leases_are_renewed_while_a_call_takes_long(self) -> None:
		seen: list[object] = []

		def slow(event: object) -> None:
			if not seen:
				lane = event.lane  # type: ignore[attr-defined]
				seen.append(self._lease_of(lane))
				for _ in range(600):
					if self._lease_of(lane) != seen[0]:
						break
					threading.Event().wait(0.1)
				seen.append(self._lease_of(lane))

		frappe.db.set_single_value("WuzAPI Settings", "lease_seconds", 12)
		frappe.db.commit()  # nosemgrep - the pump reads it
		with self._handling(slow):
			Pump(frappe.local.site, End(30), 1).run()
		self.assertGreater(seen[1], seen[0])  # type: ignore[operator]

	def test_nothing_due_ends_it_at_once(self) -> None:
		self._empty()
		self.assertFalse(Pump(frappe.local.site, End(30), 4).run())

	def test_no_transaction_is_open_during_a_call(self) -> None:
		bridge = bridge_of_site(in_job=True)
		bridge.store.find_messages("alpha", Address.of_phone("+447700900100"), ["X"])
		commits: list[bool] = []
		with (
			patch.object(WuzapiGateway, "check", lambda gateway: commits.append(committed.called)),
			patch.object(frappe.db, "commit", wraps=frappe.db.commit) as committed,
		):
			CallInterceptor(WuzapiGateway(bridge.sessions()["alpha"]), bridge.store.end_reading).check()
		self.assertEqual(commits, [True])

	def test_events_of_a_session_that_is_switched_off_wait(self) -> None:
		session = frappe.get_doc("WuzAPI Session", "alpha")
		session.enabled = 0
		session.save()
		frappe.db.commit()  # nosemgrep - the pump reads it

		def call(bridge: Bridge, event: object) -> Callable[[], None]:
			bridge.gateway(bridge.sessions()["alpha"]).check()
			return lambda: None

		with patch("wuzapi_chatwoot.bridge.worker.work_lane.dispatch_event", call):
			Pump(frappe.local.site, End(30), 4).run()
		rows = frappe.get_all("WuzAPI Event", filters={"session": "alpha"}, fields=["state", "attempts"])
		self.assertEqual({(row.state, row.attempts) for row in rows}, {("waiting", 0)})

	# ----

	def _end_in_a_worker(self, connection: Redis) -> End:
		job = SimpleNamespace(worker_name="a-worker", connection=connection)
		with patch("wuzapi_chatwoot.frappe_host.threads.shutdown.get_current_job", return_value=job):
			return End(60)

	def _add_others(self) -> None:
		"""Whatever other sessions the site has: nobody that `alpha` calls is called by them."""
		add_session("beta", 142, chatwoot_url="http://chatwoot-of-beta.invalid")

	def _job_id(self, id: str) -> str:
		"""Whatever becomes of it, no worker is to find it."""
		self.addCleanup(lambda: job.delete() if (job := get_job(id)) else None)
		return id

	def _handling(self, act: Callable[[object], object] = lambda event: None) -> object:
		def handle(bridge: Bridge, event: object) -> Callable[[], None]:
			act(event)
			return lambda: None

		return patch("wuzapi_chatwoot.bridge.worker.work_lane.dispatch_event", handle)

	def _all_done(self) -> None:
		frappe.db.commit()  # nosemgrep - to see what the threads have written
		states = frappe.get_all("WuzAPI Event", filters={"session": "alpha"}, pluck="state")
		self.assertEqual(states, [EventState.DONE.value] * _LANES)
		self.assertEqual(frappe.db.count("WuzAPI Lane", {"session": "alpha"}), 0)

	def _lease_of(self, lane: str) -> object:
		return frappe.db.sql("SELECT lease_until FROM `tabWuzAPI Lane` WHERE lane = %s", lane)[0][0]

	def _empty(self) -> None:
		frappe.db.rollback()
		frappe.set_user("Administrator")
		for table in ("Event", "Event Attempt", "Lane"):
			frappe.db.sql(f"DELETE FROM `tabWuzAPI {table}`")  # noqa: S608 - constants only
		frappe.db.set_single_value("WuzAPI Settings", "lease_seconds", 30)
		for session in ("alpha", "beta"):
			if frappe.db.exists("WuzAPI Session", session):
				frappe.delete_doc("WuzAPI Session", session, force=True)
		frappe.db.commit()  # nosemgrep - the pump has committed
