"""One WhatsApp number on a gateway, paired with one Chatwoot inbox."""

from frappe.model.document import Document


class WuzAPISession(Document):
	pass
