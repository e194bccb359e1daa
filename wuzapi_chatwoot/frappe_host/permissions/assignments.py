"""Who may be given a row of ours to look after: those who may see it. Frappe would share it with anybody else."""

from __future__ import annotations

from typing import Any

import frappe

from wuzapi_chatwoot.frappe_host.i18n.refusal import refuse
from wuzapi_chatwoot.frappe_host.permissions.access import is_listed, sees_everything, session_of
from wuzapi_chatwoot.frappe_host.permissions.row_rules import RULES


def check_assignee(todo: Any, event: str | None = None) -> None:
	"""Before a ToDo is stored."""
	if todo.reference_type not in RULES or not todo.reference_name or not todo.allocated_to:
		return
	if todo.status in ("Closed", "Cancelled") or not frappe.db.exists(
		todo.reference_type, todo.reference_name
	):
		return
	row = frappe.get_doc(todo.reference_type, todo.reference_name)
	if sees_everything(todo.allocated_to):
		return
	session = session_of(row)
	if not is_listed(session, todo.allocated_to) or not frappe.has_permission(
		row.doctype, doc=row, user=todo.allocated_to
	):
		refuse(
			frappe._("{0} may not see this: list them in the session {1} first").format(
				todo.allocated_to, session
			)
		)
