"""Documents of Frappe that name a row of ours: comments, mails, tags, reminders, followers, discussions, … Who may not read
the row saves none of them, by whatever function of Frappe, since several write without asking.

A document hook, and no list of functions: one that a release of Frappe adds is refused as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import frappe

from wuzapi_chatwoot.frappe_host.i18n.refusal import refuse
from wuzapi_chatwoot.frappe_host.permissions.access import sees_everything
from wuzapi_chatwoot.frappe_host.permissions.row_rules import REFERRING, REFERRING_ROWS, is_ours

# What Frappe notes when somebody ends a task, who may not be listed any more.
_BY_FRAPPE = "Assignment Completed"


def check_reference(doc: Any, event: str | None = None) -> None:
	"""Before a document is saved that names a row which it did not name before."""
	if sees_everything(frappe.session.user) or doc.get("comment_type") == _BY_FRAPPE:
		return
	before = None if doc.is_new() else doc.get_doc_before_save()
	named = set(_named_by(doc)) - (set(_named_by(before)) if before else set())
	for doctype, name in named:
		if not may_use(doctype, name):
			refuse(frappe._("Not permitted"), frappe.PermissionError)


def require_doctype(doctype: Any) -> None:
	"""Some functions of Frappe put the name of a DocType into a statement as it came: it must be one."""
	if not _is_doctype(doctype):
		refuse(frappe._("Not permitted"), frappe.PermissionError)


def may_use(doctype: str, name: Any, kind: str = "read", user: str | None = None) -> bool:
	"""`kind` of a row of ours; false if there is none. Frappe takes a name that is no text for a filter, so it must be one row's."""
	if not _is_doctype(doctype) or not isinstance(name, str | int) or not frappe.db.exists(doctype, name):
		return False
	return bool(frappe.has_permission(doctype, kind, doc=frappe.get_doc(doctype, name), user=user))


def _is_doctype(name: Any) -> bool:
	"""Letter by letter: the database also finds it in capitals, or with blanks behind."""
	return isinstance(name, str) and frappe.db.get_value("DocType", name, cache=True) == name


def _named_by(doc: Any) -> Iterator[tuple[str, str]]:
	for each, fields in ((doc, REFERRING), *((row, REFERRING_ROWS) for row in doc.get_all_children())):
		if each.doctype not in fields:
			continue
		doctype, name = (each.get(field) for field in fields[each.doctype])
		if is_ours(doctype) and name:
			yield str(doctype), str(name)
