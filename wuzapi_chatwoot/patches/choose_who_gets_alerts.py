"""Who is told of a session's losses can be chosen. On a site that is older the same people are told as before: who made
the session, and those of its users who manage it.
"""

from __future__ import annotations

import frappe

from wuzapi_chatwoot.frappe_host.permissions.access import sees_everything


def execute() -> None:
	for session in frappe.get_all("WuzAPI Session", fields=["name", "owner"]):
		listed = frappe.get_all(
			"WuzAPI Session User",
			filters={"parent": session.name, "parenttype": "WuzAPI Session"},
			fields=["name", "user"],
		)
		for row in listed:
			# The new column came with a 1 for everybody.
			if not sees_everything(row.user):
				frappe.db.set_value("WuzAPI Session User", row.name, "gets_alerts", 0, update_modified=False)
		# Who may see the session only by this row is not let in by us.
		if listed and session.owner not in {row.user for row in listed} and sees_everything(session.owner):
			_list(session.name, session.owner, len(listed) + 1)


def _list(session: str, user: str, idx: int) -> None:
	frappe.get_doc(
		{
			"doctype": "WuzAPI Session User",
			"parent": session,
			"parenttype": "WuzAPI Session",
			"parentfield": "users",
			"idx": idx,
			"user": user,
			"gets_alerts": 1,
		}
	).db_insert()
