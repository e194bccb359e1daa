"""Show the customer that what he wrote was read. Best effort: never holds up or fails a message."""

from __future__ import annotations

from ..errors import BridgeError
from ..ports import Bridge
from ..records import ConversationRow, Session


def mark_read(bridge: Bridge, session: Session, conversation: ConversationRow) -> None:
	last, sender = conversation.last_incoming_id, conversation.last_incoming_sender
	if last is None or sender is None or last == conversation.read_up_to_id:
		return
	try:
		bridge.gateway(session).mark_read(conversation.reply_to, [last], sender)
	except BridgeError as error:
		bridge.observer.notice(
			"a read mark could not be set", error=error.reason, conversation=conversation.id
		)
		return
	bridge.store.update_conversation(conversation.id, {"read_up_to_id": last})
