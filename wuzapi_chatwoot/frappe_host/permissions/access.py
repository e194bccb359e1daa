"""Who may see which rows: managers all, WuzAPI Users those of the sessions they are listed in.

The table `RULES` has every DocType of this app that has rows, child tables included; `hooks.py` is made from it. Lists
ask `row_conditions`, single documents `may_use_row`: both answer from the same table, so they cannot disagree. Sharing
is refused (`session_records.py`), since Frappe lets a share override both.
"""

from __future__ import annotations

from typing import Any

import frappe

from wuzapi_chatwoot.frappe_host.permissions.field_filters import refuse_filters_on_hidden_fields
from wuzapi_chatwoot.frappe_host.permissions.row_rules import RULES

MANAGERS = ("WuzAPI Manager", "System Manager")


def sees_everything(user: str) -> bool:
	return user == "Administrator" or not set(MANAGERS).isdisjoint(frappe.get_roles(user))


def may_use_row(doc: Any, ptype: str | None = None, user: str | None = None) -> bool:
	"""For every DocType of the table. A document that is not saved yet belongs to no session."""
	user = user or frappe.session.user
	return sees_everything(user) or doc.is_new() or is_listed(session_of(doc), user)


def session_of(doc: Any) -> str | None:
	return doc.get(RULES[doc.doctype].column)


def is_listed(session: str | None, user: str) -> bool:
	return bool(
		session
		and frappe.db.exists(
			"WuzAPI Session User", {"parent": session, "parenttype": "WuzAPI Session", "user": user}
		)
	)


def viewers_of(session: str) -> list[str]:
	"""The users who may see the session's rows, logged in or not: whoever logs in hears of the next change."""
	return list(
		frappe.db.sql_list(
			"""SELECT name FROM `tabUser` WHERE enabled = 1
			AND (name = 'Administrator'
			OR name IN (SELECT user FROM `tabWuzAPI Session User`
				WHERE parent = %(session)s AND parenttype = 'WuzAPI Session')
			OR name IN (SELECT parent FROM `tabHas Role` WHERE parenttype = 'User' AND role IN %(managers)s))""",
			{"session": session, "managers": MANAGERS},
		)
	)


def row_conditions(user: str | None = None, doctype: str = "") -> str:
	"""The condition of a list of that DocType; empty for those who see every row."""
	user = user or frappe.session.user
	if sees_everything(user):
		return ""
	refuse_filters_on_hidden_fields(doctype, user)
	return _condition(doctype, f"`tab{doctype}`", user)


def _condition(doctype: str, table: str, user: str) -> str:
	rule = RULES[doctype]
	if rule.parent:
		return _of_visible_parents(rule.parent, table, user)
	return (
		f"{table}.`{rule.column}` IN (SELECT listed.parent FROM `tabWuzAPI Session User` AS listed "  # noqa: S608 - escaped
		f"WHERE listed.parenttype = 'WuzAPI Session' AND listed.user = {frappe.db.escape(user)})"
	)


def _of_visible_parents(parent_doctype: str, table: str, user: str) -> str:
	parent = RULES[parent_doctype]
	name = f"CAST({table}.parent AS UNSIGNED)" if parent.is_numbered else f"{table}.parent"
	return (
		f"{table}.parenttype = {frappe.db.escape(parent_doctype)} AND EXISTS (SELECT 1 FROM `tab{parent_doctype}` AS of_row "  # noqa: S608
		f"WHERE of_row.name = {name} AND {_condition(parent_doctype, 'of_row', user)})"
	)


def attached_conditions(user: str | None = None, doctype: str = "") -> str:
	"""For rows that hang onto documents of any DocType: those that hang onto ours follow the rules of what they hang onto.

	Single files need no hook: Frappe asks for the document they are attached to.
	"""
	user = user or frappe.session.user
	if sees_everything(user):
		return ""
	kind, name = ATTACHED[doctype]
	kind, name = f"`tab{doctype}`.`{kind}`", f"`tab{doctype}`.`{name}`"
	visible = " OR ".join(
		f"({kind} = {frappe.db.escape(each)} AND EXISTS (SELECT 1 FROM `tab{each}` AS of_row "  # noqa: S608 - escaped
		f"WHERE of_row.name = {f'CAST({name} AS UNSIGNED)' if rule.is_numbered else name} "
		f"AND {_condition(each, 'of_row', user)}))"
		for each, rule in RULES.items()
		if not rule.is_child
	)
	ours = ", ".join(str(frappe.db.escape(each)) for each in RULES)
	return f"(COALESCE({kind}, '') NOT IN ({ours}) OR {visible})"


def with_ours_only(doctype: str, filters: Any) -> list[Any]:
	"""Filters as a browser sends them, and that the rows hang onto something of ours: for counts that ask about no row."""
	given = frappe.parse_json(filters) if isinstance(filters, str) and filters else filters
	if isinstance(given, dict):
		given = [
			[key, *value] if isinstance(value, list | tuple) else [key, "=", value]
			for key, value in given.items()
		]
	elif not isinstance(given, list | tuple):
		given = [["name", "=", given]] if given else []
	kind, _name = ATTACHED[doctype]
	return [*given, [kind, "in", list(RULES)]]


# DocTypes of Frappe that many people may list, and the columns that say to which document a row belongs.
ATTACHED = {
	"File": ("attached_to_doctype", "attached_to_name"),
	"Comment": ("reference_doctype", "reference_name"),
	"Tag Link": ("document_type", "document_name"),
}
