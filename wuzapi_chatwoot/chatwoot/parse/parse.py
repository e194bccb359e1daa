"""Chatwoot's webhook bodies as values of the bridge. Total: odd values count as absent, nothing raises.

Decides what belongs on WhatsApp by the body alone; whether it was sent already is the core's to know.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wuzapi_chatwoot.bridge.model.events import (
	ChatwootConversation,
	ChatwootDeletion,
	ChatwootEvent,
	ChatwootMessage,
	Nothing,
	UnknownEvent,
)
from wuzapi_chatwoot.bridge.model.records import ECHO_MARK
from wuzapi_chatwoot.chatwoot.parse import fields
from wuzapi_chatwoot.chatwoot.parse.content import attachments_of, is_interactive, offer_of, text_of
from wuzapi_chatwoot.chatwoot.parse.conversation import (
	agent_typing,
	author_of,
	changed_conversation,
	parse_conversation,
)

MARK = ECHO_MARK
"""Begins the `source_id` of every message that the bridge put into Chatwoot."""

LONGEST_KIND = 60

# Webhooks have the words, REST answers the numbers.
_MESSAGE_TYPES = {0: "incoming", 1: "outgoing", 2: "activity", 3: "template"}
_NOTHING_TO_DO = {
	"conversation_created": "a conversation was created",
	"conversation_opened": "a conversation was opened (told to bots)",
	"conversation_resolved": "a conversation was resolved (told to bots)",
	"contact_created": "a contact was created",
	"contact_updated": "a contact changed",
	"inbox_created": "an inbox was created",
	"inbox_updated": "an inbox changed",
	"webwidget_triggered": "a website widget was opened",
	"macro.executed": "a macro ran",
}
# What only a status report of ours, or a failed delivery, leaves on a message. A Retry leaves `sent`.
_STATUS_ECHOES = ("delivered", "read", "failed", "progress")


def parse_event(data: Mapping[str, Any]) -> ChatwootEvent:
	"""The event in a webhook's body."""
	event = fields.text(data.get("event")) or ""
	if event == "message_created":
		return _created_message(data)
	if event == "message_updated":
		return _updated_message(data)
	if event in ("conversation_status_changed", "conversation_updated"):
		return changed_conversation(data, status_changed=event == "conversation_status_changed")
	if event in ("conversation_typing_on", "conversation_typing_off"):
		return agent_typing(data, active=event == "conversation_typing_on")
	if event in _NOTHING_TO_DO:
		return Nothing(_NOTHING_TO_DO[event])
	if event.startswith("automation_event."):
		return Nothing("an automation rule called")
	return UnknownEvent(event[:LONGEST_KIND])


def message_type(value: object) -> str | None:
	"""`incoming`, `outgoing`, `activity` or `template`, told by word or number."""
	if isinstance(value, int) and not isinstance(value, bool):
		return _MESSAGE_TYPES.get(value)
	return fields.text(value)


def _created_message(data: Mapping[str, Any]) -> ChatwootMessage | Nothing:
	reason = _why_not_to_send(data)
	return Nothing(reason) if reason else _message(data)


def _updated_message(data: Mapping[str, Any]) -> ChatwootMessage | ChatwootDeletion | Nothing:
	"""An update of a message: noise, unless somebody deleted it, or an agent may have pressed Retry.

	Chatwoot does not tell of a Retry. Everything that cannot be one is put aside here; of what is left, the core
	takes those for one whose message it knows as failed.
	"""
	if _is_deleted(data):
		return _deletion(data)
	reason = _why_not_to_send(data) or _why_no_retry(data)
	if reason:
		return Nothing(reason)
	attributes = fields.mapping(data.get("content_attributes"))
	certain = "external_error" in attributes and attributes["external_error"] is None
	return _message(data, retried=True, retry_certain=certain)


def _is_deleted(data: Mapping[str, Any]) -> bool:
	return bool(fields.mapping(data.get("content_attributes")).get("deleted"))


def _why_not_to_send(data: Mapping[str, Any]) -> str | None:
	ours = (fields.text(data.get("source_id")) or "").startswith(MARK)
	if message_type(data.get("message_type")) == "incoming":
		return "echo of an incoming message of ours" if ours else "incoming message that others wrote"
	hidden = _why_not_public(data)
	if hidden:
		return hidden
	if ours:
		return "echo of an outgoing message of ours"
	if _is_deleted(data):
		return "deleted message"
	if not text_of(data) and not attachments_of(data) and not is_interactive(data):
		return "message without content"
	return None


def _why_not_public(data: Mapping[str, Any]) -> str | None:
	kind = message_type(data.get("message_type"))
	if kind == "activity":
		return "activity message"
	if kind not in ("incoming", "outgoing", "template"):
		return "message of an unknown type"
	# A note must never reach the customer, so anything but a plain no is taken for one.
	return None if data.get("private") in (None, False) else "private note"


def _why_no_retry(data: Mapping[str, Any]) -> str | None:
	attributes = fields.mapping(data.get("content_attributes"))
	if attributes.get("external_error") is not None:
		return "failure echo"
	if attributes.get("submitted_values"):
		return "the customer filled in a form"
	messages = fields.sequence(fields.mapping(data.get("conversation")).get("messages"))
	last = fields.mapping(messages[0]) if messages else {}
	# Only the conversation's last message shows its status, and that may be another one.
	if fields.whole(last.get("id")) == fields.whole(data.get("id")) and last.get("status") in _STATUS_ECHOES:
		return "status echo"
	return None


def _deletion(data: Mapping[str, Any]) -> ChatwootDeletion | Nothing:
	"""Of a message of either direction, ours too: an agent may take back what the phone or the customer wrote.

	When that was is not told. The latest time in the body is taken: it cannot be before the message itself.
	"""
	hidden = _why_not_public(data)
	if hidden:
		return Nothing(hidden)
	found = _message_and_conversation(data)
	if isinstance(found, Nothing):
		return found
	id, conversation = found
	told = fields.mapping(data.get("conversation"))
	times = (data.get("created_at"), *(told.get(key) for key in ("updated_at", "last_activity_at")))
	moments = (fields.moment(time) for time in times)
	return ChatwootDeletion(
		id=id,
		conversation=conversation,
		at=max((moment for moment in moments if moment is not None), default=fields.EPOCH),
		account_id=_account_id(data),
	)


def _message(
	data: Mapping[str, Any], *, retried: bool = False, retry_certain: bool = False
) -> ChatwootMessage | Nothing:
	found = _message_and_conversation(data)
	if isinstance(found, Nothing):
		return found
	id, conversation = found
	attributes = fields.mapping(data.get("content_attributes"))
	sender = fields.mapping(data.get("sender"))
	return ChatwootMessage(
		id=id,
		conversation=conversation,
		text=text_of(data),
		created_at=fields.moment(data.get("created_at")) or fields.EPOCH,
		author=author_of(sender),
		author_name=fields.name(sender.get("name")),
		author_email=fields.text(sender.get("email")) or "",
		attachments=attachments_of(data),
		offer=offer_of(data),
		in_reply_to=fields.whole(attributes.get("in_reply_to")),
		in_reply_to_source=fields.marked_id(attributes.get("in_reply_to_external_id"), MARK),
		retried=retried,
		retry_certain=retry_certain,
		account_id=_account_id(data),
	)


def _message_and_conversation(data: Mapping[str, Any]) -> tuple[int, ChatwootConversation] | Nothing:
	id = fields.whole(data.get("id"))
	conversation = parse_conversation(_with_inbox(data))
	if id is None:
		return Nothing("message without an id")
	return (id, conversation) if conversation else Nothing("message without a conversation id")


def _account_id(data: Mapping[str, Any]) -> int | None:
	account = fields.mapping(data.get("account")) or fields.mapping(
		fields.mapping(data.get("conversation")).get("account")
	)
	return fields.whole(account.get("id"))


def _with_inbox(data: Mapping[str, Any]) -> Mapping[str, Any]:
	"""The message's conversation; its inbox is told twice, and either place may be missing."""
	conversation = fields.mapping(data.get("conversation"))
	if fields.whole(conversation.get("inbox_id")) is not None:
		return conversation
	return {**conversation, "inbox_id": fields.mapping(data.get("inbox")).get("id")}
