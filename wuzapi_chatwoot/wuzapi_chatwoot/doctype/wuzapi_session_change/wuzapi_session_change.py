"""When the state of a session changed, and why. Written by the bridge; see `frappe_host/store/sessions.py`."""

from frappe.model.document import Document

from ....frappe_host.database_keys import create_keys


class WuzAPISessionChange(Document):
	pass


def on_doctype_update() -> None:
	create_keys("WuzAPI Session Change")
