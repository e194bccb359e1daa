"""WuzAPI Contact Address. Written by the bridge; see `frappe_host`."""

from wuzapi_chatwoot.frappe_host.live.session_records import SessionRecordRow
from wuzapi_chatwoot.frappe_host.store.database_keys import create_keys


class WuzAPIContactAddress(SessionRecordRow):
	pass


def on_doctype_update() -> None:
	create_keys("WuzAPI Contact Address")
