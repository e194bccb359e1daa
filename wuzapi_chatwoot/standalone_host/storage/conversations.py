"""Conversations in SQLite."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.errors import DuplicateRow
from wuzapi_chatwoot.bridge.model.records import ConversationChanges, ConversationRow
from wuzapi_chatwoot.standalone_host.storage.part import StorePart
from wuzapi_chatwoot.standalone_host.storage.statements import conversations as sql
from wuzapi_chatwoot.storage.chatwoot_holders import Claim, settle_claims
from wuzapi_chatwoot.storage.column_codecs import stored_address


class SqlConversations(StorePart):
	"""Implements the part of `ConversationStore` that is about conversations."""

	def find_conversation(self, session: str, chat: Address) -> ConversationRow | None:
		return self._one(sql.FIND_CONVERSATION, session=session, chat=str(chat))

	def find_conversation_of_contact(self, contact: int) -> ConversationRow | None:
		return self._one(sql.CONVERSATION_OF_CONTACT, contact=contact)

	def find_conversation_by_chatwoot_id(
		self, session: str, chatwoot_conversation_id: int
	) -> ConversationRow | None:
		return self._one(
			sql.CONVERSATION_BY_CHATWOOT_ID,
			session=session,
			chatwoot_conversation=str(chatwoot_conversation_id),
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
			return conversation_of(row)

	def update_conversation(self, id: int, changes: ConversationChanges) -> None:
		with self._database.writing() as connection:
			change_conversation(connection, id, changes)

	def get_conversation(self, id: int) -> ConversationRow | None:
		return self._one(sql.GET_CONVERSATION, id=id)

	def _one(self, query: sa.Select[Any], **values: object) -> ConversationRow | None:
		with self._database.reading() as connection:
			row = connection.execute(query, values).one_or_none()
			return None if row is None else conversation_of(row)


def change_conversation(connection: sa.Connection, id: int, changes: ConversationChanges) -> None:
	values: dict[str, object] = {
		field: str(value) if isinstance(value, Address) else value for field, value in changes.items()
	}
	if "chatwoot_conversation_id" in changes:
		number = changes["chatwoot_conversation_id"]
		key = values["chatwoot_conversation_key"] = str(number) if number else None
		# Asked first, as a refused statement would take the whole transaction with it. Nobody writes in between.
		holder = {"id": id, "chatwoot_conversation": key}
		if key and connection.execute(sql.HOLDER_OF_CHATWOOT_CONVERSATION, holder).first() is not None:
			raise DuplicateRow("Another conversation has this one in Chatwoot")
	if values:
		parameters = {f"new_{field}": value for field, value in values.items()}
		connection.execute(sql.update_conversation(tuple(values)), {"id": id, **parameters})


def settle_chatwoot_conversations(connection: sa.Connection) -> None:
	"""In a database from before that was a rule: one conversation in Chatwoot belongs to one of ours."""
	claims = [
		Claim(row.name, row.session, row.chatwoot_conversation_id, row.first_incoming_at)
		for row in connection.execute(sql.CLAIMS_ON_CHATWOOT_CONVERSATIONS)
	]
	keep, lose = settle_claims(claims)
	for claim in lose:
		change_conversation(
			connection,
			claim.conversation,
			{"chatwoot_conversation_id": None, "chatwoot_status": None, "reconciled_up_to": None},
		)
	for claim in keep:
		change_conversation(
			connection, claim.conversation, {"chatwoot_conversation_id": claim.chatwoot_conversation_id}
		)


def conversation_of(row: Any) -> ConversationRow:
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
		last_incoming_at=row.last_incoming_at,
		last_message_at=row.last_message_at,
		read_up_to_id=row.read_up_to_id,
		reconciled_up_to=row.reconciled_up_to,
	)
