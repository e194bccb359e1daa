"""What WhatsApp has to be told of the message that one of ours answers to: its id, its author, its text."""

from __future__ import annotations

from ..addresses import Address
from ..errors import BridgeError
from ..events import ChatwootMessage
from ..ports import Bridge, Reply
from ..records import ECHO_MARK, ConversationRow, Direction, MessageRow, Session


def reply_to_chatwoot(
	bridge: Bridge, session: Session, conversation: ConversationRow, message: ChatwootMessage
) -> Reply | None:
	"""`None`: it answers to nothing, or to what is not on WhatsApp (a note, something from before us)."""
	rows = (
		bridge.store.find_messages_by_chatwoot_id(session.name, message.in_reply_to)
		if message.in_reply_to is not None
		else []
	)
	source = message.in_reply_to_source or ""
	if not rows and source.startswith(ECHO_MARK):
		id = source.removeprefix(ECHO_MARK).partition("/")[0]
		rows = bridge.store.find_messages(session.name, [id])
	return reply_to(bridge, session, conversation, rows[0]) if rows else None


def reply_to(
	bridge: Bridge, session: Session, conversation: ConversationRow, row: MessageRow
) -> Reply | None:
	"""`None` if it is another conversation's, or if nobody knows who wrote it."""
	if row.conversation != conversation.id or row.deleted_at is not None:
		return None
	author = author_of(bridge, session, conversation, row)
	return Reply(row.whatsapp_id, author, row.text) if author is not None else None


def author_of(
	bridge: Bridge, session: Session, conversation: ConversationRow, row: MessageRow
) -> Address | None:
	if row.sender is not None:
		return row.sender
	if row.direction is Direction.IN:
		return None if conversation.chat.is_group else conversation.reply_to
	return own_address(bridge, session, conversation)


def own_address(bridge: Bridge, session: Session, conversation: ConversationRow) -> Address | None:
	"""In the addressing of the chat, as far as both are known."""
	own = bridge.store.own_addresses(session.name)
	for address in own:
		if address.kind is conversation.reply_to.kind:
			return address
	if own:
		return own[0]
	try:
		return bridge.gateway(session).own_address()
	except BridgeError as error:
		# An answer that does not show what it answers to is better than none.
		bridge.observer.notice("our own address could not be asked for", error=error.reason)
		return None
