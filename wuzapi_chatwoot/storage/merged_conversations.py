"""What a conversation takes over from another that turns out to be the same one. Pure; stores write it."""

from __future__ import annotations

from datetime import datetime

from wuzapi_chatwoot.bridge.model.records import ConversationChanges, ConversationRow


def taken_over(keep: ConversationRow, gone: ConversationRow) -> ConversationChanges:
	"""The changes to `keep`, whose own facts win: Chatwoot ids only where it has none, the rest where `gone` is later.

	The status in Chatwoot and how far has been read there belong to the Chatwoot conversation and go with its id.
	"""
	changes: ConversationChanges = {}
	if keep.chatwoot_contact_id is None and gone.chatwoot_contact_id is not None:
		changes["chatwoot_contact_id"] = gone.chatwoot_contact_id
	if keep.chatwoot_conversation_id is None and gone.chatwoot_conversation_id is not None:
		changes["chatwoot_conversation_id"] = gone.chatwoot_conversation_id
		changes["chatwoot_status"] = gone.chatwoot_status
		if gone.reconciled_up_to is not None:
			changes["reconciled_up_to"] = gone.reconciled_up_to
	if gone.last_incoming_at is not None and _later(gone.last_incoming_at, keep.last_incoming_at):
		changes["reply_to"] = gone.reply_to
		changes["last_incoming_at"] = gone.last_incoming_at
		if gone.last_incoming_id is not None:
			changes["last_incoming_id"] = gone.last_incoming_id
		if gone.last_incoming_sender is not None:
			changes["last_incoming_sender"] = gone.last_incoming_sender
	if gone.last_message_at is not None and _later(gone.last_message_at, keep.last_message_at):
		changes["last_message_at"] = gone.last_message_at
	return changes


def _later(at: datetime, than: datetime | None) -> bool:
	return than is None or at > than
