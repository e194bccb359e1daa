"""Something that reached us, stored as it came. Written by the bridge; see `frappe_host`."""

from wuzapi_chatwoot.frappe_host.live.session_records import SessionRecord
from wuzapi_chatwoot.frappe_host.store.database_keys import create_keys


class WuzAPIEvent(SessionRecord):
	pass


def on_doctype_update() -> None:
	create_keys("WuzAPI Event")
