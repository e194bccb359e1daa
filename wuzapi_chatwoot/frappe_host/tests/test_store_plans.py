"""Every statement that a message's way through the store costs finds its rows by an index, however long the history."""

# bench runs this with unittest alone
# ruff: noqa: PT009, PT027

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import frappe

from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.events import SessionChanged, SessionState, Status
from wuzapi_chatwoot.bridge.ports.gateway import OutgoingFile
from wuzapi_chatwoot.frappe_host.files.media import keep_media
from wuzapi_chatwoot.frappe_host.store import FrappeStore
from wuzapi_chatwoot.frappe_host.tests.site_case import AT, SiteCase, add_event, add_message, add_session

PHONE, OTHER_PHONE = "+447700900181", "+447700900182"
ANA, LID = Address.of_phone(PHONE), Address("111100001111181", "lid")
# Enough that a scan would be dearer than an index.
_ROWS = 400


class TestPlans(SiteCase):
	def setUp(self) -> None:
		super().setUp()
		add_session("alpha", 181)
		self.store = FrappeStore()
		self.message = add_message("alpha", PHONE, "A")
		self.other = add_message("alpha", OTHER_PHONE, "B")
		self.conversation = self.store.get_conversation(self.message.conversation)
		self._add_history()

	def test_messages(self) -> None:
		id = self.message.id
		for act in (
			lambda: self.store.find_messages("alpha", ANA, ["A", "B"]),
			lambda: self.store.find_messages_by_chatwoot_id("alpha", 5),
			lambda: self.store.conversations_in_chatwoot("alpha", 5),
			lambda: self.store.others_wrote_in("alpha", 5, self.conversation.id, AT),
			lambda: self.store.change_message(id, {"conversation": self.conversation.id, "chat": ANA}),
			lambda: self.store.get_message(id),
			lambda: self.store.change_message(id, {"text": "New", "earlier_texts": ("Old",)}),
			lambda: self.store.change_message(id, {"reactions": (), "deleted_at": AT}),
			lambda: self.store.advance_status(id, Status.READ, AT),
			lambda: self.store.note_in_chatwoot(id, 5, 5, Status.SENT),
		):
			self.check(act)

	def test_contacts_and_conversations(self) -> None:
		contact, id = self.conversation.contact, self.conversation.id
		for act in (
			lambda: self.store.find_contacts("alpha", [ANA, LID]),
			lambda: self.store.get_contact(contact),
			lambda: self.store.update_contact(contact, {"name": "Ana", "avatar_id": "1"}),
			lambda: self.store.add_addresses(contact, [LID]),
			lambda: self.store.find_conversation("alpha", ANA),
			lambda: self.store.find_conversation_of_contact(contact),
			lambda: self.store.find_conversation_by_chatwoot_id("alpha", 5),
			lambda: self.store.get_conversation(id),
			lambda: self.store.update_conversation(id, {"last_incoming_at": AT}),
			lambda: self.store.own_addresses("alpha"),
		):
			self.check(act)

	def test_events(self) -> None:
		for number in range(3):
			add_event("alpha", f"event-{number}", "waiting")
		frappe.db.sql(
			"""INSERT INTO `tabWuzAPI Event`
			(name, event_key, session, source, kind, lane, payload, occurred_at, received_at, state)
			SELECT NEXTVAL(`wuzapi_event_id_seq`), CONCAT('old-', seq), 'alpha', 'gateway', 'Message',
			CONCAT('in|alpha|9', seq), '', NOW(), NOW(), 'done' FROM seq_1_to_%s""",
			_ROWS,
		)
		found = []
		lane = frappe.db.get_value("WuzAPI Event", {"event_key": "event-0"}, "lane")
		self.check(lambda: found.append(self.store.find_event("event-0")))
		self.check(lambda: found.extend(self.store.events_of_lane(lane, AT - timedelta(days=1), 10)))
		self.check(lambda: self.store.size_of_lane(lane, AT - timedelta(days=1)))
		self.assertEqual(
			[event.key for event in found if event], ["event-0", "event-0", "event-1", "event-2"]
		)

	def test_the_history_of_a_session(self) -> None:
		frappe.db.sql(
			"""INSERT INTO `tabWuzAPI Session Change` (name, session, at, state)
			SELECT NEXTVAL(`wuzapi_session_change_id_seq`), CONCAT('old-', seq), NOW(), 'connected' FROM seq_1_to_%s""",
			_ROWS,
		)
		for number in range(3):
			state = SessionState.FAILED if number % 2 else SessionState.CONNECTED
			self.check(lambda state=state: self.store.note_session_change("alpha", SessionChanged(state), AT))
		self.check(lambda: self.store.session_changes("alpha", 10))

	def test_two_contacts_that_become_one(self) -> None:
		gone = self.store.get_conversation(self.other.conversation).contact
		self.assertGreater(self.check(lambda: self.store.merge_contacts(self.conversation.contact, gone)), 10)

	def test_is_this_file_kept_already(self) -> None:
		file = OutgoingFile(b"a file", "text/plain", "a.txt")
		keep_media(self.message, file)
		self.assertEqual(self.check(lambda: keep_media(self.message, file)), 1)

	def test_a_scan_would_be_seen(self) -> None:
		for scan in (
			"SELECT name FROM `tabWuzAPI Message` WHERE origin = 'desk'",
			"UPDATE `tabFile` SET file_name = 'x' WHERE file_name = 'y'",
		):
			with self.assertRaises(AssertionError):
				self.check(lambda scan=scan: frappe.db.sql(scan))

	def check(self, act: Callable[[], object]) -> int:
		"""How many statements were looked at."""
		seen: list[tuple[str, Any]] = []
		sql = frappe.db.sql

		def noting(query: object, values: Any = (), *args: Any, **kwargs: Any) -> Any:
			text = str(query)
			if text.split()[0] in ("SELECT", "UPDATE", "DELETE") or "FROM" in text:
				# Before it is carried out: afterwards there might be nothing left to find.
				seen.append((text, sql(f"EXPLAIN {text}", values, as_dict=True)))
			return sql(query, values, *args, **kwargs)

		with patch.object(frappe.db, "sql", noting):
			act()
		self.assertTrue(seen)
		for text, plan in seen:
			for step in plan:
				reading_all = step.type in ("ALL", "index") and not step.table.startswith("<")
				self.assertFalse(reading_all, f"{text}\n{step}")
		return len(seen)

	def _add_history(self) -> None:
		"""In other conversations of the same session, and files, comments and tasks of others."""
		frappe.db.sql(
			"""INSERT INTO `tabWuzAPI Contact` (name, session, contact_name)
			SELECT NEXTVAL(`wuzapi_contact_id_seq`), 'alpha', CONCAT('Old ', seq) FROM seq_1_to_%s""",
			_ROWS,
		)
		frappe.db.sql(
			"""INSERT INTO `tabWuzAPI Contact Address` (name, parent, parenttype, parentfield, idx, session, address)
			SELECT NEXTVAL(`wuzapi_contact_address_id_seq`), name, 'WuzAPI Contact', 'addresses', 1, 'alpha',
			CONCAT('9', name, '@s.whatsapp.net') FROM `tabWuzAPI Contact` WHERE contact_name LIKE 'Old %%'"""
		)
		frappe.db.sql(
			"""INSERT INTO `tabWuzAPI Conversation`
			(name, session, chat, reply_to, contact, is_group, chatwoot_conversation_id)
			SELECT NEXTVAL(`wuzapi_conversation_id_seq`), 'alpha', CONCAT('9', name, '@s.whatsapp.net'), '', name, 0,
			name FROM `tabWuzAPI Contact` WHERE contact_name LIKE 'Old %%'"""
		)
		frappe.db.sql(
			"""INSERT INTO `tabWuzAPI Message`
			(name, session, conversation, chat, whatsapp_id, part, direction, status, chatwoot_message_id)
			SELECT NEXTVAL(`wuzapi_message_id_seq`), 'alpha', name, chat, CONCAT('OLD', name), 0, 'in', 'delivered', name
			FROM `tabWuzAPI Conversation` WHERE chat LIKE '9%%'"""
		)
		for table, type_column, name_column in (
			("tabFile", "attached_to_doctype", "attached_to_name"),
			("tabComment", "reference_doctype", "reference_name"),
			("tabToDo", "reference_type", "reference_name"),
		):
			frappe.db.sql(
				f"""INSERT INTO `{table}` (name, {type_column}, {name_column})
				SELECT CONCAT('old-', seq), 'User', CONCAT('old-', seq) FROM seq_1_to_%s""",  # noqa: S608
				_ROWS,
			)
