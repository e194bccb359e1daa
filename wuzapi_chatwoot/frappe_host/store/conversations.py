"""Contacts and conversations on a site."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import frappe

from ...bridge.addresses import Address
from ...bridge.records import ContactRow, ConversationChanges, ConversationRow
from .connection import tried_again
from .part import StorePart

_COLUMNS = (
	"name, session, chat, reply_to, contact, chatwoot_contact_id, chatwoot_conversation_id, chatwoot_status, "
	"last_incoming_id, last_incoming_sender, read_up_to_id, reconciled_up_to"
)


class FrappeConversations(StorePart):
	"""Implements `ConversationStore`."""

	def find_contact(self, session: str, addresses: Sequence[Address]) -> ContactRow | None:
		texts = [str(address) for address in addresses]
		if not texts:
			return None
		rows = self._connection.rows(
			"""SELECT hit.address AS hit, contact.name, contact.session, contact.contact_name,
			contact.chatwoot_contact_id, every.address
			FROM `tabWuzAPI Contact Address` AS hit
			JOIN `tabWuzAPI Contact` AS contact ON contact.name = hit.parent
			LEFT JOIN `tabWuzAPI Contact Address` AS every ON every.parent = hit.parent
			WHERE hit.session = %(session)s AND hit.address IN %(addresses)s ORDER BY hit.name, every.idx""",
			{"session": session, "addresses": texts},
		)
		if not rows:
			return None
		best = min(rows, key=lambda row: texts.index(row.hit))
		return ContactRow(
			id=int(best.name),
			session=best.session,
			name=best.contact_name,
			addresses=tuple(stored_address(row.address) for row in rows if row.hit == best.hit),
			chatwoot_contact_id=best.chatwoot_contact_id or None,
		)

	@tried_again
	def add_contact(self, session: str, name: str, addresses: Sequence[Address]) -> ContactRow:
		with self._connection.atomic():
			id = self._connection.next_id("WuzAPI Contact")
			now = frappe.utils.now()
			# The addresses first: where one is taken, another worker was faster and its contact is the one.
			added = [self._add_address(id, session, address, now) for address in addresses]
			if not all(added):
				self._connection.write(
					"DELETE FROM `tabWuzAPI Contact Address` WHERE parent = %s", (str(id),)
				)
				taken = self.find_contact(session, addresses)
				if taken is not None:
					return taken
				for address in addresses:
					self._add_address(id, session, address, now)
			self._connection.write(
				"""INSERT INTO `tabWuzAPI Contact`
				(name, creation, modified, owner, modified_by, session, contact_name, is_group)
				VALUES (%s, %s, %s, %s, %s, %s, %s, %s)""",
				(
					id,
					now,
					now,
					self._user,
					self._user,
					session,
					name[:255],
					int(any(a.is_group for a in addresses)),
				),
			)
			return ContactRow(id, session, name[:255], tuple(dict.fromkeys(addresses)))

	@tried_again
	def add_addresses(self, contact: int, addresses: Sequence[Address]) -> None:
		with self._connection.atomic():
			row = self._connection.one("SELECT session FROM `tabWuzAPI Contact` WHERE name = %s", (contact,))
			for address in addresses if row else ():
				self._add_address(contact, row.session, address, frappe.utils.now())

	def _add_address(self, contact: int, session: str, address: Address, now: str) -> bool:
		"""False: another contact, or this one, has it already."""
		added = self._connection.write(
			"""INSERT INTO `tabWuzAPI Contact Address`
			(name, creation, modified, owner, modified_by, parent, parenttype, parentfield, idx, session, address, phone)
			SELECT %(name)s, %(now)s, %(now)s, %(user)s, %(user)s, %(contact)s,
			'WuzAPI Contact', 'addresses', COALESCE(MAX(idx), 0) + 1, %(session)s, %(address)s, %(phone)s
			FROM `tabWuzAPI Contact Address` WHERE parent = %(contact)s
			ON DUPLICATE KEY UPDATE address = VALUES(address)""",
			{
				"name": self._connection.next_id("WuzAPI Contact Address"),
				"now": now,
				"user": self._user,
				"contact": str(contact),
				"session": session,
				"address": str(address),
				"phone": address.phone,
			},
		)
		return added == 1

	def set_chatwoot_contact(self, contact: int, chatwoot_contact_id: int | None) -> None:
		with self._connection.atomic():
			self._connection.write(
				"UPDATE `tabWuzAPI Contact` SET chatwoot_contact_id = %s WHERE name = %s",
				(chatwoot_contact_id or 0, contact),
			)

	def find_conversation(self, session: str, chat: Address) -> ConversationRow | None:
		return self._one("session = %s AND chat = %s", session, str(chat))

	def find_conversation_of_contact(self, contact: int) -> ConversationRow | None:
		return self._one("contact = %s AND is_group = 0", str(contact))

	def find_conversation_by_chatwoot_id(
		self, session: str, chatwoot_conversation_id: int
	) -> ConversationRow | None:
		return self._one(
			"session = %s AND chatwoot_conversation_id = %s", session, chatwoot_conversation_id, newest=True
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
			row = self.find_conversation(session, chat)
			assert row is not None  # noqa: S101 - it was just made, or was there
			return row

	def update_conversation(self, id: int, changes: ConversationChanges) -> None:
		if not changes:
			return
		values = [_stored(field, value) for field, value in changes.items()]
		columns = ", ".join(f"`{field}` = %s" for field in changes)
		with self._connection.atomic():
			self._connection.write(
				f"UPDATE `tabWuzAPI Conversation` SET {columns}, modified = %s WHERE name = %s",  # noqa: S608
				(*values, frappe.utils.now(), id),
			)

	def _one(self, where: str, *values: object, newest: bool = False) -> ConversationRow | None:
		row = self._connection.one(
			f"""SELECT {_COLUMNS} FROM `tabWuzAPI Conversation` WHERE {where}
			ORDER BY name {"DESC" if newest else "ASC"} LIMIT 1""",  # noqa: S608 - constants only
			values,
		)
		return _conversation(row) if row else None


_NUMBERS = {"chatwoot_contact_id", "chatwoot_conversation_id", "reconciled_up_to"}


def _stored(field: str, value: object) -> object:
	if isinstance(value, Address):
		return str(value)
	# Frappe's number columns know no "none".
	return value or 0 if field in _NUMBERS else value


def stored_address(text: str) -> Address:
	"""Read back what `str(address)` wrote, without `Address.parse`'s corrections."""
	user, _, server = text.rpartition("@")
	return Address(user, server)


def _conversation(row: Any) -> ConversationRow:
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
		read_up_to_id=row.read_up_to_id,
		reconciled_up_to=row.reconciled_up_to or None,
	)
