"""The in-memory `Store`: conversations, messages and sessions beside the events and contacts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.errors import DuplicateRow
from wuzapi_chatwoot.bridge.model.events import SessionChanged, Status
from wuzapi_chatwoot.bridge.model.records import (
	SESSION_CHANGES_KEPT,
	ConversationChanges,
	ConversationRow,
	Direction,
	MessageChanges,
	MessageRow,
	NewChats,
	ReconcileMarks,
	Session,
	SessionChange,
	SessionStatus,
	Signing,
	Source,
)
from wuzapi_chatwoot.testkit.twins.memory.contacts import MemoryContacts, message_key, own_conversation
from wuzapi_chatwoot.testkit.twins.memory.events import MemoryEvents
from wuzapi_chatwoot.testkit.twins.memory.tables import MemoryTables


class MemoryConversations(MemoryContacts):
	"""Implements `ConversationStore`."""

	def find_conversation(self, session: str, chat: Address) -> ConversationRow | None:
		with self._reading() as tables:
			for row in tables.conversations.values():
				if row.session == session and row.chat == chat:
					return row
			return None

	def find_conversation_of_contact(self, contact: int) -> ConversationRow | None:
		with self._reading() as tables:
			return own_conversation(tables, contact)

	def find_conversation_by_chatwoot_id(
		self, session: str, chatwoot_conversation_id: int
	) -> ConversationRow | None:
		with self._reading() as tables:
			for row in tables.conversations.values():
				if row.session == session and row.chatwoot_conversation_id == chatwoot_conversation_id:
					return row
			return None

	def add_conversation(self, session: str, chat: Address, contact: int) -> ConversationRow:
		with self._writing() as tables:
			known = self.find_conversation(session, chat)
			if known is not None:
				return known
			row = ConversationRow(self._new_id(), session, chat, reply_to=chat, contact=contact)
			tables.conversations[row.id] = row
			return row

	def update_conversation(self, id: int, changes: ConversationChanges) -> None:
		with self._writing() as tables:
			known = tables.conversations.get(id)
			if known is None:
				return
			number = changes.get("chatwoot_conversation_id")
			holder = self.find_conversation_by_chatwoot_id(known.session, number) if number else None
			if holder is not None and holder.id != id:
				raise DuplicateRow("Another conversation has this one in Chatwoot")
			tables.conversations[id] = replace(known, **changes)

	def get_conversation(self, id: int) -> ConversationRow | None:
		with self._reading() as tables:
			return tables.conversations.get(id)


class MemoryMessages(MemoryTables):
	"""Implements `MessageStore`."""

	def add_message(self, message: MessageRow) -> MessageRow:
		with self._writing() as tables:
			if any(message_key(row) == message_key(message) for row in tables.messages.values()):
				raise DuplicateRow("This part of the message is stored already")
			row = replace(message, id=self._new_id())
			tables.messages[row.id] = row
			return row

	def find_messages(self, session: str, chat: Address, whatsapp_ids: Sequence[str]) -> list[MessageRow]:
		with self._reading() as tables:
			places = {id: place for place, id in reversed(list(enumerate(whatsapp_ids)))}
			rows = [
				row
				for row in tables.messages.values()
				if row.session == session and row.chat == chat and row.whatsapp_id in places
			]
			return sorted(rows, key=lambda row: (places[row.whatsapp_id], row.part, row.id))

	def find_messages_by_chatwoot_id(self, session: str, chatwoot_message_id: int) -> list[MessageRow]:
		with self._reading() as tables:
			rows = [
				row
				for row in tables.messages.values()
				if row.session == session and row.chatwoot_message_id == chatwoot_message_id
			]
			return sorted(rows, key=lambda row: (row.part, row.id))

	def conversations_in_chatwoot(self, session: str, chatwoot_conversation_id: int) -> list[int]:
		with self._reading() as tables:
			return sorted(
				{
					row.conversation
					for row in tables.messages.values()
					if row.session == session and row.chatwoot_conversation_id == chatwoot_conversation_id
				}
			)

	def others_wrote_in(
		self, session: str, chatwoot_conversation_id: int, conversation: int, since: datetime
	) -> bool:
		with self._reading() as tables:
			return any(
				row.session == session
				and row.chatwoot_conversation_id == chatwoot_conversation_id
				and row.conversation != conversation
				and row.direction is Direction.IN
				and row.sent_at >= since
				for row in tables.messages.values()
			)

	def latest_messages(self, conversation: int, direction: Direction, limit: int) -> list[MessageRow]:
		with self._reading() as tables:
			rows = [
				row
				for row in tables.messages.values()
				if row.conversation == conversation and row.direction is direction
			]
			return sorted(rows, key=lambda row: (row.sent_at, row.id), reverse=True)[:limit]

	def get_message(self, id: int) -> MessageRow | None:
		with self._reading() as tables:
			return tables.messages.get(id)

	def change_message(self, id: int, changes: MessageChanges) -> None:
		with self._writing() as tables:
			known = tables.messages.get(id)
			if known is None:
				return
			changed = replace(known, **changes)
			if any(
				message_key(row) == message_key(changed) and row.id != id for row in tables.messages.values()
			):
				raise DuplicateRow("This part of the message is stored already")
			tables.messages[id] = changed

	def advance_status(self, id: int, status: Status, at: datetime, error: str | None = None) -> bool:
		with self._writing() as tables:
			known = tables.messages.get(id)
			if known is None:
				return False
			failed_again = status is Status.FAILED and known.status is Status.FAILED
			if status.rank <= known.status.rank and not failed_again:
				return False
			tables.messages[id] = replace(known, status=status, status_at=at, error=error)
			return True

	def note_in_chatwoot(self, id: int, message_id: int, conversation_id: int, status: Status) -> None:
		with self._writing() as tables:
			known = tables.messages.get(id)
			if known is not None:
				tables.messages[id] = replace(
					known,
					chatwoot_message_id=message_id,
					chatwoot_conversation_id=conversation_id,
					chatwoot_status=status,
				)


class MemorySessions(MemoryTables):
	"""Implements `SessionStore`."""

	def reconcile_marks(self, session: str, now: datetime) -> ReconcileMarks:
		with self._writing() as tables:
			return ReconcileMarks(
				baseline=tables.baselines.setdefault(session, now),
				fetched_to=tables.fetched_to.setdefault(session, now),
			)

	def forget_chatwoot(self, session: str, now: datetime) -> None:
		with self._writing() as tables:
			for contact in [each for each in tables.contacts.values() if each.session == session]:
				tables.contacts[contact.id] = replace(contact, chatwoot_contact_id=None, avatar_id=None)
			for conversation in [each for each in tables.conversations.values() if each.session == session]:
				tables.conversations[conversation.id] = replace(
					conversation,
					chatwoot_contact_id=None,
					chatwoot_conversation_id=None,
					chatwoot_status=None,
					reconciled_up_to=None,
				)
			for message in [each for each in tables.messages.values() if each.session == session]:
				tables.messages[message.id] = replace(
					message, chatwoot_message_id=None, chatwoot_conversation_id=None, chatwoot_status=None
				)
			tables.baselines[session] = tables.fetched_to[session] = now
			tables.inbox_since[session] = now

	def inbox_since(self, session: str) -> datetime | None:
		with self._reading() as tables:
			return tables.inbox_since.get(session)

	def settle_in_inbox(self, session: Session, now: datetime) -> None:
		"""As on a host: the session has this inbox from now on, and forgets the one it had before."""
		inbox = (session.chatwoot_url, session.account_id, session.inbox_id)
		with self._writing() as tables:
			if tables.inboxes.setdefault(session.name, inbox) != inbox:
				self.forget_chatwoot(session.name, now)
			tables.inboxes[session.name] = inbox

	def keeps_inbox(self, session: Session) -> bool:
		inbox = (session.chatwoot_url, session.account_id, session.inbox_id)
		with self._reading() as tables:
			return tables.inboxes.get(session.name, inbox) == inbox

	def set_fetched_to(self, session: str, at: datetime) -> None:
		with self._writing() as tables:
			tables.fetched_to[session] = at

	def note_session_change(self, session: str, change: SessionChanged, at: datetime) -> None:
		with self._writing() as tables:
			told = [
				each.address for name, each, _ in tables.noted_changes if name == session and each.address
			]
			if told and change.address not in (None, told[-1]):
				tables.new_chats.pop(session, None)
			tables.noted_changes.append((session, change, at))

	def note_new_chat(self, session: str, refused_at: datetime | None) -> None:
		with self._writing() as tables:
			since = tables.new_chats.get(session, NewChats()).locked_since
			tables.new_chats[session] = (
				NewChats(since or refused_at, refused_at) if refused_at else NewChats()
			)

	def new_chats(self, session: str) -> NewChats:
		with self._reading() as tables:
			return tables.new_chats.get(session, NewChats())

	def session_changes(self, session: str, limit: int) -> list[SessionChange]:
		with self._reading() as tables:
			noted = [(change, at) for name, change, at in tables.noted_changes if name == session]
		history: list[SessionChange] = []
		for change, at in noted:
			if not history or history[-1].state is not change.state:
				history.append(SessionChange(at, change.state, change.detail))
			elif not history[-1].detail:
				history[-1] = replace(history[-1], detail=change.detail)
		return history[-SESSION_CHANGES_KEPT:][::-1][:limit]

	def session_status(self, session: str) -> SessionStatus | None:
		with self._reading() as tables:
			changes = [(change, at) for name, change, at in tables.noted_changes if name == session]
		if not changes:
			return None
		last, at = changes[-1]
		since = at
		for change, earlier in reversed(changes):
			if change.state is not last.state:
				break
			since = earlier
		seconds = last.banned_for_seconds
		return SessionStatus(
			session=session,
			state=last.state,
			detail=last.detail,
			since=since,
			address=next((each.address for each, _ in reversed(changes) if each.address), None),
			lid=next((each.lid for each, _ in reversed(changes) if each.lid), None),
			banned_until=None if seconds is None else at + timedelta(seconds=seconds),
			name=_name_of([change for change, _ in changes]),
		)

	def signing(self, session: str) -> Signing:
		with self._reading() as tables:
			return tables.signing.get(session, Signing())

	def note_signed(self, session: str, source: Source, at: datetime) -> None:
		with self._writing() as tables:
			known = tables.signing.get(session, Signing())
			if known.since(source) is None:
				tables.signing[session] = (
					replace(known, gateway_since=at)
					if source is Source.GATEWAY
					else replace(known, chatwoot_since=at)
				)

	def note_key_posted(self, session: str, at: datetime) -> None:
		with self._writing() as tables:
			known = tables.signing.get(session, Signing())
			tables.signing[session] = replace(known, key_posted_at=at)

	def own_addresses(self, session: str) -> tuple[Address, ...]:
		status = self.session_status(session)
		known = (status.address, status.lid) if status is not None else ()
		return tuple(each for each in known if each is not None)

	@property
	def noted_changes(self) -> list[tuple[str, SessionChanged, datetime]]:
		"""For tests: everything noted, in order."""
		return list(self.tables.noted_changes)


def _name_of(changes: Sequence[SessionChanged]) -> str:
	name, address = "", None
	for change in changes:
		if change.address is not None:
			name = name if address in (None, change.address) else ""
			address = change.address
		name = change.name or name
	return name


class MemoryStore(MemoryEvents, MemoryConversations, MemoryMessages, MemorySessions):
	"""Implements `Store`. Thread-safe by one lock, which `atomic` holds. Set `broken` to make writes fail."""
