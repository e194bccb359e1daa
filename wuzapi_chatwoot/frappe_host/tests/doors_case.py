"""The ways that Frappe offers to read rows, asked as a browser asks: by the name of a method and its arguments."""

# bench runs this with unittest alone
# ruff: noqa: PT009

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import frappe
import frappe.client
from frappe.handler import execute_cmd

from wuzapi_chatwoot.bridge.model.events import SessionChanged, SessionState
from wuzapi_chatwoot.bridge.model.records import Attempt, EventState
from wuzapi_chatwoot.bridge.ports.gateway import OutgoingFile
from wuzapi_chatwoot.frappe_host.files.media import keep_media
from wuzapi_chatwoot.frappe_host.permissions.row_rules import RULES
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

OURS, THEIRS = "alpha", "beta"
SECRET = "Mirabilis"  # noqa: S105
"""In every text of the other session."""
OUTSIDERS = (LISTED, UNLISTED, STRANGER, "Guest")
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


class DoorsCase(PeopleCase):
	"""One session is the agent's, `OURS`; the other is not."""

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
			"validate_link": self.validate_link(doctype, row),
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

	def validate_link(self, doctype: str, row: Any) -> tuple[str, dict[str, Any]]:
		"""Frappe 16 has it under another name."""
		named = {"doctype": doctype, "docname": str(row)}
		if hasattr(frappe.client, "validate_link"):
			return "frappe.client.validate_link", {**named, "fields": '["*"]'}
		return "frappe.client.validate_link_and_fetch", {**named, "fields_to_fetch": '["*"]'}

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

	look: Callable[[], Any] | None = None
	"""What to look at after a question, before what it wrote is taken back. Kept in `left`."""
	left: Any = None

	def ask(self, user: str, door: Any) -> Any:
		"""As the browser does: by the name of a method, over the overrides of all apps. `refused`: it was."""
		method, arguments = door
		if frappe.session.user != user:
			frappe.set_user(user)
		frappe.local.form_dict = frappe._dict(
			{key: value for key, value in arguments.items() if value is not None}, cmd=method
		)
		frappe.local.response = frappe._dict(docs=[])
		frappe.local.request = frappe._dict(method="POST", headers={}, query_string=b"", path="/")
		frappe.db.savepoint("door")
		try:
			for each in frappe.get_hooks("before_request"):
				if each.startswith("wuzapi_chatwoot."):
					frappe.call(each)
			answer = execute_cmd(method)
		except frappe.PermissionError:
			return "refused"
		except Exception as error:  # noqa: BLE001 - shown by the test that compares
			return f"failed: {type(error).__name__} {error}"
		finally:
			self.left = self.look() if self.look else None
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
