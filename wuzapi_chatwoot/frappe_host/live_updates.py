"""Tells open forms and lists that something changed: ids only, after the commit, to those who may read the document."""

from __future__ import annotations

import frappe

from .session_memory import forget, remember

# Seconds. A QR code is replaced earlier than that.
_QR_KNOWN_FOR = 60


def document_changed(doctype: str, name: object) -> None:
	"""The document's own room, which only readers may join; and the list's, where each asks again for its rows."""
	frappe.publish_realtime(
		"wuzapi_chatwoot_changed",
		{"doctype": doctype, "name": name},
		doctype=doctype,
		docname=str(name),
		after_commit=True,
	)
	frappe.publish_realtime(
		"list_update",
		{"doctype": doctype, "name": name, "user": "Administrator"},
		doctype=doctype,
		after_commit=True,
	)


def message_changed(conversation: int, message: int) -> None:
	frappe.publish_realtime(
		"wuzapi_chatwoot_message",
		{"conversation": conversation, "message": message},
		doctype="WuzAPI Conversation",
		docname=str(conversation),
		after_commit=True,
	)
	document_changed("WuzAPI Message", message)


def session_hint(session: str, what: str) -> None:
	"""That there is news of what is under way with a session (`set_up`, `pairing`): at once, and nothing but that. Whoever
	may see more asks for it.
	"""
	frappe.publish_realtime(
		f"wuzapi_chatwoot_{what}", {"session": session}, doctype="WuzAPI Session", docname=session
	)


def show_qr(session: str, picture: str | None) -> None:
	"""The code that is good now; `None`: there is none any more. It is kept apart from the row, which more people may read."""
	if picture:
		remember(session, "qr", {"picture": picture}, _QR_KNOWN_FOR)
	else:
		forget(session, "qr")
	session_hint(session, "pairing")
