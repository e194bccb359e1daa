"""The contract of `ConversationStore.merge_contacts` where both have a conversation: what becomes of the two."""

# bench runs this with unittest alone
# ruff: noqa: PT009, PT027

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from itertools import product

from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.errors import DuplicateRow
from wuzapi_chatwoot.bridge.model.events import Status
from wuzapi_chatwoot.bridge.model.records import ConversationRow, MessageRow, Reacted
from wuzapi_chatwoot.testkit.contracts.contract_case import CHAT, GROUP, LID, SESSION, ContractCase, at


class MergeConversationContract(ContractCase):
	def two_conversations(self, number: int = 0) -> tuple[ConversationRow, ConversationRow]:
		"""Of one person: the conversation to be kept and the other; `number` for several pairs in one test."""
		phone = replace(CHAT, user=f"{int(CHAT.user) + number}")
		lid = replace(LID, user=f"{int(LID.user) + number}")
		return self.a_conversation(phone), self.a_conversation(lid)

	def merged(self, keep: ConversationRow, gone: ConversationRow) -> ConversationRow:
		"""Merge their contacts; the conversation that is left."""
		self.store.merge_contacts(keep.contact, gone.contact)
		self.assertIsNone(self.store.get_conversation(gone.id))
		self.assertIsNone(self.store.find_conversation(SESSION, gone.chat))
		row = self.store.find_conversation_of_contact(keep.contact)
		assert row is not None
		self.assertEqual(row.id, keep.id)
		return row

	def a_part(self, conversation: ConversationRow, id: str, part: int = 0, text: str = "") -> MessageRow:
		return self.store.add_message(
			self.new_message(id, part=part, conversation=conversation.id, chat=conversation.chat, text=text)
		)

	# ---- messages

	def test_messages_follow_with_all_that_is_known_of_them(self) -> None:
		keep, gone = self.two_conversations()
		mine = self.a_part(keep, "A")
		full = replace(
			self.new_message("B", conversation=gone.id, chat=LID, status=Status.READ, chatwoot_message_id=7),
			sender=LID,
			reactions=(Reacted(LID, "👍"),),
			earlier_texts=("Helo",),
			deleted_at=at(1.5),
		)
		theirs = self.store.add_message(full)
		self.merged(keep, gone)
		moved = replace(theirs, conversation=keep.id, chat=CHAT)
		self.assertEqual(self.store.find_messages(SESSION, CHAT, ["A", "B"]), [mine, moved])
		self.assertEqual(self.store.find_messages_by_chatwoot_id(SESSION, 7), [moved])
		with self.assertRaises(DuplicateRow):
			self.a_part(keep, "B")

	def test_a_message_that_is_in_both_is_dropped_from_the_other(self) -> None:
		keep, gone = self.two_conversations()
		mine = [self.a_part(keep, "A", 0, "mine"), self.a_part(keep, "B", 0, "mine")]
		theirs = [
			self.a_part(gone, id, part, "theirs") for id, part in (("A", 0), ("A", 1), ("B", 1), ("C", 0))
		]
		self.merged(keep, gone)
		moved = [replace(row, conversation=keep.id, chat=CHAT) for row in theirs[1:]]
		self.assertEqual(
			self.store.find_messages(SESSION, CHAT, ["A", "B", "C"]),
			[mine[0], moved[0], mine[1], moved[1], moved[2]],
		)
		self.assertIsNone(self.store.get_message(theirs[0].id))

	def test_where_all_messages_are_in_both_none_is_left_behind(self) -> None:
		keep, gone = self.two_conversations()
		mine = [self.a_part(keep, id) for id in "AB"]
		theirs = [self.a_part(gone, id) for id in "AB"]
		self.merged(keep, gone)
		self.assertEqual(self.store.find_messages(SESSION, CHAT, ["A", "B"]), mine)
		self.assertEqual([self.store.get_message(row.id) for row in theirs], [None, None])

	def test_ids_that_differ_in_case_only_do_not_meet(self) -> None:
		keep, gone = self.two_conversations()
		self.a_part(keep, "3EB0abc")
		self.a_part(gone, "3EB0ABC")
		self.merged(keep, gone)
		found = self.store.find_messages(SESSION, CHAT, ["3EB0abc", "3EB0ABC"])
		self.assertEqual([row.whatsapp_id for row in found], ["3EB0abc", "3EB0ABC"])

	def test_other_conversations_keep_their_messages(self) -> None:
		keep, gone = self.two_conversations()
		group, elsewhere = self.a_conversation(GROUP), self.a_conversation(LID, session="other")
		self.a_part(gone, "A")
		in_group = self.a_part(group, "A")
		far = self.store.add_message(
			self.new_message("A", conversation=elsewhere.id, chat=LID, session="other")
		)
		self.merged(keep, gone)
		self.assertEqual(self.store.get_message(in_group.id), in_group)
		self.assertEqual(self.store.find_messages("other", LID, ["A"]), [far])
		self.assertEqual(self.store.get_conversation(elsewhere.id), elsewhere)
		self.assertEqual(self.store.get_conversation(group.id), group)

	def test_many_messages_go_over(self) -> None:
		keep, gone = self.two_conversations()
		with self.store.atomic():
			for number in range(300):
				self.a_part(keep if number % 3 == 0 else gone, f"{number}")
				if number % 5 == 0:
					self.a_part(gone if number % 3 == 0 else keep, f"{number}")
		self.merged(keep, gone)
		found = self.store.find_messages(SESSION, CHAT, [f"{number}" for number in range(300)])
		self.assertEqual([row.whatsapp_id for row in found], [f"{number}" for number in range(300)])
		self.assertEqual({(row.conversation, row.chat) for row in found}, {(keep.id, CHAT)})

	# ---- Chatwoot

	def test_chatwoot_ids_are_taken_over_where_there_are_none(self) -> None:
		choices = list(product((None, 5), (None, 6), (None, 50), (None, 60)))
		for number, (contact, other_contact, conversation, other_conversation) in enumerate(choices):
			keep, gone = self.two_conversations(number)
			self.store.update_conversation(
				keep.id,
				{
					"chatwoot_contact_id": contact,
					"chatwoot_conversation_id": conversation,
					"chatwoot_status": "open",
					"reconciled_up_to": 500,
				},
			)
			self.store.update_conversation(
				gone.id,
				{
					"chatwoot_contact_id": other_contact,
					"chatwoot_conversation_id": other_conversation,
					"chatwoot_status": "resolved",
					"reconciled_up_to": 600,
				},
			)
			taken = conversation is None and other_conversation is not None
			expected = replace(
				keep,
				chatwoot_contact_id=contact or other_contact,
				chatwoot_conversation_id=conversation or other_conversation,
				# They are told of that conversation in Chatwoot.
				chatwoot_status="resolved" if taken else "open",
				reconciled_up_to=600 if taken else 500,
			)
			with self.subTest(keep=(contact, conversation), gone=(other_contact, other_conversation)):
				self.assertEqual(self.merged(keep, gone), expected)
				if taken:
					found = self.store.find_conversation_by_chatwoot_id(SESSION, 60)
					self.assertEqual(found, expected)
			self.store.update_conversation(keep.id, {"chatwoot_conversation_id": None})

	# ---- the last message

	def with_times(
		self, row: ConversationRow, name: str, incoming: datetime | None, last: datetime | None
	) -> None:
		self.store.update_conversation(
			row.id,
			{
				"reply_to": Address(name, "lid"),
				"last_incoming_id": f"last-{name}",
				"last_incoming_sender": Address(f"sender-{name}", "lid"),
				"read_up_to_id": f"read-{name}",
			},
		)
		if incoming is not None:
			self.store.update_conversation(row.id, {"last_incoming_at": incoming})
		if last is not None:
			self.store.update_conversation(row.id, {"last_message_at": last})

	def test_the_later_incoming_message_says_where_answers_go(self) -> None:
		moments = (None, at(1), at(1.000001), at(2))
		for number, (here, there) in enumerate(product(moments, moments)):
			keep, gone = self.two_conversations(number)
			self.with_times(keep, "mine", here, None)
			self.with_times(gone, "theirs", there, None)
			name = "mine"
			if there is not None and (here is None or there > here):
				name = "theirs"
			expected = replace(
				keep,
				reply_to=Address(name, "lid"),
				last_incoming_id=f"last-{name}",
				last_incoming_sender=Address(f"sender-{name}", "lid"),
				last_incoming_at=there if name == "theirs" else here,
				read_up_to_id="read-mine",
			)
			with self.subTest(here=here, there=there):
				self.assertEqual(self.merged(keep, gone), expected)

	def test_the_last_message_is_the_later_of_both(self) -> None:
		moments = (None, at(1), at(2))
		for number, (here, there) in enumerate(product(moments, moments)):
			keep, gone = self.two_conversations(number)
			self.with_times(keep, "mine", None, here)
			self.with_times(gone, "theirs", None, there)
			times = [time for time in (here, there) if time is not None]
			with self.subTest(here=here, there=there):
				self.assertEqual(self.merged(keep, gone).last_message_at, max(times, default=None))

	def test_of_several_conversations_the_latest_and_the_first_in_chatwoot_count(self) -> None:
		keep = self.a_conversation(CHAT)
		contact = self.a_contact(LID)
		chats = [LID, Address("199900000000002", "lid"), Address("199900000000003", "lid")]
		others = [self.store.add_conversation(SESSION, chat, contact.id) for chat in chats]
		self.with_times(keep, "mine", at(1), at(1))
		for number, (row, seconds) in enumerate(zip(others, (2, 4, 3), strict=True)):
			self.with_times(row, f"{number}", at(seconds), at(seconds))
			if number:
				self.store.update_conversation(row.id, {"chatwoot_conversation_id": 60 + number})
		self.store.merge_contacts(keep.contact, contact.id)
		expected = replace(
			keep,
			reply_to=Address("1", "lid"),
			last_incoming_id="last-1",
			last_incoming_sender=Address("sender-1", "lid"),
			last_incoming_at=at(4),
			last_message_at=at(4),
			read_up_to_id="read-mine",
			chatwoot_conversation_id=61,
		)
		self.assertEqual(self.store.get_conversation(keep.id), expected)
		self.assertEqual([self.store.get_conversation(row.id) for row in others], [None] * 3)
