"""Conversations on a site."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import frappe

from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.records import ConversationChanges, ConversationRow
from wuzapi_chatwoot.frappe_host.store.connection import Connection, tried_again
from wuzapi_chatwoot.frappe_host.store.part import StorePart
from wuzapi_chatwoot.frappe_host.store.times import from_site, to_site
from wuzapi_chatwoot.storage.chatwoot_holders import Claim, settle_claims
from wuzapi_chatwoot.storage.column_codecs import stored_address

SELECT_CONVERSATION = (
	"SELECT name, session, chat, reply_to, contact, chatwoot_contact_id, chatwoot_conversation_id, chatwoot_status, "
	"last_incoming_id, last_incoming_sender, last_incoming_at, last_message_at, read_up_to_id, reconciled_up_to "
	"FROM `tabWuzAPI Conversation`"
)


class FrappeConversations(StorePart):
	"""Implements the part of `ConversationStore` that is about conversations."""

	def find_conversation(self, session: str, chat: Address) -> ConversationRow | None:
		return self._one("session = %s AND chat = %s", session, str(chat))

	def find_conversation_of_contact(self, contact: int) -> ConversationRow | None:
		return self._one("contact = %s AND is_group = 0", str(contact))

	def find_conversation_by_chatwoot_id(
		self, session: str, chatwoot_conversation_id: int
	) -> ConversationRow | None:
		return self._one(
			"session = %s AND chatwoot_conversation_key = %s", session, str(chatwoot_conversation_id)
		)

	def get_conversation(self, id: int) -> ConversationRow | None:
		return self._one("name = %s", id)

	@tried_again
	def add_conversation(self, session: str, chat: Address, contact: int) -> ConversationRow:
		with self._connection.atomic():
			now = frappe.utils.now()
			self._connection.write(
				"""INSERT INTO `tabWuzAPI Conversation`
				(name, creation, modified, owner, modified_by, session, chat, reply_to, contact, is_group)
				VALUES (NEXTVAL(`wuzapi_conversation_id_seq`), %s, %s, %s, %s, %s, %s, %s, %s, %s)
				ON DUPLICATE KEY UPDATE chat = VALUES(chat)""",
				(
					now,
					now,
					self._user,
					self._user,
					session,
					str(chat),
					str(chat),
					str(contact),
					int(chat.is_group),
				),
			)
			name_conversations(self._connection, contact)
			row = self.find_conversation(session, chat)
			assert row is not None  # noqa: S101 - it was just made, or was there
			return row

	@tried_again
	def update_conversation(self, id: int, changes: ConversationChanges) -> None:
		if changes:
			with self._connection.atomic():
				change_conversation(self._connection, id, changes)

	def settle_chatwoot_conversations(self) -> None:
		"""On a site from before that was a rule: one conversation in Chatwoot belongs to one of ours. Not of the port."""
		doubles = self._connection.rows(
			"""SELECT one.name, one.session, one.chatwoot_conversation_id FROM `tabWuzAPI Conversation` AS one
			JOIN (SELECT session, chatwoot_conversation_id FROM `tabWuzAPI Conversation`
				WHERE chatwoot_conversation_id > 0 GROUP BY session, chatwoot_conversation_id HAVING COUNT(*) > 1
			) AS doubled ON doubled.session = one.session
			AND doubled.chatwoot_conversation_id = one.chatwoot_conversation_id"""
		)
		_, lose = settle_claims(
			Claim(
				int(row.name),
				row.session,
				row.chatwoot_conversation_id,
				self._first_incoming_at(row),
			)
			for row in doubles
		)
		with self._connection.atomic():
			for claim in lose:
				self._connection.write(
					"""UPDATE `tabWuzAPI Conversation` SET chatwoot_conversation_id = 0, chatwoot_status = NULL,
					reconciled_up_to = 0 WHERE name = %s""",
					(claim.conversation,),
				)
			self._connection.write(
				"""UPDATE `tabWuzAPI Conversation` SET chatwoot_conversation_key = chatwoot_conversation_id
				WHERE chatwoot_conversation_id > 0"""
			)

	def _first_incoming_at(self, row: Any) -> datetime | None:
		found = self._connection.one(
			"""SELECT MIN(sent_at) AS at FROM `tabWuzAPI Message`
			WHERE session = %s AND chatwoot_conversation_id = %s AND conversation = %s AND direction = 'in'""",
			(row.session, row.chatwoot_conversation_id, str(row.name)),
		)
		return from_site(found.at) if found.at else None

	def _one(self, where: str, *values: object) -> ConversationRow | None:
		row = self._connection.one(f"{SELECT_CONVERSATION} WHERE {where} ORDER BY name LIMIT 1", values)
		return conversation_of(row) if row else None


def change_conversation(connection: Connection, id: int, changes: ConversationChanges) -> None:
	"""To be called inside `atomic`."""
	if not changes:
		return
	values = {field: _stored(field, value) for field, value in changes.items()}
	if "chatwoot_conversation_id" in changes:
		number = changes["chatwoot_conversation_id"]
		values["chatwoot_conversation_key"] = str(number) if number else None
	if not _SEEN.isdisjoint(changes):
		values["modified"] = frappe.utils.now()
	columns = ", ".join(f"`{field}` = %s" for field in values)
	connection.write_unique(
		f"UPDATE `tabWuzAPI Conversation` SET {columns} WHERE name = %s",  # noqa: S608 - constants only
		(*values.values(), id),
		"Another conversation has this one in Chatwoot",
	)


def name_conversations(connection: Connection, contact: int) -> None:
	"""Name and number of a contact on its conversations, so that one search finds them. Inside `atomic`."""
	connection.write(
		"""UPDATE `tabWuzAPI Conversation` SET
		contact_name = (SELECT contact_name FROM `tabWuzAPI Contact` WHERE name = %(id)s),
		phone = (SELECT phone FROM `tabWuzAPI Contact Address`
			WHERE parent = %(contact)s AND phone != '' ORDER BY idx, name LIMIT 1)
		WHERE contact = %(contact)s""",
		{"id": contact, "contact": str(contact)},
	)


# What people see change. Everything else is bookkeeping, and does not make a conversation look touched.
_SEEN = frozenset({"last_message_at", "chatwoot_status", "reply_to"})
_NUMBERS = {"chatwoot_contact_id", "chatwoot_conversation_id", "reconciled_up_to"}


def _stored(field: str, value: object) -> object:
	if isinstance(value, Address):
		return str(value)
	if isinstance(value, datetime):
		return to_site(value)
	# Frappe's number columns know no "none".
	return value or 0 if field in _NUMBERS else value


def conversation_of(row: Any) -> ConversationRow:
	sender = row.last_incoming_sender
	return ConversationRow(
		id=row.name,
		session=row.session,
		chat=stored_address(row.chat),
		reply_to=stored_address(row.reply_to),
		contact=int(row.contact),
		chatwoot_contact_id=row.chatwoot_contact_id or None,
		chatwoot_conversation_id=row.chatwoot_conversation_id or None,
		chatwoot_status=row.chatwoot_status,
		last_incoming_id=row.last_incoming_id,
		last_incoming_sender=stored_address(sender) if sender else None,
		last_incoming_at=from_site(row.last_incoming_at) if row.last_incoming_at else None,
		last_message_at=from_site(row.last_message_at) if row.last_message_at else None,
		read_up_to_id=row.read_up_to_id,
		reconciled_up_to=row.reconciled_up_to or None,
	)
