"""One part of a message, on WhatsApp and in Chatwoot. Written by the bridge; see `frappe_host`."""

from ....frappe_host.database_keys import create_keys
from ....frappe_host.session_records import SessionRecord


class WuzAPIMessage(SessionRecord):
	pass


def on_doctype_update() -> None:
	create_keys("WuzAPI Message")
