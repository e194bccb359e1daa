"""Every function of Frappe that writes about a row without asking, tried on every DocType of this app."""

# bench runs this with unittest alone
# ruff: noqa: PT009

from __future__ import annotations

import json
from functools import partial
from typing import Any

import frappe

from wuzapi_chatwoot.frappe_host.permissions.row_rules import RULES
from wuzapi_chatwoot.frappe_host.tests.doors_case import OURS, OUTSIDERS, THEIRS, DoorsCase
from wuzapi_chatwoot.frappe_host.tests.site_case import LISTED, MANAGER

_TRACES = {
	"Comment": "reference_doctype",
	"Tag Link": "document_type",
	"Document Follow": "ref_doctype",
	"File": "attached_to_doctype",
	"ToDo": "reference_type",
}


class TestWriteDoors(DoorsCase):
	def test_nobody_writes_about_rows_of_another_session(self) -> None:
		for user in OUTSIDERS:
			for doctype in RULES:
				for row in self.rows[THEIRS][doctype][:1]:
					for door, ask in self.writes(doctype, str(row), user).items():
						with self.subTest(doctype=doctype, door=door, user=user):
							before = self.traces(doctype)
							self.look = partial(self.traces, doctype)
							self.assertEqual(self.ask(user, ask), "refused")
							self.assertEqual(self.left, before)

	def test_a_filter_is_no_name_of_a_row(self) -> None:
		ask = (
			"frappe.desk.like.toggle_like",
			{"doctype": "WuzAPI Conversation", "name": {"name": [">", 0]}, "add": "Yes"},
		)
		self.assertEqual(self.ask(LISTED, ask), "refused")

	def test_other_letters_name_the_same_doctype(self) -> None:
		row = str(self.rows[THEIRS]["WuzAPI Conversation"][0])
		for doctype in ("wuzapi conversation", "WuzAPI Conversation ", "WUZAPI CONVERSATION"):
			for door, ask in self.writes(doctype, row, LISTED).items():
				with self.subTest(doctype=doctype, door=door):
					self.assertEqual(self.ask(LISTED, ask), "refused")

	def test_mails_and_locks_of_another_session_stay_where_they_are(self) -> None:
		row = str(self.rows[THEIRS]["WuzAPI Conversation"][0])
		about = {"reference_doctype": "WuzAPI Conversation", "reference_name": row}
		mail = frappe.get_doc({"doctype": "Communication", "subject": "x", "content": "x", **about}).insert()
		for user in (LISTED, "Guest"):
			for to in (about, {"reference_doctype": "User", "reference_name": LISTED}):
				ask = ("frappe.email.relink", {"name": mail.name, **to})
				self.assertEqual(self.ask(user, ask), "refused", to)
			unlock = {"doctype": "WuzAPI Conversation", "name": row}
			for given in (unlock, {"args": json.dumps(unlock)}):
				self.assertEqual(self.ask(user, ("frappe.model.document.unlock_document", given)), "refused")

	def test_the_listed_user_likes_and_follows(self) -> None:
		doctype = "WuzAPI Conversation"
		row = self.rows[OURS][doctype][0]
		doors = self.writes(doctype, str(row), LISTED)
		for door in ("like", "update_follow", "follow", "unfollow", "followers"):
			with self.subTest(door=door):
				self.assertNotRegex(str(self.ask(LISTED, doors[door])), "^(refused|failed)")
		self.look = partial(frappe.db.get_value, doctype, row, "_liked_by")
		self.ask(LISTED, doors["like"])
		self.assertIn(LISTED, self.left)

	def test_nobody_lets_another_follow_what_they_may_not_see(self) -> None:
		row = str(self.rows[THEIRS]["WuzAPI Conversation"][0])
		ask = self.writes("WuzAPI Conversation", row, LISTED)["follow"]
		self.assertEqual(self.ask(MANAGER, ask), "refused")

	def writes(self, doctype: str, row: str, user: str) -> dict[str, Any]:
		tag = "frappe.desk.doctype.tag.tag"
		follow = "frappe.desk.form.document_follow"
		named = {"doctype": doctype, "doc_name": row}
		one = json.dumps([row])
		return {
			"like": ("frappe.desk.like.toggle_like", {"doctype": doctype, "name": row, "add": "Yes"}),
			"add_tag": (f"{tag}.add_tag", {"tag": "x", "dt": doctype, "dn": row}),
			"add_tags": (f"{tag}.add_tags", {"tags": '["x"]', "dt": doctype, "docs": one}),
			"remove_tag": (f"{tag}.remove_tag", {"tag": "x", "dt": doctype, "dn": row}),
			"update_follow": (f"{follow}.update_follow", {**named, "following": True}),
			"follow": (f"{follow}.follow_document", {**named, "user": user}),
			"unfollow": (f"{follow}.unfollow_document", {**named, "user": user}),
			"followers": (f"{follow}.get_follow_users", named),
			"attach": (
				"frappe.utils.file_manager.add_attachments",
				{"doctype": doctype, "name": row, "attachments": "[]"},
			),
			"assign": (
				"frappe.automation.doctype.assignment_rule.assignment_rule.bulk_apply",
				{"doctype": doctype, "docnames": one},
			),
		}

	def traces(self, doctype: str) -> list[Any]:
		"""The whole rows, columns included, and what hangs onto them."""
		rows = frappe.db.sql(f"SELECT * FROM `tab{doctype}` ORDER BY name", as_dict=True)  # noqa: S608
		return [rows, *(frappe.db.count(each, {column: doctype}) for each, column in _TRACES.items())]
