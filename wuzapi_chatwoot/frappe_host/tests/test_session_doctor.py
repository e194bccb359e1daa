"""The doctor on a site: each step by its name, the broken one with its fix, and a message to oneself."""

# bench runs this with unittest alone
# ruff: noqa: PT009

from __future__ import annotations

from datetime import datetime, timedelta
from unittest.mock import patch

import frappe
from frappe.utils import now_datetime

from wuzapi_chatwoot.api import sessions
from wuzapi_chatwoot.bridge.diagnosis.findings import Reached
from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.errors import Retriable
from wuzapi_chatwoot.bridge.model.records import Secret
from wuzapi_chatwoot.bridge.ports.gateway_setup import WebhookSettings
from wuzapi_chatwoot.frappe_host.sessions import diagnose, workers
from wuzapi_chatwoot.frappe_host.telemetry.rejected_webhooks import record_rejection
from wuzapi_chatwoot.frappe_host.tests.session_case import HOST, SessionCase
from wuzapi_chatwoot.frappe_host.tests.site_case import (
	CHATWOOT_SECRET,
	LISTED,
	MANAGER,
	add_event,
	add_session,
)
from wuzapi_chatwoot.gateways.wuzapi.event_names import EVENTS

KEY = "fictional-signing-key-of-32-characters"
PHONE = Address("447700900001", "s.whatsapp.net")
BASE = "http://site.invalid"
METHODS = "/api/method/wuzapi_chatwoot.api.webhooks."


class TestDoctor(SessionCase):
	def setUp(self) -> None:
		super().setUp()
		inbox = self.chatwoot.have_inbox("Shop", callback=f"{BASE}{METHODS}chatwoot?session=alpha")
		add_session(
			"alpha",
			231,
			(LISTED,),
			inbox_id=inbox.id,
			gateway_secret=KEY,
			chatwoot_secret=inbox.secret.value,
			callback_url=BASE,
		)
		wish = WebhookSettings(f"{BASE}{METHODS}wuzapi?session=alpha", frozenset(EVENTS))
		self.user = self.gateway.have_user("shop", Secret("token-231"), wish)
		self.user.stored_key = self.user.used_key = Secret(KEY)
		self.user.connect()
		self.user.pair(PHONE)
		self.chatwoot.time = None
		for target in ("workers_trouble", "scheduler_trouble"):
			self._patch(patch(f"{HOST}sessions.diagnose.{target}", return_value=None))

	def findings(self, user: str = MANAGER) -> dict[str, tuple[str, str, str]]:
		with self.as_user(user), patch(f"{HOST}sessions.diagnose._probe", return_value=Reached()):
			found = sessions.examine("alpha")["findings"]
		return {each["step"]: (each["verdict"], each["sentence"], each["fix"]) for each in found}

	def broken(self) -> list[str]:
		return [step for step, (verdict, *_) in self.findings().items() if verdict == "broken"]

	def test_nothing_is_broken(self) -> None:
		self.assertEqual(self.broken(), [])
		self.assertEqual(self.findings(LISTED)["Chatwoot callback"][0], "ok")
		self.assertEqual(self.findings()["workers"][0], "ok")
		self.assertEqual([step for step, (_, sentence, _) in self.findings().items() if not sentence], [])

	def test_the_broken_step_is_named_with_its_fix(self) -> None:
		self.user.used = WebhookSettings("http://elsewhere.invalid/", frozenset(EVENTS))
		self.chatwoot.account.clear()
		self.assertEqual(self.broken(), ["gateway webhook", "Chatwoot inbox"])
		_, sentence, fix = self.findings()["gateway webhook"]
		self.assertIn("elsewhere.invalid", sentence)
		self.assertIn("set-up again", fix)
		self.gateway.setup(Secret("token-231")).fail_next(
			"status", Retriable("The gateway cannot be reached")
		)
		self.assertEqual(self.broken()[0], "gateway")

	def test_who_does_the_work_is_looked_for(self) -> None:
		with patch(f"{HOST}sessions.diagnose.workers_trouble", return_value="No worker listens"):
			verdict, sentence, fix = self.findings()["workers"]
		self.assertEqual((verdict, sentence), ("broken", "No worker listens"))
		self.assertTrue(fix)

	def test_the_headline_is_never_better_than_the_worst_step(self) -> None:
		def headline() -> tuple[str, str]:
			with self.as_user(MANAGER), patch(f"{HOST}sessions.diagnose._probe", return_value=Reached()):
				found = sessions.examine("alpha")
			return found["verdict"], found["sentence"]

		verdict, sentence = headline()
		self.assertEqual(verdict, "warning")
		self.assertTrue(sentence.startswith("It works, but needs attention: "), sentence)
		self.user.disconnect()
		self.assertEqual(headline(), ("broken", "Problem: WhatsApp."))

	def test_a_scheduler_is_known_to_be_dead_by_what_it_did_not_do(self) -> None:
		job = {"method": "wuzapi_chatwoot.frappe_host.jobs.entry_points.wuzapi_chatwoot_sweep"}
		self._patch(patch(f"{HOST}sessions.workers.is_scheduler_inactive", return_value=False))
		self._patch(patch(f"{HOST}sessions.workers.get_scheduler_tick", return_value=60))
		for minutes, well in ((1, True), (2, True), (4, False), (10, False)):
			ran = now_datetime() - timedelta(minutes=minutes)
			frappe.db.set_value("Scheduled Job Type", job, "last_execution", ran)
			with self.subTest(minutes=minutes):
				self.assertEqual(workers.scheduler_trouble() is None, well)

	def test_what_was_entered_by_hand_is_taken_if_it_leads_here(self) -> None:
		frappe.db.set_value("WuzAPI Session", "alpha", "callback_url", None)
		inside = WebhookSettings(f"http://frontend:8080{METHODS}wuzapi?session=alpha", frozenset(EVENTS))
		self.user.used = self.user.stored = inside
		self.assertEqual(self.broken(), [])
		self.user.used = self.user.stored = WebhookSettings("http://frontend:8080/other", frozenset(EVENTS))
		self.assertEqual(self.broken(), ["gateway webhook"])

	def test_what_came_and_what_was_refused_is_told(self) -> None:
		add_event("alpha", "came")
		frappe.cache().delete_value("wuzapi_chatwoot_refusal:alpha")
		record_rejection("alpha", "wrong signature")
		found = self.findings()
		self.assertEqual(found["webhooks of the gateway"][0], "ok")
		self.assertEqual(found["webhooks of Chatwoot"][0], "warning")
		self.assertIn("wrong signature", found["refused webhooks"][1])
		long_ago = datetime.now() - timedelta(days=2)  # noqa: DTZ005 - as the site's columns are
		frappe.db.set_value("WuzAPI Session", "alpha", "last_refusal_at", long_ago)
		self.assertNotIn("refused webhooks", self.findings())

	def test_no_secret_is_told(self) -> None:
		frappe.get_doc("WuzAPI Session", "alpha").update({"webhook_token": "fictional-url-token"}).save()
		told = str(self.findings())
		for secret in (KEY, CHATWOOT_SECRET, "fictional-url-token", "token-231", "access-token"):
			self.assertNotIn(secret, told)

	def test_a_private_address_is_known(self) -> None:
		self.assertTrue(diagnose._is_private("http://127.0.0.1:8000"))
		self.assertTrue(diagnose._is_private("https://[fd00::1]"))
		self.assertFalse(diagnose._is_private("https://93.184.216.34"))
