"""Messages in SQLite. Ids from WhatsApp are compared exactly, upper and lower case apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.errors import DuplicateRow
from wuzapi_chatwoot.bridge.model.events import Status
from wuzapi_chatwoot.bridge.model.records import Direction, MessageChanges, MessageRow
from wuzapi_chatwoot.standalone_host.storage.part import StorePart
from wuzapi_chatwoot.standalone_host.storage.statements import conversations as sql
from wuzapi_chatwoot.storage.column_codecs import (
	reactions_of,
	stored_address,
	stored_reactions,
	stored_texts,
	texts_of,
)


class SqlMessages(StorePart):
	"""Implements `MessageStore`."""

	def add_message(self, message: MessageRow) -> MessageRow:
		shown = message.chatwoot_status
		values = {
			"session": message.session,
			"conversation": message.conversation,
			"chat": str(message.chat),
			"whatsapp_id": message.whatsapp_id,
			"part": message.part,
			"direction": message.direction.value,
			"status": message.status.value,
			"sent_at": message.sent_at,
			"status_at": message.status_at,
			"chatwoot_message_id": message.chatwoot_message_id,
			"chatwoot_conversation_id": message.chatwoot_conversation_id,
			"chatwoot_status": None if shown is None else shown.value,
			"origin": message.origin,
			"kind": message.kind,
			"text": message.text,
			"file": message.file,
			"sender_name": message.sender_name,
			"error": message.error,
			"sender": None if message.sender is None else str(message.sender),
			"reply_to_id": message.reply_to_id,
			"options": stored_texts(message.options),
			"option_values": stored_texts(message.option_values),
			"reactions": stored_reactions(message.reactions),
			"earlier_texts": stored_texts(message.earlier_texts),
			"deleted_at": message.deleted_at,
		}
		with self._database.writing() as connection:
			result = connection.execute(sql.ADD_MESSAGE, values)
			if result.rowcount != 1:
				raise DuplicateRow("This part of the message is stored already")
			return replace(message, id=result.lastrowid)

	def find_messages(self, session: str, chat: Address, whatsapp_ids: Sequence[str]) -> list[MessageRow]:
		if not whatsapp_ids:
			return []
		places: dict[str, int] = {}
		for id in whatsapp_ids:
			places.setdefault(id, len(places))
		values = {"session": session, "chat": str(chat), "whatsapp_ids": list(places)}
		with self._database.reading() as connection:
			messages = [_message(row) for row in connection.execute(sql.FIND_MESSAGES, values)]
		return sorted(messages, key=lambda each: (places[each.whatsapp_id], each.part, each.id))

	def find_messages_by_chatwoot_id(self, session: str, chatwoot_message_id: int) -> list[MessageRow]:
		values = {"session": session, "chatwoot_message": chatwoot_message_id}
		with self._database.reading() as connection:
			return [_message(row) for row in connection.execute(sql.FIND_MESSAGES_BY_CHATWOOT_ID, values)]

	def conversations_in_chatwoot(self, session: str, chatwoot_conversation_id: int) -> list[int]:
		values = {"session": session, "chatwoot_conversation": chatwoot_conversation_id}
		with self._database.reading() as connection:
			return list(connection.execute(sql.CONVERSATIONS_IN_CHATWOOT, values).scalars())

	def others_wrote_in(
		self, session: str, chatwoot_conversation_id: int, conversation: int, since: datetime
	) -> bool:
		values = {
			"session": session,
			"chatwoot_conversation": chatwoot_conversation_id,
			"conversation": conversation,
			"since": since,
		}
		with self._database.reading() as connection:
			return bool(connection.execute(sql.OTHERS_WROTE_IN, values).scalar_one())

	def latest_messages(self, conversation: int, direction: Direction, limit: int) -> list[MessageRow]:
		values = {"conversation": conversation, "direction": direction.value, "limit": limit}
		with self._database.reading() as connection:
			return [_message(row) for row in connection.execute(sql.LATEST_MESSAGES, values)]

	def get_message(self, id: int) -> MessageRow | None:
		with self._database.reading() as connection:
			row = connection.execute(sql.GET_MESSAGE, {"id": id}).one_or_none()
			return None if row is None else _message(row)

	def change_message(self, id: int, changes: MessageChanges) -> None:
		values: dict[str, object] = {f"new_{field}": value for field, value in changes.items()}
		if "reactions" in changes:
			values["new_reactions"] = stored_reactions(changes["reactions"])
		if "earlier_texts" in changes:
			values["new_earlier_texts"] = stored_texts(changes["earlier_texts"])
		if "chat" in changes:
			values["new_chat"] = str(changes["chat"])
		if not values:
			return
		with self._database.writing() as connection:
			if "chat" in changes:
				taken = {"id": id, "chat": str(changes["chat"])}
				if connection.execute(sql.SAME_PART_IN_CHAT, taken).first() is not None:
					raise DuplicateRow("This part of the message is stored already")
			connection.execute(sql.change_message(tuple(changes)), {"id": id, **values})

	def advance_status(self, id: int, status: Status, at: datetime, error: str | None = None) -> bool:
		values = {"id": id, "at": at, "cause": error}
		with self._database.writing() as connection:
			return connection.execute(sql.ADVANCE_STATUS[status], values).rowcount == 1

	def note_in_chatwoot(self, id: int, message_id: int, conversation_id: int, status: Status) -> None:
		values = {
			"id": id,
			"chatwoot_message": message_id,
			"chatwoot_conversation": conversation_id,
			"shown_status": status.value,
		}
		with self._database.writing() as connection:
			connection.execute(sql.NOTE_IN_CHATWOOT, values)


def _message(row: Any) -> MessageRow:
	return MessageRow(
		id=row.name,
		session=row.session,
		conversation=row.conversation,
		chat=stored_address(row.chat),
		whatsapp_id=row.whatsapp_id,
		part=row.part,
		direction=Direction(row.direction),
		status=Status(row.status),
		sent_at=row.sent_at,
		status_at=row.status_at,
		chatwoot_message_id=row.chatwoot_message_id,
		chatwoot_conversation_id=row.chatwoot_conversation_id,
		chatwoot_status=Status(row.chatwoot_status) if row.chatwoot_status else None,
		origin=row.origin,
		kind=row.kind,
		text=row.text,
		file=row.file,
		sender_name=row.sender_name,
		error=row.error,
		sender=stored_address(row.sender) if row.sender else None,
		reply_to_id=row.reply_to_id,
		options=texts_of(row.options),
		option_values=texts_of(row.option_values),
		reactions=reactions_of(row.reactions),
		earlier_texts=texts_of(row.earlier_texts),
		deleted_at=row.deleted_at,
	)
