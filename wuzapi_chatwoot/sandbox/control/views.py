"""What the control API shows of both worlds, for the page, for tests and for benchmarks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wuzapi_chatwoot.sandbox.chatwoot.records import TYPE_NAMES, Attachment, Contact, Conversation, Message
from wuzapi_chatwoot.sandbox.chatwoot.reply_window import can_reply
from wuzapi_chatwoot.sandbox.chatwoot.shapes import blob_path
from wuzapi_chatwoot.sandbox.control.inputs import Json
from wuzapi_chatwoot.sandbox.defaults import ACCOUNT_ID, INBOX_ID, OWN_LID, OWN_NAME, OWN_PHONE
from wuzapi_chatwoot.sandbox.gateway.phones.phone import Chat

if TYPE_CHECKING:
	from wuzapi_chatwoot.sandbox.sandbox import Sandbox

# The page shows this many chats and conversations at most: a benchmark has thousands.
MOST_SHOWN = 60


def state(sandbox: Sandbox, limit: int) -> Json:
	"""Show everything that the page needs."""
	chats = list(sandbox.gateway.life.phone.chats.values())
	chats.sort(key=lambda chat: chat.last_second, reverse=True)
	conversations = sorted(
		sandbox.chatwoot.store.conversations.values(), key=lambda each: each.last_activity_at, reverse=True
	)
	return {
		"version": sandbox.changes.version,
		"chats": [chat.as_json(min(limit, len(chat.messages))) for chat in chats[:MOST_SHOWN]],
		"conversations": [conversation(each, limit) for each in conversations[:MOST_SHOWN]],
		"names": _names(sandbox, chats[:MOST_SHOWN]),
		"totals": {"chats": len(chats), "conversations": len(conversations)},
		"switches": sandbox.board.now.as_json(),
		"bridge": sandbox.watch.seen,
		"counters": counters(sandbox),
		"urls": {**sandbox.urls, "bridge": sandbox.options.bridge_url},
	}


def _names(sandbox: Sandbox, chats: list[Chat]) -> dict[str, str]:
	"""Say who is behind the digits of an address: the shop, and everybody whose chat is shown."""
	names = {OWN_PHONE: OWN_NAME, OWN_LID: OWN_NAME}
	for chat in chats:
		person = None if chat.is_group else sandbox.gateway.life.phone.people.find(chat.jid)
		if person is not None:
			names.update({digits: person.name for digits in (person.phone, person.lid) if digits})
	return names


def conversation(each: Conversation, limit: int | None = None) -> Json:
	"""Show a conversation with its messages."""
	messages = each.messages if limit is None else each.messages[max(0, len(each.messages) - limit) :]
	return {
		"id": each.id,
		"inbox_id": each.inbox.id,
		"status": each.status,
		"unread_count": each.unread,
		"source_id": each.contact_inbox.source_id,
		"contact": contact(each.contact),
		"labels": list(each.labels),
		"custom_attributes": each.custom_attributes,
		"waiting_since": each.waiting_since,
		"agent_last_seen_at": each.agent_last_seen_at,
		"contact_types": each.contact_types,
		"can_reply": can_reply(each),
		"total": len(each.messages),
		"messages": [_message(message) for message in messages],
	}


def contact(each: Contact) -> Json:
	"""Show a contact."""
	return {
		"id": each.id,
		"name": each.name,
		"phone_number": each.phone_number,
		"identifier": each.identifier,
		"email": each.email,
		"blocked": each.blocked,
		"avatar": each.avatar and each.avatar.signed_id,
		"custom_attributes": each.custom_attributes,
		"additional_attributes": each.additional_attributes,
		"source_ids": [link.source_id for link in each.inboxes],
	}


def _message(message: Message) -> Json:
	return {
		"id": message.id,
		"content": message.content,
		"message_type": TYPE_NAMES[message.kind],
		"content_type": message.content_type,
		"private": message.private,
		"status": message.status,
		"external_error": message.content_attributes.get("external_error"),
		"content_attributes": message.content_attributes,
		"source_id": message.source_id,
		"sender": message.sender.name if message.sender else None,
		"created_at": int(message.created_at),
		"created_at_exact": message.created_at,
		"attachments": [_attachment(attachment) for attachment in message.attachments],
	}


def _attachment(attachment: Attachment) -> Json:
	return {
		"id": attachment.id,
		"file_type": attachment.kind,
		"name": attachment.file.name,
		"content_type": attachment.file.mimetype,
		"size": len(attachment.file.data),
		"sha256": attachment.file.sha256,
		"path": blob_path(attachment),
		"signed_id": attachment.signed_id,
	}


def counters(sandbox: Sandbox) -> Json:
	"""Show what was counted."""
	return {
		"gateway": sandbox.gateway.counters.as_json("repeated_send_ids"),
		"chatwoot": sandbox.chatwoot.counters.as_json("doubled_source_ids"),
	}


def settings(sandbox: Sandbox) -> dict[str, Any]:
	"""Show what the bridge has to be given to work with this sandbox."""
	options, urls = sandbox.options, sandbox.urls
	return {
		"WUZAPI_URL": urls["gateway"],
		"WUZAPI_USER_TOKEN": options.gateway_token,
		"WUZAPI_ADMIN_TOKEN": options.gateway_admin_token,
		"WUZAPI_HMAC_KEY": options.gateway_hmac_key,
		"CHATWOOT_URL": urls["chatwoot"],
		"CHATWOOT_API_KEY": options.chatwoot_token,
		"CHATWOOT_ACCOUNT_ID": ACCOUNT_ID,
		"CHATWOOT_INBOX_ID": INBOX_ID,
		"CHATWOOT_WEBHOOK_SECRET": options.chatwoot_secret,
		"ADMIN_TOKEN": options.admin_token,
		"OWN_PHONE": OWN_PHONE,
	}
