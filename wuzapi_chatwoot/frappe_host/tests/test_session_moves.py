"""A session whose document gets another inbox begins anew in it; every other change leaves its conversations alone."""

# bench runs this with unittest alone
# ruff: noqa: PT009

from __future__ import annotations

import frappe

from wuzapi_chatwoot.frappe_host.store import FrappeStore
from wuzapi_chatwoot.frappe_host.tests.site_case import SiteCase, add_message, add_session

PHONE = "+447700900141"


class TestSessionMoves(SiteCase):
	def setUp(self) -> None:
		super().setUp()
		self.session = add_session("alpha", 141)
		message = add_message("alpha", PHONE, "A")
		self.store = FrappeStore()
		self.conversation, self.chat = message.conversation, message.chat
		self.store.update_conversation(self.conversation, {"chatwoot_conversation_id": 6})

	def present(self) -> int | None:
		row = self.store.get_conversation(self.conversation)
		return row.chatwoot_conversation_id if row else None

	def test_another_inbox_begins_anew(self) -> None:
		for field, value in (
			("inbox_id", 142),
			("account_id", 2),
			("chatwoot_url", "http://other-chatwoot.invalid"),
		):
			with self.subTest(field=field):
				self.store.update_conversation(self.conversation, {"chatwoot_conversation_id": 6})
				doc = frappe.get_doc("WuzAPI Session", "alpha")
				doc.set(field, value)
				doc.set("chatwoot_token", "fictional-access")
				doc.save()
				self.assertIsNone(self.present())
				self.assertEqual(len(self.store.find_messages("alpha", self.chat, ["A"])), 1)

	def test_another_gateway_or_policy_changes_nothing(self) -> None:
		doc = frappe.get_doc("WuzAPI Session", "alpha")
		doc.gateway_url = "http://other-gateway.invalid"
		doc.set("gateway_token", "fictional-token")
		doc.mark_read_on_reply = 1
		doc.save()
		self.assertEqual(self.present(), 6)
