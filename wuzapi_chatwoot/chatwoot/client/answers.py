"""Chatwoot's REST answers as values of the bridge. Total, like `parse.py`: odd values count as absent.

REST differs from the webhooks: a message's type is a number, its time is in epoch seconds, its status is there, its
conversation is not, and the link to a satisfaction survey is missing from its text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any

from wuzapi_chatwoot.bridge.model.events import ChatwootConversation, ChatwootMessage
from wuzapi_chatwoot.bridge.ports.chatwoot import ActiveConversation, ChatwootContact, SeenMessage
from wuzapi_chatwoot.chatwoot.parse import fields
from wuzapi_chatwoot.chatwoot.parse.conversation import parse_conversation
from wuzapi_chatwoot.chatwoot.parse.parse import message_type, parse_event
from wuzapi_chatwoot.chatwoot.webhook.connector import payload_of


def contact_of(answer: object, inbox_id: int) -> ChatwootContact | None:
	"""`None` without a usable id."""
	data = fields.mapping(answer)
	id = fields.whole(data.get("id"))
	if id is None:
		return None
	links = [fields.mapping(link) for link in fields.sequence(data.get("contact_inboxes"))]
	source_ids = [
		fields.text(link.get("source_id"))
		for link in links
		if fields.mapping(link.get("inbox")).get("id") == inbox_id
	]
	return ChatwootContact(
		id=id,
		name=fields.text(data.get("name")) or "",
		identifier=fields.text(data.get("identifier")),
		phone=fields.text(data.get("phone_number")),
		source_ids=tuple(source_id for source_id in source_ids if source_id),
	)


def conversation_of(answer: object) -> ChatwootConversation | None:
	"""A conversation as lists show it; its link's source id is to be had from its last message only."""
	data = fields.mapping(answer)
	conversation = parse_conversation(data)
	if conversation is None or conversation.source_id is not None:
		return conversation
	for message in fields.sequence(data.get("messages")):
		link = fields.mapping(
			fields.mapping(fields.mapping(message).get("conversation")).get("contact_inbox")
		)
		source_id = fields.text(link.get("source_id"))
		if source_id is not None:
			return replace(conversation, source_id=source_id)
	return conversation


def active_conversation_of(answer: object) -> ActiveConversation | None:
	data = fields.mapping(answer)
	conversation = conversation_of(data)
	if conversation is None:
		return None
	shown = [*fields.sequence(data.get("messages")), data.get("last_non_activity_message")]
	ids = [fields.whole(fields.mapping(message).get("id")) for message in shown]
	at = fields.moment(data.get("last_activity_at")) or fields.moment(data.get("timestamp"))
	return ActiveConversation(
		conversation=conversation,
		last_activity_at=at or fields.EPOCH,
		last_message_id=max((id for id in ids if id is not None), default=None),
	)


def message_id_of(messages: object, source_id: str) -> int | None:
	"""The id of the message that bears this mark; the newest, if somehow there are several."""
	marked = [fields.mapping(message) for message in fields.sequence(messages)]
	ids = [fields.whole(message.get("id")) for message in marked if message.get("source_id") == source_id]
	return max((id for id in ids if id is not None), default=None)


def seen_message_of(
	answer: object, conversation: ChatwootConversation, account_id: int, survey_url: str | None = None
) -> SeenMessage | None:
	"""`None` without a usable id. `survey_url` completes the text of a satisfaction survey."""
	message = fields.mapping(answer)
	id = fields.whole(message.get("id"))
	if id is None:
		return None
	webhook = _as_webhook(message, conversation, account_id)
	content = fields.text(message.get("content")) or ""
	if is_survey(message) and survey_url and survey_url not in content:
		webhook["content"] = f"{content} {survey_url}".strip()
	event = parse_event(webhook)
	return SeenMessage(
		id=id,
		source_id=fields.text(message.get("source_id")),
		created_at=fields.moment(message.get("created_at")) or fields.EPOCH,
		failed=message.get("status") == "failed",
		error=fields.text(fields.mapping(message.get("content_attributes")).get("external_error")) or "",
		to_send=event if isinstance(event, ChatwootMessage) else None,
		payload=payload_of(webhook),
	)


def reply_window_of(inbox: Mapping[str, Any]) -> int | None:
	"""For how many hours after a customer's last message agents may answer; `None`: for ever."""
	attributes = fields.mapping(inbox.get("additional_attributes"))
	told = attributes.get("agent_reply_time_window") or inbox.get("agent_reply_time_window")
	if isinstance(told, str) and told.isascii() and told.strip().isdigit():
		told = int(told)
	return fields.whole(told)


def is_survey(answer: object) -> bool:
	return fields.mapping(answer).get("content_type") == "input_csat"


def ids_of(messages: Sequence[object]) -> list[int]:
	ids = (fields.whole(fields.mapping(message).get("id")) for message in messages)
	return [id for id in ids if id is not None]


def _as_webhook(
	message: Mapping[str, Any], conversation: ChatwootConversation, account_id: int
) -> dict[str, Any]:
	"""What Chatwoot would have sent as `message_created`, as far as `parse.py` looks at it."""
	sender = fields.mapping(message.get("sender"))
	return {
		"event": "message_created",
		"id": message.get("id"),
		"account": {"id": account_id},
		"inbox": {"id": conversation.inbox_id},
		"message_type": message_type(message.get("message_type")),
		"content": message.get("content"),
		"content_type": message.get("content_type"),
		"content_attributes": message.get("content_attributes"),
		"private": message.get("private"),
		"source_id": message.get("source_id"),
		"created_at": _iso(fields.moment(message.get("created_at"))),
		"sender": {key: sender.get(key) for key in ("id", "name", "type")} if sender else None,
		"attachments": message.get("attachments") or [],
		"conversation": {
			"id": conversation.id,
			"inbox_id": conversation.inbox_id,
			"status": conversation.status,
			"agent_last_seen_at": _seconds(conversation.agent_last_seen_at),
			"last_activity_at": _seconds(conversation.last_activity_at),
			"contact_inbox": {"contact_id": conversation.contact_id, "source_id": conversation.source_id},
			"meta": {
				"sender": {
					"id": conversation.contact_id,
					"identifier": conversation.identifier,
					"phone_number": conversation.phone,
					"name": conversation.name,
				}
			},
		},
	}


def _iso(at: datetime | None) -> str | None:
	return at.astimezone(timezone.utc).isoformat().replace("+00:00", "Z") if at else None


def _seconds(at: datetime | None) -> int:
	"""0 is Chatwoot's word for never."""
	return int(at.timestamp()) if at else 0
