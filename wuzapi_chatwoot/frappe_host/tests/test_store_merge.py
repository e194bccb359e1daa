"""What only a site has when two contacts become one: parties, files and comments, open forms. The rest is in the contract."""

# bench runs this with unittest alone
# ruff: noqa: PT009

from __future__ import annotations

from typing import Any
from unittest.mock import patch

import frappe

from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.records import MessageRow
from wuzapi_chatwoot.frappe_host.live.live_store import LiveStore
from wuzapi_chatwoot.frappe_host.store import FrappeStore
from wuzapi_chatwoot.frappe_host.tests.site_case import SiteCase, add_message, add_session

PHONE, OTHER_PHONE = "+447700900141", "+447700900142"


class TestMerge(SiteCase):
	def setUp(self) -> None:
		super().setUp()
		add_session("alpha", 141)
		self.store = FrappeStore()

	def test_the_party_goes_over_where_there_is_none(self) -> None:
		parties = (None, None), ("User", "Guest")
		for number, (mine, theirs) in enumerate((here, there) for here in parties for there in parties):
			with self.subTest(mine=mine, theirs=theirs):
				keep, gone = (self.contact(f"+44770090015{number * 2 + each}") for each in (0, 1))
				self.set_party(keep, *mine)
				self.set_party(gone, *(theirs if theirs[0] is None else ("User", "Administrator")))
				self.store.merge_contacts(keep, gone)
				party = frappe.db.get_value("WuzAPI Contact", keep, ["party_type", "party"])
				expected = mine if mine[0] else (("User", "Administrator") if theirs[0] else (None, None))
				self.assertEqual(party, expected)

	def test_addresses_stand_in_the_form_one_after_the_other(self) -> None:
		keep, gone = self.contact(PHONE), self.contact(OTHER_PHONE)
		self.store.add_addresses(gone, [Address("1", "lid")])
		self.store.merge_contacts(keep, gone)
		rows = frappe.get_doc("WuzAPI Contact", keep).addresses
		self.assertEqual([row.idx for row in rows], [1, 2, 3])
		self.assertEqual([row.phone for row in rows], [PHONE, OTHER_PHONE, None])

	def test_files_of_a_dropped_message_go_to_the_one_that_stays(self) -> None:
		staying = add_message("alpha", PHONE, "A")
		dropped, moved = add_message("alpha", OTHER_PHONE, "A"), add_message("alpha", OTHER_PHONE, "B")
		files = [self.attach("WuzAPI Message", row.id) for row in (dropped, moved)]
		self.merge(staying, dropped)
		owners = [frappe.db.get_value("File", file, "attached_to_name") for file in files]
		self.assertEqual(owners, [str(staying.id), str(moved.id)])
		self.assertFalse(frappe.db.exists("WuzAPI Message", dropped.id))
		self.assertEqual(
			frappe.db.get_value("WuzAPI Message", moved.id, ["conversation", "chat"]),
			(str(staying.conversation), str(staying.chat)),
		)

	def test_what_people_left_on_the_forms_goes_over(self) -> None:
		mine, theirs = add_message("alpha", PHONE, "A"), add_message("alpha", OTHER_PHONE, "B")
		contacts = [self.conversation(row).contact for row in (mine, theirs)]
		left = [
			frappe.get_doc(doctype, name).add_comment("Comment", "Called back").name
			for doctype, name in (
				("WuzAPI Contact", contacts[1]),
				("WuzAPI Conversation", theirs.conversation),
			)
		]
		self.merge(mine, theirs)
		names = [frappe.db.get_value("Comment", each, "reference_name") for each in left]
		self.assertEqual(names, [str(contacts[0]), str(mine.conversation)])

	def test_nothing_points_to_what_is_gone(self) -> None:
		mine, theirs = add_message("alpha", PHONE, "A"), add_message("alpha", OTHER_PHONE, "B")
		gone = self.conversation(theirs)
		self.merge(mine, theirs)
		for doctype, column, name in (
			("WuzAPI Contact", "name", gone.contact),
			("WuzAPI Contact Address", "parent", gone.contact),
			("WuzAPI Conversation", "contact", gone.contact),
			("WuzAPI Conversation", "name", gone.id),
			("WuzAPI Message", "conversation", gone.id),
		):
			self.assertFalse(frappe.db.exists(doctype, {column: str(name)}), f"{doctype}.{column}")

	def test_it_is_done_by_statements_and_ends_with_the_request(self) -> None:
		mine, theirs = add_message("alpha", PHONE, "A"), add_message("alpha", OTHER_PHONE, "B")
		deleted = frappe.db.count("Deleted Document")
		with patch.object(frappe.db, "commit", side_effect=AssertionError("a request does not commit")):
			self.merge(mine, theirs)
		self.assertEqual(frappe.db.count("Deleted Document"), deleted)

	def test_open_forms_are_told(self) -> None:
		mine, theirs = add_message("alpha", PHONE, "A"), add_message("alpha", OTHER_PHONE, "B")
		keep, gone = (self.conversation(row).contact for row in (mine, theirs))
		store = LiveStore()
		told = self.told(lambda: store.merge_contacts(keep, gone))
		for document in (
			("WuzAPI Contact", str(keep)),
			("WuzAPI Contact", str(gone)),
			("WuzAPI Conversation", str(mine.conversation)),
		):
			self.assertIn(document, told)
		told = self.told(lambda: store.update_contact(keep, {"name": "Ada"}))
		self.assertEqual(told, {("WuzAPI Contact", str(keep))})
		told = self.told(lambda: store.change_message(mine.id, {"text": "New"}))
		self.assertEqual(
			told,
			{("WuzAPI Message", str(mine.id)), ("WuzAPI Conversation", str(mine.conversation))},
		)

	# ---- a small world

	def contact(self, phone: str) -> int:
		return self.store.add_contact("alpha", phone, [Address.of_phone(phone)]).id

	def conversation(self, message: MessageRow) -> Any:
		return self.store.get_conversation(message.conversation)

	def merge(self, keep: MessageRow, gone: MessageRow) -> None:
		"""The contacts whose messages these are."""
		self.store.merge_contacts(self.conversation(keep).contact, self.conversation(gone).contact)

	def set_party(self, contact: int, party_type: str | None, party: str | None) -> None:
		frappe.db.set_value("WuzAPI Contact", contact, {"party_type": party_type, "party": party})

	def attach(self, doctype: str, name: int) -> str:
		return (
			frappe.get_doc(
				{
					"doctype": "File",
					"file_name": f"of-{name}.txt",
					"is_private": 1,
					"content": f"Of {name}",
					"attached_to_doctype": doctype,
					"attached_to_name": str(name),
				}
			)
			.insert()
			.name
		)

	def told(self, act: Any) -> set[tuple[str, str]]:
		"""Whose rooms hear of it."""
		with patch.object(frappe, "publish_realtime") as publish:
			act()
		calls = [call.kwargs for call in publish.call_args_list if "docname" in call.kwargs]
		self.assertTrue(all(call["after_commit"] for call in calls))
		return {(call["doctype"], call["docname"]) for call in calls}
