"""Functions of Frappe that any log-in may call and that ask about no row: for our DocTypes they ask first, for all others
they are Frappe's own. `hooks.py` puts each in the place of its namesake, and `docs/threat-model.md` lists them.
"""

# No `annotations` from `__future__`: Frappe converts what the browser sends by these types, and passes over text.
from typing import Any

import frappe

from wuzapi_chatwoot.frappe_host.desk.conversation_search import search_conversations
from wuzapi_chatwoot.frappe_host.i18n.refusal import refuse
from wuzapi_chatwoot.frappe_host.permissions.access import ATTACHED, sees_everything, with_ours_only
from wuzapi_chatwoot.frappe_host.permissions.frappe_originals import call_original
from wuzapi_chatwoot.frappe_host.permissions.references import may_use, require_doctype
from wuzapi_chatwoot.frappe_host.permissions.row_rules import RULES, is_ours


@frappe.whitelist(methods=["GET", "POST"])
def get_count(doctype: str, **arguments: Any) -> int:
	"""`frappe.client.get_count` counts with any filter and asks nobody: a text could be guessed letter by letter."""
	if not is_ours(doctype):
		require_doctype(doctype)
		every = call_original("frappe.client.get_count", doctype=doctype, **arguments)
		if doctype not in ATTACHED or sees_everything(frappe.session.user):
			return every
		ours = {**arguments, "filters": with_ours_only(doctype, arguments.get("filters"))}
		return every - call_original("frappe.client.get_count", doctype=doctype, **ours)
	frappe.has_permission(doctype, throw=True)
	# The list's own count: with row conditions, from the same arguments of the request.
	return frappe.call("frappe.desk.reportview.get_count")


@frappe.whitelist(methods=["GET", "POST"])
def validate_link(doctype: str, docname: str, **arguments: Any) -> dict[str, Any]:
	"""`frappe.client.validate_link` says of any name whether it is there."""
	if is_ours(doctype) and not may_use(doctype, docname):
		frappe.has_permission(doctype, throw=True)
		return {"name": None}
	return call_original("frappe.client.validate_link", doctype=doctype, docname=docname, **arguments)


@frappe.whitelist(methods=["GET", "POST"])
def get_link_title(doctype: str, docname: str) -> Any:
	"""`frappe.desk.search.get_link_title` gives the title of any row to anybody."""
	if is_ours(doctype) and not may_use(doctype, docname):
		return docname
	return call_original("frappe.desk.search.get_link_title", doctype=doctype, docname=docname)


@frappe.whitelist(methods=["GET", "POST"])
def search_link(doctype: str, txt: str, **arguments: Any) -> Any:
	"""`frappe.desk.search.search_link` asks row conditions; its answers are shown as HTML, and ours hold what strangers wrote."""
	if is_ours(doctype):
		frappe.has_permission(doctype, throw=True)
	found = call_original("frappe.desk.search.search_link", doctype=doctype, txt=txt, **arguments)
	return [_as_text(row) for row in found] if is_ours(doctype) else found


@frappe.whitelist(methods=["GET", "POST"])
def search_widget(doctype: str, txt: str, **arguments: Any) -> Any:
	"""The same for the search in a dialog."""
	if is_ours(doctype):
		frappe.has_permission(doctype, throw=True)
	found = call_original("frappe.desk.search.search_widget", doctype=doctype, txt=txt, **arguments)
	return [_as_text(row) for row in found] if is_ours(doctype) else found


def _as_text(row: Any) -> Any:
	if isinstance(row, dict):
		return {key: value if key == "value" else _escaped(value) for key, value in row.items()}
	return [row[0], *(_escaped(value) for value in row[1:])]


def _escaped(value: Any) -> Any:
	return frappe.utils.escape_html(value) if isinstance(value, str) else value


@frappe.whitelist(methods=["GET", "POST"])
def get_tagged_docs(doctype: str, tag: str) -> Any:
	"""`frappe.desk.doctype.tag.tag.get_tagged_docs` gives the names of all rows with a tag."""
	if not is_ours(doctype):
		require_doctype(doctype)
		return call_original("frappe.desk.doctype.tag.tag.get_tagged_docs", doctype=doctype, tag=tag)
	frappe.has_permission(doctype, throw=True)
	return frappe.get_list(
		doctype, filters={"_user_tags": ["like", tag]}, fields=["name"], as_list=True, limit_page_length=0
	)


@frappe.whitelist(methods=["GET", "POST"])
def get_group_by_count(doctype: str, current_filters: str, field: str) -> list[dict[str, Any]]:
	"""`frappe.desk.listview.get_group_by_count` counts assignments of rows that fit any filter."""
	if _holds_ours(doctype) and field == "assigned_to" and not _sees_all(doctype):
		return []
	return call_original(
		"frappe.desk.listview.get_group_by_count",
		doctype=doctype,
		current_filters=current_filters,
		field=field,
	)


@frappe.whitelist(methods=["GET", "POST"])
def get_workflow_state_count(doctype: str, workflow_state_field: str, states: Any) -> Any:
	"""`get_workflow_state_count` of Frappe's workflows gives the values of any column of all rows."""
	if _holds_ours(doctype) and not _sees_all(doctype):
		return []
	return call_original(
		"frappe.workflow.doctype.workflow.workflow.get_workflow_state_count",
		doctype=doctype,
		workflow_state_field=workflow_state_field,
		states=states,
	)


@frappe.whitelist(methods=["GET", "POST"])
def get_chart(chart_name: str | None = None, chart: Any = None, **arguments: Any) -> Any:
	"""`get` of Frappe's charts: a heatmap that the caller describes counts with any filter."""
	name = chart_name or frappe._dict(frappe.parse_json(chart) or {}).get("name")
	described = [frappe._dict(frappe.parse_json(chart) or {}).get("document_type")]
	if name:
		described.append(frappe.db.get_value("Dashboard Chart", name, "document_type"))
	for doctype in described:
		if doctype and _holds_ours(doctype) and not _sees_all(doctype):
			refuse(frappe._("You are not permitted to see this chart"), frappe.PermissionError)
	return call_original(
		"frappe.desk.doctype.dashboard_chart.dashboard_chart.get",
		chart_name=chart_name,
		chart=chart,
		**arguments,
	)


@frappe.whitelist(methods=["GET", "POST"])
def get_events(doctype: str, field_map: Any, **arguments: Any) -> Any:
	"""`frappe.desk.calendar.get_events` puts the names in `field_map` into a statement as they came."""
	frappe.has_permission(doctype, throw=True)
	for name in (frappe.parse_json(field_map) or {}).values():
		if name and not str(name).isidentifier():
			refuse(frappe._("Not permitted"), frappe.PermissionError)
	return call_original("frappe.desk.calendar.get_events", doctype=doctype, field_map=field_map, **arguments)


@frappe.whitelist(methods=["GET", "POST"])
def get_next(doctype: str, value: str, prev: Any, **arguments: Any) -> Any:
	"""`get_next` of Frappe's forms compares the caller's rows with any row's field: a text could be guessed by what one writes."""
	if is_ours(doctype) and not may_use(doctype, value):
		refuse(frappe._("Not permitted"), frappe.PermissionError)
	return call_original(
		"frappe.desk.form.utils.get_next", doctype=doctype, value=value, prev=prev, **arguments
	)


@frappe.whitelist(methods=["GET", "POST"])
def get_goal_graph(goal_doctype: str, aggregation: str = "sum", **arguments: Any) -> Any:
	"""`get_monthly_goal_graph_data` counts rows of any second DocType with any filter, and takes any SQL for the name of a function."""
	if aggregation.lower() not in ("sum", "count", "avg", "min", "max"):
		refuse(frappe._("Not permitted"), frappe.PermissionError)
	require_doctype(goal_doctype)
	if _holds_ours(goal_doctype) and not _sees_all(goal_doctype):
		refuse(frappe._("Not permitted"), frappe.PermissionError)
	return call_original(
		"frappe.utils.goal.get_monthly_goal_graph_data",
		goal_doctype=goal_doctype,
		aggregation=aggregation,
		**arguments,
	)


@frappe.whitelist(methods=["GET", "POST"])
def get_reviews(doctype: str, docname: str) -> Any:
	"""`get_reviews` of Frappe's energy points says what was written about any row."""
	if is_ours(doctype) and not may_use(doctype, docname):
		refuse(frappe._("Not permitted"), frappe.PermissionError)
	return call_original(
		"frappe.social.doctype.energy_point_log.energy_point_log.get_reviews",
		doctype=doctype,
		docname=docname,
	)


@frappe.whitelist(methods=["GET", "POST"])
def get_share_users(doctype: str, name: str) -> list[Any]:
	"""`frappe.share.get_users` asks nobody either. Our rows are not shared."""
	if is_ours(doctype):
		if not may_use(doctype, name):
			refuse(frappe._("Not permitted"), frappe.PermissionError)
		return []
	return call_original("frappe.share.get_users", doctype=doctype, name=name)


@frappe.whitelist(methods=["GET", "POST"])
def global_search(text: str, start: int = 0, limit: int = 20, doctype: str = "") -> list[Any]:
	"""`frappe.utils.global_search.search`, with conversations found by name or number. Its own index asks about no row, so ours
	are not in it.
	"""
	found: list[Any] = []
	if not is_ours(doctype):
		found = list(
			call_original(
				"frappe.utils.global_search.search", text=text, start=start, limit=limit, doctype=doctype
			)
		)
	if (
		start
		or doctype not in ("", "WuzAPI Conversation")
		or not frappe.has_permission("WuzAPI Conversation")
	):
		return [each for each in found if each.get("doctype") not in RULES]
	ours = [
		frappe._dict(
			doctype="WuzAPI Conversation", name=str(row["name"]), content=_global_content(text, row), rank=1.0
		)
		for row in search_conversations(text, limit)
	]
	return [*ours, *(each for each in found if each.get("doctype") not in RULES)]


def _global_content(text: str, row: dict[str, Any]) -> str:
	"""`Label : value`. Frappe shows only what has the words in it that were looked for, a number as it was typed included."""
	value = " · ".join(each for each in (row["contact_name"], row["phone"]) if each) or row["chat"]
	label = frappe._("Name") if text.lower() in value.lower() else text.lower()
	return f"{_escaped(label)} : {_escaped(value)}"


def _holds_ours(doctype: Any) -> bool:
	"""Has rows of sessions, or rows that hang onto those: names of files, comments, tags."""
	return is_ours(doctype) or doctype in ATTACHED


def _sees_all(doctype: str) -> bool:
	frappe.has_permission(doctype, throw=True)
	return sees_everything(frappe.session.user)
