"""Something that reached us, stored as it came. Written by the bridge; see `frappe_host`."""

from frappe.model.document import Document

from ....frappe_host.database_keys import create_keys


class WuzAPIEvent(Document):
	pass


def on_doctype_update() -> None:
	create_keys("WuzAPI Event")
