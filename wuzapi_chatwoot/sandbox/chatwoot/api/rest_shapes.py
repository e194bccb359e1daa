"""The larger REST answers of Chatwoot: contacts, conversations, inboxes. Webhooks look different, see shapes."""

from __future__ import annotations

from wuzapi_chatwoot.sandbox.chatwoot.records import API_CHANNEL, Contact, Conversation, Inbox, Json
from wuzapi_chatwoot.sandbox.chatwoot.reply_window import can_reply
from wuzapi_chatwoot.sandbox.chatwoot.shapes import contact_push, inbox_slim, message_rest, user_push
from wuzapi_chatwoot.sandbox.defaults import ACCOUNT_ID


def contact_rest(contact: Contact, *, with_inboxes: bool = True) -> Json:
	"""Write a contact."""
	written: Json = {
		"additional_attributes": contact.additional_attributes,
		"availability_status": "offline",
		"email": contact.email,
		"id": contact.id,
		"name": contact.name,
		"phone_number": contact.phone_number,
		"blocked": contact.blocked,
		"identifier": contact.identifier,
		"thumbnail": contact.thumbnail,
		"custom_attributes": contact.custom_attributes,
	}
	if contact.last_activity_at is not None:
		written["last_activity_at"] = int(contact.last_activity_at)
	written["created_at"] = int(contact.created_at)
	if with_inboxes:
		written["contact_inboxes"] = [
			{"source_id": link.source_id, "inbox": inbox_slim(link.inbox)} for link in contact.inboxes
		]
	return written


def conversation_rest(conversation: Conversation, base_url: str) -> Json:
	"""Write a conversation with its last message."""
	sender = contact_push(conversation.contact)
	sender.pop("type")
	sender["availability_status"] = "offline"
	meta: Json = {"sender": sender, "channel": "Channel::Api", "hmac_verified": False}
	if conversation.assignee:
		meta["assignee"] = user_push(conversation.assignee)
		meta["assignee_type"] = "User"
	last = conversation.messages[-1] if conversation.messages else None
	shown = conversation.last_shown
	return {
		"meta": meta,
		"id": conversation.id,
		"messages": [message_rest(last, base_url)] if last else [],
		"account_id": ACCOUNT_ID,
		"uuid": conversation.uuid,
		"additional_attributes": conversation.additional_attributes,
		"agent_last_seen_at": int(conversation.agent_last_seen_at),
		"assignee_last_seen_at": 0,
		"can_reply": can_reply(conversation),
		"contact_last_seen_at": int(conversation.contact_last_seen_at),
		"custom_attributes": conversation.custom_attributes,
		"inbox_id": conversation.inbox.id,
		"labels": list(conversation.labels),
		"muted": conversation.muted,
		"snoozed_until": conversation.snoozed_until and int(conversation.snoozed_until),
		"status": conversation.status,
		"created_at": int(conversation.created_at),
		"updated_at": conversation.updated_at,
		"timestamp": int(conversation.last_activity_at),
		"first_reply_created_at": int(conversation.first_reply_created_at or 0),
		"unread_count": min(conversation.unread, 10),
		"last_non_activity_message": message_rest(shown, base_url) if shown else None,
		"last_activity_at": int(conversation.last_activity_at),
		"priority": None,
		"waiting_since": int(conversation.waiting_since),
		"sla_policy_id": None,
	}


def inbox_rest(inbox: Inbox, *, administrator: bool = False, with_secret: bool = True) -> Json:
	"""Write an inbox; only an administrator sees its secrets, and in old versions there is only the token."""
	written: Json = {
		"id": inbox.id,
		"avatar_url": "",
		"channel_id": inbox.id - 3,
		"name": inbox.name,
		"channel_type": inbox.channel_type,
		"greeting_enabled": inbox.greeting_enabled,
		"greeting_message": None,
		"working_hours_enabled": inbox.working_hours_enabled,
		"enable_email_collect": True,
		"csat_survey_enabled": inbox.csat_survey_enabled,
		"enable_auto_assignment": inbox.enable_auto_assignment,
		"auto_assignment_config": {},
		"out_of_office_message": None,
		"timezone": "UTC",
		"callback_webhook_url": None,
		"allow_messages_after_resolved": True,
		"lock_to_single_conversation": inbox.lock_to_single_conversation,
		"sender_name_type": "friendly",
		"business_name": None,
		"hmac_mandatory": inbox.hmac_mandatory,
		"provider": None,
	}
	if inbox.channel_type != API_CHANNEL:
		return written
	written["webhook_url"] = inbox.webhook_url
	written["inbox_identifier"] = inbox.identifier
	written["additional_attributes"] = inbox.additional_attributes
	if administrator:
		written["hmac_token"] = "FictionalHmacToken000001"
		if with_secret:
			written["secret"] = inbox.secret
	return written
