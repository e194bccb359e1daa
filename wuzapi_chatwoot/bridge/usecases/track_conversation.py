"""Remember what became of a conversation in Chatwoot: its status decides where the next message goes."""

from __future__ import annotations

from ..errors import Ignored
from ..events import ConversationChanged
from ..ports import Bridge
from ..records import Session
from .effects import Effects


def track_conversation(bridge: Bridge, session: Session, event: ConversationChanged) -> Effects:
	status = event.conversation.status
	row = bridge.store.find_conversation_by_chatwoot_id(session.name, event.conversation.id)
	if row is None or status is None or row.chatwoot_status == status:
		raise Ignored("nothing new about the conversation")
	return lambda: bridge.store.update_conversation(row.id, {"chatwoot_status": status})
