"""On a site: conversations that fail, few or many, do not keep a pump from one that is well."""

# bench runs this with unittest alone
# ruff: noqa: PT009

from __future__ import annotations

import unittest
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import frappe

from wuzapi_chatwoot.bridge.guards.callers import caller
from wuzapi_chatwoot.bridge.guards.circuit_breaker import Breakers
from wuzapi_chatwoot.bridge.guards.circuit_breaker_client import CircuitBreakerClient
from wuzapi_chatwoot.bridge.model.errors import Fault, Retriable, Uncertain
from wuzapi_chatwoot.bridge.model.records import EventState
from wuzapi_chatwoot.frappe_host.jobs.pump import Pump
from wuzapi_chatwoot.frappe_host.store import FrappeStore
from wuzapi_chatwoot.frappe_host.tests.site_case import add_event, add_session
from wuzapi_chatwoot.frappe_host.threads.shutdown import End
from wuzapi_chatwoot.frappe_host.threads.site_connection import as_machine
from wuzapi_chatwoot.runtime.system import SystemClock

_FAILURES: tuple[Callable[[], Exception], ...] = (
	lambda: Retriable("an error without a reason", fault=Fault.UNWELL),
	lambda: Uncertain("no answer"),
	lambda: Retriable("of this recipient", fault=Fault.REQUEST),
)


class _Picky:
	"""A gateway or a Chatwoot that answers one lane only."""

	def __init__(self, failure: Callable[[], Exception]) -> None:
		self._failure = failure

	def send(self) -> None:
		if not caller().lane.endswith("well"):
			raise self._failure()


class TestNoOneStopsOthers(unittest.TestCase):
	"""Commits, as a job does; takes away what it wrote."""

	def setUp(self) -> None:
		as_machine()
		self._empty()
		self.addCleanup(self._empty)

	def test_one_that_is_well_is_served_beside_those_that_are_not(self) -> None:
		for direction in ("in", "out"):
			for crowd in (1, 3, 6, 30):
				for failure in _FAILURES:
					with self.subTest(direction=direction, crowd=crowd, failure=failure().args[0]):
						self._one_among(crowd, direction, failure)

	def _one_among(self, crowd: int, direction: str, failure: Callable[[], Exception]) -> None:
		self._empty()
		add_session("alpha", 141)
		# Those that fail wait longer.
		for name in [*(f"ill-{number}" for number in range(crowd)), "well"]:
			self._add_lane(f"{direction}|alpha|{name}")
		frappe.db.commit()  # nosemgrep - other connections must see them
		# Longer than the breaker's longest pause; it ends as soon as the one is served.
		end = End(20)
		guard = CircuitBreakerClient(_Picky(failure), "destination", Breakers(), SystemClock())

		def handle(bridge: object, event: Any) -> Callable[[], None]:
			guard.send()
			return end.ask

		with patch("wuzapi_chatwoot.bridge.worker.work_lane.dispatch_event", handle):
			Pump(frappe.local.site, end, 4).run()
		frappe.db.commit()  # nosemgrep - to see what the threads have written
		states = dict(frappe.get_all("WuzAPI Event", fields=["event_key", "state"], as_list=True))
		self.assertEqual(states.pop("well"), EventState.DONE.value)
		self.assertEqual(set(states.values()), {EventState.WAITING.value})

	def _add_lane(self, lane: str) -> None:
		id = add_event("alpha", lane.rpartition("|")[2])
		# Just received: what fails alone counts after three days.
		values = {"lane": lane, "received_at": frappe.utils.now_datetime()}
		frappe.db.set_value("WuzAPI Event", id, values, update_modified=False)
		frappe.db.sql("DELETE FROM `tabWuzAPI Lane` WHERE lane LIKE 'in|alpha|4477%%'")
		store, now = FrappeStore(), SystemClock().now()
		with store.atomic():
			store._add_lane(lane, "alpha", lane.partition("|")[0], now, now)

	def _empty(self) -> None:
		frappe.db.rollback()
		for table in ("Event", "Event Attempt", "Lane"):
			frappe.db.sql(f"DELETE FROM `tabWuzAPI {table}`")  # noqa: S608 - constants only
		if frappe.db.exists("WuzAPI Session", "alpha"):
			frappe.delete_doc("WuzAPI Session", "alpha", force=True)
		frappe.db.commit()  # nosemgrep - the pump has committed
