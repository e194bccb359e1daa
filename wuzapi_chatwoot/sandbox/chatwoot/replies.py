"""Finds the message that another one answers, as Chatwoot does on every create."""

from __future__ import annotations

from wuzapi_chatwoot.sandbox.chatwoot.records import Conversation, Json, Message


def resolve_reply(conversation: Conversation, attributes: Json) -> None:
	"""Fill `in_reply_to` and `in_reply_to_external_id` from each other; both become null when nothing matches."""
	number, external = attributes.get("in_reply_to"), attributes.get("in_reply_to_external_id")
	found: Message | None = None
	# The number goes first: when one is given, the external id is not even looked at.
	if number not in (None, ""):
		wanted = int(number) if str(number).isdecimal() else 0
		found = next((each for each in conversation.messages if each.id == wanted), None)
	elif external not in (None, ""):
		found = next((each for each in reversed(conversation.messages) if each.source_id == external), None)
	else:
		return
	attributes["in_reply_to"] = found.id if found else None
	attributes["in_reply_to_external_id"] = found.source_id if found else None
