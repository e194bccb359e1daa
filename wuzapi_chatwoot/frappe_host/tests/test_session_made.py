"""Inboxes that were made for a session and left for another one are remembered, had again, and removed with the rest."""

# bench runs this with unittest alone
# ruff: noqa: PT009

from __future__ import annotations

from typing import Any

import frappe

from wuzapi_chatwoot.api import sessions
from wuzapi_chatwoot.frappe_host.sessions import setup
from wuzapi_chatwoot.frappe_host.tests.session_case import ADMIN_TOKEN
from wuzapi_chatwoot.frappe_host.tests.site_case import MANAGER, add_session
from wuzapi_chatwoot.frappe_host.tests.test_session_choices import CHATWOOT, ChoicesCase


class TestMade(ChoicesCase):
	def setUp(self) -> None:
		super().setUp()
		self.begin()
		self.work()
		self.made = self.row()["inbox_id"]
		self.theirs = self.chatwoot.have_inbox("Theirs")
		self.moves_to(self.theirs.id)

	def row(self) -> dict[str, Any]:
		fields = ["inbox_id", "made_inbox", "earlier_inboxes"]
		return frappe.db.get_value("WuzAPI Session", "alpha", fields, as_dict=True)

	def moves_to(self, inbox_id: int) -> None:
		with self.as_user(MANAGER):
			sessions.set_up("alpha", inbox_id=inbox_id)
		self.assertNotIn("failed", self.work().values())
		self.assertEqual(self.row()["inbox_id"], inbox_id)

	def remove(self) -> dict[str, str]:
		with self.as_user(MANAGER):
			sessions.remove("alpha", ADMIN_TOKEN, user=True, inbox=True, inbox_name="alpha")
		return self.work()

	def test_it_is_named_before_and_removed_with_the_rest(self) -> None:
		row = self.row()
		self.assertEqual((row["made_inbox"], row["earlier_inboxes"]), (0, f"{self.made} alpha"))
		[user] = self.gateway.accounts
		self.assertEqual(
			setup.to_be_removed("alpha", user=True, inbox=True),
			[
				f"The user alpha on the gateway ({user}), with its pairing",
				f"Inbox {self.made} (alpha) in Chatwoot, with every conversation in it",
			],
		)
		self.assertEqual(setup.to_be_removed("alpha", user=False, inbox=False), [])
		self.assertEqual(
			self.remove(), {"gateway user": "done", f"Chatwoot inbox {self.made} (alpha)": "done"}
		)
		self.assertEqual(list(self.chatwoot.account), [self.theirs.id])
		row = self.row()
		self.assertEqual((row["inbox_id"], row["earlier_inboxes"]), (self.theirs.id, ""))

	def test_one_that_is_had_again_is_no_earlier_one_any_more(self) -> None:
		self.moves_to(self.made)
		row = self.row()
		self.assertEqual((row["made_inbox"], row["earlier_inboxes"]), (self.made, ""))

	def test_what_another_session_has_taken_stays(self) -> None:
		elsewhere = {"chatwoot_url": CHATWOOT, "account_id": 3, "gateway_url": "http://other.invalid"}
		add_session("beta", self.made, **elsewhere)
		self.assertEqual(self.remove()[f"Chatwoot inbox {self.made} (alpha)"], "found")
		self.assertIn(self.made, self.chatwoot.account)
		self.assertEqual(self.row()["earlier_inboxes"], f"{self.made} alpha")
