"""A WhatsApp chat of one session, and the conversation in Chatwoot that it belongs to. Written by the bridge; see `frappe_host`."""

from ....frappe_host.database_keys import create_keys
from ....frappe_host.session_records import SessionRecord


class WuzAPIConversation(SessionRecord):
	pass


def on_doctype_update() -> None:
	create_keys("WuzAPI Conversation")
