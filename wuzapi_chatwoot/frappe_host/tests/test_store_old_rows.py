"""Rows from before a column was there have nothing in it: they read as what they were, and can be changed."""

# bench runs this with unittest alone
# ruff: noqa: PT009

from __future__ import annotations

from dataclasses import replace
from typing import Any

import frappe

from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.records import ContactRow, ConversationRow, MessageRow, NameSource, Reacted
from wuzapi_chatwoot.frappe_host.settings import session_of
from wuzapi_chatwoot.frappe_host.store import FrappeStore
from wuzapi_chatwoot.frappe_host.tests.site_case import AT, SiteCase, add_message, add_session

# Columns that came after the first rows.
_NEW = {
	"WuzAPI Message": (
		*("sender", "reply_to_id", "options", "option_values", "reactions", "earlier_texts"),
		*("deleted_at", "sender_name", "file"),
	),
	"WuzAPI Contact": ("name_source", "avatar_id", "party_type", "party"),
	"WuzAPI Conversation": (
		*("last_incoming_at", "last_message_at", "last_incoming_id", "last_incoming_sender"),
		*("read_up_to_id", "reconciled_up_to"),
	),
	"WuzAPI Session": (
		*("conversation_policy", "reopen_within_days", "start_pending", "time_zone", "groups", "only_groups"),
		*("group_changes", "ignored", "deletions", "revoke_deleted", "signature", "signature_template"),
		*("voice_notes", "typing", "mark_read_on_reply", "mark_read_on_view", "largest_file"),
	),
}
_NUMBERS = ("Int", "Float", "Check")
PHONE = "+447700900171"
ANA = Address.of_phone(PHONE)


class TestOldRows(SiteCase):
	def setUp(self) -> None:
		super().setUp()
		add_session("alpha", 171)
		self.store = FrappeStore()
		self.row = add_message("alpha", PHONE, "A")
		self.conversation: ConversationRow = self.store.get_conversation(self.row.conversation)
		self.empty("WuzAPI Message", self.row.id)
		self.empty("WuzAPI Contact", self.conversation.contact)
		self.empty("WuzAPI Conversation", self.row.conversation)

	def test_every_such_column_is_there_and_holds_nothing(self) -> None:
		stored = frappe.db.sql("SELECT * FROM `tabWuzAPI Message` WHERE name = %s", self.row.id, as_dict=True)
		for column in _NEW["WuzAPI Message"]:
			self.assertIsNone(stored[0][column], column)

	def test_a_message(self) -> None:
		plain = MessageRow(
			id=self.row.id,
			session="alpha",
			conversation=self.row.conversation,
			chat=ANA,
			whatsapp_id="A",
			part=0,
			direction=self.row.direction,
			status=self.row.status,
			sent_at=AT,
			status_at=AT,
			origin="customer",
			text="Text of A",
		)
		self.assertEqual(self.store.get_message(self.row.id), plain)
		self.assertEqual(self.store.find_messages("alpha", ANA, ["A"]), [plain])

	def test_a_message_that_is_changed(self) -> None:
		reacted = Reacted(ANA, "👍", "Ana")
		self.store.change_message(
			self.row.id, {"reactions": (reacted,), "earlier_texts": ("Old",), "deleted_at": AT}
		)
		changed = self.store.get_message(self.row.id)
		self.assertEqual(
			(changed.reactions, changed.earlier_texts, changed.deleted_at), ((reacted,), ("Old",), AT)
		)
		self.store.change_message(self.row.id, {"reactions": (), "earlier_texts": (), "deleted_at": None})
		self.assertEqual(self.store.get_message(self.row.id).reactions, ())
		self.assertIsNone(frappe.db.get_value("WuzAPI Message", self.row.id, "reactions"))

	def test_a_contact(self) -> None:
		plain = ContactRow(self.conversation.contact, "alpha", "Customer 171", (ANA,))
		self.assertEqual(self.store.get_contact(plain.id), plain)
		self.assertEqual(self.store.find_contacts("alpha", [ANA]), [plain])
		self.assertEqual(plain.name_source, NameSource.ADDRESS)

	def test_a_conversation(self) -> None:
		self.assertEqual(self.store.get_conversation(self.row.conversation), self.conversation)
		self.assertIsNone(self.conversation.last_incoming_at)

	def test_two_old_contacts_become_one(self) -> None:
		other = add_message("alpha", "+447700900172", "B")
		gone = self.store.get_conversation(other.conversation)
		for doctype, name in (
			("WuzAPI Message", other.id),
			("WuzAPI Contact", gone.contact),
			("WuzAPI Conversation", gone.id),
		):
			self.empty(doctype, name)
		self.store.merge_contacts(self.conversation.contact, gone.contact)
		moved = self.store.get_message(other.id)
		self.assertEqual((moved.conversation, moved.chat), (self.conversation.id, ANA))
		# The younger of two that never told a time: what is kept is a whole conversation.
		kept = self.store.get_conversation(self.conversation.id)
		self.assertEqual(replace(kept, reply_to=ANA), self.conversation)

	def test_a_session(self) -> None:
		fresh = session_of(frappe.get_doc("WuzAPI Session", "alpha"))
		self.empty("WuzAPI Session", "alpha")
		frappe.clear_document_cache("WuzAPI Session", "alpha")
		self.assertEqual(session_of(frappe.get_doc("WuzAPI Session", "alpha")), fresh)

	# ---- a small world

	def empty(self, doctype: str, name: Any) -> None:
		"""As an `ALTER TABLE` leaves a row that was there: texts and times are NULL, numbers have their default."""
		meta = frappe.get_meta(doctype)
		columns = [each for each in _NEW[doctype] if meta.get_field(each).fieldtype not in _NUMBERS]
		places = ", ".join(f"`{column}` = NULL" for column in columns)
		frappe.db.sql(f"UPDATE `tab{doctype}` SET {places} WHERE name = %s", name)  # noqa: S608 - constants only
