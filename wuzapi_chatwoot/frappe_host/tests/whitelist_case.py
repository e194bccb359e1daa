"""All functions of Frappe that a browser may call, found by walking through its modules, and arguments for each by their names."""

# bench runs this with unittest alone

from __future__ import annotations

import importlib
import inspect
import json
import pkgutil
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any
from unittest.mock import patch

import frappe

from wuzapi_chatwoot.frappe_host.permissions.row_rules import RULES
from wuzapi_chatwoot.frappe_host.tests.doors_case import SECRET, DoorsCase

_NO_MODULES = re.compile(r"\.(tests?|patches|commands|test_\w+|boilerplate)(\.|$)")
_READS = re.compile(
	r"\s*(/\*.*?\*/\s*)?(select|show|explain|desc|savepoint|release|rollback|set|with|\()\b", re.I
)
_DDL = re.compile(r"\s*(alter|create|drop|truncate|optimize|rename)\b", re.I)
# What belongs to the caller, or names a DocType and no row.
_OWN = re.compile(
	r"`?(__UserSettings|tab(Route History|Error Log|Activity Log|Access Log|Sessions|Singles|DefaultValue|Desktop Icon|"
	r"Kanban Board|Number Card|Dashboard Chart|Report|Prepared Report|List Filter))`"
)


@cache
def whitelist() -> dict[str, Any]:
	"""By the name that a browser says, without methods of documents."""
	for module in pkgutil.walk_packages(frappe.__path__, "frappe."):
		if not _NO_MODULES.search(module.name):
			try:
				importlib.import_module(module.name)
			except ImportError:
				continue
	found = {}
	for function in frappe.whitelisted:
		name = f"{function.__module__}.{function.__qualname__}"
		if name.startswith("frappe.") and "." not in function.__qualname__:
			found[name] = function
	return dict(sorted(found.items()))


def parameters(function: Any) -> dict[str, inspect.Parameter]:
	return dict(inspect.signature(function).parameters)


class WhitelistCase(DoorsCase):
	writes: list[str]

	def call(self, user: str, method: str, given: dict[str, Any]) -> Any:
		"""The answer, or why there is none. What was written stands in `writes`, and is taken back."""
		with self.watched():
			answer = self.ask(user, (method, given))
		if str(answer).startswith(("refused", "failed")):
			self._forget_uncommitted()
		return answer

	def _forget_uncommitted(self) -> None:
		"""Frappe takes back what a failed request wrote since it last committed."""
		kept = [i for i, each in enumerate(self.writes) if each == "committed"]
		del self.writes[kept[-1] if kept else 0 :]

	@contextmanager
	def watched(self) -> Iterator[None]:
		self.writes = []
		frappe.local.request_ip = "127.0.0.1"
		cursor, rollback = frappe.db._cursor, frappe.db.rollback

		def only_savepoints(*, save_point: str | None = None, **_: Any) -> None:
			if save_point:
				rollback(save_point=save_point)
			else:
				self._forget_uncommitted()

		def mail(*args: Any, **kwargs: Any) -> None:
			self.writes.append(f"mailed {args} {kwargs}")

		frappe.db._cursor = _Watched(cursor, self.writes)
		try:
			with (
				patch.object(frappe.db, "commit", lambda *args, **kwargs: self.writes.append("committed")),
				patch.object(frappe.db, "begin", lambda *args, **kwargs: None),
				patch.object(frappe.db, "rollback", only_savepoints),
				patch.dict(frappe.flags, {"in_test": False}),
				patch("frappe.utils.background_jobs.get_queue", lambda *args, **kwargs: _Queue(self.writes)),
				patch("frappe.sendmail", mail),
				patch.object(frappe.cache, "incrby", lambda *args: 1),
			):
				yield
		finally:
			frappe.db._cursor = cursor


class _Queue:
	def __init__(self, writes: list[str]) -> None:
		self.writes = writes

	def enqueue_call(self, *args: Any, **kwargs: Any) -> None:
		"""Works at once, as the caller, what a worker would work for them."""
		job = kwargs["kwargs"]
		method = frappe.get_attr(job["method"]) if isinstance(job["method"], str) else job["method"]
		method(**job["kwargs"])


class _Watched:
	def __init__(self, cursor: Any, writes: list[str]) -> None:
		self._cursor, self._writes = cursor, writes

	def __getattr__(self, name: str) -> Any:
		return getattr(self._cursor, name)

	def execute(self, query: str, values: Any = None) -> Any:
		if not _READS.match(query):
			said = self._cursor.mogrify(query, values) if values else query
			self._writes.append(said)
			if _DDL.match(query):
				self._writes.append("committed")
				raise frappe.PermissionError("would change a table")
		return self._cursor.execute(query, values)


def about_ours(writes: list[str]) -> list[str]:
	"""What changes our tables, or names one of our rows."""
	return [each for each in writes if not _OWN.search(each) and any(doctype in each for doctype in RULES)]


def names_a_doctype(function: Any) -> bool:
	return any(name in _DOCTYPE for name in parameters(function))


def may_name_a_row(function: Any) -> bool:
	"""By a DocType, by a whole document, or by what it reads from the request."""
	known = parameters(function)
	return (
		names_a_doctype(function) or not known or bool({"doc", "docs", "args", "kwargs"}.intersection(known))
	)


def without_a_value(function: Any) -> list[str]:
	"""Required arguments that `arguments` does not know."""
	values = next(_variants("ToDo", "x", "Guest", {}))
	return [
		name
		for name, each in parameters(function).items()
		if each.kind is each.POSITIONAL_OR_KEYWORD and each.default is each.empty and name not in values
	]


def arguments(
	function: Any, doctype: str, row: str, user: str, doc: dict[str, Any]
) -> Iterator[dict[str, Any]]:
	"""For each parameter what may say which row is meant, what to do with it, or by what to find it. Several values where
	functions understand one name differently."""
	known = parameters(function)
	names = {name for name, each in known.items() if each.kind is each.POSITIONAL_OR_KEYWORD}
	said: list[dict[str, Any]] = []
	for variant in _variants(doctype, row, user, doc):
		given = {name: variant[name] for name in names if name in variant}
		given.update(
			{
				name: "1"
				for name in names
				if name not in variant and known[name].default is inspect.Parameter.empty
			}
		)
		if function.__module__ == "frappe.desk.reportview" and not names:
			given = {key: variant[key] for key in ("doctype", "fields", "filters")}
			given |= {"items": json.dumps([row]), "file_format_type": "CSV", "title": "x"}
		elif not variant.get("args") or not names:
			given = {**{key: variant[key] for key in _READ_FROM_THE_REQUEST if key in variant}, **given}
		if given not in said:
			said.append(given)
			yield given


_READ_FROM_THE_REQUEST = [
	"doctype",
	"name",
	"fields",
	"assign_to",
	"items",
	"dt",
	"dn",
	"fid",
	"file_url",
	"parent",
	"filters",
]
_DOCTYPE = [
	"doctype",
	"dt",
	"reference_doctype",
	"ref_doctype",
	"reference_dt",
	"reminder_doctype",
	"share_doctype",
	"_doctype",
	"goal_doctype",
	"for_doctype",
	"document",
	"doctype_name",
	"child_type",
	"document_type",
]
_NAME = [
	"name",
	"dn",
	"docname",
	"doc_name",
	"reference_name",
	"ref_name",
	"reminder_docname",
	"reference_doc",
	"reference_docname",
	"old",
	"old_name",
	"source_name",
	"parent",
	"value",
	"label",
	"contact",
	"communication",
	"event",
	"goal_doctype_link",
]
_NAMES = ["names", "docnames", "source_names", "selected_children", "items", "queues"]
_REST: dict[str, Any] = {
	**dict.fromkeys(["fieldname", "searchfield", "sort_field", "field"], "name"),
	**dict.fromkeys(["limit_start", "start", "prev", "permlevel", "send_email"], 0),
	**dict.fromkeys(["goal_value_field", "goal_history_field", "goal_total_field"], "idx"),
	**dict.fromkeys(["page_len", "limit", "points", "with_data", "ignore_permissions"], 20),
	**dict.fromkeys(["start_date", "end_date", "end", "remind_at"], "2099-01-01 00:00:00"),
	**dict.fromkeys(["message", "subject"], "{{ doc.as_json() }}"),
	"fields": '["*"]',
	"field_map": json.dumps(dict.fromkeys(("start", "end", "id", "title"), "name")),
	"txt": "",
	"text": SECRET,
	"comment": "word",
	"comment_type": "Comment",
	"frequency": "Daily",
	"review_type": "Criticism",
	"attachments": "[]",
	"tags": '["x"]',
	"add": "Yes",
	"states": "[]",
	"workflow_state_field": "owner",
	"stats": '["owner"]',
	"permission_to": "read",
	"perm_type": "read",
	"filedata": "eA==",
	"file_type": "CSV",
	"export_records": "all",
	"sort_order": "asc",
	"current_filters": "[]",
	"to_user": "Administrator",
	"role": "WuzAPI User",
	"ptype": "write",
	**dict.fromkeys(
		[
			"description",
			"new_name",
			"new",
			"reason",
			"title",
			"reply",
			"tag",
			"content",
			"route",
			"contact_name",
			"board_name",
		],
		"word",
	),
	**dict.fromkeys(["printer_setting", "current_state", "module", "goal_doctype_link"], "word"),
	**dict.fromkeys(["values", "listview_settings", "report_settings", "user_settings"], "{}"),
	"removed_listview_fields": "[]",
	"like": "1",
	"following": True,
	"type": "coordinates",
	"field_name": "status",
	"tree_method": "frappe.desk.treeview.get_children",
	"print_format": "Standard",
	"goal_field": "creation",
	"date_field": "creation",
	"aggregation": "max",
}


def _variants(doctype: str, row: str, user: str, doc: dict[str, Any]) -> Iterator[dict[str, Any]]:
	one, by_name = json.dumps([row]), json.dumps({"name": row})
	same = {
		**_REST,
		**dict.fromkeys(_DOCTYPE, doctype),
		**dict.fromkeys(_NAME, row),
		**dict.fromkeys(_NAMES, one),
		**dict.fromkeys(["user", "recipients", "email", "comment_email", "comment_by"], user),
		"assign_to": json.dumps([user]),
		"filters": by_name,
		"or_filters": by_name,
		"export_fields": json.dumps({doctype: ["name"]}),
		"data": json.dumps({"owner": user}),
	}
	changed = {**doc, "owner": user}
	chart = {
		"document_type": doctype,
		"type": "Heatmap",
		"based_on": "creation",
		"filters_json": "[]",
		"function": "Count",
	}
	yield {
		**same,
		"doc": json.dumps(changed),
		"docs": json.dumps([{**changed, "docname": row}]),
		"action": "Save",
		"args": json.dumps({**same, **changed}),
	}
	yield {
		**same,
		"doc": doctype,
		"docs": one,
		"action": "update",
		"chart": json.dumps(chart),
		"args": json.dumps({**same, **chart, "doctype": doctype}),
	}
	yield {
		**same,
		"doc": json.dumps({**chart, **changed}),
		"docs": json.dumps([{"doctype": doctype, "docname": row, "idx": 7}]),
		"action": "delete",
		"filters": "[]",
		"name": one,
		"value": "x",
		"args": json.dumps({**same, "name": one}),
	}
	yield {**same, "args": None, "filters": json.dumps([[doctype, "name", "=", row]])}
	# What the caller may read stands first, and what they may not behind it.
	yield {
		**same,
		"doctype": "User",
		"name": user,
		"docname": user,
		"filters": "{}",
		"doc": "{}",
		"docs": "[]",
		"args": None,
	}
