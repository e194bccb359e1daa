"""Conversations, for the desk and for other apps. Whoever may read a conversation and use its session may read its messages."""

# No `annotations` from `__future__`: Frappe checks and converts what the browser sends by these types, and passes over
# those that are text.
from typing import Any

import frappe

from wuzapi_chatwoot.frappe_host.desk.conversation_search import search_conversations
from wuzapi_chatwoot.frappe_host.desk.message_pages import messages_of, page_of

_LONGEST_PAGE = 200


@frappe.whitelist(methods=["GET", "POST"])
def get_messages(
	conversation: str | int, before: int | None = None, limit: int = 50, only: list[int] | None = None
) -> dict[str, Any]:
	"""A page of a conversation, oldest first: the latest messages, those `before` the message of that number, or `only`
	those of these numbers.

	Returns `{"messages": [...], "has_more": bool}`; at most 200 messages a page.
	"""
	row = frappe.get_doc("WuzAPI Conversation", conversation)
	frappe.has_permission("WuzAPI Conversation", doc=row, throw=True)
	frappe.has_permission("WuzAPI Session", doc=frappe.get_doc("WuzAPI Session", row.session), throw=True)
	if only is not None:
		return {"messages": messages_of(int(conversation), only[:_LONGEST_PAGE]), "has_more": False}
	return page_of(int(conversation), before, max(1, min(limit, _LONGEST_PAGE)))


@frappe.whitelist(methods=["GET", "POST"])
def search(text: str, limit: int = 20) -> list[dict[str, Any]]:
	"""Conversations by a customer's name or number, as people write it; who wrote last first.

	Returns `[{"name", "contact_name", "phone", "chat", "session", "last_message_at", "chatwoot_status"}]`, at most 100.
	"""
	frappe.has_permission("WuzAPI Conversation", throw=True)
	return search_conversations(text, max(1, min(limit, 100)))
