"""Something that reached us, stored as it came. Written by the bridge; see `frappe_host`."""

from ....frappe_host.database_keys import create_keys
from ....frappe_host.session_records import SessionRecord


class WuzAPIEvent(SessionRecord):
	pass


def on_doctype_update() -> None:
	create_keys("WuzAPI Event")
