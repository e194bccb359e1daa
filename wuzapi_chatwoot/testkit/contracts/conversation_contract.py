"""The contract of `ConversationStore`: conversations. Contacts are in `contact_contract` and `merge_contract`."""

# bench runs this with unittest alone
# ruff: noqa: PT009, PT027

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta, timezone

from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.errors import DuplicateRow
from wuzapi_chatwoot.bridge.model.records import ConversationRow
from wuzapi_chatwoot.bridge.ports.store import Store
from wuzapi_chatwoot.testkit.contracts.contract_case import CHAT, GROUP, LID, SESSION, ContractCase, at

OTHER = Address("447700900002", "s.whatsapp.net")
FAR_FROM_UTC = at(0.123456).astimezone(timezone(timedelta(hours=-9, minutes=-30)))


class ConversationContract(ContractCase):
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
				"last_incoming_at": at(1.5),
				"last_message_at": FAR_FROM_UTC,
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
			last_incoming_at=at(1.5),
			last_message_at=FAR_FROM_UTC,
			read_up_to_id="3EB0bb",
			reconciled_up_to=9_000_000_000,
		)
		self.assertEqual(self.store.get_conversation(conversation.id), expected)

	def test_times_of_a_conversation_come_back_in_utc(self) -> None:
		conversation = self.a_conversation()
		self.store.update_conversation(
			conversation.id, {"last_incoming_at": at(1), "last_message_at": at(2.000001)}
		)
		row = self.store.get_conversation(conversation.id)
		assert row is not None
		self.assertEqual((row.last_incoming_at, row.last_message_at), (at(1), at(2.000001)))
		for time in (row.last_incoming_at, row.last_message_at):
			assert time is not None
			self.assertEqual(time.utcoffset(), timedelta(0))

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

	# ---- one conversation in Chatwoot is one person's

	def test_a_conversation_in_chatwoot_belongs_to_one_conversation(self) -> None:
		conversation, other = self.a_conversation(CHAT), self.a_conversation(OTHER)
		elsewhere = self.a_conversation(CHAT, session="other")
		self.store.update_conversation(conversation.id, {"chatwoot_conversation_id": 7})
		self.store.update_conversation(conversation.id, {"chatwoot_conversation_id": 7})
		self.store.update_conversation(elsewhere.id, {"chatwoot_conversation_id": 7})
		with self.assertRaises(DuplicateRow):
			self.store.update_conversation(
				other.id, {"chatwoot_conversation_id": 7, "chatwoot_status": "open"}
			)
		self.assertEqual(self.store.get_conversation(other.id), other)
		found = self.store.find_conversation_by_chatwoot_id(SESSION, 7)
		self.assertEqual(found, replace(conversation, chatwoot_conversation_id=7))

	def test_what_one_gives_up_another_may_have(self) -> None:
		conversation, other = self.a_conversation(CHAT), self.a_conversation(OTHER)
		self.store.update_conversation(conversation.id, {"chatwoot_conversation_id": 7})
		with self.store.atomic():
			self.store.update_conversation(conversation.id, {"chatwoot_conversation_id": None})
			self.store.update_conversation(other.id, {"chatwoot_conversation_id": 7})
		found = self.store.find_conversation_by_chatwoot_id(SESSION, 7)
		self.assertEqual(found, replace(other, chatwoot_conversation_id=7))

	def test_many_have_none_in_chatwoot(self) -> None:
		for conversation in (self.a_conversation(CHAT), self.a_conversation(OTHER)):
			self.store.update_conversation(conversation.id, {"chatwoot_conversation_id": 7})
			self.store.update_conversation(conversation.id, {"chatwoot_conversation_id": None})
		self.assertIsNone(self.store.find_conversation_by_chatwoot_id(SESSION, 7))

	def test_of_two_who_take_it_at_once_one_gets_it(self) -> None:
		conversations = [self.a_conversation(CHAT), self.a_conversation(OTHER)]

		def taking(id: int) -> Callable[[Store], bool]:
			def take(store: Store) -> bool:
				try:
					store.update_conversation(id, {"chatwoot_conversation_id": 7})
				except DuplicateRow:
					return False
				return True

			return take

		self.assertEqual(sorted(self.together([taking(row.id) for row in conversations])), [False, True])

	def test_a_refused_number_spoils_nothing_else_of_its_block(self) -> None:
		conversation, other = self.a_conversation(CHAT), self.a_conversation(OTHER)
		self.store.update_conversation(conversation.id, {"chatwoot_conversation_id": 7})
		with self.store.atomic():
			with self.assertRaises(DuplicateRow):
				self.store.update_conversation(other.id, {"chatwoot_conversation_id": 7})
			self.store.update_conversation(other.id, {"chatwoot_conversation_id": 8})
		found = self.store.find_conversation_by_chatwoot_id(SESSION, 8)
		self.assertEqual(found, replace(other, chatwoot_conversation_id=8))
