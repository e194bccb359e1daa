"""The list of conversations: who wrote last is at the top, bookkeeping moves nobody, and people are found as one writes them."""

# bench runs this with unittest alone
# ruff: noqa: PT009, S608 - constants only

from __future__ import annotations

from datetime import timedelta
from typing import Any

import frappe

from wuzapi_chatwoot.api import conversations
from wuzapi_chatwoot.api.guarded import global_search
from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.frappe_host.store import FrappeStore
from wuzapi_chatwoot.frappe_host.tests.site_case import (
	AT,
	LISTED,
	MANAGER,
	STRANGER,
	UNLISTED,
	PeopleCase,
	add_message,
	add_session,
)
from wuzapi_chatwoot.patches import name_conversations

_DOCTYPE = "WuzAPI Conversation"


class TestConversationList(PeopleCase):
	def setUp(self) -> None:
		super().setUp()
		frappe.db.delete(_DOCTYPE)
		add_session("alpha", 195, (LISTED,))
		add_session("beta", 196)
		self.ada = self.conversation("alpha", "+447700900195", "Ada Example")
		self.ben = self.conversation("alpha", "+447700900196", "Ben 100% Wolle")
		self.cleo = self.conversation("beta", "+447700900197", "Cleo Example")

	def conversation(self, session: str, phone: str, name: str) -> int:
		message = add_message(session, phone, f"ID-{phone}")
		contact = FrappeStore().get_conversation(message.conversation).contact
		FrappeStore().update_contact(contact, {"name": name})
		return message.conversation

	def row(self, id: int) -> Any:
		return frappe.db.get_value(_DOCTYPE, id, ["contact_name", "phone", "modified"], as_dict=True)

	def test_a_conversation_bears_the_name_and_number_of_its_contact(self) -> None:
		self.assertEqual(self.row(self.ada).contact_name, "Ada Example")
		self.assertEqual(self.row(self.ada).phone, "+447700900195")
		store = FrappeStore()
		contact = store.add_contact("alpha", "Somebody", [Address.parse("12345678901234@lid")])
		row = store.add_conversation("alpha", contact.addresses[0], contact.id)
		self.assertFalse(self.row(row.id).phone)
		store.add_addresses(contact.id, [Address.of_phone("+447700900198")])
		self.assertEqual(self.row(row.id).phone, "+447700900198")

	def test_contacts_that_become_one_have_one_name(self) -> None:
		store = FrappeStore()
		keep = store.add_contact("alpha", "Dora", [Address.parse("22345678901234@lid")])
		store.merge_contacts(keep.id, store.get_conversation(self.ada).contact)
		self.assertEqual(self.row(self.ada).contact_name, "Dora")
		self.assertEqual(self.row(self.ada).phone, "+447700900195")

	def test_bookkeeping_does_not_touch_a_conversation(self) -> None:
		frappe.db.sql(f"UPDATE `tab{_DOCTYPE}` SET modified = '2026-03-02'")
		before = self.row(self.ada).modified
		for changes in (
			{"reconciled_up_to": 5},
			{"read_up_to_id": "X"},
			{"chatwoot_contact_id": 3},
			{"chatwoot_conversation_id": 4},
			{"last_incoming_id": "Y"},
		):
			FrappeStore().update_conversation(self.ada, changes)  # type: ignore[arg-type]
		FrappeStore().update_contact(FrappeStore().get_conversation(self.ada).contact, {"name": "Ada E."})
		self.assertEqual(self.row(self.ada).modified, before)
		FrappeStore().update_conversation(self.ada, {"last_message_at": AT})
		self.assertGreater(self.row(self.ada).modified, before)

	def test_who_wrote_last_is_at_the_top(self) -> None:
		for hours, id in enumerate((self.ben, self.ada, self.cleo)):
			FrappeStore().update_conversation(id, {"last_message_at": AT + timedelta(hours=hours)})
		FrappeStore().update_conversation(self.ben, {"reconciled_up_to": 9})
		meta = frappe.get_meta(_DOCTYPE)
		order = f"{meta.sort_field} {meta.sort_order}"
		self.assertEqual(
			frappe.get_list(_DOCTYPE, pluck="name", order_by=order), [self.cleo, self.ada, self.ben]
		)

	def test_the_order_of_the_list_has_an_index(self) -> None:
		plan = frappe.db.sql(
			f"EXPLAIN SELECT name FROM `tab{_DOCTYPE}` FORCE INDEX FOR ORDER BY (last_message) "
			"ORDER BY last_message_at DESC LIMIT 20",
			as_dict=True,
		)
		self.assertEqual(plan[0].key, "last_message")
		self.assertNotIn("filesort", plan[0].Extra or "")

	def test_people_are_found_as_one_writes_them(self) -> None:
		for text, found in (
			("ada", [self.ada]),
			("Example", [self.ada, self.cleo]),
			("07700 900195", [self.ada]),
			("+44 (0)7700 900-195", [self.ada]),
			("0044 7700 900195", [self.ada]),
			("900195", [self.ada]),
			("100%", [self.ben]),
			("%", []),
			("nobody", []),
			("  ", []),
		):
			with self.subTest(text), self.as_user(MANAGER):
				self.assertEqual(sorted(row["name"] for row in conversations.search(text)), sorted(found))

	def test_nobody_finds_conversations_of_sessions_they_are_not_listed_in(self) -> None:
		for user, found in ((LISTED, [self.ada]), (UNLISTED, []), (MANAGER, [self.ada, self.cleo])):
			with self.subTest(user), self.as_user(user):
				self.assertEqual(
					sorted(row["name"] for row in conversations.search("Example")), sorted(found)
				)
				names = [row.name for row in global_search("example") if row.doctype == _DOCTYPE]
				self.assertEqual(sorted(names), sorted(str(each) for each in found))
		with self.as_user(STRANGER):
			self.assertEqual([row for row in global_search("example") if row.doctype == _DOCTYPE], [])

	def test_global_search_shows_names_as_text(self) -> None:
		contact = FrappeStore().get_conversation(self.ada).contact
		FrappeStore().update_contact(contact, {"name": "<img src=x> Example"})
		with self.as_user(LISTED):
			for text in ("example", "07700 900195"):
				[row] = [each for each in global_search(text) if each.doctype == _DOCTYPE]
				self.assertIn(text, row.content.lower())
				self.assertNotIn("<img", row.content)

	def test_rows_of_before_get_their_names(self) -> None:
		frappe.db.sql(f"UPDATE `tab{_DOCTYPE}` SET contact_name = NULL, phone = NULL")
		name_conversations.execute()
		row = self.row(self.cleo)
		self.assertEqual((row.contact_name, row.phone), ("Cleo Example", "+447700900197"))
