"""Two contacts in SQLite become one, and their conversations with them."""

from __future__ import annotations

from dataclasses import replace

import sqlalchemy as sa

from wuzapi_chatwoot.bridge.model.records import ConversationRow
from wuzapi_chatwoot.standalone_host.storage.contacts import change_contact, contact_by_id
from wuzapi_chatwoot.standalone_host.storage.conversations import change_conversation, conversation_of
from wuzapi_chatwoot.standalone_host.storage.part import StorePart
from wuzapi_chatwoot.standalone_host.storage.statements import contacts, conversations
from wuzapi_chatwoot.storage.merged_conversations import taken_over


class SqlMerge(StorePart):
	"""Implements the part of `ConversationStore` that is about contacts that turn out to be one."""

	def merge_contacts(self, keep: int, gone: int) -> None:
		with self._database.writing() as connection:
			kept, other = contact_by_id(connection, keep), contact_by_id(connection, gone)
			if kept is None or other is None or keep == gone or kept.session != other.session:
				return
			_merge_conversations(connection, keep, gone)
			if kept.chatwoot_contact_id is None and other.chatwoot_contact_id is not None:
				change_contact(
					connection,
					keep,
					{"chatwoot_contact_id": other.chatwoot_contact_id, "avatar_id": other.avatar_id},
				)
			last = connection.execute(contacts.LAST_ADDRESS, {"contact": keep}).scalar_one()
			connection.execute(contacts.MOVE_ADDRESSES, {"keep": keep, "gone": gone, "after": last})
			connection.execute(contacts.DELETE_CONTACT, {"gone": gone})


def _merge_conversations(connection: sa.Connection, keep: int, gone: int) -> None:
	"""Own ones go into the one of `keep`, if it has one. Others, a group's, only change their contact."""
	into = next((row for row in _conversations(connection, keep) if not row.chat.is_group), None)
	for row in _conversations(connection, gone):
		if into is None or row.chat.is_group:
			values = {"id": row.id, "keep": keep}
			connection.execute(conversations.GIVE_CONVERSATION, values)
			continue
		ids = {"keep": into.id, "gone": row.id}
		connection.execute(conversations.MOVE_MESSAGES, {**ids, "new_chat": str(into.chat)})
		connection.execute(conversations.DROP_MESSAGES, {"gone": row.id})
		connection.execute(conversations.DELETE_CONVERSATION, {"gone": row.id})
		# Last: its conversation in Chatwoot can be another's only when it is gone.
		changes = taken_over(into, row)
		change_conversation(connection, into.id, changes)
		into = replace(into, **changes)


def _conversations(connection: sa.Connection, contact: int) -> list[ConversationRow]:
	rows = connection.execute(conversations.CONVERSATIONS_OF_CONTACT, {"contact": contact})
	return [conversation_of(row) for row in rows]
