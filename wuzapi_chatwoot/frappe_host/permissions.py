"""Who may see which rows: managers all, WuzAPI Users those of the sessions they are listed in.

Always in pairs: `…_conditions` for lists, `may_…` for single documents.
"""

from __future__ import annotations

from typing import Any

import frappe

MANAGERS = {"WuzAPI Manager", "System Manager"}


def sees_everything(user: str) -> bool:
	return user == "Administrator" or bool(MANAGERS.intersection(frappe.get_roles(user)))


def may_use_session(doc: Any, ptype: str | None = None, user: str | None = None) -> bool:
	user = user or frappe.session.user
	return sees_everything(user) or doc.is_new() or _is_listed(doc.name, user)


def may_use_row(doc: Any, ptype: str | None = None, user: str | None = None) -> bool:
	user = user or frappe.session.user
	return sees_everything(user) or _is_listed(doc.session, user)


def _is_listed(session: str | None, user: str) -> bool:
	return bool(
		session
		and frappe.db.exists(
			"WuzAPI Session User", {"parent": session, "parenttype": "WuzAPI Session", "user": user}
		)
	)


def session_conditions(user: str | None = None) -> str:
	return _conditions("`tabWuzAPI Session`.name", user)


def change_conditions(user: str | None = None) -> str:
	return _conditions("`tabWuzAPI Session Change`.session", user)


def contact_conditions(user: str | None = None) -> str:
	return _conditions("`tabWuzAPI Contact`.session", user)


def conversation_conditions(user: str | None = None) -> str:
	return _conditions("`tabWuzAPI Conversation`.session", user)


def message_conditions(user: str | None = None) -> str:
	return _conditions("`tabWuzAPI Message`.session", user)


def event_conditions(user: str | None = None) -> str:
	return _conditions("`tabWuzAPI Event`.session", user)


def file_conditions(user: str | None = None) -> str:
	"""Single files need no hook: Frappe asks for the message they are attached to."""
	of_own_sessions = _conditions("message.session", user)
	if not of_own_sessions:
		return ""
	return f"""(COALESCE(`tabFile`.attached_to_doctype, '') != 'WuzAPI Message' OR EXISTS (
		SELECT 1 FROM `tabWuzAPI Message` AS message
		WHERE message.name = CAST(`tabFile`.attached_to_name AS UNSIGNED) AND {of_own_sessions}))"""  # noqa: S608 - escaped


def _conditions(column: str, user: str | None) -> str:
	user = user or frappe.session.user
	if sees_everything(user):
		return ""
	return (
		f"{column} IN (SELECT parent FROM `tabWuzAPI Session User` "  # noqa: S608 - the user is escaped
		f"WHERE parenttype = 'WuzAPI Session' AND user = {frappe.db.escape(user)})"
	)
