"""Chatwoot's webhook bodies as values of the bridge. Total: odd values count as absent, nothing raises.

Decides what belongs on WhatsApp by the body alone; whether it was sent already is the core's to know.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ..bridge.events import (
	Attachment,
	Author,
	ChatwootConversation,
	ChatwootEvent,
	ChatwootMessage,
	ConversationChanged,
	Nothing,
	UnknownEvent,
)
from ..bridge.records import ECHO_MARK
from . import fields
from .file_names import fit_name, name_in_url, type_by_extension

MARK = ECHO_MARK
"""Begins the `source_id` of every message that the bridge put into Chatwoot."""

LONGEST_KIND = 60

_AUTHORS = {
	"user": Author.AGENT,
	"agent_bot": Author.BOT,
	"captain_assistant": Author.BOT,
	"contact": Author.CONTACT,
}
# Webhooks have the words, REST answers the numbers.
_MESSAGE_TYPES = {0: "incoming", 1: "outgoing", 2: "activity", 3: "template"}
_NOTHING_TO_DO = {
	"conversation_created": "a conversation was created",
	"conversation_updated": "a conversation's assignee, labels or the like changed",
	"conversation_opened": "a conversation was opened (told to bots)",
	"conversation_resolved": "a conversation was resolved (told to bots)",
	"conversation_typing_on": "somebody types in Chatwoot",
	"conversation_typing_off": "somebody stopped typing in Chatwoot",
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
	if event == "conversation_status_changed":
		return _changed_conversation(data)
	if event in _NOTHING_TO_DO:
		return Nothing(_NOTHING_TO_DO[event])
	if event.startswith("automation_event."):
		return Nothing("an automation rule called")
	return UnknownEvent(event[:LONGEST_KIND])


def parse_conversation(data: Mapping[str, Any]) -> ChatwootConversation | None:
	"""A conversation object of a webhook or of REST; `None` without a usable id."""
	id = fields.whole(data.get("id"))
	if id is None:
		return None
	link = fields.mapping(data.get("contact_inbox"))
	contact = fields.mapping(fields.mapping(data.get("meta")).get("sender"))
	return ChatwootConversation(
		id=id,
		inbox_id=fields.whole(data.get("inbox_id")) or fields.whole(link.get("inbox_id")),
		contact_id=fields.whole(link.get("contact_id")) or fields.whole(contact.get("id")),
		source_id=fields.text(link.get("source_id")),
		identifier=fields.text(contact.get("identifier")),
		phone=fields.text(contact.get("phone_number")),
		name=fields.text(contact.get("name")),
		status=fields.text(data.get("status")),
	)


def message_type(value: object) -> str | None:
	"""`incoming`, `outgoing`, `activity` or `template`, told by word or number."""
	if isinstance(value, int) and not isinstance(value, bool):
		return _MESSAGE_TYPES.get(value)
	return fields.text(value)


def _created_message(data: Mapping[str, Any]) -> ChatwootMessage | Nothing:
	reason = _why_not_to_send(data)
	return Nothing(reason) if reason else _message(data)


def _updated_message(data: Mapping[str, Any]) -> ChatwootMessage | Nothing:
	"""An update of an outgoing message: noise, unless an agent may have pressed Retry.

	Chatwoot does not say so. Everything that cannot be a Retry is put aside here; of what is left, the core
	takes those for one whose message it knows as failed.
	"""
	reason = _why_not_to_send(data) or _why_no_retry(data)
	if reason:
		return Nothing(reason)
	attributes = fields.mapping(data.get("content_attributes"))
	certain = "external_error" in attributes and attributes["external_error"] is None
	return _message(data, retried=True, retry_certain=certain)


def _why_not_to_send(data: Mapping[str, Any]) -> str | None:
	ours = (fields.text(data.get("source_id")) or "").startswith(MARK)
	kind = message_type(data.get("message_type"))
	if kind == "incoming":
		return "echo of an incoming message of ours" if ours else "incoming message that others wrote"
	if kind == "activity":
		return "activity message"
	if kind not in ("outgoing", "template"):
		return "message of an unknown type"
	# A note must never reach the customer, so anything but a plain no is taken for one.
	if data.get("private") not in (None, False):
		return "private note"
	if ours:
		return "echo of an outgoing message of ours"
	if fields.mapping(data.get("content_attributes")).get("deleted"):
		return "deleted message"
	if not _text(data) and not _attachments(data):
		return "message without content"
	return None


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


def _message(
	data: Mapping[str, Any], *, retried: bool = False, retry_certain: bool = False
) -> ChatwootMessage | Nothing:
	id = fields.whole(data.get("id"))
	conversation = parse_conversation(_with_inbox(data))
	if id is None:
		return Nothing("message without an id")
	if conversation is None:
		return Nothing("message without a conversation id")
	attributes = fields.mapping(data.get("content_attributes"))
	sender = fields.mapping(data.get("sender"))
	account = fields.mapping(data.get("account")) or fields.mapping(
		fields.mapping(data.get("conversation")).get("account")
	)
	return ChatwootMessage(
		id=id,
		conversation=conversation,
		text=_text(data),
		created_at=fields.moment(data.get("created_at")) or fields.EPOCH,
		author=_author(sender),
		author_name=fields.text(sender.get("name")) or "",
		attachments=_attachments(data),
		in_reply_to=fields.whole(attributes.get("in_reply_to")),
		in_reply_to_source=fields.text(attributes.get("in_reply_to_external_id")),
		retried=retried,
		retry_certain=retry_certain,
		account_id=fields.whole(account.get("id")),
	)


def _with_inbox(data: Mapping[str, Any]) -> Mapping[str, Any]:
	"""The message's conversation; its inbox is told twice, and either place may be missing."""
	conversation = fields.mapping(data.get("conversation"))
	if fields.whole(conversation.get("inbox_id")) is not None:
		return conversation
	return {**conversation, "inbox_id": fields.mapping(data.get("inbox")).get("id")}


def _author(sender: Mapping[str, Any]) -> Author:
	if not sender:
		return Author.NOBODY
	kind = sender.get("type")
	if kind is None:
		return Author.CONTACT
	return _AUTHORS.get(kind, Author.NOBODY) if isinstance(kind, str) else Author.NOBODY


def _text(data: Mapping[str, Any]) -> str:
	"""The content as typed: releases before 4.13 and 4.14.2 leave the editor's line ends in it."""
	content = fields.text(data.get("content")) or ""
	content = re.sub(r"\\(?=\r?\n)", "", content).rstrip("\r\n")
	return content if content.strip() else ""


def _attachments(data: Mapping[str, Any]) -> tuple[Attachment, ...]:
	entries = fields.sequence(data.get("attachments"))
	return tuple(_attachment(entry) for entry in entries if isinstance(entry, dict))


def _attachment(data: Mapping[str, Any]) -> Attachment:
	"""One without a URL is kept: that it cannot be fetched must show on the message."""
	url = fields.text(data.get("data_url")) or ""
	extension = fields.text(data.get("extension")) or ""
	name = name_in_url(url) or fit_name(f"file.{extension}" if extension else "file")
	guessed = type_by_extension(name.rpartition(".")[2] if "." in name else extension)
	return Attachment(
		id=fields.whole(data.get("id")) or 0,
		url=url,
		kind=fields.text(data.get("file_type")) or "file",
		file_name=name,
		mime_type=fields.text(data.get("content_type")) or guessed,
		size=fields.whole(data.get("file_size")),
	)


def _changed_conversation(data: Mapping[str, Any]) -> ConversationChanged | Nothing:
	conversation = parse_conversation(data)
	if conversation is None:
		return Nothing("conversation without an id")
	times = (
		fields.moment(data.get(key)) for key in ("updated_at", "last_activity_at", "timestamp", "created_at")
	)
	return ConversationChanged(conversation, at=next((at for at in times if at is not None), fields.EPOCH))
