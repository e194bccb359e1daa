"""The in-memory store's contacts, and how two of them become one. Part of `memory_store`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.records import (
	ContactChanges,
	ContactRow,
	ConversationRow,
	MessageRow,
	NameSource,
)
from wuzapi_chatwoot.storage.merged_conversations import taken_over
from wuzapi_chatwoot.testkit.twins.memory.tables import MemoryTables, Tables


class MemoryContacts(MemoryTables):
	"""Implements the part of `ConversationStore` that is about contacts."""

	def find_contact(self, session: str, addresses: Sequence[Address]) -> ContactRow | None:
		return next(iter(self.find_contacts(session, addresses)), None)

	def find_contacts(self, session: str, addresses: Sequence[Address]) -> list[ContactRow]:
		with self._reading() as tables:
			holders = [tables.holders.get((session, address)) for address in addresses]
			return [tables.contacts[id] for id in dict.fromkeys(holders) if id is not None]

	def get_contact(self, id: int) -> ContactRow | None:
		with self._reading() as tables:
			return tables.contacts.get(id)

	def add_contact(
		self,
		session: str,
		name: str,
		addresses: Sequence[Address],
		name_source: NameSource = NameSource.ADDRESS,
	) -> ContactRow:
		with self._writing() as tables:
			taken = self.find_contact(session, addresses)
			if taken is not None:
				return taken
			contact = ContactRow(self._new_id(), session, name, (), name_source=name_source)
			tables.contacts[contact.id] = contact
			return _with_addresses(tables, contact, addresses)

	def update_contact(self, id: int, changes: ContactChanges) -> None:
		with self._writing() as tables:
			known = tables.contacts.get(id)
			if known is not None:
				tables.contacts[id] = replace(known, **changes)

	def add_addresses(self, contact: int, addresses: Sequence[Address]) -> None:
		with self._writing() as tables:
			known = tables.contacts.get(contact)
			if known is not None:
				_with_addresses(tables, known, addresses)

	def set_chatwoot_contact(self, contact: int, chatwoot_contact_id: int | None) -> None:
		self.update_contact(contact, {"chatwoot_contact_id": chatwoot_contact_id})

	def merge_contacts(self, keep: int, gone: int) -> None:
		with self._writing() as tables:
			kept, other = tables.contacts.get(keep), tables.contacts.get(gone)
			if kept is None or other is None or keep == gone or kept.session != other.session:
				return
			_merge_conversations(tables, keep, gone)
			if kept.chatwoot_contact_id is None and other.chatwoot_contact_id is not None:
				kept = replace(kept, chatwoot_contact_id=other.chatwoot_contact_id, avatar_id=other.avatar_id)
			for address in other.addresses:
				del tables.holders[(other.session, address)]
			del tables.contacts[gone]
			_with_addresses(tables, kept, other.addresses)


def _with_addresses(tables: Tables, contact: ContactRow, addresses: Sequence[Address]) -> ContactRow:
	"""Give the contact those addresses that nobody holds."""
	held = list(contact.addresses)
	for address in addresses:
		holder = tables.holders.setdefault((contact.session, address), contact.id)
		if holder == contact.id and address not in held:
			held.append(address)
	contact = replace(contact, addresses=tuple(held))
	tables.contacts[contact.id] = contact
	return contact


def _merge_conversations(tables: Tables, keep: int, gone: int) -> None:
	"""Own ones go into the one of `keep`, if it has one. Others, a group's, only change their contact."""
	into = own_conversation(tables, keep)
	for row in sorted(tables.conversations.values(), key=lambda row: row.id):
		if row.contact != gone:
			continue
		if into is None or row.chat.is_group:
			tables.conversations[row.id] = replace(row, contact=keep)
			continue
		_move_messages(tables, row, into)
		del tables.conversations[row.id]
		into = replace(into, **taken_over(into, row))
		tables.conversations[into.id] = into


def own_conversation(tables: Tables, contact: int) -> ConversationRow | None:
	own = [row for row in tables.conversations.values() if row.contact == contact and not row.chat.is_group]
	return min(own, key=lambda row: row.id, default=None)


def _move_messages(tables: Tables, source: ConversationRow, target: ConversationRow) -> None:
	"""Those that are in the target too, by WhatsApp id and part, are dropped."""
	for message in [each for each in tables.messages.values() if each.conversation == source.id]:
		moved = replace(message, conversation=target.id, chat=target.chat)
		others = (each for each in tables.messages.values() if each.id != message.id)
		if any(message_key(each) == message_key(moved) for each in others):
			del tables.messages[message.id]
		else:
			tables.messages[message.id] = moved


def message_key(row: MessageRow) -> tuple[str, Address, str, int]:
	return (row.session, row.chat, row.whatsapp_id, row.part)
