"""Send to somebody who never wrote to us, as far as WhatsApp lets the number. While it does not, it is not asked each time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from wuzapi_chatwoot.bridge.context import Bridge
from wuzapi_chatwoot.bridge.model.errors import NewChatRefused, Permanent
from wuzapi_chatwoot.bridge.model.records import ConversationRow, NewChats, Session

# One message in so long finds out whether the lock is over.
_ASKED_AGAIN_AFTER = timedelta(minutes=15)


def send_where_allowed(
	bridge: Bridge, session: Session, conversation: ConversationRow, send: Callable[[], None]
) -> None:
	"""Raises `NewChatRefused`, and notes the lock on the session; one that was let through ends it."""
	begins = conversation.last_incoming_at is None and not conversation.chat.is_group
	known = bridge.store.new_chats(session.name) if begins else NewChats()
	if known.refused_at is not None and bridge.clock.now() - known.refused_at < _ASKED_AGAIN_AFTER:
		raise NewChatRefused("WhatsApp does not let this number start new chats at the moment")
	try:
		send()
	except NewChatRefused as error:
		if begins:
			bridge.store.note_new_chat(session.name, bridge.clock.now())
			raise
		# Of one person who has written, it says nothing about others.
		raise Permanent(
			"WhatsApp does not take messages to this contact at the moment (error 463)", detail=error.detail
		) from error
	if known.locked_since is not None:
		bridge.store.note_new_chat(session.name, None)
