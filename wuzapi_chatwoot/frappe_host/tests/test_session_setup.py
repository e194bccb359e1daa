"""A session is set up from the desk: what is chosen is kept before the first call, each step is told, a repeat goes on
where the last one broke, and only what was made is removed.
"""

# bench runs this with unittest alone
# ruff: noqa: PT009, PT027, S106

from __future__ import annotations

from typing import Any
from unittest.mock import patch

import frappe

from wuzapi_chatwoot.api import sessions
from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.errors import Permanent, Retriable
from wuzapi_chatwoot.bridge.model.records import Secret
from wuzapi_chatwoot.bridge.ports.chatwoot_setup import ChatwootUser
from wuzapi_chatwoot.bridge.ports.gateway_setup import WebhookSettings
from wuzapi_chatwoot.frappe_host.gateways import setup_clients as sides
from wuzapi_chatwoot.frappe_host.jobs import session_jobs
from wuzapi_chatwoot.frappe_host.sessions import setup
from wuzapi_chatwoot.frappe_host.settings import every_session
from wuzapi_chatwoot.frappe_host.task_state import task_state
from wuzapi_chatwoot.frappe_host.tests.session_case import ADMIN_TOKEN, SessionCase
from wuzapi_chatwoot.frappe_host.tests.site_case import (
	LISTED,
	MANAGER,
	STRANGER,
	UNLISTED,
	add_message,
	add_session,
)
from wuzapi_chatwoot.gateways.wuzapi.event_names import EVENTS
from wuzapi_chatwoot.patches import mark_unfinished_setups


class TestSetUp(SessionCase):
	def begin(self, **changed: Any) -> str:
		given = {
			"session": "alpha",
			"gateway_url": "http://gateway.invalid/",
			"chatwoot_url": "http://chatwoot.invalid",
			"chatwoot_token": "access-token",
			"account_id": 1,
			"admin_token": ADMIN_TOKEN,
			**changed,
		}
		with self.as_user(MANAGER):
			return sessions.set_up_new(**given)["session"]

	def work(self) -> dict[str, Any]:
		"""What a worker would do now; how it ended."""
		while self.jobs:
			method, arguments = self.jobs.pop(0)
			getattr(session_jobs, method)(**arguments)
		with self.as_user(MANAGER):
			return sessions.set_up_progress("alpha")

	def states(self, progress: dict[str, Any]) -> dict[str, str]:
		return {step["name"]: step["state"] for step in progress["steps"]}

	def test_both_sides_are_made_and_the_session_is_switched_on(self) -> None:
		self.begin()
		doc = frappe.get_doc("WuzAPI Session", "alpha")
		self.assertEqual((doc.enabled, doc.inbox_id), (0, 0))
		with self.as_user(MANAGER):
			self.assertEqual(sessions.set_up_progress("alpha")["running"], True)

		progress = self.work()

		self.assertEqual(set(self.states(progress).values()), {"done", "found"})
		self.assertFalse(progress["running"])
		account, [inbox] = self.account("alpha"), self.chatwoot.account.values()
		doc.reload()
		self.assertEqual((doc.enabled, doc.inbox_id, doc.made_inbox), (1, inbox.id, inbox.id))
		self.assertEqual(doc.made_gateway_user, account.id)
		self.assertEqual(self.secret("alpha", "chatwoot_secret"), inbox.secret.value)
		self.assertEqual(self.secret("alpha", "gateway_secret"), account.used_key.value)
		token = self.secret("alpha", "webhook_token")
		base = f"{doc.callback_url}/api/method/wuzapi_chatwoot.api.webhooks."
		self.assertEqual(inbox.callback, f"{base}chatwoot?session=alpha&token={token}")
		self.assertEqual(account.used.url, f"{base}wuzapi?session=alpha&token={token}")
		self.assertEqual(account.used.events, frozenset(EVENTS))
		self.assertEqual(every_session()["alpha"].inbox_id, inbox.id)

	def test_each_step_is_told_before_it_is_worked(self) -> None:
		self.begin()
		told: list[dict[str, Any]] = []
		with patch.object(setup, "session_hint", lambda name, what: told.append(setup.progress(name))):
			end = self.work()
		*meanwhile, last = told
		self.assertEqual(last, end)
		for place, seen in enumerate(meanwhile):
			running = {"name": end["steps"][place]["name"], "state": "running", "sentence": ""}
			self.assertEqual((seen["running"], seen["steps"]), (True, [*end["steps"][:place], running]))
		self.assertEqual((len(meanwhile), end["running"]), (len(end["steps"]), False))

	def test_no_secret_is_in_what_is_told_or_queued(self) -> None:
		self.begin()
		[(_, arguments)] = self.jobs
		self.assertNotIn(ADMIN_TOKEN, str(arguments))
		handed_over = task_state.recall(arguments["admin"], "handed_over")
		self.assertNotIn(ADMIN_TOKEN, str(handed_over))
		told = str(self.work())
		for field in (
			"gateway_token",
			"gateway_secret",
			"webhook_token",
			"chatwoot_token",
			"chatwoot_secret",
		):
			self.assertNotIn(self.secret("alpha", field), told)
		self.assertEqual(task_state.take(arguments["admin"]), "")

	def test_what_breaks_in_the_middle_is_completed_by_a_repeat(self) -> None:
		self.begin()
		self.chatwoot.owner = ChatwootUser(9, "Ana", administrator=False)
		self.assertEqual(self.states(self.work())["Chatwoot account"], "failed")
		self.chatwoot.owner = ChatwootUser(9, "Ana", administrator=True)
		self.chatwoot.fail_next("create_inbox", Retriable("Chatwoot cannot be reached"))
		self.again()
		progress = self.work()
		self.assertEqual(self.states(progress)["gateway webhook"], "found")
		self.assertEqual(self.states(progress)["Chatwoot inbox"], "failed")
		self.assertIn("cannot be reached", str(progress))
		self.assertEqual(frappe.db.get_value("WuzAPI Session", "alpha", "enabled"), 0)
		user = frappe.db.get_value("WuzAPI Session", "alpha", "made_gateway_user")
		token = self.secret("alpha", "gateway_token")

		self.again()
		self.assertNotIn("failed", self.states(self.work()).values())

		self.assertEqual([account.id for account in self.gateway.accounts.values()], [user])
		self.assertEqual(self.secret("alpha", "gateway_token"), token)
		self.assertEqual(len(self.chatwoot.account), 1)
		self.assertEqual(frappe.db.get_value("WuzAPI Session", "alpha", "enabled"), 1)

	def again(self, admin_token: str = ADMIN_TOKEN, take_over: bool = False) -> None:
		with self.as_user(MANAGER):
			sessions.set_up("alpha", admin_token, take_over)

	def test_an_inbox_that_was_deleted_behind_our_back_is_made_anew(self) -> None:
		self.begin()
		self.work()
		self.chatwoot.account.clear()
		self.again()
		self.work()
		[inbox] = self.chatwoot.account.values()
		self.assertEqual(frappe.db.get_value("WuzAPI Session", "alpha", "inbox_id"), inbox.id)

	def test_existing_things_are_adopted_and_not_removed(self) -> None:
		self.gateway.have_user("shop", Secret("user-token"))
		theirs = self.chatwoot.have_inbox("Shop", callback="https://elsewhere.example.com/hook")
		self.begin(admin_token="", gateway_token="user-token", inbox_id=theirs.id)
		self.assertEqual(self.states(self.work())["Chatwoot callback"], "failed")
		self.again(admin_token="", take_over=True)
		self.assertNotIn("failed", self.states(self.work()).values())
		doc = frappe.get_doc("WuzAPI Session", "alpha")
		self.assertEqual((doc.enabled, doc.made_gateway_user, doc.made_inbox), (1, "", 0))
		with self.as_user(MANAGER):
			sessions.remove("alpha", ADMIN_TOKEN, user=True, inbox=True, inbox_name="alpha")
		self.assertEqual(self.work()["steps"], [])
		self.assertEqual((len(self.gateway.accounts), len(self.chatwoot.account)), (1, 1))

	def test_a_user_that_was_connected_is_known_to_be_at_the_end(self) -> None:
		user = self.gateway.have_user("shop", Secret("user-token"))
		user.connect()
		user.pair(Address("447700900001", "s.whatsapp.net"))
		user.used_address = Address("447700900001", "s.whatsapp.net")
		self.begin(admin_token="", gateway_token="user-token")
		self.assertNotIn("failed", self.states(self.work()).values())
		with self.as_user(MANAGER):
			self.assertEqual(sessions.state_words("alpha")["sentence"], "Connected to WhatsApp.")
		self.assertEqual(
			frappe.db.get_value("WuzAPI Session", "alpha", "address"), "447700900001@s.whatsapp.net"
		)

	def test_whose_an_address_is_that_looks_like_ours_is_said(self) -> None:
		site = sides.site_url()
		hook = f"{site}/api/method/wuzapi_chatwoot.api.webhooks.wuzapi?session=second&token=fictional"
		theirs = WebhookSettings(hook, frozenset({"All"}))
		user = self.gateway.have_user("shop", Secret("user-token"), theirs)
		self.begin(admin_token="", gateway_token="user-token")
		progress = self.work()
		self.assertEqual(self.states(progress)["gateway webhook"], "failed")
		self.assertIn("webhooks.wuzapi (session second) today", str(progress))
		self.assertNotIn("fictional", str(progress))
		# Nothing of it was touched.
		self.assertEqual((user.used, user.used_key), (theirs, Secret("")))

	def test_what_was_made_is_removed_as_far_as_wanted(self) -> None:
		self.begin()
		self.work()
		with self.as_user(MANAGER):
			sessions.remove("alpha", "", user=True)
		self.assertEqual(self.states(self.work()), {"gateway user": "failed"})
		with self.as_user(MANAGER):
			sessions.remove("alpha", ADMIN_TOKEN, user=True)
		self.assertEqual(self.states(self.work()), {"gateway user": "done"})
		doc = frappe.get_doc("WuzAPI Session", "alpha")
		self.assertEqual((doc.enabled, doc.made_gateway_user, doc.state), (0, "", "logged_out"))
		self.assertEqual((len(self.gateway.accounts), len(self.chatwoot.account)), (0, 1))
		# Every conversation goes with it: whoever removes it has typed its name.
		for typed in ("", "beta"):
			with self.as_user(MANAGER), self.assertRaises(frappe.ValidationError):
				sessions.remove("alpha", user=True, inbox=True, inbox_name=typed)
		with self.as_user(MANAGER):
			sessions.remove("alpha", user=True, inbox=True, inbox_name="alpha")
		self.assertEqual(self.states(self.work()), {"Chatwoot inbox": "done"})
		doc.reload()
		self.assertEqual((doc.inbox_id, doc.made_inbox, len(self.chatwoot.account)), (0, 0, 0))

	def test_after_a_refused_token_nothing_is_removed(self) -> None:
		self.begin()
		self.work()
		self.gateway.fail_next("user", Permanent("The gateway does not accept the administrator's token"))
		with self.as_user(MANAGER):
			sessions.remove("alpha", "wrong", user=True, inbox=True, inbox_name="alpha")
		self.assertEqual(self.states(self.work()), {"gateway user": "failed"})
		self.assertEqual((len(self.gateway.accounts), len(self.chatwoot.account)), (1, 1))
		doc = frappe.get_doc("WuzAPI Session", "alpha")
		self.assertTrue(doc.made_gateway_user and doc.made_inbox)

	def test_a_short_key_is_replaced_and_still_good_for_a_while(self) -> None:
		add_session("alpha", 201)
		with self.as_user(MANAGER):
			sessions.set_up("alpha")
		self.assertEqual(self.secret("alpha", "gateway_secret_previous"), "fictional-hmac-key")
		self.assertGreaterEqual(len(self.secret("alpha", "gateway_secret")), 32)

	def test_an_inbox_of_another_session_is_refused(self) -> None:
		add_session("beta", 7, gateway_url="http://other.invalid")
		with self.assertRaisesRegex(frappe.ValidationError, "beta"):
			self.begin(inbox_id=7)

	def test_a_job_that_dies_tells(self) -> None:
		self.begin()
		self.chatwoot.fail_next("user", RuntimeError("a fault"))
		# What the test has written was not committed.
		with patch.object(frappe.db, "rollback"), self.assertRaises(RuntimeError):
			self.work()
		with self.as_user(MANAGER):
			progress = sessions.set_up_progress("alpha")
		self.assertFalse(progress["running"])
		self.assertEqual([step["state"] for step in progress["steps"]], ["failed"])
		self.assertIn("RuntimeError", frappe.db.get_value("WuzAPI Session", "alpha", "setup_problem"))

	def test_what_an_older_release_left_unfinished_is_marked(self) -> None:
		add_session("beta", 161, enabled=0)
		self.begin(gateway_url="http://wrong.invalid")
		self.gateway.fail_next("users", Retriable("The gateway cannot be reached"))
		self.work()
		frappe.db.set_value("WuzAPI Session", "alpha", {"setup_unfinished": 0, "setup_problem": None})
		mark_unfinished_setups.execute()
		marks = {
			each: frappe.db.get_value("WuzAPI Session", each, "setup_unfinished")
			for each in ("alpha", "beta")
		}
		self.assertEqual(marks, {"alpha": 1, "beta": 0})

	def test_what_is_unfinished_is_said_and_goes_on_with_other_entries(self) -> None:
		self.begin(gateway_url="http://wrong.invalid")
		self.gateway.fail_next("users", Retriable("The gateway cannot be reached"))
		self.assertIn("failed", self.states(self.work()).values())
		doc = frappe.get_doc("WuzAPI Session", "alpha")
		self.assertEqual((doc.enabled, doc.setup_unfinished), (0, 1))
		# What is told of the steps is forgotten within the hour; this is not.
		task_state.forget("alpha", "set_up")
		with self.as_user(MANAGER):
			words = sessions.state_words("alpha")
		self.assertTrue(words["sentence"].startswith("The setup is not complete. gateway user: "), words)
		self.assertIn("cannot be reached", words["sentence"])
		self.assertEqual(words["advice"], "Continue the setup, or delete the session.")
		token = self.secret("alpha", "gateway_token")
		entries = {
			"gateway_url": "http://right.invalid/",
			"chatwoot_url": "http://chatwoot.invalid",
			"account_id": 1,
		}
		# Nothing that is saved goes to another address.
		for entry, wrong in (("by", {}), ("chatwoot_token", {"chatwoot_url": "http://other.invalid"})):
			with self.as_user(MANAGER), self.assertRaisesRegex(frappe.ValidationError, "its own token"):
				admin = ADMIN_TOKEN if wrong else ""
				sessions.continue_set_up("alpha", **{**entries, **wrong}, admin_token=admin)
			self.assertEqual(frappe.local.response.pop("wrong_field"), entry)
		with self.as_user(MANAGER):
			sessions.continue_set_up("alpha", **entries, admin_token=ADMIN_TOKEN)
		self.assertNotIn("failed", self.states(self.work()).values())
		doc.reload()
		self.assertEqual(
			(doc.enabled, doc.setup_unfinished, doc.setup_problem or "", doc.gateway_url),
			(1, 0, "", "http://right.invalid"),
		)
		self.assertNotEqual(self.secret("alpha", "gateway_token"), token)
		with self.as_user(MANAGER), self.assertRaisesRegex(frappe.ValidationError, "is complete"):
			sessions.continue_set_up("alpha", **entries, admin_token=ADMIN_TOKEN)

	def test_a_setup_that_made_something_does_not_leave_it_behind(self) -> None:
		self.begin()
		self.chatwoot.fail_next("create_inbox", Retriable("Chatwoot cannot be reached"))
		self.work()
		with self.as_user(MANAGER), self.assertRaisesRegex(frappe.ValidationError, "delete that first"):
			sessions.continue_set_up(
				"alpha", "http://other.invalid", "http://chatwoot.invalid", 1, admin_token=ADMIN_TOKEN
			)
		with self.as_user(MANAGER), self.assertRaisesRegex(frappe.ValidationError, "must be deleted first"):
			sessions.discard("alpha")
		with self.as_user(MANAGER):
			sessions.remove("alpha", ADMIN_TOKEN, user=True)
		self.work()
		with self.as_user(MANAGER):
			sessions.discard("alpha")
		self.assertFalse(frappe.db.exists("WuzAPI Session", "alpha"))

	def test_a_session_with_conversations_is_not_deleted(self) -> None:
		add_session("alpha", 201)
		add_message("alpha", "447700900101", "A1")
		with self.as_user(MANAGER), self.assertRaisesRegex(frappe.ValidationError, "would be lost"):
			sessions.discard("alpha")

	def test_a_refusal_names_the_entry_that_is_wrong(self) -> None:
		add_session("alpha", 201)
		for field, wrong in {
			"session": {},
			"session_name": {"session": "a/b"},
			"gateway_url": {"session": "gamma", "gateway_url": "gateway"},
			"chatwoot_token": {"session": "gamma", "chatwoot_token": "two words"},
			"inbox_id": {"session": "gamma", "inbox_id": 201},
		}.items():
			with self.subTest(field), self.assertRaises(frappe.ValidationError):
				self.begin(**wrong)
			self.assertEqual(frappe.local.response.pop("wrong_field"), field)

	def test_either_token_is_given(self) -> None:
		for given in ({"admin_token": ""}, {"gateway_token": "user-token"}):
			with self.subTest(given), self.assertRaises(frappe.ValidationError):
				self.begin(**given)

	def test_only_managers_may(self) -> None:
		add_session("alpha", 201, (LISTED,))
		for user in (LISTED, UNLISTED, STRANGER, "Guest"):
			for name, call in {
				"set_up_new": lambda: sessions.set_up_new("b", "http://x", "http://y", "t", 1, "a"),
				"set_up": lambda: sessions.set_up("alpha"),
				"continue_set_up": lambda: sessions.continue_set_up("alpha", "http://x", "http://y", 1),
				"discard": lambda: sessions.discard("alpha"),
				"set_up_progress": lambda: sessions.set_up_progress("alpha"),
				"remove": lambda: sessions.remove("alpha"),
			}.items():
				with (
					self.subTest(user=user, call=name),
					self.as_user(user),
					self.assertRaises(frappe.PermissionError),
				):
					call()
