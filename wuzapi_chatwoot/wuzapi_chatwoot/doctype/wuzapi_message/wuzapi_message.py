"""One part of a message, on WhatsApp and in Chatwoot. Written by the bridge; see `frappe_host`."""

from frappe.model.document import Document

from ....frappe_host.database_keys import create_keys


class WuzAPIMessage(Document):
	pass


def on_doctype_update() -> None:
	create_keys("WuzAPI Message")
