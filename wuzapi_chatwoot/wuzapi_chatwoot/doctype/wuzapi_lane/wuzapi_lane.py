"""A conversation in one direction with work in it. Gone when nothing waits. Written by the bridge; see `frappe_host`."""

from frappe.model.document import Document

from ....frappe_host.database_keys import create_keys


class WuzAPILane(Document):
	pass


def on_doctype_update() -> None:
	create_keys("WuzAPI Lane")
