"""How Chatwoot writes its records: the shapes of REST answers and the different ones of webhooks."""

from __future__ import annotations

import hashlib
from datetime import datetime, timezone
from typing import Any
from urllib.parse import quote

from wuzapi_chatwoot.sandbox.chatwoot.records import (
	TEMPLATE,
	TYPE_NAMES,
	Attachment,
	Contact,
	ContactInbox,
	Conversation,
	Inbox,
	Json,
	Message,
	User,
)
from wuzapi_chatwoot.sandbox.chatwoot.reply_window import can_reply
from wuzapi_chatwoot.sandbox.defaults import ACCOUNT_ID, ACCOUNT_NAME

ACCOUNT = {"id": ACCOUNT_ID, "name": ACCOUNT_NAME}


def iso(seconds: float | None) -> str | None:
	"""Write a time as Rails does: UTC with milliseconds."""
	if seconds is None:
		return None
	moment = datetime.fromtimestamp(seconds, timezone.utc)
	return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"


def user_push(user: User | None) -> Json | None:
	"""Write an agent as inside conversations."""
	if user is None:
		return None
	return {
		"id": user.id,
		"name": user.name,
		"available_name": user.name.split()[0],
		"avatar_url": "",
		"type": "user",
		"availability_status": "online",
		"thumbnail": "",
	}


def contact_push(contact: Contact) -> Json:
	"""Write a contact as inside conversations, with its `type`."""
	return {
		"additional_attributes": contact.additional_attributes,
		"custom_attributes": contact.custom_attributes,
		"email": contact.email,
		"id": contact.id,
		"identifier": contact.identifier,
		"name": contact.name,
		"phone_number": contact.phone_number,
		"thumbnail": contact.thumbnail,
		"blocked": contact.blocked,
		"type": "contact",
	}


def contact_webhook(contact: Contact) -> Json:
	"""Write a contact as the sender of a webhook: no `type` there."""
	return {
		"account": ACCOUNT,
		"additional_attributes": contact.additional_attributes,
		"avatar": contact.thumbnail,
		"custom_attributes": contact.custom_attributes,
		"email": contact.email,
		"id": contact.id,
		"identifier": contact.identifier,
		"name": contact.name,
		"phone_number": contact.phone_number,
		"thumbnail": contact.thumbnail,
		"blocked": contact.blocked,
	}


def sender_webhook(sender: User | Contact | None) -> Json | None:
	"""Write the sender of a message event."""
	if isinstance(sender, User):
		return {"id": sender.id, "name": sender.name, "email": sender.email, "type": "user"}
	return contact_webhook(sender) if sender else None


def sender_push(sender: User | Contact | None) -> Json | None:
	"""Write the sender inside `messages[0]` and in REST answers."""
	return contact_push(sender) if isinstance(sender, Contact) else user_push(sender)


def blob_path(attachment: Attachment) -> str:
	"""Return the lasting address of a file, which redirects to the storage."""
	name = quote(attachment.file.name)
	return f"/rails/active_storage/blobs/redirect/{attachment.signed_id}/{name}"


def representation_path(attachment: Attachment) -> str:
	"""Return the address of a small copy of a picture."""
	variation = hashlib.sha1(attachment.key.encode(), usedforsecurity=False).hexdigest()
	path = blob_path(attachment).replace("/blobs/", "/representations/").rpartition("/")[0]
	return f"{path}/eyJmaWN0aW9uYWwiOiJ2YXJpYXRpb24ifQ==--{variation}/{quote(attachment.file.name)}"


def attachment_json(attachment: Attachment, base_url: str) -> Json:
	"""Write an attachment; the same everywhere."""
	name = attachment.file.name
	extension = name.rpartition(".")[2].lower() if "." in name else None
	data_url = base_url + blob_path(attachment)
	thumb_url = base_url + representation_path(attachment) if attachment.kind == "image" else ""
	if attachment.kind == "audio":
		data_url += "?disposition=inline"
	written = {
		"id": attachment.id,
		"message_id": attachment.message_id,
		"file_type": attachment.kind,
		"account_id": ACCOUNT_ID,
		"extension": extension,
		"content_type": attachment.file.mimetype,
		"data_url": data_url,
		"thumb_url": thumb_url,
		"file_size": len(attachment.file.data),
		"width": None,
		"height": None,
	}
	if attachment.kind == "audio":
		written["transcribed_text"] = ""
	return written


def message_push(message: Message, base_url: str) -> Json:
	"""Write a message as `messages[0]` of a conversation."""
	conversation = message.conversation
	sender = message.sender
	sender_type = None if sender is None else ("Contact" if isinstance(sender, Contact) else "User")
	written: Json = {
		"id": message.id,
		"content": message.content,
		"account_id": ACCOUNT_ID,
		"inbox_id": conversation.inbox.id,
		"conversation_id": conversation.id,
		"message_type": message.kind,
		"created_at": int(message.created_at),
		"updated_at": iso(message.updated_at),
		"private": message.private,
		"status": message.status,
		"source_id": message.source_id,
		"content_type": message.content_type,
		"content_attributes": message.content_attributes,
		"sender_type": sender_type,
		"sender_id": sender.id if sender else None,
		"external_source_ids": {},
		"additional_attributes": message.additional_attributes,
		"processed_message_content": message.content,
		"sentiment": {},
		"conversation": {
			"assignee_id": conversation.assignee.id if conversation.assignee else None,
			"unread_count": min(conversation.unread, 10),
			"last_activity_at": int(conversation.last_activity_at),
			"contact_inbox": {"source_id": conversation.contact_inbox.source_id},
		},
	}
	if message.attachments:
		written["attachments"] = [attachment_json(each, base_url) for each in message.attachments]
	if sender is not None:
		written["sender"] = sender_push(sender)
	return written


def contact_inbox_push(link: ContactInbox) -> Json:
	"""Write the link of contact and inbox as inside conversations."""
	return {
		"id": link.id,
		"contact_id": link.contact.id,
		"inbox_id": link.inbox.id,
		"source_id": link.source_id,
		"created_at": iso(link.created_at),
		"updated_at": iso(link.created_at),
		"hmac_verified": False,
		"pubsub_token": link.pubsub_token,
	}


def conversation_push(conversation: Conversation, base_url: str) -> Json:
	"""Write a conversation as webhooks carry it."""
	last = conversation.last_shown
	assignee = conversation.assignee
	return {
		"additional_attributes": conversation.additional_attributes,
		"can_reply": can_reply(conversation),
		"channel": "Channel::Api",
		"contact_inbox": contact_inbox_push(conversation.contact_inbox),
		"id": conversation.id,
		"inbox_id": conversation.inbox.id,
		"messages": [message_push(last, base_url)] if last else [],
		"labels": list(conversation.labels),
		"meta": {
			"sender": contact_push(conversation.contact),
			"assignee": user_push(assignee),
			"assignee_type": "User" if assignee else None,
			"team": None,
			"hmac_verified": False,
		},
		"status": conversation.status,
		"custom_attributes": conversation.custom_attributes,
		"snoozed_until": iso(conversation.snoozed_until),
		"unread_count": min(conversation.unread, 10),
		"first_reply_created_at": iso(conversation.first_reply_created_at),
		"priority": None,
		"waiting_since": int(conversation.waiting_since),
		"agent_last_seen_at": int(conversation.agent_last_seen_at),
		"contact_last_seen_at": int(conversation.contact_last_seen_at),
		"last_activity_at": int(conversation.last_activity_at),
		"timestamp": int(conversation.last_activity_at),
		"created_at": int(conversation.created_at),
		"updated_at": conversation.updated_at,
		"account": ACCOUNT,
	}


def message_webhook(message: Message, event: str, base_url: str) -> Json:
	"""Write a message event."""
	conversation = message.conversation
	content = message.content
	if message.content_type == "input_csat" and message.kind == TEMPLATE:
		content = f"{content} {base_url}/survey/responses/{conversation.uuid}"
	written: Json = {
		"account": ACCOUNT,
		"additional_attributes": message.additional_attributes,
		"content_attributes": message.content_attributes,
		"content_type": message.content_type,
		"content": content,
		"conversation": conversation_push(conversation, base_url),
		"created_at": iso(message.created_at),
		"id": message.id,
		"inbox": {"id": conversation.inbox.id, "name": conversation.inbox.name},
		"message_type": TYPE_NAMES[message.kind],
		"private": message.private,
		"sender": sender_webhook(message.sender),
		"source_id": message.source_id,
	}
	if message.attachments:
		written["attachments"] = [attachment_json(each, base_url) for each in message.attachments]
	written["event"] = event
	return written


def message_rest(message: Message, base_url: str, echo_id: Any = None) -> Json:
	"""Write a message as the API answers it."""
	written: Json = {"id": message.id, "content": message.content, "inbox_id": message.conversation.inbox.id}
	if echo_id is not None:
		written["echo_id"] = echo_id
	written.update(
		conversation_id=message.conversation.id,
		message_type=message.kind,
		content_type=message.content_type,
		status=message.status,
		content_attributes=message.content_attributes,
		created_at=int(message.created_at),
		private=message.private,
		source_id=message.source_id,
	)
	if message.sender is not None:
		written["sender"] = sender_push(message.sender)
	if message.attachments:
		written["attachments"] = [attachment_json(each, base_url) for each in message.attachments]
	return written


def inbox_slim(inbox: Inbox) -> Json:
	"""Write an inbox as inside contacts."""
	return {
		"id": inbox.id,
		"avatar_url": "",
		"channel_id": inbox.id - 3,
		"name": inbox.name,
		"channel_type": inbox.channel_type,
		"provider": None,
	}
