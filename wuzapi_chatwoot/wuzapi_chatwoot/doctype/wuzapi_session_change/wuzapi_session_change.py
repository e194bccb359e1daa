"""When the state of a session changed, and why. Written by the bridge; see `frappe_host/store/sessions.py`."""

from wuzapi_chatwoot.frappe_host.live.session_records import SessionRecord
from wuzapi_chatwoot.frappe_host.store.database_keys import create_keys


class WuzAPISessionChange(SessionRecord):
	pass


def on_doctype_update() -> None:
	create_keys("WuzAPI Session Change")
