"""The proof by a message to oneself on a site: what the job writes, what the desk and the terminal see of it."""

# bench runs this with unittest alone
# ruff: noqa: PT009, PT027

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from typing import Any
from unittest.mock import patch

import frappe
from click.testing import CliRunner, Result

from wuzapi_chatwoot.api import sessions
from wuzapi_chatwoot.bridge.inbox.store_event import event_key
from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.errors import Uncertain
from wuzapi_chatwoot.bridge.model.events import SessionChanged, SessionState, Status
from wuzapi_chatwoot.bridge.model.records import Direction, MessageRow, NewEvent, Secret, Source
from wuzapi_chatwoot.bridge.ports.gateway_setup import WebhookSettings
from wuzapi_chatwoot.commands import commands
from wuzapi_chatwoot.frappe_host.commands import prove_command
from wuzapi_chatwoot.frappe_host.jobs import session_jobs
from wuzapi_chatwoot.frappe_host.sessions import self_test
from wuzapi_chatwoot.frappe_host.settings import every_session
from wuzapi_chatwoot.frappe_host.store import FrappeStore
from wuzapi_chatwoot.frappe_host.telemetry.rejected_webhooks import record_rejection
from wuzapi_chatwoot.frappe_host.tests.session_case import HOST, SessionCase
from wuzapi_chatwoot.frappe_host.tests.site_case import LISTED, MANAGER, add_session, command_context
from wuzapi_chatwoot.testkit.twins.fake_chatwoot import FakeChatwoot

PHONE = Address("447700900001", "s.whatsapp.net")


class TestProof(SessionCase):
	def setUp(self) -> None:
		super().setUp()
		add_session("alpha", 261, (LISTED,))
		user = self.gateway.have_user("shop", Secret("token-261"), WebhookSettings("x", frozenset()))
		self.user = user
		user.connect()
		user.pair(PHONE)
		user.used_address = PHONE
		self.store = FrappeStore()
		self.inbox = FakeChatwoot(account_id=1, inbox_id=1)
		self._patch(patch(f"{HOST}wiring.bridge._chatwoot", lambda session: self.inbox))
		change = SessionChanged(SessionState.CONNECTED, address=PHONE)
		self.store.note_session_change("alpha", change, datetime.now(timezone.utc))

	def begin(self, user: str = LISTED) -> None:
		with self.as_user(user):
			sessions.prove("alpha")
		self.work()

	def work(self) -> None:
		while self.jobs:
			method, arguments = self.jobs.pop(0)
			with patch.object(session_jobs, "as_machine"):
				getattr(session_jobs, method)(**arguments)

	def seen(self, user: str = LISTED) -> dict[str, Any]:
		with self.as_user(user):
			return sessions.proof("alpha")

	def states(self) -> str:
		return "".join(step["state"][0] for step in self.seen()["steps"])

	def chatwoot_tells(self, kind: str = "message_created") -> MessageRow:
		"""The event that its webhook becomes, and what is known of the message once it is sent."""
		message, now = self.inbox.messages[-1], datetime.now(timezone.utc)
		key = event_key(
			every_session()["alpha"].chatwoot_key, Source.CHATWOOT, f"message_created/{message.id}"
		)
		event = NewEvent(key, "alpha", Source.CHATWOOT, kind, "out|alpha|1", "{}", now, 0, "trace")
		self.store.add_event(event, due_at=now, received_at=now)
		conversation = self.store.find_conversation("alpha", PHONE) or self.fail("no conversation was opened")
		return self.store.add_message(
			MessageRow(
				id=0,
				session="alpha",
				conversation=conversation.id,
				chat=PHONE,
				whatsapp_id="3EB0TEST",
				part=0,
				direction=Direction.OUT,
				status=Status.SENT,
				sent_at=now,
				status_at=now,
				chatwoot_message_id=message.id,
				chatwoot_conversation_id=message.conversation_id,
				origin="chatwoot",
			)
		)

	def test_each_step_is_seen_as_it_is_proved(self) -> None:
		self.begin()
		message = self.inbox.messages[-1]
		self.assertEqual((message.source_id, message.incoming, message.private), (None, False, False))
		self.assertEqual(self.states(), "owwww")
		self.assertEqual(self.seen()["sentence"], "The message is on its way.")
		sent = self.chatwoot_tells()
		self.assertEqual(self.states(), "oooww")
		seen = self.seen()
		self.assertEqual((seen["settled"], seen["works"], seen["over"]), (True, True, False))
		self.store.advance_status(sent.id, Status.DELIVERED, datetime.now(timezone.utc))
		self.assertEqual(self.states(), "oooow")

	def test_what_was_only_fetched_proves_no_webhook(self) -> None:
		self.begin()
		self.chatwoot_tells("message fetched")
		self.assertEqual(self.states(), "oboww")

	def test_a_webhook_that_is_not_believed_is_named(self) -> None:
		self.begin()
		frappe.cache().delete_value("wuzapi_chatwoot_refusal:alpha")
		record_rejection("alpha", "wrong signature")
		with patch("wuzapi_chatwoot.bridge.self_test.check_self_test._WEBHOOK_COMES_WITHIN", timedelta(0)):
			told = self.seen()["steps"][1]
		self.assertEqual(told["sentence"], "A webhook came, but was not believed: wrong signature.")

	def test_an_uncertain_post_is_told_and_written_once(self) -> None:
		self.inbox.fail_next("create_conversation", Uncertain("No answer"), after_doing=True)
		self.begin()
		self.assertEqual(self.states(), "bssss")
		self.assertIn("Nothing is written twice by itself", self.seen()["steps"][0]["fix"])
		self.assertEqual(len(self.inbox.messages), 1)

	def test_what_cannot_be_begun_is_a_sentence(self) -> None:
		self.assertIn("begin one", self.seen()["trouble"])
		self.user.drop()
		self.begin()
		seen = self.seen()
		self.assertEqual(seen["trouble"], "The session is not connected to WhatsApp: connect it first")
		self.assertEqual((seen["running"], seen["steps"], self.inbox.messages), (False, [], []))
		frappe.db.set_value("WuzAPI Session", "alpha", "held", 1)
		with self.assertRaises(frappe.ValidationError):
			self.begin(MANAGER)
		frappe.db.set_value("WuzAPI Session", "alpha", {"held": 0, "enabled": 0})
		with self.assertRaises(frappe.ValidationError):
			self.begin(MANAGER)

	def test_without_a_worker_that_is_told(self) -> None:
		with self.as_user(LISTED):
			sessions.prove("alpha")
		with patch(f"{HOST}sessions.self_test.workers_trouble", return_value="No worker listens"):
			seen = self.seen()
		self.assertEqual((seen["running"], seen["trouble"]), (True, "No worker listens"))

	def test_a_fault_of_ours_is_told(self) -> None:
		with (
			patch.object(self_test, "start_self_test", side_effect=ZeroDivisionError),
			self.assertRaises(ZeroDivisionError),
		):
			self.begin()
		self.assertEqual(self.seen()["trouble"], "A fault in the bridge (ZeroDivisionError)")

	# ---- from the terminal

	def run_command(self, *arguments: str, code: int = 0, happens: Any = None) -> Result:
		for name in ("init", "connect", "destroy", "set_user"):
			self._patch(patch.object(frappe, name))
		group = next(each for each in commands if each.name == "wuzapi-sessions")
		pauses = patch.object(prove_command.time, "sleep", side_effect=lambda _: happens and happens())
		with pauses, patch("wuzapi_chatwoot.frappe_host.jobs.session_jobs.as_machine"):
			result = CliRunner().invoke(group, ("test", "alpha", *arguments), obj=command_context())
		self.assertEqual(result.exit_code, code, result.output)
		return result

	def test_the_command_ends_with_0_when_what_goes_by_itself_is_proved(self) -> None:
		lines = self.run_command(happens=self.chatwoot_tells).output.splitlines()
		self.assertTrue(lines[0].startswith("ok      bridge → Chatwoot: The message stands in Chatwoot"))
		self.assertEqual(lines[-1].partition(".")[0], "The way to WhatsApp is proved")

	def test_the_command_is_for_scripts_too(self) -> None:
		told = json.loads(self.run_command("--json", happens=self.chatwoot_tells).output)
		self.assertEqual([step["state"] for step in told["steps"][:3]], ["ok", "ok", "ok"])

	def test_the_command_names_what_keeps_it(self) -> None:
		self.user.drop()
		result = self.run_command(code=1)
		self.assertIn("The session is not connected to WhatsApp", result.output)
