"""New signing secrets: the one before stays good, and a change whose answer was lost is finished by a repeat."""

# bench runs this with unittest alone
# ruff: noqa: PT009, PT027

from __future__ import annotations

from typing import Any
from unittest.mock import patch

import frappe

from wuzapi_chatwoot.api import sessions
from wuzapi_chatwoot.bridge.model.errors import Retriable, Uncertain
from wuzapi_chatwoot.bridge.model.records import Secret
from wuzapi_chatwoot.frappe_host.jobs import session_jobs
from wuzapi_chatwoot.frappe_host.settings import every_session
from wuzapi_chatwoot.frappe_host.task_state import task_state
from wuzapi_chatwoot.frappe_host.task_state.secret_changes import secret_changes
from wuzapi_chatwoot.frappe_host.tests.session_case import SessionCase
from wuzapi_chatwoot.frappe_host.tests.site_case import LISTED, MANAGER, add_session
from wuzapi_chatwoot.testkit.twins.fake_chatwoot_setup import FakeChatwootSetup

KEY = "fictional-signing-key-of-32-characters"


class TestRotation(SessionCase):
	def setUp(self) -> None:
		super().setUp()
		inbox = self.chatwoot.have_inbox("Shop")
		self.old = inbox.secret
		add_session(
			"alpha", 241, (LISTED,), inbox_id=inbox.id, gateway_secret=KEY, chatwoot_secret=self.old.value
		)
		self.user = self.gateway.have_user("shop", Secret("token-241"))
		self.setup = self.gateway.setup(Secret("token-241"))
		task_state.forget("alpha", "rotating")

	def rotate(self, side: str) -> dict[str, Any]:
		with self.as_user(MANAGER):
			sessions.rotate("alpha", side)
		while self.jobs:
			method, arguments = self.jobs.pop(0)
			if method == "rotate":
				with patch.object(session_jobs, "as_machine"):
					session_jobs.rotate(**arguments)
		with self.as_user(MANAGER):
			[step] = sessions.set_up_progress("alpha")["steps"]
		return step

	def test_the_gateways_key(self) -> None:
		self.assertEqual(self.rotate("gateway")["state"], "done")
		new, before = every_session()["alpha"].gateway_secrets
		self.assertEqual((self.user.used_key, before), (new, Secret(KEY)))
		self.assertNotEqual(new, before)

	def test_a_key_that_may_have_arrived_is_posted_again(self) -> None:
		self.setup.fail_next("set_signing_key", Uncertain("No answer"), after_doing=True)
		self.assertEqual(self.rotate("gateway")["state"], "failed")
		new, before = every_session()["alpha"].gateway_secrets
		self.assertEqual((self.user.used_key, before), (new, Secret(KEY)))
		self.assertTrue(task_state.recall("alpha", "unsigned"))
		self.assertEqual(self.rotate("gateway")["state"], "done")
		self.assertEqual(every_session()["alpha"].gateway_secrets, (new, Secret(KEY)))

	def test_chatwoots_secret(self) -> None:
		self.assertEqual(self.rotate("chatwoot")["state"], "done")
		[inbox] = self.chatwoot.account.values()
		self.assertEqual(every_session()["alpha"].chatwoot_secrets, (inbox.secret, self.old))

	def test_until_the_new_one_is_known_every_process_knows_that_there_is_one(self) -> None:
		task_state.forget("alpha", "secret_changes")
		self.assertFalse(secret_changes("alpha"))
		new_secret, seen = FakeChatwootSetup.new_secret, []

		def asked(chatwoot: FakeChatwootSetup, id: int) -> Any:
			seen.append(secret_changes("alpha"))
			return new_secret(chatwoot, id)

		with patch.object(FakeChatwootSetup, "new_secret", asked):
			self.rotate("chatwoot")
		self.assertEqual(seen, [True])
		# A request may have read the session before.
		self.assertTrue(secret_changes("alpha"))
		left = frappe.cache().ttl(task_state._key("alpha", "secret_changes"))
		self.assertTrue(0 < left <= 10)
		task_state.forget("alpha", "secret_changes")

	def test_chatwoots_answer_was_lost(self) -> None:
		self.chatwoot.fail_next("new_secret", Uncertain("No answer"), after_doing=True)
		self.assertEqual(self.rotate("chatwoot")["state"], "done")
		[inbox] = self.chatwoot.account.values()
		self.assertEqual(every_session()["alpha"].chatwoot_secrets, (inbox.secret, self.old))

	def test_nothing_changes_where_nothing_happened(self) -> None:
		self.chatwoot.fail_next("new_secret", Retriable("Chatwoot cannot be reached"))
		step = self.rotate("chatwoot")
		self.assertEqual(step["state"], "failed")
		self.assertIn("cannot be reached", step["sentence"])
		self.assertEqual(every_session()["alpha"].chatwoot_secrets, (self.old,))

	def test_only_managers_may_and_only_sides_that_there_are(self) -> None:
		with self.as_user(LISTED), self.assertRaises(frappe.PermissionError):
			sessions.rotate("alpha", "gateway")
		with self.as_user(MANAGER), self.assertRaises(frappe.ValidationError):
			sessions.rotate("alpha", "both")
