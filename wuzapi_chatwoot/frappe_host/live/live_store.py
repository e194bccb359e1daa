"""The store, telling open forms what it writes."""

from __future__ import annotations

from datetime import datetime

import frappe

from wuzapi_chatwoot.bridge.model.events import SessionChanged, SessionState, Status
from wuzapi_chatwoot.bridge.model.records import (
	Attempt,
	ContactChanges,
	ConversationChanges,
	EventState,
	MessageChanges,
	MessageRow,
)
from wuzapi_chatwoot.frappe_host.live.live_updates import (
	document_changed,
	message_changed,
	session_of_row,
	show_qr,
)
from wuzapi_chatwoot.frappe_host.notifications.session_alerts import alert_soon
from wuzapi_chatwoot.frappe_host.store import FrappeStore

# To being connected: nothing to alert anybody for.
_ON_THE_WAY = (SessionState.STARTING, SessionState.SCAN_QR)


class LiveStore(FrappeStore):
	def add_message(self, message: MessageRow) -> MessageRow:
		added = super().add_message(message)
		message_changed(added.conversation, added.id)
		return added

	def advance_status(self, id: int, status: Status, at: datetime, error: str | None = None) -> bool:
		advanced = super().advance_status(id, status, at, error)
		if advanced:
			message_changed(self.conversation_of(id), id)
		return advanced

	def change_message(self, id: int, changes: MessageChanges) -> None:
		super().change_message(id, changes)
		message_changed(self.conversation_of(id), id)

	def update_contact(self, id: int, changes: ContactChanges) -> None:
		super().update_contact(id, changes)
		document_changed("WuzAPI Contact", id)

	def merge_contacts(self, keep: int, gone: int) -> None:
		session = session_of_row("WuzAPI Contact", keep)
		super().merge_contacts(keep, gone)
		for contact in (keep, gone):
			document_changed("WuzAPI Contact", contact, session)
		conversation = self.find_conversation_of_contact(keep)
		if conversation is not None:
			document_changed("WuzAPI Conversation", conversation.id)

	def update_conversation(self, id: int, changes: ConversationChanges) -> None:
		super().update_conversation(id, changes)
		document_changed("WuzAPI Conversation", id)

	def note_session_change(self, session: str, change: SessionChanged, at: datetime) -> None:
		super().note_session_change(session, change, at)
		document_changed("WuzAPI Session", session)
		frappe.db.after_commit.add(lambda: _tell_of(session, change))

	def note_new_chat(self, session: str, refused_at: datetime | None) -> None:
		super().note_new_chat(session, refused_at)
		document_changed("WuzAPI Session", session)

	def finish_event(self, id: int, state: EventState, at: datetime, attempt: Attempt | None = None) -> None:
		super().finish_event(id, state, at, attempt)
		if state is EventState.DEAD:
			document_changed("WuzAPI Event", id)
			event = self.get_event(id)
			if event is not None:
				document_changed("WuzAPI Session", event.session)


def _tell_of(session: str, change: SessionChanged) -> None:
	show_qr(session, change.qr)
	if change.state not in _ON_THE_WAY:
		alert_soon(session)
