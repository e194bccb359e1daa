"""Rows are opened to nobody by sharing, assigning, tagging, commenting, or by being told of live."""

# bench runs this with unittest alone
# ruff: noqa: PT009

from __future__ import annotations

import json
from typing import Any
from unittest.mock import patch

import frappe
import frappe.realtime

from wuzapi_chatwoot.frappe_host.live.live_updates import document_changed, forget_viewers
from wuzapi_chatwoot.frappe_host.permissions.row_rules import RULES
from wuzapi_chatwoot.frappe_host.tests.doors_case import OURS, OUTSIDERS, SECRET, THEIRS, DoorsCase
from wuzapi_chatwoot.frappe_host.tests.site_case import LISTED, MANAGER, STRANGER, UNLISTED


class TestShares(DoorsCase):
	# ---- sharing and assigning

	def test_nobody_can_share_our_rows(self) -> None:
		for doctype in (
			"WuzAPI Session",
			"WuzAPI Conversation",
			"WuzAPI Message",
			"WuzAPI Contact",
			"WuzAPI Event",
		):
			row = str(self.rows[OURS][doctype][0])
			share = {"doctype": doctype, "name": row, "user": UNLISTED}
			for user in (LISTED, MANAGER, "Administrator"):
				for to in ({}, {"everyone": 1}):
					with self.subTest(doctype=doctype, user=user):
						self.assertEqual(self.ask(user, ("frappe.share.add", {**share, **to})), "refused")
		self.assertFalse(frappe.db.exists("DocShare", {"share_doctype": ["like", "WuzAPI %"]}))

	def test_rows_are_assigned_to_people_of_the_session_only(self) -> None:
		conversation = str(self.rows[OURS]["WuzAPI Conversation"][0])
		assign = {"doctype": "WuzAPI Conversation", "name": conversation}
		add = "frappe.desk.form.assign_to.add"
		for by in (LISTED, MANAGER):
			for to in (UNLISTED, STRANGER):
				answer = self.ask(by, (add, {**assign, "assign_to": json.dumps([to])}))
				self.assertIn("may not see this", str(answer))
				self.assertFalse(self.may_read("WuzAPI Conversation", conversation, to))
		answer = self.ask(MANAGER, (add, {**assign, "assign_to": json.dumps([LISTED])}))
		self.assertIn(LISTED, str(answer))
		self.assertNotIn("may not see this", str(answer))

	def test_an_old_share_does_not_open_a_conversation(self) -> None:
		"""The rows of a share that somebody put into the database all the same."""
		conversation = self.rows[THEIRS]["WuzAPI Conversation"][0]
		share = frappe.get_doc(
			{
				"doctype": "DocShare",
				"user": LISTED,
				"share_doctype": "WuzAPI Conversation",
				"share_name": str(conversation),
				"read": 1,
			}
		)
		share.name = frappe.generate_hash(length=10)
		share.db_insert()
		get = ("wuzapi_chatwoot.api.conversations.get_messages", {"conversation": conversation})
		self.assertEqual(self.ask(LISTED, get), "refused")

	# ---- what hangs onto our rows

	def test_files_tags_and_comments_of_another_session_are_not_listed(self) -> None:
		conversation = str(self.rows[THEIRS]["WuzAPI Conversation"][0])
		frappe.get_doc("WuzAPI Conversation", conversation).add_comment("Comment", SECRET)
		frappe.get_doc("WuzAPI Conversation", conversation).add_tag(SECRET)
		frappe.get_doc("User", STRANGER).add_roles("Website Manager")
		for doctype, fields in (
			("File", ["file_name", "file_url"]),
			("Comment", ["content", "reference_name"]),
			("Tag Link", ["title", "tag"]),
		):
			every = {"doctype": doctype, "fields": json.dumps(fields), "limit_page_length": 0}
			ask = ("frappe.client.get_list", every)
			self.assertIn(SECRET, str(self.ask("Administrator", ask)), doctype)
			for user in OUTSIDERS:
				with self.subTest(doctype=doctype, user=user):
					self.assertNotIn(SECRET, str(self.ask(user, ask)))
		own = (
			"frappe.client.get_list",
			{"doctype": "File", "fields": '["file_name"]', "limit_page_length": 0},
		)
		self.assertIn("Hello.txt", str(self.ask(LISTED, own)))

	def test_names_of_files_and_comments_cannot_be_guessed(self) -> None:
		conversation = str(self.rows[THEIRS]["WuzAPI Conversation"][0])
		frappe.get_doc("WuzAPI Conversation", conversation).add_comment("Comment", SECRET)
		states = "frappe.workflow.doctype.workflow.workflow.get_workflow_state_count"
		for doctype, field in (("File", "file_name"), ("Comment", "content")):
			for door, ask in self.guesses(doctype, field).items():
				for user in OUTSIDERS:
					with self.subTest(doctype=doctype, door=door, user=user):
						right, wrong = self.ask(user, ask(f"{SECRET[:4]}%")), self.ask(user, ask("Nothing%"))
						self.assertEqual(right, wrong)
			count = self.guesses(doctype, field)["get_count"]
			# On Frappe 16 only its own managers read comments.
			frappe.set_user(MANAGER)
			reader = MANAGER if frappe.has_permission(doctype) else "Administrator"
			self.assertEqual(self.ask(reader, count(f"{SECRET[:4]}%")), 1, doctype)
			every = {"doctype": doctype, "workflow_state_field": field, "states": "[]"}
			for user in OUTSIDERS:
				self.assertNotIn(SECRET, str(self.ask(user, (states, every))))
		# Frappe 16 counts what the user may see, Frappe 15 everything.
		frappe.set_user(STRANGER)
		upload = {"doctype": "File", "file_name": "Own.txt", "content": b"own", "is_private": 1}
		frappe.get_doc(upload).insert(ignore_permissions=True)
		for filters in ('{"file_name": "Own.txt"}', '[["File", "file_name", "like", "Own%"]]'):
			ask = ("frappe.client.get_count", {"doctype": "File", "filters": filters})
			self.assertEqual(self.ask(STRANGER, ask), 1, "other rows are counted as before")

	# ---- live updates

	def test_lists_are_told_only_to_those_who_may_see_the_row(self) -> None:
		frappe.db.delete("Sessions", {"user": ["in", [*OUTSIDERS, MANAGER]]})
		for session in (OURS, THEIRS):
			forget_viewers(session)
		told: list[tuple[str, str, str]] = []

		def emit(event: str, message: dict[str, Any], room: str) -> None:
			told.append((event, str(message.get("name")), room))

		with (
			patch("wuzapi_chatwoot.frappe_host.live.live_updates.emit_via_redis", emit),
			patch("frappe.realtime.emit_via_redis", emit),
		):
			for session in (OURS, THEIRS):
				document_changed("WuzAPI Conversation", self.rows[session]["WuzAPI Conversation"][0])
				frappe.get_doc("WuzAPI Session", session).save()
			frappe.db.after_commit.run()
		lists = {(name, room) for event, name, room in told if event == "list_update"}
		self.assertFalse([room for _, room in lists if room.startswith("doctype:")])
		for session, users in ((OURS, {LISTED, MANAGER}), (THEIRS, {MANAGER})):
			for name in (session, str(self.rows[session]["WuzAPI Conversation"][0])):
				rooms = {room for each, room in lists if each == name}
				asked = {f"user:{user}" for user in (*OUTSIDERS, MANAGER)}
				# Nobody is logged in yet: whoever comes next hears of it all the same.
				self.assertEqual(rooms & asked, {f"user:{user}" for user in users}, name)

	def test_rooms_of_documents_let_in_readers_only(self) -> None:
		for user in OUTSIDERS:
			for doctype in RULES:
				if RULES[doctype].is_child:
					continue
				for row in self.rows[THEIRS][doctype]:
					with self.subTest(doctype=doctype, user=user):
						self.assertEqual(self.ask(user, _join(doctype, row)), "refused")


def _join(doctype: str, row: Any) -> tuple[str, dict[str, str]]:
	"""What the realtime server asks, before it lets somebody into a document's room: Frappe 15, Frappe 16."""
	if hasattr(frappe.realtime, "can_subscribe_doc"):
		return "frappe.realtime.can_subscribe_doc", {"doctype": doctype, "docname": str(row)}
	return "frappe.realtime.has_permission", {"doctype": doctype, "name": str(row)}
