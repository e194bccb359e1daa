"""The rows of a session's history, beside what the store's contract says of it: of sessions only, and gone with them."""

# bench runs this with unittest alone
# ruff: noqa: PT009

from __future__ import annotations

from datetime import timedelta

import frappe

from wuzapi_chatwoot.bridge.model.events import SessionChanged, SessionState
from wuzapi_chatwoot.frappe_host.store import FrappeStore
from wuzapi_chatwoot.frappe_host.tests.site_case import AT, SiteCase, add_session


class TestSessionChanges(SiteCase):
	def setUp(self) -> None:
		super().setUp()
		add_session("alpha", 191)
		add_session("beta", 192)
		self.store = FrappeStore()

	def test_a_row_for_each_change_and_none_for_repeats(self) -> None:
		for minute, change in enumerate(
			(
				SessionChanged(SessionState.STARTING),
				SessionChanged(SessionState.SCAN_QR, qr="data:1"),
				SessionChanged(SessionState.SCAN_QR, qr="data:2"),
				SessionChanged(SessionState.CONNECTED),
				SessionChanged(SessionState.LOGGED_OUT, "the phone removed this linked device"),
			)
		):
			self.store.note_session_change("alpha", change, AT + timedelta(minutes=minute))
		self.store.note_session_change("nobody", SessionChanged(SessionState.CONNECTED), AT)
		rows = frappe.get_all(
			"WuzAPI Session Change", fields=["session", "state", "detail"], order_by="name asc", as_list=True
		)
		self.assertEqual(
			[row for row in rows if row[0] in ("alpha", "nobody")],
			[
				("alpha", "starting", ""),
				("alpha", "scan_qr", ""),
				("alpha", "connected", ""),
				("alpha", "logged_out", "the phone removed this linked device"),
			],
		)

	def test_they_do_not_hold_a_session_back_that_is_deleted(self) -> None:
		self.store.note_session_change("alpha", SessionChanged(SessionState.CONNECTED), AT)
		frappe.delete_doc("WuzAPI Session", "alpha")
		self.assertEqual(frappe.db.count("WuzAPI Session Change", {"session": "alpha"}), 0)

	def test_an_inbox_may_be_missing_only_while_the_session_is_off(self) -> None:
		for name in ("gamma", "delta"):
			add_session(name, 0, enabled=0)
		doc = frappe.get_doc("WuzAPI Session", "gamma")
		doc.enabled = 1
		with self.assertRaisesRegex(frappe.ValidationError, "inbox"):  # noqa: PT027 - unittest
			doc.save()
