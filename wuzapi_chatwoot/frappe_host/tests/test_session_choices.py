"""What exists on both sides can be chosen in the wizard: what is taken is refused, what is wrong is told at its field,
and no token leaves the site.
"""

# bench runs this with unittest alone
# ruff: noqa: PT009, PT027

from __future__ import annotations

import json
from typing import Any
from unittest.mock import patch

import frappe
from click.testing import CliRunner

from wuzapi_chatwoot.api import sessions
from wuzapi_chatwoot.bridge.model.errors import Retriable, TokenRefused
from wuzapi_chatwoot.bridge.model.records import Secret
from wuzapi_chatwoot.bridge.ports.chatwoot_setup import Membership
from wuzapi_chatwoot.bridge.ports.gateway_setup import WebhookSettings
from wuzapi_chatwoot.commands import commands
from wuzapi_chatwoot.frappe_host.jobs import session_jobs
from wuzapi_chatwoot.frappe_host.tests.session_case import ADMIN_TOKEN, SessionCase
from wuzapi_chatwoot.frappe_host.tests.site_case import (
	LISTED,
	MANAGER,
	STRANGER,
	UNLISTED,
	add_session,
	command_context,
)

GATEWAY, CHATWOOT = "http://gateway.invalid", "http://chatwoot.invalid"
ELSEWHERE = "https://me:fictional-password@other.invalid:8443/hook?token=fictional-theirs"
FREE = {"posts": "nowhere", "where": ""}


class ChoicesCase(SessionCase):
	def chatwoot_choices(self, **given: Any) -> dict[str, Any]:
		with self.as_user(MANAGER):
			return sessions.chatwoot_choices(
				**{"chatwoot_url": CHATWOOT + "/", "chatwoot_token": "fictional-access", **given}
			)

	def gateway_choices(self, **given: Any) -> dict[str, Any]:
		with self.as_user(MANAGER):
			return sessions.gateway_choices(**{"gateway_url": GATEWAY, "admin_token": ADMIN_TOKEN, **given})

	def begin(self, **changed: Any) -> None:
		given = {
			"session": "alpha",
			"gateway_url": GATEWAY,
			"chatwoot_url": CHATWOOT,
			"chatwoot_token": "fictional-access",
			"account_id": 3,
			"admin_token": ADMIN_TOKEN,
			**changed,
		}
		with self.as_user(MANAGER):
			sessions.set_up_new(**given)

	def work(self, session: str = "alpha") -> dict[str, Any]:
		while self.jobs:
			method, arguments = self.jobs.pop(0)
			getattr(session_jobs, method)(**arguments)
		with self.as_user(MANAGER):
			return {step["name"]: step["state"] for step in sessions.set_up_progress(session)["steps"]}


class TestChoices(ChoicesCase):
	def test_accounts_and_inboxes(self) -> None:
		self.chatwoot.have_inbox("Shop", callback=ELSEWHERE)
		self.chatwoot.have_inbox("Site", is_api=False)
		self.assertEqual(
			json.loads(json.dumps(self.chatwoot_choices())),
			{
				"accounts": [{"id": 3, "name": "Padaria Aurora Ltda", "administrator": True, "refusal": ""}],
				"account_id": 3,
				"inboxes": [
					{
						"id": 1,
						"name": "Shop",
						"is_api": True,
						"target": {"posts": "elsewhere", "where": "other.invalid:8443"},
						"refusal": "",
					},
					{
						"id": 2,
						"name": "Site",
						"is_api": False,
						"target": FREE,
						"refusal": "it is no API inbox",
					},
				],
				"trouble": None,
			},
		)

	def test_users_without_their_tokens(self) -> None:
		posting = WebhookSettings(ELSEWHERE, frozenset({"Message"}))
		self.gateway.have_user("shop", Secret("fictional-user-token"), posting)
		seen = self.gateway_choices()
		self.assertNotIn("fictional-", str(seen))
		[user] = seen["users"]
		self.assertEqual(
			(user["name"], user["connected"], user["target"]["where"]), ("shop", False, "other.invalid:8443")
		)

	def test_what_is_wrong_is_told_at_its_field(self) -> None:
		for given, field in (
			({"chatwoot_url": "chat"}, "chatwoot_url"),
			({"chatwoot_token": ""}, "chatwoot_token"),
			({"chatwoot_token": "two words"}, "chatwoot_token"),
			({"account_id": 9}, "account_id"),
		):
			with self.subTest(given):
				self.assertEqual(self.chatwoot_choices(**given)["trouble"]["field"], field)
		for given, field in (({"gateway_url": ""}, "gateway_url"), ({"admin_token": ""}, "admin_token")):
			with self.subTest(given):
				self.assertEqual(self.gateway_choices(**given)["trouble"]["field"], field)
		for error, side in ((TokenRefused("wrong"), 1), (Retriable("away"), 0)):
			with self.subTest(error):
				self.profile.fail_next("owner", error)
				self.gateway.fail_next("users", error)
				fields = [
					self.chatwoot_choices()["trouble"]["field"],
					self.gateway_choices()["trouble"]["field"],
				]
				wanted = [("chatwoot_url", "chatwoot_token")[side], ("gateway_url", "admin_token")[side]]
				self.assertEqual(fields, wanted)
		self.profile.accounts = (Membership(3, "Shop", administrator=False),)
		self.assertIn("administrator's access token", self.chatwoot_choices()["trouble"]["sentence"])

	def test_what_another_session_uses_is_taken(self) -> None:
		self.begin()
		self.work()
		[inbox], [user] = self.chatwoot_choices()["inboxes"], self.gateway_choices()["users"]
		for each in (inbox, user):
			self.assertEqual(each["refusal"], "session alpha uses it")
			self.assertEqual(each["target"], {"posts": "ours", "where": "alpha"})
		for given in (
			{"gateway_user_id": user["id"]},
			{"inbox_id": inbox["id"]},
			{"admin_token": "", "gateway_token": self.secret("alpha", "gateway_token")},
		):
			with self.subTest(given), self.assertRaisesRegex(frappe.ValidationError, "alpha"):
				self.begin(session="beta", **given)
		self.assertEqual(self.chatwoot_choices(session="alpha")["inboxes"][0]["target"]["posts"], "us")

	def test_a_saved_session_needs_no_token_at_its_address(self) -> None:
		self.begin()
		self.work()
		with self.as_user(MANAGER):
			seen = sessions.chatwoot_choices("alpha")
			self.assertEqual((seen["account_id"], len(seen["inboxes"]), seen["trouble"]), (3, 1, None))
			# Another token for the address that is saved.
			seen = sessions.chatwoot_choices("alpha", "", "access-token")
			self.assertEqual((len(seen["inboxes"]), seen["trouble"]), (1, None))
			seen = sessions.chatwoot_choices("alpha", "http://stranger.invalid")
			self.assertEqual(seen["trouble"]["field"], "chatwoot_token")
			self.assertEqual(sessions.gateway_choices("alpha")["trouble"]["field"], "admin_token")

	def test_a_user_is_adopted_by_its_id(self) -> None:
		self.gateway.have_user("shop", Secret("fictional-namesake"))
		chosen = self.gateway.have_user("shop", Secret("fictional-chosen"))
		self.begin(gateway_user_id=chosen.id)
		self.assertNotIn("failed", self.work().values())
		self.assertEqual(self.secret("alpha", "gateway_token"), "fictional-chosen")
		self.assertEqual(frappe.db.get_value("WuzAPI Session", "alpha", "made_gateway_user") or "", "")
		self.assertEqual(len(self.gateway.accounts), 2)

	def test_who_cannot_be_adopted_leaves_no_row(self) -> None:
		user = self.gateway.have_user("shop", Secret("fictional-user-token"))
		for given, sentence in (
			({"gateway_user_id": "nobody"}, "no such user"),
			({"gateway_user_id": user.id, "admin_token": "", "gateway_token": "x"}, "administrator's token"),
		):
			with self.subTest(given), self.assertRaisesRegex(frappe.ValidationError, sentence):
				self.begin(**given)
		self.gateway.fail_next("user", Retriable("The gateway does not answer"))
		with self.assertRaisesRegex(frappe.ValidationError, "does not answer"):
			self.begin(gateway_user_id=user.id)
		self.assertFalse(frappe.db.exists("WuzAPI Session", "alpha"))

	def test_a_session_moves_to_another_inbox_once_it_is_ready(self) -> None:
		self.begin()
		self.work()
		made = frappe.db.get_value("WuzAPI Session", "alpha", "inbox_id")
		secret = self.secret("alpha", "chatwoot_secret")
		other = self.chatwoot.have_inbox("Other", callback=ELSEWHERE)
		with self.as_user(MANAGER):
			sessions.set_up("alpha", inbox_id=other.id)
		self.assertEqual(self.work()["Chatwoot callback"], "failed")
		# What works goes on in the inbox that it has.
		fields = ["enabled", "inbox_id", "made_inbox"]
		row = frappe.db.get_value("WuzAPI Session", "alpha", fields)
		self.assertEqual(tuple(row), (1, made, made))
		self.assertEqual(self.secret("alpha", "chatwoot_secret"), secret)
		with self.as_user(MANAGER):
			sessions.set_up("alpha", take_over=True, inbox_id=other.id)
		self.assertNotIn("failed", self.work().values())
		row = frappe.db.get_value("WuzAPI Session", "alpha", fields)
		self.assertEqual(tuple(row), (1, other.id, 0))
		self.assertEqual(self.secret("alpha", "chatwoot_secret"), other.secret.value)

	def test_the_inbox_of_another_session_is_refused_at_once(self) -> None:
		self.begin()
		self.work()
		add_session("beta", 99, chatwoot_url=CHATWOOT, account_id=3, gateway_url="http://other.invalid")
		with self.as_user(MANAGER), self.assertRaisesRegex(frappe.ValidationError, "beta"):
			sessions.set_up("alpha", inbox_id=99)
		self.assertEqual(self.jobs, [])

	def test_only_managers_may(self) -> None:
		add_session("alpha", 201, (LISTED,))
		for user in (LISTED, UNLISTED, STRANGER, "Guest"):
			for call in (sessions.chatwoot_choices, sessions.gateway_choices):
				for session in ("", "alpha"):
					with (
						self.subTest(user=user, call=call.__name__, session=session),
						self.as_user(user),
						self.assertRaises(frappe.PermissionError),
					):
						call(session)


class TestChoiceCommands(ChoicesCase):
	def setUp(self) -> None:
		super().setUp()
		for name in ("init", "connect", "destroy", "set_user"):
			self._patch(patch.object(frappe, name))

	def run_command(self, *arguments: str, code: int = 0, tokens: dict[str, str] | None = None) -> str:
		command = next(each for each in commands if each.name == "wuzapi-sessions")
		result = CliRunner().invoke(command, arguments, obj=command_context(), env=tokens)
		self.assertEqual(result.exit_code, code, result.output)
		return result.output

	def test_lists_and_adopts(self) -> None:
		inbox = self.chatwoot.have_inbox("Shop", callback=ELSEWHERE)
		self.chatwoot.have_inbox("Site", is_api=False)
		user = self.gateway.have_user("shop", Secret("fictional-user-token"))
		chatwoot, gateway = ("--chatwoot-url", CHATWOOT), ("--gateway-url", GATEWAY)
		tokens = {"CHATWOOT_TOKEN": "fictional-access", "GATEWAY_ADMIN_TOKEN": ADMIN_TOKEN}
		self.assertEqual(
			self.run_command("choices", "chatwoot", *chatwoot, tokens=tokens).splitlines(),
			[
				"account 3: Padaria Aurora Ltda",
				"inbox 1: Shop, posts to other.invalid:8443",
				"inbox 2: Site, posts nowhere (cannot be chosen: it is no API inbox)",
			],
		)
		self.assertEqual(
			self.run_command("choices", "gateway", *gateway, tokens=tokens).splitlines(),
			[f"user {user.id}: shop, no number, not connected, posts nowhere"],
		)
		adopt = ("--account", "3", "--inbox", str(inbox.id), "--gateway-user", user.id, "--take-over")
		self.run_command("new", "alpha", *chatwoot, *gateway, *adopt, tokens=tokens)
		self.assertEqual(self.secret("alpha", "gateway_token"), "fictional-user-token")
		seen = json.loads(self.run_command("choices", "chatwoot", "alpha", "--json"))
		self.assertEqual(seen["inboxes"][0]["target"]["posts"], "us")
		other = self.chatwoot.have_inbox("Other")
		self.run_command("set-up", "alpha", "--inbox", str(other.id))
		self.assertEqual(frappe.db.get_value("WuzAPI Session", "alpha", "inbox_id"), other.id)

	def test_what_is_wrong_is_a_sentence_and_a_code(self) -> None:
		self.assertIn("address must be", self.run_command("choices", "chatwoot", code=1))
		output = self.run_command("choices", "gateway", "--gateway-url", GATEWAY, "--json", code=1)
		self.assertEqual(json.loads(output)["trouble"]["field"], "admin_token")
