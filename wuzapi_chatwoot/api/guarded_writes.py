"""Functions of Frappe that write about any row for any log-in: for our DocTypes they ask for that very row first, for all
others they are Frappe's own. `hooks.py` puts each in the place of its namesake, and `docs/threat-model.md` lists them.
"""

# No `annotations` from `__future__`: Frappe converts what the browser sends by these types, and passes over text.
from typing import Any

import frappe

from wuzapi_chatwoot.frappe_host.i18n.refusal import refuse
from wuzapi_chatwoot.frappe_host.permissions.frappe_originals import call_original
from wuzapi_chatwoot.frappe_host.permissions.references import may_use, require_doctype
from wuzapi_chatwoot.frappe_host.permissions.row_rules import is_ours

_TAG = "frappe.desk.doctype.tag.tag"
_FOLLOW = "frappe.desk.form.document_follow"


@frappe.whitelist(methods=["GET", "POST"])
def toggle_like(doctype: str, name: Any, add: Any = False) -> Any:
	"""Writes `_liked_by` and a comment; a column that is missing is added to the table."""
	_ask(doctype, name, "read")
	return call_original("frappe.desk.like.toggle_like", doctype=doctype, name=name, add=add)


@frappe.whitelist(methods=["GET", "POST"])
def add_tag(tag: Any, dt: str, dn: Any, color: Any = None) -> Any:
	"""Frappe asks for `write` only after its UPDATE."""
	_ask(dt, dn, "write")
	return call_original(f"{_TAG}.add_tag", tag=tag, dt=dt, dn=dn, color=color)


@frappe.whitelist(methods=["GET", "POST"])
def add_tags(tags: Any, dt: str, docs: Any, color: Any = None) -> Any:
	"""The same for several rows: one that is refused refuses all."""
	if is_ours(dt):
		for name in frappe.parse_json(docs):
			_ask(dt, name, "write")
	else:
		require_doctype(dt)
	return call_original(f"{_TAG}.add_tags", tags=tags, dt=dt, docs=docs, color=color)


@frappe.whitelist(methods=["GET", "POST"])
def remove_tag(tag: Any, dt: str, dn: Any) -> Any:
	"""Frappe asks for `write` only after its UPDATE, here too."""
	_ask(dt, dn, "write")
	return call_original(f"{_TAG}.remove_tag", tag=tag, dt=dt, dn=dn)


@frappe.whitelist(methods=["GET", "POST"])
def update_follow(doctype: str, doc_name: Any, following: bool) -> Any:
	"""Writes that the caller follows the row, or no longer."""
	_ask(doctype, doc_name, "read")
	return call_original(f"{_FOLLOW}.update_follow", doctype=doctype, doc_name=doc_name, following=following)


@frappe.whitelist(methods=["GET", "POST"])
def follow_document(doctype: str, doc_name: Any, user: str) -> Any:
	"""Followers are sent what changes by e-mail: the named user must see the row, too."""
	_ask(doctype, doc_name, "read")
	_ask(doctype, doc_name, "read", user)
	return call_original(f"{_FOLLOW}.follow_document", doctype=doctype, doc_name=doc_name, user=user)


@frappe.whitelist(methods=["GET", "POST"])
def unfollow_document(doctype: str, doc_name: Any, user: str) -> Any:
	"""Removes what says that a user follows the row."""
	_ask(doctype, doc_name, "read")
	return call_original(f"{_FOLLOW}.unfollow_document", doctype=doctype, doc_name=doc_name, user=user)


@frappe.whitelist(methods=["GET", "POST"])
def get_follow_users(doctype: str, doc_name: Any) -> Any:
	"""Says who follows any row."""
	_ask(doctype, doc_name, "read")
	return call_original(f"{_FOLLOW}.get_follow_users", doctype=doctype, doc_name=doc_name)


@frappe.whitelist(methods=["GET", "POST"])
def add_attachments(doctype: str, name: Any, attachments: Any) -> Any:
	"""Hangs files onto any row."""
	_ask(doctype, name, "write")
	return call_original(
		"frappe.utils.file_manager.add_attachments", doctype=doctype, name=name, attachments=attachments
	)


@frappe.whitelist(methods=["GET", "POST"])
def bulk_apply(doctype: str, docnames: Any) -> Any:
	"""Applies the assignment rules to any rows."""
	if is_ours(doctype):
		for name in frappe.parse_json(docnames):
			_ask(doctype, name, "write")
	else:
		require_doctype(doctype)
	return call_original(
		"frappe.automation.doctype.assignment_rule.assignment_rule.bulk_apply",
		doctype=doctype,
		docnames=docnames,
	)


@frappe.whitelist(methods=["GET", "POST"])
def unlock_document(doctype: Any = None, name: Any = None, args: Any = None) -> Any:
	"""Removes the lock of a document that is being submitted."""
	named = frappe._dict(frappe.parse_json(args) or {}) if args and not doctype and not name else {}
	_ask(doctype or named.get("doctype"), name or named.get("name"), "write")
	return call_original("frappe.model.document.unlock_document", doctype=doctype, name=name, args=args)


@frappe.whitelist(methods=["GET", "POST"])
def relink(name: Any, reference_doctype: Any = None, reference_name: Any = None) -> Any:
	"""Hangs any mail onto any document, whose readers may then read it."""
	before = isinstance(name, str) and frappe.db.get_value(
		"Communication", name, ["reference_doctype", "reference_name"]
	)
	for doctype, row in (before or (None, None), (reference_doctype, reference_name)):
		_ask(doctype, row, "email")
	return call_original(
		"frappe.email.relink", name=name, reference_doctype=reference_doctype, reference_name=reference_name
	)


def _ask(doctype: Any, name: Any, kind: str, user: str | None = None) -> None:
	"""Whether a row is there is not told either. What is no DocType would become part of a statement in some of these functions."""
	if is_ours(doctype):
		if not may_use(doctype, name, kind, user):
			refuse(frappe._("Not permitted"), frappe.PermissionError)
	elif doctype:
		require_doctype(doctype)
