"""What the bridge remembers of a session by itself, on the same row as what people set."""

from __future__ import annotations

from datetime import datetime, timedelta

from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.events import SessionChanged, SessionState
from wuzapi_chatwoot.bridge.model.records import (
	SESSION_CHANGES_KEPT,
	NewChats,
	ReconcileMarks,
	Session,
	SessionChange,
	SessionStatus,
	Signing,
	Source,
)
from wuzapi_chatwoot.frappe_host.store.part import StorePart
from wuzapi_chatwoot.frappe_host.store.times import from_site, to_site
from wuzapi_chatwoot.storage.column_codecs import stored_address

# Numbers that are not there are 0 in Frappe.
_FORGET_CHATWOOT = (
	"UPDATE `tabWuzAPI Contact` SET chatwoot_contact_id = 0, avatar_id = NULL WHERE session = %s",
	"""UPDATE `tabWuzAPI Conversation` SET chatwoot_contact_id = 0, chatwoot_conversation_id = 0,
	chatwoot_conversation_key = NULL, chatwoot_status = NULL, reconciled_up_to = 0 WHERE session = %s""",
	"""UPDATE `tabWuzAPI Message` SET chatwoot_message_id = 0, chatwoot_conversation_id = 0,
	chatwoot_status = NULL WHERE session = %s""",
)
_NOTE_SIGNED = {
	Source.GATEWAY: """UPDATE `tabWuzAPI Session` SET gateway_signed_at = %s
	WHERE name = %s AND gateway_signed_at IS NULL""",
	Source.CHATWOOT: """UPDATE `tabWuzAPI Session` SET chatwoot_signed_at = %s
	WHERE name = %s AND chatwoot_signed_at IS NULL""",
}


class FrappeSessions(StorePart):
	"""Implements `SessionStore`."""

	def reconcile_marks(self, session: str, now: datetime) -> ReconcileMarks:
		with self._connection.atomic():
			at = to_site(now)
			self._connection.write(
				"""UPDATE `tabWuzAPI Session` SET reconcile_since = COALESCE(reconcile_since, %(at)s),
				fetched_to = COALESCE(fetched_to, %(at)s)
				WHERE name = %(session)s AND (reconcile_since IS NULL OR fetched_to IS NULL)""",
				{"at": at, "session": session},
			)
			row = self._connection.one(
				"SELECT reconcile_since, fetched_to FROM `tabWuzAPI Session` WHERE name = %s", (session,)
			)
		if row is None:
			return ReconcileMarks(now, now)
		return ReconcileMarks(from_site(row.reconcile_since), from_site(row.fetched_to))

	def forget_chatwoot(self, session: str, now: datetime) -> None:
		with self._connection.atomic():
			for statement in _FORGET_CHATWOOT:
				self._connection.write(statement, (session,))
			self._connection.write(
				"""UPDATE `tabWuzAPI Session` SET reconcile_since = %(now)s, fetched_to = %(now)s,
				inbox_since = %(now)s WHERE name = %(session)s""",
				{"now": to_site(now), "session": session},
			)

	def inbox_since(self, session: str) -> datetime | None:
		row = self._connection.one("SELECT inbox_since FROM `tabWuzAPI Session` WHERE name = %s", (session,))
		return from_site(row.inbox_since) if row is not None and row.inbox_since else None

	def keeps_inbox(self, session: Session) -> bool:
		row = self._connection.one(
			# Whoever saves another inbox has the row for itself until then, or waits for us.
			"""SELECT chatwoot_url, account_id, inbox_id FROM `tabWuzAPI Session` WHERE name = %s
			LOCK IN SHARE MODE""",
			(session.name,),
		)
		known = (session.chatwoot_url, session.account_id, session.inbox_id)
		return row is None or known == ((row.chatwoot_url or "").rstrip("/"), row.account_id, row.inbox_id)

	def set_fetched_to(self, session: str, at: datetime) -> None:
		with self._connection.atomic():
			self._connection.write(
				"UPDATE `tabWuzAPI Session` SET fetched_to = %s WHERE name = %s", (to_site(at), session)
			)

	def note_session_change(self, session: str, change: SessionChanged, at: datetime) -> None:
		seconds = change.banned_for_seconds
		banned_until = to_site(at + timedelta(seconds=seconds)) if seconds is not None else None
		with self._connection.atomic():
			before = self._connection.one(
				"SELECT state, state_since, state_detail FROM `tabWuzAPI Session` WHERE name = %s FOR UPDATE",
				(session,),
			)
			if before is None:
				return
			if before.state_since is None or before.state != change.state.value:
				self._add_change(session, change, at)
			elif change.detail and not before.state_detail:
				self._give_reason(session, change)
			self._connection.write(
				# MariaDB works from left to right: the time is set while `state` is still the old one; the name, and a lock
				# that WhatsApp put on the number before, while `address` is.
				"""UPDATE `tabWuzAPI Session` SET
				state_since = IF(state <=> %(state)s, COALESCE(state_since, %(at)s), %(at)s),
				state = %(state)s, state_detail = %(detail)s, modified = %(at)s,
				profile_name = CASE WHEN %(name)s != '' THEN %(name)s
				WHEN %(address)s != address THEN NULL ELSE profile_name END,
				new_chats_locked_since = IF(%(address)s != address, NULL, new_chats_locked_since),
				new_chats_refused_at = IF(%(address)s != address, NULL, new_chats_refused_at),
				address = COALESCE(%(address)s, address), lid = COALESCE(%(lid)s, lid), banned_until = %(banned)s
				WHERE name = %(session)s""",
				{
					"state": change.state.value,
					"detail": change.detail,
					"at": to_site(at),
					"address": str(change.address) if change.address else None,
					"lid": str(change.lid) if change.lid else None,
					"name": change.name,
					"banned": banned_until,
					"session": session,
				},
			)

	def _add_change(self, session: str, change: SessionChanged, at: datetime) -> None:
		self._connection.write(
			"""INSERT INTO `tabWuzAPI Session Change`
			(name, creation, modified, owner, modified_by, session, at, state, detail)
			VALUES (NEXTVAL(`wuzapi_session_change_id_seq`), %(at)s, %(at)s, %(user)s, %(user)s, %(session)s, %(at)s,
			%(state)s, %(detail)s)""",
			{
				"at": to_site(at),
				"user": self._user,
				"session": session,
				"state": change.state.value,
				"detail": change.detail,
			},
		)
		oldest_kept = self._connection.one(
			"SELECT name FROM `tabWuzAPI Session Change` WHERE session = %s ORDER BY name DESC LIMIT 1 OFFSET %s",
			(session, SESSION_CHANGES_KEPT - 1),
		)
		if oldest_kept is not None:
			self._connection.write(
				"DELETE FROM `tabWuzAPI Session Change` WHERE session = %s AND name < %s",
				(session, oldest_kept.name),
			)

	def _give_reason(self, session: str, change: SessionChanged) -> None:
		last = self._connection.one(
			"SELECT name, state, detail FROM `tabWuzAPI Session Change` WHERE session = %s ORDER BY name DESC LIMIT 1",
			(session,),
		)
		if last is not None and last.state == change.state.value and not last.detail:
			self._connection.write(
				"UPDATE `tabWuzAPI Session Change` SET detail = %s WHERE name = %s",
				(change.detail, last.name),
			)

	def note_new_chat(self, session: str, refused_at: datetime | None) -> None:
		with self._connection.atomic():
			self._connection.write(
				# From left to right: who is locked already keeps the time.
				"""UPDATE `tabWuzAPI Session` SET
				new_chats_locked_since = IF(%(at)s IS NULL, NULL, COALESCE(new_chats_locked_since, %(at)s)),
				new_chats_refused_at = %(at)s WHERE name = %(session)s""",
				{"at": to_site(refused_at) if refused_at else None, "session": session},
			)

	def new_chats(self, session: str) -> NewChats:
		row = self._connection.one(
			"SELECT new_chats_locked_since, new_chats_refused_at FROM `tabWuzAPI Session` WHERE name = %s",
			(session,),
		)
		if row is None or not row.new_chats_locked_since or not row.new_chats_refused_at:
			return NewChats()
		return NewChats(from_site(row.new_chats_locked_since), from_site(row.new_chats_refused_at))

	def session_changes(self, session: str, limit: int) -> list[SessionChange]:
		rows = self._connection.rows(
			"""SELECT at, state, detail FROM `tabWuzAPI Session Change` WHERE session = %s
			ORDER BY name DESC LIMIT %s""",
			(session, limit),
		)
		return [SessionChange(from_site(row.at), SessionState(row.state), row.detail or "") for row in rows]

	def session_status(self, session: str) -> SessionStatus | None:
		row = self._connection.one(
			"""SELECT state, state_detail, state_since, address, lid, banned_until, profile_name
			FROM `tabWuzAPI Session`
			WHERE name = %s AND state_since IS NOT NULL""",
			(session,),
		)
		if row is None:
			return None
		return SessionStatus(
			session=session,
			state=SessionState(row.state),
			detail=row.state_detail or "",
			since=from_site(row.state_since),
			address=stored_address(row.address) if row.address else None,
			lid=stored_address(row.lid) if row.lid else None,
			banned_until=from_site(row.banned_until) if row.banned_until else None,
			name=row.profile_name or "",
		)

	def signing(self, session: str) -> Signing:
		row = self._connection.one(
			"""SELECT gateway_signed_at, chatwoot_signed_at, key_posted_at FROM `tabWuzAPI Session`
			WHERE name = %s""",
			(session,),
		)
		if row is None:
			return Signing()
		times = (row.gateway_signed_at, row.chatwoot_signed_at, row.key_posted_at)
		return Signing(*(from_site(time) if time else None for time in times))

	def note_signed(self, session: str, source: Source, at: datetime) -> None:
		with self._connection.atomic():
			self._connection.write(_NOTE_SIGNED[source], (to_site(at), session))

	def note_key_posted(self, session: str, at: datetime) -> None:
		with self._connection.atomic():
			self._connection.write(
				"UPDATE `tabWuzAPI Session` SET key_posted_at = %s WHERE name = %s", (to_site(at), session)
			)

	def own_addresses(self, session: str) -> tuple[Address, ...]:
		row = self._connection.one("SELECT address, lid FROM `tabWuzAPI Session` WHERE name = %s", (session,))
		return tuple(stored_address(text) for text in ((row.address, row.lid) if row else ()) if text)
