"""Remember what became of a conversation in Chatwoot: its status decides where the next message goes.

And what an agent has looked at there: the customer may be shown that it was read.
"""

from __future__ import annotations

from wuzapi_chatwoot.bridge.context import Bridge
from wuzapi_chatwoot.bridge.inbox.effects import Effects, nothing_to_write
from wuzapi_chatwoot.bridge.model.errors import Ignored
from wuzapi_chatwoot.bridge.model.events import ChatwootConversation, ConversationChanged
from wuzapi_chatwoot.bridge.model.records import ConversationRow, Session
from wuzapi_chatwoot.bridge.to_whatsapp.mark_read import mark_read


def track_conversation(bridge: Bridge, session: Session, event: ConversationChanged) -> Effects:
	row = bridge.store.find_conversation_by_chatwoot_id(session.name, event.conversation.id)
	seen = row is not None and session.mark_read_on_view and has_seen(row, event.conversation)
	if row is not None and seen:
		mark_read(bridge, session, row)
	status = event.conversation.status
	if row is None or status is None or row.chatwoot_status == status:
		if seen:
			return nothing_to_write
		raise Ignored("nothing new about the conversation")
	return lambda: bridge.store.update_conversation(row.id, {"chatwoot_status": status})


def has_seen(row: ConversationRow, told: ChatwootConversation) -> bool:
	"""Has an agent looked at the conversation since the customer's last message?"""
	if row.last_incoming_at is None or told.agent_last_seen_at is None:
		return False
	# Chatwoot tells whole seconds.
	return told.agent_last_seen_at >= row.last_incoming_at.replace(microsecond=0)
