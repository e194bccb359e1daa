"""A WhatsApp chat of one session, and the conversation in Chatwoot that it belongs to. Written by the bridge; see `frappe_host`."""

from wuzapi_chatwoot.frappe_host.live.session_records import SessionRecord
from wuzapi_chatwoot.frappe_host.store.database_keys import create_keys


class WuzAPIConversation(SessionRecord):
	pass


def on_doctype_update() -> None:
	create_keys("WuzAPI Conversation")
