"""Two contacts on a site become one, and their conversations with them: by statements, without document events."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import frappe

from wuzapi_chatwoot.bridge.model.records import ConversationRow
from wuzapi_chatwoot.frappe_host.store.connection import tried_again
from wuzapi_chatwoot.frappe_host.store.conversations import (
	SELECT_CONVERSATION,
	change_conversation,
	conversation_of,
	name_conversations,
)
from wuzapi_chatwoot.frappe_host.store.part import StorePart
from wuzapi_chatwoot.storage.merged_conversations import taken_over

# What people hang on a document: table, and its columns for the DocType and the name.
_HANGERS_ON = (
	("tabFile", "attached_to_doctype", "attached_to_name"),
	("tabComment", "reference_doctype", "reference_name"),
	("tabToDo", "reference_type", "reference_name"),
)


class FrappeMerge(StorePart):
	"""Implements the part of `ConversationStore` that is about contacts that turn out to be one."""

	@tried_again
	def merge_contacts(self, keep: int, gone: int) -> None:
		with self._connection.atomic():
			# Locked, so that of two workers that notice it at once the later one finds nothing left to do.
			rows = self._connection.rows(
				"""SELECT name, session, chatwoot_contact_id, avatar_id, party_type, party
				FROM `tabWuzAPI Contact` WHERE name IN %s ORDER BY name FOR UPDATE""",
				([keep, gone],),
			)
			found = {int(row.name): row for row in rows}
			kept, other = found.get(keep), found.get(gone)
			if kept is None or other is None or keep == gone or kept.session != other.session:
				return
			self._merge_conversations(keep, gone)
			self._take_over(kept, other)
			self._move_addresses(keep, gone)
			name_conversations(self._connection, keep)
			self._move_hangers_on("WuzAPI Contact", gone, keep)
			self._connection.write("DELETE FROM `tabWuzAPI Contact` WHERE name = %s", (gone,))

	def _merge_conversations(self, keep: int, gone: int) -> None:
		"""Own ones go into the one of `keep`, if it has one. Others, a group's, only change their contact."""
		rows = self._connection.rows(
			f"{SELECT_CONVERSATION} WHERE contact IN %s ORDER BY name FOR UPDATE", ([str(keep), str(gone)],)
		)
		conversations = [conversation_of(row) for row in rows]
		own = (row for row in conversations if row.contact == keep and not row.chat.is_group)
		into = next(own, None)
		for row in conversations:
			if row.contact != gone:
				continue
			if into is None or row.chat.is_group:
				self._connection.write(
					"UPDATE `tabWuzAPI Conversation` SET contact = %s WHERE name = %s", (str(keep), row.id)
				)
				continue
			self._move_messages(row, into)
			self._move_hangers_on("WuzAPI Conversation", row.id, into.id)
			self._connection.write("DELETE FROM `tabWuzAPI Conversation` WHERE name = %s", (row.id,))
			# Last: its conversation in Chatwoot can be another's only when it is gone.
			changes = taken_over(into, row)
			change_conversation(self._connection, into.id, changes)
			into = replace(into, **changes)

	def _move_messages(self, source: ConversationRow, target: ConversationRow) -> None:
		"""What the target has too is dropped; the files of such a message go to the one that stays."""
		values = {"source": str(source.id), "target": str(target.id), "chat": str(target.chat)}
		self._connection.write(
			"""UPDATE IGNORE `tabWuzAPI Message` SET conversation = %(target)s, chat = %(chat)s
			WHERE conversation = %(source)s""",
			values,
		)
		pairs = self._connection.rows(
			"""SELECT dropped.name AS dropped, staying.name AS staying
			FROM `tabWuzAPI Message` AS dropped JOIN `tabWuzAPI Message` AS staying
			ON staying.session = dropped.session AND staying.chat = %(chat)s
			AND staying.whatsapp_id = dropped.whatsapp_id AND staying.part = dropped.part
			WHERE dropped.conversation = %(source)s FOR UPDATE""",
			values,
		)
		for pair in pairs:
			self._move_hangers_on("WuzAPI Message", pair.dropped, pair.staying)
		self._connection.write("DELETE FROM `tabWuzAPI Message` WHERE conversation = %(source)s", values)

	def _take_over(self, kept: Any, other: Any) -> None:
		values = {"modified": frappe.utils.now()}
		if not kept.chatwoot_contact_id and other.chatwoot_contact_id:
			values |= {"chatwoot_contact_id": other.chatwoot_contact_id, "avatar_id": other.avatar_id}
		if not kept.party and other.party:
			values |= {"party_type": other.party_type, "party": other.party}
		columns = ", ".join(f"`{column}` = %s" for column in values)
		self._connection.write(
			f"UPDATE `tabWuzAPI Contact` SET {columns} WHERE name = %s",  # noqa: S608 - constants only
			(*values.values(), kept.name),
		)

	def _move_addresses(self, keep: int, gone: int) -> None:
		row = self._connection.one(
			"SELECT COALESCE(MAX(idx), 0) AS last FROM `tabWuzAPI Contact Address` WHERE parent = %s",
			(str(keep),),
		)
		self._connection.write(
			"UPDATE `tabWuzAPI Contact Address` SET parent = %s, idx = idx + %s WHERE parent = %s",
			(str(keep), row.last, str(gone)),
		)

	def _move_hangers_on(self, doctype: str, gone: int, keep: int) -> None:
		for table, type_column, name_column in _HANGERS_ON:
			self._connection.write(
				f"UPDATE `{table}` SET {name_column} = %s WHERE {type_column} = %s AND {name_column} = %s",  # noqa: S608
				(str(keep), doctype, str(gone)),
			)
