"""What the bridge remembers of sessions in SQLite. What people set stands in the service's settings, not here."""

from __future__ import annotations

from datetime import datetime, timedelta

from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.events import SessionChanged, SessionState
from wuzapi_chatwoot.bridge.model.records import (
	NewChats,
	ReconcileMarks,
	Session,
	SessionChange,
	SessionStatus,
	Signing,
	Source,
)
from wuzapi_chatwoot.standalone_host.storage.part import StorePart
from wuzapi_chatwoot.standalone_host.storage.statements import sessions as sql
from wuzapi_chatwoot.storage.column_codecs import stored_address


class SqlSessions(StorePart):
	"""Implements `SessionStore`, and tells what it noted."""

	def reconcile_marks(self, session: str, now: datetime) -> ReconcileMarks:
		with self._database.reading() as connection:
			row = connection.execute(sql.RECONCILE_MARKS, {"session": session}).one_or_none()
		if row is None or row.reconcile_since is None or row.fetched_to is None:
			with self._database.writing() as connection:
				connection.execute(sql.BEGIN_RECONCILING, {"session": session, "now": now})
				row = connection.execute(sql.RECONCILE_MARKS, {"session": session}).one()
		return ReconcileMarks(baseline=row.reconcile_since, fetched_to=row.fetched_to)

	def settle_in_inbox(self, session: Session, now: datetime) -> bool:
		"""Remember which inbox the session has; true if it had another one before, which is then forgotten.

		Not part of the port: another host knows of a change otherwise.
		"""
		inbox = _inbox(session)
		with self._database.writing() as connection:
			row = connection.execute(sql.INBOX_OF_SESSION, {"session": session.name}).one_or_none()
			known = tuple(row) if row is not None and row.chatwoot_url else None
			if known == inbox:
				return False
			if known is not None:
				self.forget_chatwoot(session.name, now)
			values = dict(zip(("url", "account", "inbox"), inbox, strict=True))
			connection.execute(sql.SET_INBOX_OF_SESSION, {"session": session.name, **values})
			return known is not None

	def forget_chatwoot(self, session: str, now: datetime) -> None:
		with self._database.writing() as connection:
			for statement in sql.FORGET_CHATWOOT:
				connection.execute(statement, {"of_session": session})
			connection.execute(sql.BEGIN_ANEW, {"session": session, "now": now})

	def inbox_since(self, session: str) -> datetime | None:
		with self._database.reading() as connection:
			return connection.execute(sql.INBOX_SINCE, {"session": session}).scalar_one_or_none()

	def keeps_inbox(self, session: Session) -> bool:
		# What writes at all, writes alone: inside `atomic` nobody can change it.
		with self._database.reading() as connection:
			row = connection.execute(sql.INBOX_OF_SESSION, {"session": session.name}).one_or_none()
		return row is None or not row.chatwoot_url or tuple(row) == _inbox(session)

	def set_fetched_to(self, session: str, at: datetime) -> None:
		with self._database.writing() as connection:
			connection.execute(sql.SET_FETCHED_TO, {"session": session, "at": at})

	def note_session_change(self, session: str, change: SessionChanged, at: datetime) -> None:
		seconds = change.banned_for_seconds
		values = {
			"session": session,
			"state": change.state.value,
			"detail": change.detail,
			"at": at,
			"address": str(change.address) if change.address else None,
			"lid": str(change.lid) if change.lid else None,
			"banned_until": None if seconds is None else at + timedelta(seconds=seconds),
			"profile_name": change.name or None,
		}
		with self._database.writing() as connection:
			if connection.execute(sql.ADD_SESSION_CHANGE, values).rowcount:
				connection.execute(sql.TRIM_SESSION_CHANGES, {"of_session": session})
			elif change.detail:
				reason = {"of_session": session, "of_state": change.state.value, "reason": change.detail}
				connection.execute(sql.GIVE_REASON, reason)
			connection.execute(sql.NOTE_SESSION_CHANGE, values)

	def session_changes(self, session: str, limit: int) -> list[SessionChange]:
		with self._database.reading() as connection:
			rows = connection.execute(sql.SESSION_CHANGES, {"session": session, "limit": limit}).all()
		return [SessionChange(row.at, SessionState(row.state), row.detail or "") for row in rows]

	def signing(self, session: str) -> Signing:
		with self._database.reading() as connection:
			row = connection.execute(sql.SIGNING, {"session": session}).one_or_none()
		return Signing(*row) if row is not None else Signing()

	def note_signed(self, session: str, source: Source, at: datetime) -> None:
		with self._database.writing() as connection:
			connection.execute(sql.NOTE_SIGNED[source], {"session": session, "at": at})

	def note_key_posted(self, session: str, at: datetime) -> None:
		with self._database.writing() as connection:
			connection.execute(sql.NOTE_KEY_POSTED, {"session": session, "at": at})

	def note_new_chat(self, session: str, refused_at: datetime | None) -> None:
		with self._database.writing() as connection:
			if refused_at is not None:
				connection.execute(sql.NOTE_NEW_CHAT_REFUSED, {"session": session, "at": refused_at})
			else:
				connection.execute(sql.NOTE_NEW_CHAT_BEGUN, {"of_session": session})

	def new_chats(self, session: str) -> NewChats:
		with self._database.reading() as connection:
			row = connection.execute(sql.NEW_CHATS, {"session": session}).one_or_none()
		return NewChats(*row) if row is not None else NewChats()

	def own_addresses(self, session: str) -> tuple[Address, ...]:
		with self._database.reading() as connection:
			row = connection.execute(sql.OWN_ADDRESSES, {"session": session}).one_or_none()
			return tuple(stored_address(text) for text in row or () if text)

	def session_status(self, session: str) -> SessionStatus | None:
		with self._database.reading() as connection:
			row = connection.execute(sql.SESSION_STATUS, {"session": session}).one_or_none()
		if row is None:
			return None
		return SessionStatus(
			session=row.name,
			state=SessionState(row.state),
			detail=row.state_detail or "",
			since=row.state_since,
			address=stored_address(row.address) if row.address else None,
			lid=stored_address(row.lid) if row.lid else None,
			banned_until=row.banned_until,
			name=row.profile_name or "",
		)


def _inbox(session: Session) -> tuple[str, int, int]:
	return session.chatwoot_url, session.account_id, session.inbox_id
