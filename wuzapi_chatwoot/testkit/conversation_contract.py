"""The contract of `ConversationStore`: contacts, their addresses, conversations."""

# bench runs this with unittest alone
# ruff: noqa: PT009

from __future__ import annotations

from dataclasses import replace

from ..bridge.addresses import Address
from ..bridge.ports import Store
from ..bridge.records import ContactRow, ConversationRow
from .contract_case import CHAT, GROUP, LID, SESSION, ContractCase

OTHER = Address("447700900002", "s.whatsapp.net")


class ConversationContract(ContractCase):
	# ---- contacts

	def test_a_contact_is_found_by_any_of_its_addresses(self) -> None:
		contact = self.store.add_contact(SESSION, "Ada 🌍 Lovelace", [CHAT, LID])
		self.assertEqual(contact, ContactRow(contact.id, SESSION, "Ada 🌍 Lovelace", (CHAT, LID)))
		for addresses in ([CHAT], [LID], [OTHER, LID]):
			self.assertEqual(self.store.find_contact(SESSION, addresses), contact)
		self.assertIsNone(self.store.find_contact(SESSION, [OTHER]))
		self.assertIsNone(self.store.find_contact(SESSION, []))

	def test_contacts_are_per_session(self) -> None:
		mine = self.store.add_contact(SESSION, "Ada", [CHAT])
		self.assertIsNone(self.store.find_contact("other", [CHAT]))
		theirs = self.store.add_contact("other", "Ada", [CHAT])
		self.assertNotEqual(mine.id, theirs.id)
		self.assertEqual(self.store.find_contact("other", [CHAT]), theirs)

	def test_of_several_hits_the_earliest_address_decides(self) -> None:
		ada = self.store.add_contact(SESSION, "Ada", [CHAT])
		bob = self.store.add_contact(SESSION, "Bob", [OTHER, LID])
		self.assertEqual(self.store.find_contact(SESSION, [CHAT, OTHER]), ada)
		self.assertEqual(self.store.find_contact(SESSION, [LID, CHAT]), bob)

	def test_adding_a_known_contact_finds_it(self) -> None:
		ada = self.store.add_contact(SESSION, "Ada", [CHAT])
		self.assertEqual(self.store.add_contact(SESSION, "Somebody", [LID, CHAT]), ada)
		self.assertIsNone(self.store.find_contact(SESSION, [LID]))

	def test_an_address_given_twice_is_held_once(self) -> None:
		contact = self.store.add_contact(SESSION, "Ada", [CHAT, CHAT])
		self.assertEqual(contact.addresses, (CHAT,))
		self.assertEqual(self.store.find_contact(SESSION, [CHAT]), contact)

	def test_addresses_can_be_added(self) -> None:
		contact = self.store.add_contact(SESSION, "Ada", [CHAT])
		self.store.add_addresses(contact.id, [LID, CHAT])
		self.store.add_addresses(contact.id, [OTHER])
		full = replace(contact, addresses=(CHAT, LID, OTHER))
		self.assertEqual(self.store.find_contact(SESSION, [OTHER]), full)

	def test_an_address_of_another_stays_there(self) -> None:
		ada = self.store.add_contact(SESSION, "Ada", [CHAT])
		bob = self.store.add_contact(SESSION, "Bob", [OTHER])
		self.store.add_addresses(ada.id, [OTHER, LID])
		self.assertEqual(self.store.find_contact(SESSION, [OTHER]), bob)
		self.assertEqual(self.store.find_contact(SESSION, [CHAT]), replace(ada, addresses=(CHAT, LID)))

	def test_addresses_for_an_unknown_contact_go_nowhere(self) -> None:
		self.store.add_addresses(4711, [CHAT])
		self.assertIsNone(self.store.find_contact(SESSION, [CHAT]))

	def test_addresses_keep_their_form(self) -> None:
		odd = [Address("447700900003-1600000000", "g.us"), Address("Some.One", "newsletter")]
		contact = self.store.add_contact(SESSION, "Odd", odd)
		self.assertEqual(self.store.find_contact(SESSION, odd[1:]), contact)

	def test_the_chatwoot_contact_is_kept_and_can_be_taken_back(self) -> None:
		contact = self.store.add_contact(SESSION, "Ada", [CHAT])
		self.store.set_chatwoot_contact(contact.id, 3_000_000_000)
		self.assertEqual(
			self.store.find_contact(SESSION, [CHAT]), replace(contact, chatwoot_contact_id=3_000_000_000)
		)
		self.store.set_chatwoot_contact(contact.id, None)
		self.assertEqual(self.store.find_contact(SESSION, [CHAT]), contact)

	def test_many_who_add_the_same_contact_at_once_get_one(self) -> None:
		def add(store: Store) -> int:
			return store.add_contact(SESSION, "Ada", [CHAT, LID]).id

		self.assertEqual(len(set(self.together([add] * 4))), 1)

	# ---- conversations

	def test_a_conversation_is_found_by_its_chat(self) -> None:
		contact = self.a_contact(CHAT)
		conversation = self.store.add_conversation(SESSION, CHAT, contact.id)
		self.assertEqual(
			conversation,
			ConversationRow(conversation.id, SESSION, CHAT, reply_to=CHAT, contact=contact.id),
		)
		self.assertEqual(self.store.find_conversation(SESSION, CHAT), conversation)
		self.assertEqual(self.store.get_conversation(conversation.id), conversation)
		self.assertIsNone(self.store.find_conversation(SESSION, OTHER))
		self.assertIsNone(self.store.find_conversation("other", CHAT))
		self.assertIsNone(self.store.get_conversation(4711))

	def test_adding_a_known_conversation_finds_it_as_it_is(self) -> None:
		conversation = self.a_conversation()
		self.store.update_conversation(conversation.id, {"chatwoot_conversation_id": 7})
		again = self.store.add_conversation(SESSION, CHAT, conversation.contact + 1)
		self.assertEqual(again, replace(conversation, chatwoot_conversation_id=7))

	def test_many_who_add_the_same_conversation_at_once_get_one(self) -> None:
		contact = self.a_contact(CHAT)

		def add(store: Store) -> int:
			return store.add_conversation(SESSION, CHAT, contact.id).id

		self.assertEqual(len(set(self.together([add] * 4))), 1)

	def test_only_named_fields_are_written(self) -> None:
		conversation = self.a_conversation()
		self.store.update_conversation(
			conversation.id,
			{
				"reply_to": LID,
				"chatwoot_contact_id": 5,
				"chatwoot_conversation_id": 3_000_000_000,
				"chatwoot_status": "open",
				"last_incoming_id": "3EB0aa",
				"last_incoming_sender": OTHER,
				"read_up_to_id": "3EB0bb",
				"reconciled_up_to": 9_000_000_000,
			},
		)
		self.store.update_conversation(
			conversation.id, {"chatwoot_status": None, "chatwoot_contact_id": None}
		)
		self.store.update_conversation(conversation.id, {})
		expected = replace(
			conversation,
			reply_to=LID,
			chatwoot_conversation_id=3_000_000_000,
			last_incoming_id="3EB0aa",
			last_incoming_sender=OTHER,
			read_up_to_id="3EB0bb",
			reconciled_up_to=9_000_000_000,
		)
		self.assertEqual(self.store.get_conversation(conversation.id), expected)

	def test_two_directions_do_not_undo_each_other(self) -> None:
		conversation = self.a_conversation()

		def incoming(store: Store) -> None:
			store.update_conversation(conversation.id, {"last_incoming_id": "A"})

		def outgoing(store: Store) -> None:
			store.update_conversation(conversation.id, {"reconciled_up_to": 5})

		self.together([incoming, outgoing])
		expected = replace(conversation, last_incoming_id="A", reconciled_up_to=5)
		self.assertEqual(self.store.get_conversation(conversation.id), expected)

	def test_the_own_conversation_of_a_contact_is_no_group(self) -> None:
		contact = self.a_contact(CHAT)
		self.assertIsNone(self.store.find_conversation_of_contact(contact.id))
		self.store.add_conversation(SESSION, GROUP, contact.id)
		self.assertIsNone(self.store.find_conversation_of_contact(contact.id))
		own = self.store.add_conversation(SESSION, CHAT, contact.id)
		self.store.add_conversation(SESSION, LID, contact.id)
		self.assertEqual(self.store.find_conversation_of_contact(contact.id), own)

	def test_a_conversation_is_found_by_its_number_in_chatwoot(self) -> None:
		conversation = self.a_conversation()
		self.assertIsNone(self.store.find_conversation_by_chatwoot_id(SESSION, 7))
		self.store.update_conversation(conversation.id, {"chatwoot_conversation_id": 7})
		found = self.store.find_conversation_by_chatwoot_id(SESSION, 7)
		self.assertEqual(found, replace(conversation, chatwoot_conversation_id=7))
		self.assertIsNone(self.store.find_conversation_by_chatwoot_id("other", 7))
		self.store.update_conversation(conversation.id, {"chatwoot_conversation_id": 8})
		self.assertIsNone(self.store.find_conversation_by_chatwoot_id(SESSION, 7))
