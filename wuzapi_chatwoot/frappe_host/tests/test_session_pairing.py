"""Pairing from the desk, and parting: what the job does at the gateway, what managers see of it, and nobody else."""

# bench runs this with unittest alone
# ruff: noqa: PT009, PT027

from __future__ import annotations

from typing import Any
from unittest.mock import patch

import frappe

from wuzapi_chatwoot.api import sessions
from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.errors import Retriable
from wuzapi_chatwoot.bridge.model.events import SessionChanged, SessionState
from wuzapi_chatwoot.bridge.model.records import Secret
from wuzapi_chatwoot.frappe_host.jobs import session_jobs
from wuzapi_chatwoot.frappe_host.live.live_store import LiveStore
from wuzapi_chatwoot.frappe_host.sessions import pairing
from wuzapi_chatwoot.frappe_host.sessions.watch import watch_one
from wuzapi_chatwoot.frappe_host.store import FrappeStore
from wuzapi_chatwoot.frappe_host.tests.session_case import SessionCase
from wuzapi_chatwoot.frappe_host.tests.site_case import AT, LISTED, MANAGER, STRANGER, UNLISTED, add_session

KEY = "fictional-signing-key-of-32-characters"
PHONE = Address("447700900001", "s.whatsapp.net")


class TestPairing(SessionCase):
	def setUp(self) -> None:
		super().setUp()
		add_session("alpha", 211, (LISTED,), gateway_secret=KEY, callback_url="http://site.invalid")
		self.user = self.gateway.have_user("shop", Secret("token-211"), delivers_media=False)
		self.setup = self.gateway.setup(Secret("token-211"))

	def ask(self, call: Any, *arguments: Any) -> Any:
		with self.as_user(MANAGER):
			return call("alpha", *arguments)

	def work(self) -> None:
		while self.jobs:
			method, arguments = self.jobs.pop(0)
			with patch.object(session_jobs, "as_machine"):
				getattr(session_jobs, method)(**arguments)

	def seen(self) -> dict[str, Any]:
		self.ask(sessions.pairing)
		self.work()
		shown = self.ask(sessions.pairing)
		self.jobs.clear()
		return shown

	def connect(self, phone: str = "") -> None:
		self.ask(sessions.connect, phone)
		self.work()

	def test_from_nothing_to_connected(self) -> None:
		self.connect()
		self.assertEqual(self.setup.count("connect"), 1)
		self.assertEqual(
			self.user.used.url,
			"http://site.invalid/api/method/wuzapi_chatwoot.api.webhooks.wuzapi?session=alpha",
		)
		self.user.show_qr("data:image/png;base64,AAAA")
		shown = self.seen()
		self.assertEqual((shown["state"], shown["qr"]), ("scan_qr", "data:image/png;base64,AAAA"))
		self.assertIn("Linked devices", shown["advice"])
		self.user.show_qr("data:image/png;base64,BBBB")
		self.assertEqual(self.seen()["qr"], "data:image/png;base64,BBBB")

		self.user.pair(PHONE)
		paired = SessionChanged(SessionState.CONNECTED, address=PHONE, name="Example Shop")
		LiveStore().note_session_change("alpha", paired, AT)
		shown = self.seen()

		self.assertEqual((shown["state"], shown["qr"], shown["number"]), ("connected", None, "+447700900001"))
		self.assertEqual((shown["name"], shown["trouble"]), ("Example Shop", None))
		self.assertEqual(self.user.used_key, Secret(KEY))
		self.assertEqual(self.setup.count("connect"), 1)

	def test_the_webhooks_code_is_shown_and_gone_when_it_was_taken(self) -> None:
		store, callbacks = LiveStore(), frappe.db.after_commit
		store.note_session_change("alpha", SessionChanged(SessionState.SCAN_QR, qr="data:1"), AT)
		callbacks.run()
		self.assertEqual(self.ask(sessions.pairing)["qr"], "data:1")
		store.note_session_change("alpha", SessionChanged(SessionState.STARTING, address=PHONE), AT)
		callbacks.run()
		self.assertIsNone(self.ask(sessions.pairing)["qr"])

	def test_a_phone_gets_a_code_to_type(self) -> None:
		self.connect("+447700900001")
		self.assertEqual(self.user.linking, "+447700900001")
		self.assertEqual(self.seen()["code"], "ABCD-EFGH")
		failed = SessionChanged(SessionState.FAILED, "nobody scanned the code in time")
		FrappeStore().note_session_change("alpha", failed, AT)
		self.assertIsNone(self.ask(sessions.pairing)["code"])

	def test_what_is_wrong_is_said(self) -> None:
		self.setup.fail_next("status", Retriable("The gateway cannot be reached"))
		self.connect()
		self.assertIn("cannot be reached", self.ask(sessions.pairing)["trouble"])
		self.jobs.clear()
		self.connect("no number")
		self.assertIn("country code", self.ask(sessions.pairing)["trouble"])

	def test_nobody_connects_twice_at_once(self) -> None:
		self.setup.fail_next("connect", Retriable("No answer"), after_doing=True)
		self.connect()
		self.user.connected = False
		self.connect()
		self.assertEqual(self.setup.count("connect"), 1)
		self.assertIn("being connected already", self.ask(sessions.pairing)["trouble"])

	def test_disconnected_by_hand_stays_so(self) -> None:
		self.pair()
		self.ask(sessions.disconnect)
		self.work()
		self.assertEqual((self.user.connected, self.user.stored_address), (False, PHONE))
		self.assertEqual(self.row(), ("failed", "disconnected by hand", 1))
		watch_one("alpha")
		self.assertEqual(self.row()[0], "failed")
		self.ask(sessions.connect)
		self.assertEqual(frappe.db.get_value("WuzAPI Session", "alpha", "held"), 0)

	def test_logged_out_needs_a_new_pairing(self) -> None:
		self.pair()
		self.ask(sessions.log_out)
		self.work()
		self.assertEqual((self.user.logged_in, self.user.stored_address), (False, None))
		self.assertEqual(self.row(), ("logged_out", "logged out by hand", 0))
		self.ask(sessions.log_out)
		self.work()
		self.assertIn("not connected", self.ask(sessions.pairing)["trouble"])

	def test_a_session_that_is_off_is_neither_connected_nor_parted_from(self) -> None:
		frappe.db.set_value("WuzAPI Session", "alpha", "enabled", 0)
		for call in (sessions.connect, sessions.disconnect, sessions.log_out):
			with self.subTest(call.__name__), self.assertRaisesRegex(frappe.ValidationError, "switched off"):
				self.ask(call)
		self.assertEqual(self.jobs, [])

	def test_whoever_may_read_it_sees_how_it_stands(self) -> None:
		self.pair()
		with self.as_user(LISTED):
			self.assertEqual(sessions.state_words("alpha")["sentence"], "Connected to WhatsApp.")
			frappe.db.set_value("WuzAPI Session", "alpha", "held", 1)
			self.assertIn("by hand", sessions.state_words("alpha")["sentence"])
		with self.as_user(UNLISTED), self.assertRaises(frappe.PermissionError):
			sessions.state_words("alpha")

	def test_only_managers_may(self) -> None:
		for user in (LISTED, UNLISTED, STRANGER, "Guest"):
			for call in (sessions.connect, sessions.pairing, sessions.disconnect, sessions.log_out):
				with (
					self.subTest(user=user, call=call.__name__),
					self.as_user(user),
					self.assertRaises(frappe.PermissionError),
				):
					call("alpha")

	def test_the_code_is_not_in_what_everybody_hears(self) -> None:
		with patch("frappe.publish_realtime") as publish:
			pairing.show_qr("alpha", "data:secret")
		self.assertEqual(publish.call_args.args, ("wuzapi_chatwoot_pairing", {"session": "alpha"}))

	def pair(self) -> None:
		self.user.connect()
		self.user.pair(PHONE)
		FrappeStore().note_session_change("alpha", SessionChanged(SessionState.CONNECTED, address=PHONE), AT)

	def row(self) -> tuple[Any, ...]:
		return frappe.db.get_value("WuzAPI Session", "alpha", ["state", "state_detail", "held"])
