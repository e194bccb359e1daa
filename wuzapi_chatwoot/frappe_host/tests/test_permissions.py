"""Who sees what: lists and single documents say the same, for every kind of user and every DocType."""

# bench runs this with unittest alone
# ruff: noqa: PT009

from __future__ import annotations

from typing import Any

import frappe

from wuzapi_chatwoot.bridge.model.events import SessionChanged, SessionState
from wuzapi_chatwoot.bridge.ports.gateway import OutgoingFile
from wuzapi_chatwoot.frappe_host.files.media import keep_media
from wuzapi_chatwoot.frappe_host.store import FrappeStore
from wuzapi_chatwoot.frappe_host.tests.site_case import (
	AT,
	LISTED,
	MANAGER,
	STRANGER,
	UNLISTED,
	PeopleCase,
	add_event,
	add_message,
	add_session,
)

_OF_USERS = (
	"WuzAPI Session",
	"WuzAPI Session Change",
	"WuzAPI Contact",
	"WuzAPI Conversation",
	"WuzAPI Message",
	"WuzAPI Event",
)
_OF_MANAGERS = ("WuzAPI Lane",)
_EVERYBODY = (LISTED, UNLISTED, MANAGER, STRANGER, "Guest", "Administrator")


class TestPermissions(PeopleCase):
	def setUp(self) -> None:
		super().setUp()
		add_session("alpha", 101, (LISTED,))
		add_session("beta", 102)
		self.messages = {
			name: add_message(name, phone, f"ID-{name}")
			for name, phone in (("alpha", "+447700900101"), ("beta", "+447700900102"))
		}
		for name in self.messages:
			add_event(name, f"key-{name}")
			FrappeStore().note_session_change(name, SessionChanged(SessionState.CONNECTED), AT)

	def test_lists_show_what_each_may_see(self) -> None:
		for doctype in (*_OF_USERS, *_OF_MANAGERS):
			both = self._rows(doctype)
			self.assertEqual(len(both["alpha"]), 1, doctype)
			self.assertEqual(len(both["beta"]), 1, doctype)
			ours = both["alpha"] | both["beta"]
			of_listed = both["alpha"] if doctype in _OF_USERS else set()
			expected = {LISTED: of_listed, MANAGER: ours, "Administrator": ours}
			for user in _EVERYBODY:
				with self.subTest(doctype=doctype, user=user):
					self.assertEqual(self._listed(doctype, user) & ours, expected.get(user, set()))

	def test_single_documents_agree_with_lists(self) -> None:
		for doctype in (*_OF_USERS, *_OF_MANAGERS):
			both = self._rows(doctype)
			for user in _EVERYBODY:
				listed = self._listed(doctype, user)
				for name in both["alpha"] | both["beta"]:
					with self.subTest(doctype=doctype, user=user, name=name):
						self.assertEqual(self._may(doctype, name, "read", user), name in listed)

	def test_machines_rows_are_written_by_nobody_and_settings_by_managers(self) -> None:
		for user in _EVERYBODY[:-1]:
			for doctype in (*_OF_USERS[1:], *_OF_MANAGERS):
				for ptype in ("write", "create"):
					with self.subTest(doctype=doctype, user=user, ptype=ptype):
						self.assertFalse(frappe.has_permission(doctype, ptype, user=user))
			for doctype in ("WuzAPI Session", "WuzAPI Settings"):
				with self.subTest(doctype=doctype, user=user):
					self.assertEqual(frappe.has_permission(doctype, "write", user=user), user == MANAGER)

	def test_a_user_who_is_taken_off_the_list_sees_nothing_any_more(self) -> None:
		session = frappe.get_doc("WuzAPI Session", "alpha")
		session.users = []
		session.save()
		for doctype in _OF_USERS:
			self.assertEqual(self._listed(doctype, LISTED), set())

	def test_files_are_for_readers_of_their_message(self) -> None:
		for message in self.messages.values():
			keep_media(message, OutgoingFile(b"of " + message.session.encode(), "text/plain", "note.txt"))
		names = {
			session: frappe.db.get_value(
				"File", {"attached_to_doctype": "WuzAPI Message", "attached_to_name": str(message.id)}
			)
			for session, message in self.messages.items()
		}
		expected = {LISTED: {"alpha"}, MANAGER: {"alpha", "beta"}, "Administrator": {"alpha", "beta"}}
		for user in _EVERYBODY:
			listed = self._listed("File", user)
			for session, name in names.items():
				with self.subTest(user=user, session=session):
					may = session in expected.get(user, set())
					self.assertEqual(self._may("File", name, "read", user), may)
					self.assertEqual(name in listed, may)

	def test_secrets_do_not_leave_the_server(self) -> None:
		with self.as_user(MANAGER):
			[row] = frappe.get_list("WuzAPI Session", filters={"name": "alpha"}, fields=["*"])
			doc = frappe.get_doc("WuzAPI Session", "alpha").as_dict()
		for found in (row, doc):
			for field in ("gateway_token", "gateway_secret", "chatwoot_token", "chatwoot_secret"):
				self.assertEqual(set(found[field]), {"*"}, field)

	# ----

	def _rows(self, doctype: str) -> dict[str, set[Any]]:
		field = "name" if doctype == "WuzAPI Session" else "session"
		return {
			session: set(frappe.get_all(doctype, filters={field: session}, pluck="name"))
			for session in ("alpha", "beta")
		}

	def _listed(self, doctype: str, user: str) -> set[Any]:
		with self.as_user(user):
			try:
				return set(frappe.get_list(doctype, pluck="name", limit_page_length=0))
			except frappe.PermissionError:
				return set()

	def _may(self, doctype: str, name: Any, ptype: str, user: str) -> bool:
		return bool(frappe.has_permission(doctype, ptype, doc=frappe.get_doc(doctype, name), user=user))
