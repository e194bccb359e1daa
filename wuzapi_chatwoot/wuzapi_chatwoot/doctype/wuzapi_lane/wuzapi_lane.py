"""A conversation in one direction with work in it. Gone when nothing waits. Written by the bridge; see `frappe_host`."""

from ....frappe_host.database_keys import create_keys
from ....frappe_host.session_records import SessionRecord


class WuzAPILane(SessionRecord):
	pass


def on_doctype_update() -> None:
	create_keys("WuzAPI Lane")
