"""Contacts and conversations in SQLite."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from ..bridge.addresses import Address
from ..bridge.records import ContactRow, ConversationChanges, ConversationRow
from . import conversation_statements as sql
from .store_part import StorePart


class SqlConversations(StorePart):
	"""Implements `ConversationStore`."""

	def find_contact(self, session: str, addresses: Sequence[Address]) -> ContactRow | None:
		with self._database.reading() as connection:
			return _find_contact(connection, session, addresses)

	def add_contact(self, session: str, name: str, addresses: Sequence[Address]) -> ContactRow:
		with self._database.writing() as connection:
			taken = _find_contact(connection, session, addresses)
			if taken is not None:
				return taken
			is_group = any(address.is_group for address in addresses)
			id = connection.execute(
				sql.ADD_CONTACT, {"session": session, "contact_name": name, "is_group": int(is_group)}
			).lastrowid
			_add_addresses(connection, id, session, addresses)
			return ContactRow(id, session, name, tuple(dict.fromkeys(addresses)))

	def add_addresses(self, contact: int, addresses: Sequence[Address]) -> None:
		with self._database.writing() as connection:
			session = connection.execute(sql.SESSION_OF_CONTACT, {"id": contact}).scalar_one_or_none()
			if session is not None:
				_add_addresses(connection, contact, session, addresses)

	def set_chatwoot_contact(self, contact: int, chatwoot_contact_id: int | None) -> None:
		values = {"id": contact, "chatwoot_contact": chatwoot_contact_id}
		with self._database.writing() as connection:
			connection.execute(sql.SET_CHATWOOT_CONTACT, values)

	def find_conversation(self, session: str, chat: Address) -> ConversationRow | None:
		return self._one(sql.FIND_CONVERSATION, session=session, chat=str(chat))

	def find_conversation_of_contact(self, contact: int) -> ConversationRow | None:
		return self._one(sql.CONVERSATION_OF_CONTACT, contact=contact)

	def find_conversation_by_chatwoot_id(
		self, session: str, chatwoot_conversation_id: int
	) -> ConversationRow | None:
		return self._one(
			sql.CONVERSATION_BY_CHATWOOT_ID, session=session, chatwoot_conversation=chatwoot_conversation_id
		)

	def add_conversation(self, session: str, chat: Address, contact: int) -> ConversationRow:
		values = {
			"session": session,
			"chat": str(chat),
			"reply_to": str(chat),
			"contact": contact,
			"is_group": int(chat.is_group),
		}
		with self._database.writing() as connection:
			connection.execute(sql.ADD_CONVERSATION, values)
			row = connection.execute(sql.FIND_CONVERSATION, {"session": session, "chat": str(chat)}).one()
			return _conversation(row)

	def update_conversation(self, id: int, changes: ConversationChanges) -> None:
		values = {
			f"new_{field}": str(value) if isinstance(value, Address) else value
			for field, value in changes.items()
		}
		if values:
			with self._database.writing() as connection:
				connection.execute(sql.update_conversation(tuple(changes)), {"id": id, **values})

	def get_conversation(self, id: int) -> ConversationRow | None:
		return self._one(sql.GET_CONVERSATION, id=id)

	def _one(self, query: sa.Select[Any], **values: object) -> ConversationRow | None:
		with self._database.reading() as connection:
			row = connection.execute(query, values).one_or_none()
			return None if row is None else _conversation(row)


def stored_address(text: str) -> Address:
	"""Read back what `str(address)` wrote, without `Address.parse`'s corrections."""
	user, _, server = text.rpartition("@")
	return Address(user, server)


def _find_contact(connection: sa.Connection, session: str, addresses: Sequence[Address]) -> ContactRow | None:
	texts = [str(address) for address in addresses]
	if not texts:
		return None
	rows = connection.execute(sql.FIND_CONTACT, {"session": session, "addresses": texts}).all()
	if not rows:
		return None
	best = min(rows, key=lambda row: texts.index(row.hit))
	return ContactRow(
		id=best.name,
		session=best.session,
		name=best.contact_name,
		addresses=tuple(stored_address(row.address) for row in rows if row.hit == best.hit),
		chatwoot_contact_id=best.chatwoot_contact_id,
	)


def _add_addresses(
	connection: sa.Connection, contact: int, session: str, addresses: Sequence[Address]
) -> None:
	for address in addresses:
		values = {
			"contact": contact,
			"for_session": session,
			"new_address": str(address),
			"new_phone": address.phone,
		}
		connection.execute(sql.ADD_ADDRESS, values)


def _conversation(row: Any) -> ConversationRow:
	sender = row.last_incoming_sender
	return ConversationRow(
		id=row.name,
		session=row.session,
		chat=stored_address(row.chat),
		reply_to=stored_address(row.reply_to),
		contact=row.contact,
		chatwoot_contact_id=row.chatwoot_contact_id,
		chatwoot_conversation_id=row.chatwoot_conversation_id,
		chatwoot_status=row.chatwoot_status,
		last_incoming_id=row.last_incoming_id,
		last_incoming_sender=None if sender is None else stored_address(sender),
		read_up_to_id=row.read_up_to_id,
		reconciled_up_to=row.reconciled_up_to,
	)
