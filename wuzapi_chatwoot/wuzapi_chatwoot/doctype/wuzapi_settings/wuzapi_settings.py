"""Choices for all sessions of this site."""

from frappe.model.document import Document


class WuzAPISettings(Document):
	pass
