"""Every way that Frappe offers to read rows, tried on every DocType of this app by every kind of user.

One session is the agent's, the other is not. Whatever way it is, nothing of the other session may be in the answer. A
DocType that is added later is in here by itself.
"""

# bench runs this with unittest alone
# ruff: noqa: PT009

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import frappe
from frappe.handler import execute_cmd

from ...bridge.events import SessionChanged, SessionState
from ...bridge.ports import OutgoingFile
from ...bridge.records import Attempt, EventState
from ..live_updates import document_changed, forget_viewers
from ..media import keep_media
from ..row_rules import RULES
from ..store import FrappeStore
from .site_case import (
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

OURS, THEIRS = "alpha", "beta"
SECRET = "Mirabilis"  # noqa: S105
"""In every text of the other session."""
_NOTHING = (LISTED, UNLISTED, STRANGER, "Guest")
_PARENTS = {
	"WuzAPI Session User": "WuzAPI Session",
	"WuzAPI Contact Address": "WuzAPI Contact",
	"WuzAPI Event Attempt": "WuzAPI Event",
}
_FIELD = {
	"WuzAPI Session User": "user",
	"WuzAPI Contact Address": "address",
	"WuzAPI Event Attempt": "error",
}


class TestDoors(PeopleCase):
	def setUp(self) -> None:
		super().setUp()
		add_session(OURS, 181, (LISTED,))
		add_session(THEIRS, 182, (MANAGER,))
		self.messages = {}
		for name, phone, text in ((OURS, "+447700900181", "Hello"), (THEIRS, "+447700900182", SECRET)):
			message = add_message(name, phone, f"ID-{name}", text=text, sender_name=text)
			self.messages[name] = message
			frappe.db.sql("UPDATE `tabWuzAPI Contact` SET contact_name = %s WHERE session = %s", (text, name))
			event = add_event(name, f"key-{name}")
			attempt = Attempt(at=AT, outcome="retriable", error=text)
			FrappeStore().finish_event(event, EventState.DEAD, AT, attempt)
			FrappeStore().note_session_change(name, SessionChanged(SessionState.CONNECTED, detail=text), AT)
			keep_media(message, OutgoingFile(text.encode(), "text/plain", f"{text}.txt"))
		self.rows = {
			session: {doctype: self._rows(doctype, session) for doctype in RULES}
			for session in (OURS, THEIRS)
		}

	def _rows(self, doctype: str, session: str) -> list[Any]:
		filters = {RULES[doctype].column: session}
		if RULES[doctype].parent == "WuzAPI Session":
			filters = {"parent": session}
		elif RULES[doctype].parent:
			parents = frappe.get_all(RULES[doctype].parent, filters={"session": session}, pluck="name")
			filters = {"parent": ["in", [str(each) for each in parents]]}
		return frappe.get_all(doctype, filters=filters, pluck="name")

	def test_no_doctype_is_left_out(self) -> None:
		ours = frappe.get_all(
			"DocType", filters={"module": "WuzAPI Chatwoot", "issingle": 0}, pluck="name", order_by="name asc"
		)
		self.assertEqual(ours, sorted(RULES))
		for doctype in ours:
			meta = frappe.get_meta(doctype)
			self.assertEqual(bool(meta.istable), RULES[doctype].is_child, doctype)
			self.assertEqual(meta.autoname == "autoincrement", RULES[doctype].is_numbered, doctype)
			self.assertFalse(meta.show_title_field_in_link, doctype)
			for session in (OURS, THEIRS):
				self.assertTrue(self.rows[session][doctype] or doctype == "WuzAPI Lane", doctype)

	def test_no_list_shows_rows_of_another_session(self) -> None:
		for user in _NOTHING:
			for doctype in RULES:
				for door, ask in self.lists(doctype).items():
					with self.subTest(doctype=doctype, door=door, user=user):
						self.assert_nothing_of_theirs(doctype, self.ask(user, ask))

	def test_managers_see_both_through_the_same_doors(self) -> None:
		for doctype in RULES:
			ask = self.lists(doctype)["get_list"]
			found = str(self.ask(MANAGER, ask))
			for session in (OURS, THEIRS):
				for row in self.rows[session][doctype]:
					self.assertIn(str(row), found, doctype)

	def test_the_doors_are_open_for_those_who_may_pass(self) -> None:
		"""What is refused to others would prove nothing if it were asked wrongly."""
		for doctype in RULES:
			if doctype == "WuzAPI Lane":
				continue
			for door, ask in {
				**self.lists(doctype),
				**self.singles(doctype, self.rows[THEIRS][doctype][0]),
			}.items():
				# What Frappe's own tools refuse or fail at, whoever asks.
				if door in ("wrong parent", "no parent") or (door == "linked" and RULES[doctype].is_child):
					continue
				with self.subTest(doctype=doctype, door=door):
					self.assertNotRegex(str(self.ask("Administrator", ask)), "^(refused|failed)")

	def test_the_agent_sees_rows_of_their_own_session(self) -> None:
		for doctype in RULES:
			if doctype == "WuzAPI Lane":
				continue
			answer = self.ask(LISTED, self.lists(doctype)["get_list"])
			self.assertEqual(
				{str(row["name"]) for row in answer}, {str(row) for row in self.rows[OURS][doctype]}, doctype
			)

	def test_no_document_of_another_session_is_given(self) -> None:
		for user in _NOTHING:
			for doctype in RULES:
				for row in self.rows[THEIRS][doctype]:
					for door, ask in self.singles(doctype, row).items():
						with self.subTest(doctype=doctype, door=door, user=user):
							answer = self.ask(user, ask)
							self.assertNotIn(SECRET, str(answer))
							self.assertNotIn("900182", str(answer))

	def test_texts_cannot_be_guessed_by_counting(self) -> None:
		for user in _NOTHING:
			for door, ask in self.guesses("WuzAPI Message", "text").items():
				with self.subTest(door=door, user=user):
					right, wrong = self.ask(user, ask(f"{SECRET[:4]}%")), self.ask(user, ask("Nothing%"))
					self.assertEqual(right, wrong)
		self.assertEqual(
			self.ask(MANAGER, self.guesses("WuzAPI Message", "text")["get_count"](f"{SECRET[:4]}%")), 1
		)

	def test_fields_that_are_hidden_are_neither_given_nor_compared(self) -> None:
		"""Of their own session an agent learns neither addresses nor settings nor the payload of an event."""
		hidden = {
			"WuzAPI Session": ("gateway_url", "chatwoot_url", "inbox_id", "gateway_secret", "control_agents"),
			"WuzAPI Event": ("payload", "event_key"),
		}
		for doctype, fields in hidden.items():
			for ask in (
				self.lists(doctype)["get_list"],
				self.singles(doctype, self.rows[OURS][doctype][0])["get"],
			):
				answer = self.ask(LISTED, ask)
				self.assertNotIsInstance(answer, frappe.PermissionError)
				[row] = answer if isinstance(answer, list) else [answer]
				self.assertFalse([field for field in fields if row.get(field)], doctype)
			for field in fields:
				for door, ask in self.guesses(doctype, field).items():
					with self.subTest(doctype=doctype, field=field, door=door):
						right, wrong = self.ask(LISTED, ask("%")), self.ask(LISTED, ask("Nothing%"))
						self.assertEqual(right, wrong)
				order = {"doctype": doctype, "fields": '["name"]', "order_by": f"`{field}` asc"}
				self.assertEqual(self.ask(LISTED, ("frappe.client.get_list", order)), "refused")
		with self.as_user(MANAGER):
			self.assertEqual(
				frappe.get_list("WuzAPI Session", filters={"name": OURS}, pluck="gateway_url"),
				["http://gateway-181.invalid"],
			)

	def test_a_manager_saves_what_agents_do_not_see(self) -> None:
		with self.as_user(MANAGER):
			doc = frappe.get_doc("WuzAPI Session", OURS)
			doc.update({"gateway_url": "http://gateway-183.invalid", "groups": 0}).save()
		kept = frappe.db.get_value("WuzAPI Session", OURS, ["gateway_url", "groups"])
		self.assertEqual(kept, ("http://gateway-183.invalid", 0))

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
			for user in _NOTHING:
				with self.subTest(doctype=doctype, user=user):
					self.assertNotIn(SECRET, str(self.ask(user, ask)))
		own = (
			"frappe.client.get_list",
			{"doctype": "File", "fields": '["file_name"]', "limit_page_length": 0},
		)
		self.assertIn("Hello.txt", str(self.ask(LISTED, own)))

	# ---- live updates

	def test_lists_are_told_only_to_those_who_may_see_the_row(self) -> None:
		frappe.db.delete("Sessions", {"user": ["in", [*_NOTHING, MANAGER]]})
		for user in (*_NOTHING, MANAGER):
			frappe.db.sql(
				"INSERT INTO `tabSessions` (user, sid, lastupdate, status) VALUES (%s, %s, %s, 'Active')",
				(user, frappe.generate_hash(length=20), frappe.utils.now()),
			)
		for session in (OURS, THEIRS):
			forget_viewers(session)
		told: list[tuple[str, str, str]] = []

		def emit(event: str, message: dict[str, Any], room: str) -> None:
			told.append((event, str(message.get("name")), room))

		with (
			patch("wuzapi_chatwoot.frappe_host.live_updates.emit_via_redis", emit),
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
				self.assertEqual(rooms - {"user:Administrator"}, {f"user:{user}" for user in users}, name)

	def test_rooms_of_documents_let_in_readers_only(self) -> None:
		for user in _NOTHING:
			for doctype in RULES:
				if RULES[doctype].is_child:
					continue
				for row in self.rows[THEIRS][doctype]:
					join = ("frappe.realtime.can_subscribe_doc", {"doctype": doctype, "docname": str(row)})
					with self.subTest(doctype=doctype, user=user):
						self.assertEqual(self.ask(user, join), "refused")

	# ---- doors

	def lists(self, doctype: str) -> dict[str, Any]:
		parent = _PARENTS.get(doctype)
		ask = {"doctype": doctype, "fields": '["*"]', "limit_page_length": 0}
		doors = {
			"get_list": ("frappe.client.get_list", {**ask, "parent": parent}),
			"get_value": (
				"frappe.client.get_value",
				{
					"doctype": doctype,
					"fieldname": '["*"]',
					"filters": self.of_theirs(doctype),
					"parent": parent,
				},
			),
			"reportview.get": ("frappe.desk.reportview.get", {**ask, "parent_doctype": parent}),
			"reportview.get_list": ("frappe.desk.reportview.get_list", {**ask, "parent_doctype": parent}),
			"search_link": ("frappe.desk.search.search_link", {"doctype": doctype, "txt": ""}),
			"search_secret": ("frappe.desk.search.search_link", {"doctype": doctype, "txt": SECRET}),
			"export_query": (
				"frappe.desk.reportview.export_query",
				{**ask, "file_format_type": "CSV", "title": "x", "parent_doctype": parent},
			),
			"export_data": (
				"frappe.core.doctype.data_export.exporter.export_data",
				{"doctype": doctype, "with_data": 1, "file_type": "CSV"},
			),
			"tagged": ("frappe.desk.doctype.tag.tag.get_tagged_docs", {"doctype": doctype, "tag": "%"}),
			"states": (
				"frappe.workflow.doctype.workflow.workflow.get_workflow_state_count",
				{"doctype": doctype, "workflow_state_field": "owner", "states": "[]"},
			),
		}
		if parent:
			doors["wrong parent"] = ("frappe.client.get_list", {**ask, "parent": "ToDo"})
			doors["no parent"] = ("frappe.client.get_list", ask)
			doors["joined"] = (
				"frappe.client.get_list",
				{"doctype": parent, "fields": json.dumps(["name", f"`tab{doctype}`.`{_FIELD[doctype]}`"])},
			)
		return doors

	def of_theirs(self, doctype: str) -> str:
		return json.dumps({"name": ["in", self.rows[THEIRS][doctype] or [0]]})

	def singles(self, doctype: str, row: Any) -> dict[str, Any]:
		named = {"doctype": doctype, "name": str(row)}
		parent = {"parent": _PARENTS.get(doctype)}
		return {
			"get": ("frappe.client.get", {**named, **parent}),
			"getdoc": ("frappe.desk.form.load.getdoc", named),
			"docinfo": ("frappe.desk.form.load.get_docinfo", named),
			"title": ("frappe.desk.search.get_link_title", {"doctype": doctype, "docname": str(row)}),
			"validate_link": (
				"frappe.client.validate_link",
				{"doctype": doctype, "docname": str(row), "fields": '["*"]'},
			),
			"preview": (
				"frappe.desk.link_preview.get_preview_data",
				{"doctype": doctype, "docname": str(row)},
			),
			"linked": ("frappe.desk.form.linked_with.get", {"doctype": doctype, "docname": str(row)}),
			"shares": ("frappe.share.get_users", named),
			"print": ("frappe.www.printview.get_html_and_style", {"doc": doctype, "name": str(row)}),
			"counts": ("frappe.desk.notifications.get_open_count", named),
			"permissions": ("frappe.client.get_doc_permissions", {"doctype": doctype, "docname": str(row)}),
		}

	def guesses(self, doctype: str, field: str) -> dict[str, Callable[[str], Any]]:
		"""Ways to learn whether a row has such a value."""
		chart = {"document_type": doctype, "type": "Heatmap", "based_on": "creation", "filters_json": "[]"}

		def like(value: str) -> str:
			return json.dumps([[doctype, field, "like", value]])

		return {
			"get_count": lambda value: (
				"frappe.client.get_count",
				{"doctype": doctype, "filters": like(value)},
			),
			"get_count by name": lambda value: (
				"frappe.client.get_count",
				{"doctype": doctype, "filters": json.dumps({field: ["like", value]})},
			),
			"reportview.get_count": lambda value: (
				"frappe.desk.reportview.get_count",
				{"doctype": doctype, "filters": like(value), "fields": "[]"},
			),
			"get_list": lambda value: (
				"frappe.client.get_list",
				{"doctype": doctype, "fields": '["name"]', "filters": like(value)},
			),
			"or_filters": lambda value: (
				"frappe.client.get_list",
				{"doctype": doctype, "fields": '["name"]', "or_filters": like(value)},
			),
			"get_value": lambda value: (
				"frappe.client.get_value",
				{"doctype": doctype, "fieldname": "name", "filters": json.dumps({field: ["like", value]})},
			),
			"search_link": lambda value: (
				"frappe.desk.search.search_link",
				{"doctype": doctype, "txt": value.strip("%"), "searchfield": field},
			),
			"group_by": lambda value: (
				"frappe.desk.listview.get_group_by_count",
				{"doctype": doctype, "current_filters": like(value), "field": "assigned_to"},
			),
			"group_by owner": lambda value: (
				"frappe.desk.listview.get_group_by_count",
				{"doctype": doctype, "current_filters": like(value), "field": "owner"},
			),
			"chart": lambda value: (
				"frappe.desk.doctype.dashboard_chart.dashboard_chart.get",
				{"chart": json.dumps(chart), "filters": like(value), "heatmap_year": AT.year, "no_cache": 1},
			),
			"stats": lambda value: (
				"frappe.desk.reportview.get_sidebar_stats",
				{"doctype": doctype, "stats": '["owner"]', "filters": like(value)},
			),
		}

	def ask(self, user: str, door: Any) -> Any:
		"""As the browser does: by the name of a method, over the overrides of all apps. `refused`: it was."""
		method, arguments = door
		if frappe.session.user != user:
			frappe.set_user(user)
		frappe.local.form_dict = frappe._dict(
			{key: value for key, value in arguments.items() if value is not None}, cmd=method
		)
		frappe.local.response = frappe._dict(docs=[])
		frappe.local.request = frappe._dict(method="POST", headers={})
		frappe.db.savepoint("door")
		try:
			answer = execute_cmd(method)
		except frappe.PermissionError:
			return "refused"
		except Exception as error:  # noqa: BLE001 - shown by the test that compares
			return f"failed: {type(error).__name__} {error}"
		finally:
			frappe.db.rollback(save_point="door")
			frappe.clear_messages()
			frappe.local.form_dict = frappe._dict()
			response, frappe.local.response = frappe.local.response, frappe._dict(docs=[])
			del frappe.local.request
		given = {key: value for key, value in response.items() if value}
		return answer if answer is not None else str(_plain(given)) if given else None

	def assert_nothing_of_theirs(self, doctype: str, answer: Any) -> None:
		self.assertNotIn(SECRET, str(answer))
		self.assertNotIn("900182", str(answer))
		if isinstance(answer, list):
			found = {str(row.get("name")) for row in answer if isinstance(row, dict)}
			self.assertFalse(found.intersection(str(row) for row in self.rows[THEIRS][doctype]), answer)

	def may_read(self, doctype: str, name: Any, user: str) -> bool:
		return bool(frappe.has_permission(doctype, doc=frappe.get_doc(doctype, name), user=user))


def _plain(given: Any) -> Any:
	"""Documents show themselves by name alone."""
	if isinstance(given, dict):
		return {key: _plain(value) for key, value in given.items()}
	if isinstance(given, list):
		return [_plain(each) for each in given]
	return given.as_dict() if hasattr(given, "as_dict") else given
