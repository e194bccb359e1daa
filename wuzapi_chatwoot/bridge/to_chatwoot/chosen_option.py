"""A customer's "2" as the option that it means: bots know options by their words, not by where they stood in a text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from wuzapi_chatwoot.bridge.contacts.referenced_message import ReferencedMessage
from wuzapi_chatwoot.bridge.context import Bridge
from wuzapi_chatwoot.bridge.model.content import Choice, Text
from wuzapi_chatwoot.bridge.model.events import Status, WhatsAppMessage
from wuzapi_chatwoot.bridge.model.records import ConversationRow, Direction, EventRow, MessageRow
from wuzapi_chatwoot.bridge.text.interactive_text import number_chosen

# WhatsApp tells whole seconds, Chatwoot more exactly.
_ROUNDED = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class ChosenOption:
	title: str
	value: str


def chosen_option(
	bridge: Bridge,
	event: EventRow,
	conversation: ConversationRow,
	message: WhatsAppMessage,
	answered: ReferencedMessage,
) -> ChosenOption | None:
	"""Of the message that it quotes; without a quote, of the one that was written last, if that offered anything.

	In groups only with a quote: the number may be for anybody.
	"""
	content = message.content
	if message.from_me:
		return None
	if isinstance(content, Choice):
		return ChosenOption(content.text, content.id or content.text)
	number = number_chosen(content.body) if isinstance(content, Text) else None
	if number is None:
		return None
	offered = answered.row if message.quote is not None else _last_written(bridge, event, conversation)
	if offered is None or not offered.option_values or not 0 < number <= len(offered.options):
		return None
	return ChosenOption(offered.options[number - 1], offered.option_values[number - 1])


def _last_written(bridge: Bridge, event: EventRow, conversation: ConversationRow) -> MessageRow | None:
	if conversation.chat.is_group:
		return None
	for row in bridge.store.latest_messages(conversation.id, Direction.OUT, 1):
		known = row.deleted_at is None and row.status is not Status.FAILED
		return row if known and row.sent_at <= event.occurred_at + _ROUNDED else None
	return None
