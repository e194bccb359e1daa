"""The watchdog and the alerts of a site: what has drifted is mended, people are told once when lost and once when back."""

# bench runs this with unittest alone
# ruff: noqa: PT009

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from unittest.mock import patch

import frappe

from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.errors import Retriable
from wuzapi_chatwoot.bridge.model.events import SessionChanged, SessionState
from wuzapi_chatwoot.bridge.model.records import Secret
from wuzapi_chatwoot.bridge.ports.gateway_setup import WebhookSettings
from wuzapi_chatwoot.frappe_host.sessions import watch
from wuzapi_chatwoot.frappe_host.store import FrappeStore
from wuzapi_chatwoot.frappe_host.task_state import task_state
from wuzapi_chatwoot.frappe_host.tests.session_case import SessionCase
from wuzapi_chatwoot.frappe_host.tests.site_case import LISTED, MANAGER, add_session
from wuzapi_chatwoot.frappe_host.tests.test_webhooks import counted_statements
from wuzapi_chatwoot.frappe_host.wiring.bridge import bridge_of_site
from wuzapi_chatwoot.gateways.wuzapi.event_names import EVENTS

KEY = "fictional-signing-key-of-32-characters"
PHONE = Address("447700900001", "s.whatsapp.net")
OURS = "http://site.invalid/api/method/wuzapi_chatwoot.api.webhooks.wuzapi?session=alpha"


class TestWatch(SessionCase):
	def setUp(self) -> None:
		super().setUp()
		add_session("alpha", 221, (LISTED, MANAGER), gateway_secret=KEY, callback_url="http://site.invalid")
		self.user = self.gateway.have_user("shop", Secret("token-221"))
		self.user.connect()
		self.user.pair(PHONE)
		self.setup = self.gateway.setup(Secret("token-221"))
		self.note(SessionState.CONNECTED)
		frappe.db.delete("Notification Log", {"document_name": "alpha"})

	def note(self, state: SessionState, detail: str = "", ago: timedelta = timedelta()) -> None:
		at = datetime.now(timezone.utc) - ago
		FrappeStore().note_session_change("alpha", SessionChanged(state, detail, address=PHONE), at)

	def told(self) -> list[tuple[str, str]]:
		rows = frappe.get_all(
			"Notification Log",
			{"document_type": "WuzAPI Session", "document_name": "alpha"},
			["for_user", "subject"],
			order_by="creation asc, for_user asc",
		)
		return [(row.for_user, row.subject) for row in rows]

	def test_what_has_drifted_is_set_again(self) -> None:
		watch.watch_one("alpha")
		wish = WebhookSettings(OURS, frozenset(EVENTS))
		self.assertEqual((self.user.used, self.user.stored, self.user.used_key), (wish, wish, Secret(KEY)))
		posted = self.setup.count("set_webhook", "set_signing_key", "deliver_media")
		watch.watch_one("alpha")
		self.assertEqual(self.setup.count("set_webhook", "set_signing_key", "deliver_media"), posted)
		self.user.used = WebhookSettings(OURS, frozenset())
		watch.watch_one("alpha")
		self.assertEqual(self.user.used, wish)

	def test_an_unsigned_webhook_has_the_key_posted(self) -> None:
		watch.watch_one("alpha")
		self.user.used_key = Secret("")
		watch.watch_one("alpha")
		self.assertEqual(self.user.used_key, Secret(""))
		watch.note_unsigned("alpha")
		watch.watch_one("alpha")
		self.assertEqual(self.user.used_key, Secret(KEY))

	def test_what_was_set_up_by_hand_is_left_as_it_is(self) -> None:
		frappe.db.set_value("WuzAPI Session", "alpha", "callback_url", None)
		theirs = WebhookSettings("http://bridge.internal/hook", frozenset({"All"}))
		self.user.stored = self.user.used = theirs
		self.user.delivers_media = False
		watch.watch_one("alpha")
		self.assertEqual((self.user.used, self.user.delivers_media), (theirs, False))
		self.assertEqual(self.user.used_key, Secret(KEY))

	def test_a_session_is_looked_at_by_one_at_a_time(self) -> None:
		task_state.claim("alpha", "watching", 60)
		self.assertFalse(watch.watch_one("alpha"))
		self.assertEqual(self.setup.count(), 0)

	def test_a_loss_is_told_once_and_the_return_once(self) -> None:
		self.note(SessionState.LOGGED_OUT, "the phone removed <b>it</b>")
		self.user.unlink()
		for _ in range(2):
			watch.watch_one("alpha")
		lost = self.told()
		self.assertEqual([user for user, _ in lost], [LISTED, MANAGER])
		self.assertIn("ended the pairing", lost[0][1])
		self.assertNotIn("<b>", lost[0][1])
		self.user.connect()
		self.user.pair(PHONE)
		for _ in range(2):
			watch.watch_one("alpha")
		self.assertEqual(len(self.told()), 4)
		self.assertIn("Connected to WhatsApp", self.told()[-1][1])

	def test_what_comes_back_by_itself_is_told_after_a_while_only(self) -> None:
		self.user.drop()
		self.note(SessionState.RECONNECTING, ago=timedelta(seconds=60))
		watch.watch_one("alpha")
		self.assertEqual(self.told(), [])
		frappe.db.set_value(
			"WuzAPI Session", "alpha", "state_since", frappe.utils.add_to_date(None, minutes=-3)
		)
		watch.watch_one("alpha")
		self.assertEqual(len(self.told()), 2)

	def test_nobody_is_told_of_a_number_that_was_never_connected(self) -> None:
		frappe.db.delete("WuzAPI Session Change", {"session": "alpha"})
		self.user.unlink()
		self.note(SessionState.FAILED, "nobody scanned the code in time")
		watch.watch_one("alpha")
		self.assertEqual(self.told(), [])

	def test_a_gateway_that_is_away_is_a_lost_connection(self) -> None:
		self.setup.fail_next("status", Retriable("The gateway cannot be reached"), times=2)
		watch.watch_one("alpha")
		self.assertEqual(bridge_of_site().store.session_status("alpha").state, SessionState.RECONNECTING)

	def test_so_it_is_when_it_was_set_up_by_hand(self) -> None:
		frappe.db.set_value("WuzAPI Session", "alpha", "callback_url", None)
		self.setup.fail_next("stored_webhook", Retriable("The gateway cannot be reached"))
		watch.watch_one("alpha")
		self.assertEqual(bridge_of_site().store.session_status("alpha").state, SessionState.RECONNECTING)
		self.assertEqual(self.setup.count("set_webhook", "set_signing_key"), 0)

	def test_a_connected_session_that_nobody_was_told_of_costs_no_writing(self) -> None:
		watch.watch_one("alpha")
		with counted_statements() as statements:
			watch.watch_one("alpha")
		self.assertEqual([each for each in statements if not each.upper().startswith("SELECT")], [])
		self.assertLessEqual(len(statements), 5, statements)

	def test_all_are_looked_after(self) -> None:
		add_session("beta", 222)
		self.forget("beta")
		looked: list[str] = []
		with patch.object(watch, "watch_one", looked.append):
			watch.watch_all()
			self.assertEqual({"alpha", "beta"} & set(looked), {"alpha", "beta"})
			self.assertEqual(len(looked), len(set(looked)))
			watch.watch_all()
		self.assertEqual(len(looked), len(set(looked)), "two ticks that overlap look once")
