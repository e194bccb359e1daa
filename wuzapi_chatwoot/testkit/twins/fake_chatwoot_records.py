"""What the fake Chatwoot keeps, and how it tells of it: as the bridge's values and as webhook-shaped JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime

from wuzapi_chatwoot.bridge.model.events import (
	Attachment,
	Author,
	ChatwootConversation,
	ChatwootMessage,
	Status,
)
from wuzapi_chatwoot.bridge.ports.chatwoot import ChatwootContact
from wuzapi_chatwoot.bridge.ports.gateway import OutgoingFile


@dataclass(slots=True)
class FakeContact:
	id: int
	name: str
	identifier: str | None
	phone: str | None
	source_ids: list[str] = field(default_factory=list)
	avatar: OutgoingFile | None = None

	def as_value(self) -> ChatwootContact:
		return ChatwootContact(self.id, self.name, self.identifier, self.phone, tuple(self.source_ids))


@dataclass(slots=True)
class FakeMessage:
	id: int
	conversation_id: int
	text: str
	incoming: bool
	source_id: str | None
	"""`None`: an agent wrote it in Chatwoot."""
	created_at: datetime
	sent_at: datetime
	files: tuple[OutgoingFile, ...] = ()
	from_phone: bool = False
	private: bool = False
	status: Status = Status.SENT
	error: str | None = None
	attachments: tuple[Attachment, ...] = ()
	author_name: str = ""
	in_reply_to: int | None = None
	in_reply_to_source: str | None = None
	deleted: bool = False
	chosen: tuple[str, str] | None = None

	@property
	def belongs_on_whatsapp(self) -> bool:
		return not (self.incoming or self.private or self.deleted) and self.source_id is None


@dataclass(slots=True)
class FakeConversation:
	id: int
	contact: FakeContact
	source_id: str
	status: str
	last_activity_at: datetime
	activity: int = 0
	"""Grows with every activity anywhere: tells which conversation had the newest."""
	messages: list[FakeMessage] = field(default_factory=list)
	attributes: dict[str, str] = field(default_factory=dict)
	agent_last_seen_at: datetime | None = None

	def as_value(self, inbox_id: int) -> ChatwootConversation:
		return ChatwootConversation(
			id=self.id,
			inbox_id=inbox_id,
			contact_id=self.contact.id,
			source_id=self.source_id,
			identifier=self.contact.identifier,
			phone=self.contact.phone,
			name=self.contact.name,
			status=self.status,
			agent_last_seen_at=self.agent_last_seen_at,
			last_activity_at=self.last_activity_at,
		)


def message_value(
	message: FakeMessage, conversation: FakeConversation, account_id: int, inbox_id: int
) -> ChatwootMessage:
	"""The message as its webhook would tell it."""
	return ChatwootMessage(
		id=message.id,
		conversation=conversation.as_value(inbox_id),
		text=message.text,
		created_at=message.created_at,
		author=Author.AGENT,
		author_name=message.author_name,
		attachments=message.attachments,
		in_reply_to=message.in_reply_to,
		in_reply_to_source=message.in_reply_to_source,
		account_id=account_id,
	)


def message_payload(
	message: FakeMessage, conversation: FakeConversation, account_id: int, inbox_id: int
) -> str:
	"""The same as the body of a `message_created` webhook, reduced to what matters."""
	contact = conversation.contact
	return json.dumps(
		{
			"event": "message_created",
			"id": message.id,
			"account": {"id": account_id},
			"inbox": {"id": inbox_id},
			"message_type": "incoming" if message.incoming else "outgoing",
			"content": message.text,
			"content_type": "text",
			"content_attributes": {"deleted": True}
			if message.deleted
			else {
				"in_reply_to": message.in_reply_to,
				"in_reply_to_external_id": message.in_reply_to_source,
			},
			"private": message.private,
			"source_id": message.source_id,
			"created_at": message.created_at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
			"sender": {"type": "user", "name": message.author_name},
			"attachments": [
				{"id": each.id, "data_url": each.url, "file_type": each.kind, "file_size": each.size}
				for each in message.attachments
			],
			"conversation": {
				"id": conversation.id,
				"inbox_id": inbox_id,
				"status": conversation.status,
				"agent_last_seen_at": _seconds(conversation.agent_last_seen_at),
				"last_activity_at": _seconds(conversation.last_activity_at),
				"contact_inbox": {"contact_id": contact.id, "source_id": conversation.source_id},
				"meta": {
					"sender": {
						"id": contact.id,
						"type": "contact",
						"name": contact.name,
						"identifier": contact.identifier,
						"phone_number": contact.phone,
					}
				},
			},
		},
		ensure_ascii=False,
	)


def _seconds(at: datetime | None) -> int:
	"""Chatwoot's word for never is 0."""
	return int(at.timestamp()) if at else 0
