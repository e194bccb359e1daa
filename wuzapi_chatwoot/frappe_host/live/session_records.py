"""What all our documents have in common on a site: nobody can share them, and only those who may see them hear of them."""

from __future__ import annotations

from typing import Any

import frappe
from frappe.model.base_document import BaseDocument
from frappe.model.document import Document

from wuzapi_chatwoot.frappe_host.i18n.refusal import refuse
from wuzapi_chatwoot.frappe_host.live.live_updates import document_changed
from wuzapi_chatwoot.frappe_host.permissions.access import session_of

_TEXTS = ("Data", "Small Text", "Text", "Long Text")


class _PlainText(Document):
	"""What people wrote is text, not HTML, also where Frappe prints it: it was not stored through Frappe's documents."""

	def get_formatted(self, fieldname: str, *arguments: Any, **options: Any) -> Any:
		value, field = self.get(fieldname), self.meta.get_field(fieldname)
		if isinstance(value, str) and field is not None and field.fieldtype in _TEXTS:
			return frappe.utils.escape_html(value).replace("\n", "<br>")
		return super().get_formatted(fieldname, *arguments, **options)


class SessionRecord(_PlainText):
	def validate_share(self, share: Any) -> None:
		"""A share would override the sessions' lists. Frappe calls this before it stores one."""
		refuse(
			frappe._("This cannot be shared: who may see it is set in the session, under People"),
			frappe.PermissionError,
		)

	def notify_update(self) -> None:
		"""Frappe's own also tells every reader of the DocType the names of rows; and at its `doc_update` the desk reloads
		a form a second later, whatever somebody is doing there. Ours asks first, see `renew.js`.
		"""
		if not frappe.flags.in_patch:
			document_changed(self.doctype, self.name, session_of(self))


class SessionRecordRow(_PlainText):
	"""A row of a child table."""

	@property
	def parent_doc(self) -> Any:
		"""Frappe asks the document it belongs to for permission, and asks nobody if the row was loaded by itself."""
		return self._given_parent() or (frappe.get_doc(self.parenttype, self.parent) if self.parent else None)

	@parent_doc.setter
	def parent_doc(self, value: Any) -> None:
		BaseDocument.parent_doc.fset(self, value)

	def _given_parent(self) -> Any:
		return BaseDocument.parent_doc.fget(self)
