"""Contacts and their addresses on a site."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

import frappe

from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.display_names import LONGEST_NAME
from wuzapi_chatwoot.bridge.model.records import ContactChanges, ContactRow, NameSource
from wuzapi_chatwoot.frappe_host.store.connection import tried_again
from wuzapi_chatwoot.frappe_host.store.conversations import name_conversations
from wuzapi_chatwoot.frappe_host.store.part import StorePart
from wuzapi_chatwoot.storage.column_codecs import stored_address

_COLUMNS = """contact.name, contact.session, contact.contact_name, contact.chatwoot_contact_id, contact.name_source,
	contact.avatar_id, every.address"""


class FrappeContacts(StorePart):
	"""Implements the part of `ConversationStore` that is about contacts."""

	def find_contact(self, session: str, addresses: Sequence[Address]) -> ContactRow | None:
		return next(iter(self.find_contacts(session, addresses)), None)

	def find_contacts(self, session: str, addresses: Sequence[Address]) -> list[ContactRow]:
		texts = [str(address) for address in addresses]
		if not texts:
			return []
		rows = self._connection.rows(
			f"""SELECT hit.address AS hit, {_COLUMNS}
			FROM `tabWuzAPI Contact Address` AS hit
			JOIN `tabWuzAPI Contact` AS contact ON contact.name = hit.parent
			LEFT JOIN `tabWuzAPI Contact Address` AS every ON every.parent = hit.parent
			WHERE hit.session = %(session)s AND hit.address IN %(addresses)s
			ORDER BY hit.name, every.idx""",  # noqa: S608 - constants only
			{"session": session, "addresses": texts},
		)
		by_hit = {hit: _contact(list(group)) for hit, group in groupby(rows, key=lambda row: row.hit)}
		found = {by_hit[text].id: by_hit[text] for text in texts if text in by_hit}
		return list(found.values())

	def get_contact(self, id: int) -> ContactRow | None:
		rows = self._connection.rows(
			f"""SELECT {_COLUMNS} FROM `tabWuzAPI Contact` AS contact
			LEFT JOIN `tabWuzAPI Contact Address` AS every ON every.parent = %(parent)s
			WHERE contact.name = %(id)s ORDER BY every.idx""",  # noqa: S608 - constants only
			{"id": id, "parent": str(id)},
		)
		return _contact(rows) if rows else None

	@tried_again
	def add_contact(
		self,
		session: str,
		name: str,
		addresses: Sequence[Address],
		name_source: NameSource = NameSource.ADDRESS,
	) -> ContactRow:
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
			name = name[:LONGEST_NAME]
			self._connection.write(
				"""INSERT INTO `tabWuzAPI Contact`
				(name, creation, modified, owner, modified_by, session, contact_name, name_source, is_group)
				VALUES (%(id)s, %(now)s, %(now)s, %(user)s, %(user)s, %(session)s, %(contact_name)s, %(name_source)s,
				%(is_group)s)""",
				{
					"id": id,
					"now": now,
					"user": self._user,
					"session": session,
					"contact_name": name,
					"name_source": name_source.value,
					"is_group": int(any(address.is_group for address in addresses)),
				},
			)
			return ContactRow(id, session, name, tuple(dict.fromkeys(addresses)), name_source=name_source)

	def update_contact(self, id: int, changes: ContactChanges) -> None:
		values: dict[str, object] = dict(changes)
		if not values:
			return
		if "name" in changes:
			values["contact_name"] = changes["name"][:LONGEST_NAME]
			del values["name"]
		if "name_source" in changes:
			values["name_source"] = changes["name_source"].value
		if "chatwoot_contact_id" in changes:
			# Frappe's number columns know no "none".
			values["chatwoot_contact_id"] = changes["chatwoot_contact_id"] or 0
		columns = ", ".join(f"`{column}` = %s" for column in values)
		with self._connection.atomic():
			self._connection.write(
				f"UPDATE `tabWuzAPI Contact` SET {columns}, modified = %s WHERE name = %s",  # noqa: S608
				(*values.values(), frappe.utils.now(), id),
			)
			if "contact_name" in values:
				name_conversations(self._connection, id)

	@tried_again
	def add_addresses(self, contact: int, addresses: Sequence[Address]) -> None:
		with self._connection.atomic():
			row = self._connection.one("SELECT session FROM `tabWuzAPI Contact` WHERE name = %s", (contact,))
			for address in addresses if row else ():
				self._add_address(contact, row.session, address, frappe.utils.now())
			if row and any(address.phone for address in addresses):
				name_conversations(self._connection, contact)

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
		self.update_contact(contact, {"chatwoot_contact_id": chatwoot_contact_id})


def _contact(rows: Sequence[Any]) -> ContactRow:
	"""From one row for each of its addresses."""
	first = rows[0]
	return ContactRow(
		id=int(first.name),
		session=first.session,
		name=first.contact_name,
		addresses=tuple(stored_address(row.address) for row in rows if row.address is not None),
		chatwoot_contact_id=first.chatwoot_contact_id or None,
		name_source=NameSource(first.name_source or NameSource.ADDRESS.value),
		avatar_id=first.avatar_id,
	)
