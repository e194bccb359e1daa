"""WuzAPI Contact Address. Written by the bridge; see `frappe_host`."""

from ....frappe_host.database_keys import create_keys
from ....frappe_host.session_records import SessionRecordRow


class WuzAPIContactAddress(SessionRecordRow):
	pass


def on_doctype_update() -> None:
	create_keys("WuzAPI Contact Address")
