"""A WhatsApp chat of one session, and the conversation in Chatwoot that it belongs to. Written by the bridge; see `frappe_host`."""

from frappe.model.document import Document

from ....frappe_host.database_keys import create_keys


class WuzAPIConversation(Document):
	pass


def on_doctype_update() -> None:
	create_keys("WuzAPI Conversation")
