"""Find what a message is about: the one it answers, reacts to, changes or takes back. Asks the store only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from wuzapi_chatwoot.bridge.contacts.apply_message_change import is_author
from wuzapi_chatwoot.bridge.context import Bridge
from wuzapi_chatwoot.bridge.model.content import (
	CalendarEvent,
	Comment,
	Edit,
	Kept,
	Payment,
	Pin,
	PollOption,
	PollVote,
	Reaction,
	Revoke,
	Undecryptable,
)
from wuzapi_chatwoot.bridge.model.events import WhatsAppMessage
from wuzapi_chatwoot.bridge.model.records import ConversationRow, MessageRow, Session

_LONGEST_QUOTE = 200


@dataclass(frozen=True, slots=True)
class ReferencedMessage:
	"""`row`: the other message, if it passed through here."""

	row: MessageRow | None = None
	in_reply_to: int | None = None
	"""Chatwoot's id of it, if it stands in the conversation's present Chatwoot conversation."""
	quoted: str = ""
	"""Its text in one line, where Chatwoot cannot show the message itself."""


def find_referenced_message(
	bridge: Bridge,
	session: Session,
	conversation: ConversationRow,
	message: WhatsAppMessage,
	earlier: Sequence[MessageRow] = (),
) -> ReferencedMessage:
	"""`earlier`: what is there already under the message's own id, a line that stood in for it."""
	id = target_of(message)
	rows = bridge.store.find_messages(session.name, conversation.chat, [id]) if id else earlier
	row = _meant(message, rows)
	if row is None:
		quote = message.quote
		return ReferencedMessage(quoted=_one_line(quote.text or "") if quote else "")
	known = conversation.chatwoot_conversation_id
	if row.chatwoot_message_id is not None and known == row.chatwoot_conversation_id:
		return ReferencedMessage(row, in_reply_to=row.chatwoot_message_id)
	quoted = row.text or (message.quote.text if message.quote else "") or ""
	return ReferencedMessage(row, quoted=_one_line(quoted))


def _meant(message: WhatsAppMessage, rows: Sequence[MessageRow]) -> MessageRow | None:
	"""Two people of a chat may have chosen one id: a message is changed by its own author first of all."""
	if isinstance(message.content, Edit | Revoke):
		own = next((row for row in rows if is_author(message, row)), None)
		if own is not None:
			return own
	return next(iter(rows), None)


def target_of(message: WhatsAppMessage) -> str | None:
	"""WhatsApp id of the message this one is about."""
	match message.content:
		case Reaction(target_id=id) | Edit(target_id=id) | Revoke(target_id=id) | Pin(target_id=id):
			return id
		case PollVote(poll_id=id) | PollOption(poll_id=id) if id:
			return id
		case (
			CalendarEvent(target_id=id)
			| Comment(target_id=id)
			| Kept(target_id=id)
			| Payment(target_id=id)
			| Undecryptable(target_id=id)
		) if id:
			return id
	return message.quote.message_id if message.quote else None


def _one_line(text: str) -> str:
	line = " ".join(text.split())
	return line if len(line) <= _LONGEST_QUOTE else line[: _LONGEST_QUOTE - 1] + "…"
