"""WuzAPI Event Attempt. Written by the bridge; see `frappe_host`."""

from frappe.model.document import Document


class WuzAPIEventAttempt(Document):
	pass
