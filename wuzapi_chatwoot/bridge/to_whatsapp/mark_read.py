"""Show the customer that what he wrote was read. Best effort: never holds up or fails a message."""

from __future__ import annotations

from itertools import groupby, takewhile

from wuzapi_chatwoot.bridge.context import Bridge
from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.errors import BridgeError
from wuzapi_chatwoot.bridge.model.records import ConversationRow, Direction, MessageRow, Session

# More than anybody leaves unread; older ones stay as they are.
_MOST = 50
# Lines of ours about a call or a group: nobody wrote them, so WhatsApp knows no such message.
_NO_MESSAGES = ("phonecall", "group_change")


def mark_read(bridge: Bridge, session: Session, conversation: ConversationRow) -> None:
	"""Every message since the one that was marked last."""
	if conversation.last_incoming_id is None or conversation.last_incoming_id == conversation.read_up_to_id:
		return
	latest = bridge.store.latest_messages(conversation.id, Direction.IN, _MOST)
	unread = list(takewhile(lambda row: row.whatsapp_id != conversation.read_up_to_id, latest))
	try:
		for sender, ids in _by_sender(conversation, unread):
			bridge.gateway(session).mark_read(conversation.reply_to, ids, sender)
	except BridgeError as error:
		bridge.observer.notice(
			"a read mark could not be set", error=error.reason, conversation=conversation.id
		)
		return
	bridge.store.update_conversation(conversation.id, {"read_up_to_id": conversation.last_incoming_id})


def _by_sender(
	conversation: ConversationRow, newest_first: list[MessageRow]
) -> list[tuple[Address, list[str]]]:
	"""Oldest first; the gateway takes the messages of one sender at a time."""
	rows = [row for row in reversed(newest_first) if row.kind not in _NO_MESSAGES]
	spoken = groupby(rows, key=lambda row: row.sender or conversation.last_incoming_sender)
	return [
		(sender, list(dict.fromkeys(row.whatsapp_id for row in group)))
		for sender, group in spoken
		if sender is not None
	]
