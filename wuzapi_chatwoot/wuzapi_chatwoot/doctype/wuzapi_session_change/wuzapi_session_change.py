"""When the state of a session changed, and why. Written by the bridge; see `frappe_host/store/sessions.py`."""

from ....frappe_host.database_keys import create_keys
from ....frappe_host.session_records import SessionRecord


class WuzAPISessionChange(SessionRecord):
	pass


def on_doctype_update() -> None:
	create_keys("WuzAPI Session Change")
