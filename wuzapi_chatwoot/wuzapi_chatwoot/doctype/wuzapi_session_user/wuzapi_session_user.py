"""A user who may see a session's conversations: a row of `WuzAPI Session`."""

from frappe.model.document import Document


class WuzAPISessionUser(Document):
	pass
