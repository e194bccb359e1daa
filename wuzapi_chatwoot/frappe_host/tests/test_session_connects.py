"""A site passes the contract about connecting; and that people, agents and the watchdog share one memory of it."""

# bench runs this with unittest alone
# ruff: noqa: PT009

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import cast
from unittest.mock import patch

import frappe

from wuzapi_chatwoot.bridge.model.events import SessionChanged, SessionState
from wuzapi_chatwoot.bridge.model.records import Secret, Session, SessionStatus
from wuzapi_chatwoot.bridge.ports.gateway_setup import GatewaySetup, WebhookSettings
from wuzapi_chatwoot.frappe_host.gateways import connects
from wuzapi_chatwoot.frappe_host.gateways.connects import ConnectsOfSession
from wuzapi_chatwoot.frappe_host.sessions import pairing, watch
from wuzapi_chatwoot.frappe_host.settings import sessions
from wuzapi_chatwoot.frappe_host.store import FrappeStore
from wuzapi_chatwoot.frappe_host.task_state.task_state import recall
from wuzapi_chatwoot.frappe_host.tests.session_case import SessionCase
from wuzapi_chatwoot.frappe_host.tests.site_case import LISTED, add_session
from wuzapi_chatwoot.frappe_host.wiring.bridge import bridge_of_site
from wuzapi_chatwoot.gateways.wuzapi.event_names import EVENTS
from wuzapi_chatwoot.testkit.contracts.connect_contract import PAIRED, ConnectContract

KEY = "fictional-signing-key-of-32-characters"
OURS = "http://site.invalid/api/method/wuzapi_chatwoot.api.webhooks.wuzapi?session=alpha"


class TestConnects(ConnectContract, SessionCase):
	events = EVENTS
	webhook = WebhookSettings(OURS, frozenset(EVENTS))

	def setUp(self) -> None:
		super().setUp()
		add_session("alpha", 231, (LISTED,), gateway_secret=KEY, callback_url="http://site.invalid")
		self.account = self.gateway.have_user("shop", Secret("token-231"))
		self.setup = self.gateway.setup(Secret("token-231"))

	def connect_by_hand(self) -> None:
		pairing.connect("alpha", "")

	def watchdog_looks(self) -> None:
		watch.watch_one("alpha")

	def note(self, change: SessionChanged, seconds_ago: float) -> None:
		at = datetime.now(timezone.utc) - timedelta(seconds=seconds_ago)
		FrappeStore().note_session_change("alpha", change, at)

	def status(self) -> SessionStatus | None:
		return FrappeStore().session_status("alpha")

	def wire_by_hand(self) -> None:
		frappe.db.set_value("WuzAPI Session", "alpha", "callback_url", None)

	# ---- this host's own

	def test_an_agent_who_asks_in_chatwoot_is_no_second_connect(self) -> None:
		bridge, session = bridge_of_site(in_job=True), sessions()["alpha"]
		self.note(SessionChanged(SessionState.SCAN_QR), 60)
		self.note(SessionChanged(SessionState.STARTING, address=PAIRED), 27)
		careful = cast("Callable[[Session], GatewaySetup]", bridge.gateway_setup)
		careful(session).connect()
		self.assertEqual(self.setup.count("connect"), 0)
		self.note(SessionChanged(SessionState.LOGGED_OUT), 1)
		careful(session).connect()
		self.assertEqual(self.setup.count("connect"), 1)
		self.account.disconnect()
		self.connect_by_hand()
		self.assertEqual(self.setup.count("connect"), 1)
		self.assertIn("being connected already", recall("alpha", "pairing")["trouble"])

	def test_while_somebody_connects_the_watchdog_waits(self) -> None:
		with ConnectsOfSession("alpha").alone() as alone:
			self.assertTrue(alone)
			self.watchdog_looks()
			self.assertEqual(self.setup.count(), 0)
			with ConnectsOfSession("alpha", patience=0).alone() as second:
				self.assertFalse(second)
		self.watchdog_looks()
		self.assertGreater(self.setup.count(), 0)

	def test_nobody_parts_from_a_session_that_somebody_connects(self) -> None:
		self.account.connect()
		self.account.pair(PAIRED)
		with patch.object(connects, "_HANDS", 0.0), ConnectsOfSession("alpha").alone():
			pairing.disconnect("alpha")
			self.assertEqual(self.setup.count("disconnect"), 0)
			self.assertIn("somebody else is at work", recall("alpha", "pairing")["trouble"])
		pairing.disconnect("alpha")
		self.assertEqual(self.setup.count("disconnect"), 1)

	def test_a_number_to_pair_is_read_as_people_write_it(self) -> None:
		for written in ("+44 7700 900001", "+44-7700-900001", " +44 (7700) 900001 "):
			with self.subTest(written):
				self.account.linking = None
				pairing.connect("alpha", written)
				self.assertEqual(self.account.linking, "+447700900001")
