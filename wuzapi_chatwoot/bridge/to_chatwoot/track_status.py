"""Carry delivered and read marks from WhatsApp to the messages in Chatwoot. Statuses only move forward."""

from __future__ import annotations

from wuzapi_chatwoot.bridge.contacts.resolve_contact import known_conversations
from wuzapi_chatwoot.bridge.context import Bridge
from wuzapi_chatwoot.bridge.inbox.effects import Effects
from wuzapi_chatwoot.bridge.model.errors import Ignored, NotFound
from wuzapi_chatwoot.bridge.model.events import Receipt, Status
from wuzapi_chatwoot.bridge.model.records import Direction, MessageRow, Session


def track_status(bridge: Bridge, session: Session, receipt: Receipt) -> Effects:
	# Of this chat only: whoever knows an id could move another one's message with it.
	rows = [
		row
		for conversation in known_conversations(bridge, session, receipt.chat, receipt.chat_alt)
		for row in bridge.store.find_messages(session.name, conversation.chat, receipt.message_ids)
		if row.direction is Direction.OUT
	]
	if not rows:
		raise Ignored("a receipt for messages that did not pass through here")
	shown = [
		(parts, status)
		for parts in _by_chatwoot_message(bridge, session, rows)
		if (status := _weakest(parts, rows, receipt.status)).rank > _shown(parts).rank
	]
	chatwoot = bridge.chatwoot(session)
	for parts, status in shown:
		first = parts[0]
		if first.chatwoot_message_id is None or first.chatwoot_conversation_id is None:
			continue
		try:
			chatwoot.set_status(first.chatwoot_conversation_id, first.chatwoot_message_id, status)
		except NotFound:
			bridge.observer.notice("a message with a new status is gone from Chatwoot", message=first.id)

	def write() -> None:
		for row in rows:
			bridge.store.advance_status(row.id, receipt.status, receipt.at)
		for parts, status in shown:
			for part in parts:
				if part.chatwoot_message_id is not None and part.chatwoot_conversation_id is not None:
					bridge.store.note_in_chatwoot(
						part.id, part.chatwoot_message_id, part.chatwoot_conversation_id, status
					)

	return write


def _by_chatwoot_message(bridge: Bridge, session: Session, rows: list[MessageRow]) -> list[list[MessageRow]]:
	"""All parts of every Chatwoot message that one of the rows belongs to."""
	ids = dict.fromkeys(row.chatwoot_message_id for row in rows if row.chatwoot_message_id is not None)
	return [bridge.store.find_messages_by_chatwoot_id(session.name, id) for id in ids]


def _weakest(parts: list[MessageRow], reached: list[MessageRow], status: Status) -> Status:
	"""A message of several parts has got only as far as the part that is furthest behind."""
	ids = {row.id for row in reached}
	return min(
		(max(part.status, status, key=_rank) if part.id in ids else part.status for part in parts), key=_rank
	)


def _shown(parts: list[MessageRow]) -> Status:
	return max((part.chatwoot_status or Status.PENDING for part in parts), key=_rank)


def _rank(status: Status) -> int:
	return status.rank
