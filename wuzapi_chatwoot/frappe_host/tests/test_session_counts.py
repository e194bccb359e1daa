"""How many messages a session has carried: true as soon as they have passed."""

# bench runs this with unittest alone
# ruff: noqa: PT009, PT027

from __future__ import annotations

import frappe

from wuzapi_chatwoot.api import sessions
from wuzapi_chatwoot.bridge.model.events import Status
from wuzapi_chatwoot.bridge.model.records import Direction
from wuzapi_chatwoot.frappe_host.jobs.session_counts import count_messages
from wuzapi_chatwoot.frappe_host.tests.site_case import LISTED, UNLISTED, PeopleCase, add_message, add_session


class TestFigures(PeopleCase):
	def figures(self) -> tuple[int, int, int]:
		with self.as_user(LISTED):
			found = sessions.figures("alpha")
		return found["in"], found["out"], found["failed"]

	def test_they_are_true_before_and_after_a_count(self) -> None:
		add_session("alpha", 201, (LISTED,))
		add_session("beta", 202)
		self.assertEqual(self.figures(), (0, 0, 0))
		add_message("alpha", "447700900101", "A1")
		sent = {"direction": Direction.OUT, "origin": "agent"}
		add_message("alpha", "447700900101", "A2", **sent, status=Status.FAILED)
		add_message("beta", "447700900102", "B1")
		self.assertEqual(self.figures(), (1, 1, 1))
		count_messages()
		self.assertEqual(self.figures(), (1, 1, 1))
		add_message("alpha", "447700900101", "A3", **sent)
		self.assertEqual(self.figures(), (1, 2, 1))
		# One that goes out after all is no failure any more.
		frappe.db.set_value("WuzAPI Message", {"whatsapp_id": "A2"}, "status", "sent")
		self.assertEqual(self.figures(), (1, 2, 0))

	def test_they_are_for_readers_of_the_session(self) -> None:
		add_session("alpha", 201, (LISTED,))
		with self.as_user(UNLISTED), self.assertRaises(frappe.PermissionError):
			sessions.figures("alpha")
