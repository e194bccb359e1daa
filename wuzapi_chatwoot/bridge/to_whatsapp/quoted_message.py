"""What WhatsApp has to be told of the message that one of ours answers to: its id, its author, its text."""

from __future__ import annotations

from wuzapi_chatwoot.bridge.context import Bridge
from wuzapi_chatwoot.bridge.model.addresses import Address, AddressKind
from wuzapi_chatwoot.bridge.model.errors import BridgeError
from wuzapi_chatwoot.bridge.model.events import ChatwootMessage
from wuzapi_chatwoot.bridge.model.records import ECHO_MARK, ConversationRow, Direction, MessageRow, Session
from wuzapi_chatwoot.bridge.ports.gateway import Reply


def quoted_in_chatwoot(bridge: Bridge, session: Session, message: ChatwootMessage) -> MessageRow | None:
	"""The message that an agent answers to, in whichever conversation it is; `None`: to none that is on WhatsApp."""
	if message.in_reply_to is not None:
		rows = bridge.store.find_messages_by_chatwoot_id(session.name, message.in_reply_to)
		if rows:
			return rows[0]
	source = message.in_reply_to_source or ""
	conversation = bridge.store.find_conversation_by_chatwoot_id(session.name, message.conversation.id)
	if conversation is None or not source.startswith(ECHO_MARK):
		return None
	id, _, part = source.removeprefix(ECHO_MARK).partition("/")
	rows = bridge.store.find_messages(session.name, conversation.chat, [id])
	return next((row for row in rows if str(row.part or "") == part), next(iter(rows), None))


def reply_to(
	bridge: Bridge, session: Session, conversation: ConversationRow, row: MessageRow
) -> Reply | None:
	"""`None` if it is another conversation's, or if nobody knows who wrote it."""
	if row.deleted_at is not None:
		return None
	if row.conversation == conversation.id:
		author = author_of(bridge, session, conversation, row)
	else:
		# A status is answered in its author's own chat.
		author = row.sender if row.chat.kind is AddressKind.BROADCAST else None
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
