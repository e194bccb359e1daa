"""Contacts and their addresses in SQLite."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.records import ContactChanges, ContactRow, NameSource
from wuzapi_chatwoot.standalone_host.storage.part import StorePart
from wuzapi_chatwoot.standalone_host.storage.statements import contacts as sql
from wuzapi_chatwoot.storage.column_codecs import stored_address


class SqlContacts(StorePart):
	"""Implements the part of `ConversationStore` that is about contacts."""

	def find_contact(self, session: str, addresses: Sequence[Address]) -> ContactRow | None:
		return next(iter(self.find_contacts(session, addresses)), None)

	def find_contacts(self, session: str, addresses: Sequence[Address]) -> list[ContactRow]:
		with self._database.reading() as connection:
			return _find_contacts(connection, session, addresses)

	def get_contact(self, id: int) -> ContactRow | None:
		with self._database.reading() as connection:
			return contact_by_id(connection, id)

	def add_contact(
		self,
		session: str,
		name: str,
		addresses: Sequence[Address],
		name_source: NameSource = NameSource.ADDRESS,
	) -> ContactRow:
		with self._database.writing() as connection:
			taken = _find_contacts(connection, session, addresses)
			if taken:
				return taken[0]
			values = {
				"session": session,
				"contact_name": name,
				"name_source": name_source.value,
				"is_group": int(any(address.is_group for address in addresses)),
			}
			id = connection.execute(sql.ADD_CONTACT, values).lastrowid
			_add_addresses(connection, id, session, addresses)
			held = tuple(dict.fromkeys(addresses))
			return ContactRow(id, session, name, held, name_source=name_source)

	def update_contact(self, id: int, changes: ContactChanges) -> None:
		with self._database.writing() as connection:
			change_contact(connection, id, changes)

	def add_addresses(self, contact: int, addresses: Sequence[Address]) -> None:
		with self._database.writing() as connection:
			session = connection.execute(sql.SESSION_OF_CONTACT, {"id": contact}).scalar_one_or_none()
			if session is not None:
				_add_addresses(connection, contact, session, addresses)

	def set_chatwoot_contact(self, contact: int, chatwoot_contact_id: int | None) -> None:
		self.update_contact(contact, {"chatwoot_contact_id": chatwoot_contact_id})


def contact_by_id(connection: sa.Connection, id: int) -> ContactRow | None:
	rows = connection.execute(sql.GET_CONTACT, {"id": id}).all()
	return _contact(rows) if rows else None


def change_contact(connection: sa.Connection, id: int, changes: ContactChanges) -> None:
	values: dict[str, object] = dict(changes)
	if "name" in changes:
		values["contact_name"] = values.pop("name")
	if "name_source" in changes:
		values["name_source"] = changes["name_source"].value
	if values:
		parameters = {f"new_{column}": value for column, value in values.items()}
		connection.execute(sql.update_contact(tuple(values)), {"id": id, **parameters})


def _find_contacts(connection: sa.Connection, session: str, addresses: Sequence[Address]) -> list[ContactRow]:
	"""Each once, in the order of the addresses."""
	texts = [str(address) for address in addresses]
	if not texts:
		return []
	rows = connection.execute(sql.FIND_CONTACTS, {"session": session, "addresses": texts}).all()
	by_hit = {hit: _contact(list(group)) for hit, group in groupby(rows, key=lambda row: row.hit)}
	found = {by_hit[text].id: by_hit[text] for text in texts if text in by_hit}
	return list(found.values())


def _add_addresses(
	connection: sa.Connection, contact: int, session: str, addresses: Iterable[Address]
) -> None:
	for address in addresses:
		values = {
			"contact": contact,
			"for_session": session,
			"new_address": str(address),
			"new_phone": address.phone,
		}
		connection.execute(sql.ADD_ADDRESS, values)


def _contact(rows: Sequence[Any]) -> ContactRow:
	"""From one row for each of its addresses."""
	first = rows[0]
	return ContactRow(
		id=first.name,
		session=first.session,
		name=first.contact_name,
		addresses=tuple(stored_address(row.address) for row in rows if row.address is not None),
		chatwoot_contact_id=first.chatwoot_contact_id,
		name_source=NameSource(first.name_source),
		avatar_id=first.avatar_id,
	)
