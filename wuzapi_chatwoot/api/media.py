"""The files of messages, for those who may read the message and use its session."""

# No `annotations` from `__future__`: Frappe converts what the browser sends by these types, and passes over text.
from typing import Any

import frappe

from wuzapi_chatwoot.frappe_host.files.media import MESSAGE
from wuzapi_chatwoot.frappe_host.files.media_response import media_response


@frappe.whitelist(methods=["GET"])
def get(file: str) -> Any:
	"""The bytes of a file (the name of a File document that belongs to a message), as an attachment."""
	doc = frappe.get_doc("File", file)
	if doc.attached_to_doctype != MESSAGE:
		raise frappe.PermissionError
	row = frappe.get_doc(MESSAGE, doc.attached_to_name)
	frappe.has_permission(MESSAGE, doc=row, throw=True)
	frappe.has_permission("WuzAPI Session", doc=frappe.get_doc("WuzAPI Session", row.session), throw=True)
	return media_response(doc)
