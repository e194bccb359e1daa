"""A conversation of Chatwoot as a value, in webhooks and REST alike, and the webhooks about one. Total, like `parse.py`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wuzapi_chatwoot.bridge.model.events import (
	AgentTyping,
	Author,
	ChatwootConversation,
	ConversationChanged,
	Nothing,
)
from wuzapi_chatwoot.chatwoot.parse import fields

_AUTHORS = {
	"user": Author.AGENT,
	"agent_bot": Author.BOT,
	"captain_assistant": Author.BOT,
	"contact": Author.CONTACT,
}


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
		phone=fields.word(contact.get("phone_number")),
		name=fields.name(contact.get("name")) or None,
		status=fields.word(data.get("status")),
		agent_last_seen_at=fields.moment(data.get("agent_last_seen_at")),
		last_activity_at=fields.moment(data.get("last_activity_at")) or fields.moment(data.get("timestamp")),
	)


def author_of(sender: Mapping[str, Any]) -> Author:
	"""Who that is; contacts are the ones whose type is not told."""
	if not sender:
		return Author.NOBODY
	kind = sender.get("type")
	if kind is None:
		return Author.CONTACT
	return _AUTHORS.get(kind, Author.NOBODY) if isinstance(kind, str) else Author.NOBODY


def changed_conversation(data: Mapping[str, Any], *, status_changed: bool) -> ConversationChanged | Nothing:
	conversation = parse_conversation(data)
	if conversation is None:
		return Nothing("conversation without an id")
	times = (
		fields.moment(data.get(key)) for key in ("updated_at", "last_activity_at", "timestamp", "created_at")
	)
	at = next((at for at in times if at is not None), fields.EPOCH)
	return ConversationChanged(conversation, at=at, status_changed=status_changed)


def agent_typing(data: Mapping[str, Any], *, active: bool) -> AgentTyping | Nothing:
	# That a note is typed must not show, so anything but a plain no is taken for one.
	if data.get("is_private") is not False:
		return Nothing("somebody types a private note")
	if author_of(fields.mapping(data.get("user"))) not in (Author.AGENT, Author.BOT):
		return Nothing("echo of the customer's typing")
	conversation = parse_conversation(fields.mapping(data.get("conversation")))
	return AgentTyping(conversation, active) if conversation else Nothing("conversation without an id")
