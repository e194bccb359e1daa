"""Messages on a site."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import frappe

from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.errors import DuplicateRow
from wuzapi_chatwoot.bridge.model.events import Status
from wuzapi_chatwoot.bridge.model.records import Direction, MessageChanges, MessageRow
from wuzapi_chatwoot.frappe_host.store.connection import tried_again
from wuzapi_chatwoot.frappe_host.store.part import StorePart
from wuzapi_chatwoot.frappe_host.store.times import from_site, to_site
from wuzapi_chatwoot.storage.column_codecs import (
	reactions_of,
	stored_address,
	stored_reactions,
	stored_texts,
	texts_of,
)

_COLUMNS = (
	"session",
	"conversation",
	"chat",
	"whatsapp_id",
	"part",
	"direction",
	"status",
	"sent_at",
	"status_at",
	"chatwoot_message_id",
	"chatwoot_conversation_id",
	"chatwoot_status",
	"origin",
	"kind",
	"text",
	"file",
	"sender_name",
	"error",
	"sender",
	"reply_to_id",
	"options",
	"option_values",
	"reactions",
	"earlier_texts",
	"deleted_at",
)
_SELECT = f"SELECT name, {', '.join(f'`{column}`' for column in _COLUMNS)} FROM `tabWuzAPI Message`"  # noqa: S608


class FrappeMessages(StorePart):
	"""Implements `MessageStore`."""

	@tried_again
	def add_message(self, message: MessageRow) -> MessageRow:
		with self._connection.atomic():
			id = self._connection.next_id("WuzAPI Message")
			columns = ", ".join(f"`{column}`" for column in _COLUMNS)
			places = ", ".join(f"%({column})s" for column in _COLUMNS)
			added = self._connection.write(
				f"""INSERT INTO `tabWuzAPI Message` (name, creation, modified, owner, modified_by, {columns})
				VALUES (%(name)s, %(at)s, %(at)s, %(user)s, %(user)s, {places})
				ON DUPLICATE KEY UPDATE part = VALUES(part)""",  # noqa: S608 - constants only
				{
					**_values(message),
					"name": id,
					"at": to_site(message.status_at),
					"user": self._user,
				},
			)
			if added != 1:
				raise DuplicateRow("This part of the message is stored already")
			return replace(message, id=id)

	def find_messages(self, session: str, chat: Address, whatsapp_ids: Sequence[str]) -> list[MessageRow]:
		places = {id: place for place, id in reversed(list(enumerate(whatsapp_ids)))}
		if not places:
			return []
		rows = self._connection.rows(
			f"{_SELECT} WHERE session = %(session)s AND chat = %(chat)s AND whatsapp_id IN %(ids)s",
			{"session": session, "chat": str(chat), "ids": list(places)},
		)
		messages = [_message(row) for row in rows if row.whatsapp_id in places]
		return sorted(messages, key=lambda each: (places[each.whatsapp_id], each.part, each.id))

	def find_messages_by_chatwoot_id(self, session: str, chatwoot_message_id: int) -> list[MessageRow]:
		rows = self._connection.rows(
			f"{_SELECT} WHERE session = %s AND chatwoot_message_id = %s ORDER BY part, name",
			(session, chatwoot_message_id),
		)
		return [_message(row) for row in rows]

	def conversations_in_chatwoot(self, session: str, chatwoot_conversation_id: int) -> list[int]:
		rows = self._connection.rows(
			"""SELECT DISTINCT conversation FROM `tabWuzAPI Message`
			WHERE session = %s AND chatwoot_conversation_id = %s""",
			(session, chatwoot_conversation_id),
		)
		return sorted(int(row.conversation) for row in rows)

	def others_wrote_in(
		self, session: str, chatwoot_conversation_id: int, conversation: int, since: datetime
	) -> bool:
		values = {
			"session": session,
			"place": chatwoot_conversation_id,
			"conversation": str(conversation),
			"since": to_site(since),
		}
		# In two ranges, so that what the conversation itself has there is not read.
		return any(
			self._connection.one(
				f"""SELECT name FROM `tabWuzAPI Message` WHERE session = %(session)s
				AND chatwoot_conversation_id = %(place)s AND conversation {side} %(conversation)s
				AND direction = 'in' AND sent_at >= %(since)s LIMIT 1""",  # noqa: S608 - two constants
				values,
			)
			for side in ("<", ">")
		)

	def latest_messages(self, conversation: int, direction: Direction, limit: int) -> list[MessageRow]:
		rows = self._connection.rows(
			f"{_SELECT} WHERE conversation = %s AND direction = %s ORDER BY sent_at DESC, name DESC LIMIT %s",
			(conversation, direction.value, limit),
		)
		return [_message(row) for row in rows]

	def get_message(self, id: int) -> MessageRow | None:
		row = self._connection.one(f"{_SELECT} WHERE name = %s", (id,))
		return _message(row) if row else None

	def change_message(self, id: int, changes: MessageChanges) -> None:
		if not changes:
			return
		values: dict[str, object] = dict(changes)
		if "reactions" in changes:
			values["reactions"] = stored_reactions(changes["reactions"])
		if "earlier_texts" in changes:
			values["earlier_texts"] = stored_texts(changes["earlier_texts"])
		deleted_at = changes.get("deleted_at")
		if deleted_at is not None:
			values["deleted_at"] = to_site(deleted_at)
		if "chat" in changes:
			values["chat"] = str(changes["chat"])
		if "conversation" in changes:
			values["conversation"] = str(changes["conversation"])
		columns = ", ".join(f"`{column}` = %s" for column in values)
		with self._connection.atomic():
			self._connection.write_unique(
				f"UPDATE `tabWuzAPI Message` SET {columns}, modified = %s WHERE name = %s",  # noqa: S608
				(*values.values(), frappe.utils.now(), id),
				"This part of the message is stored already",
			)

	def advance_status(self, id: int, status: Status, at: datetime, error: str | None = None) -> bool:
		lower = [each.value for each in Status if each.rank < status.rank]
		if status is Status.FAILED:
			lower.append(status.value)
		with self._connection.atomic():
			return bool(lower) and (
				self._connection.write(
					"""UPDATE `tabWuzAPI Message` SET status = %(status)s, status_at = %(at)s, modified = %(at)s,
					error = %(error)s WHERE name = %(id)s AND status IN %(lower)s""",
					{"status": status.value, "at": to_site(at), "error": error, "id": id, "lower": lower},
				)
				== 1
			)

	def conversation_of(self, id: int) -> int:
		"""Not part of the port: for live updates."""
		row = self._connection.one("SELECT conversation FROM `tabWuzAPI Message` WHERE name = %s", (id,))
		return int(row.conversation) if row else 0

	def note_in_chatwoot(self, id: int, message_id: int, conversation_id: int, status: Status) -> None:
		with self._connection.atomic():
			self._connection.write(
				"""UPDATE `tabWuzAPI Message` SET chatwoot_message_id = %s, chatwoot_conversation_id = %s,
				chatwoot_status = %s WHERE name = %s""",
				(message_id, conversation_id, status.value, id),
			)


def _values(message: MessageRow) -> dict[str, object]:
	shown = message.chatwoot_status
	return {
		"session": message.session,
		"conversation": str(message.conversation),
		"chat": str(message.chat),
		"whatsapp_id": message.whatsapp_id,
		"part": message.part,
		"direction": message.direction.value,
		"status": message.status.value,
		"sent_at": to_site(message.sent_at),
		"status_at": to_site(message.status_at),
		# Frappe's number columns know no "none".
		"chatwoot_message_id": message.chatwoot_message_id or 0,
		"chatwoot_conversation_id": message.chatwoot_conversation_id or 0,
		"chatwoot_status": shown.value if shown else None,
		"origin": message.origin,
		"kind": message.kind,
		"text": message.text,
		"file": message.file,
		"sender_name": message.sender_name[:255],
		"error": message.error,
		"sender": str(message.sender) if message.sender else None,
		"reply_to_id": message.reply_to_id,
		"options": stored_texts(message.options),
		"option_values": stored_texts(message.option_values),
		"reactions": stored_reactions(message.reactions),
		"earlier_texts": stored_texts(message.earlier_texts),
		"deleted_at": to_site(message.deleted_at) if message.deleted_at else None,
	}


def _message(row: Any) -> MessageRow:
	return MessageRow(
		id=row.name,
		session=row.session,
		conversation=int(row.conversation),
		chat=stored_address(row.chat),
		whatsapp_id=row.whatsapp_id,
		part=row.part,
		direction=Direction(row.direction),
		status=Status(row.status),
		sent_at=from_site(row.sent_at),
		status_at=from_site(row.status_at),
		chatwoot_message_id=row.chatwoot_message_id or None,
		chatwoot_conversation_id=row.chatwoot_conversation_id or None,
		chatwoot_status=Status(row.chatwoot_status) if row.chatwoot_status else None,
		origin=row.origin or "",
		kind=row.kind or "",
		text=row.text or "",
		file=row.file,
		sender_name=row.sender_name or "",
		error=row.error,
		sender=stored_address(row.sender) if row.sender else None,
		reply_to_id=row.reply_to_id,
		options=texts_of(row.options),
		option_values=texts_of(row.option_values),
		reactions=reactions_of(row.reactions),
		earlier_texts=texts_of(row.earlier_texts),
		deleted_at=from_site(row.deleted_at) if row.deleted_at else None,
	)
