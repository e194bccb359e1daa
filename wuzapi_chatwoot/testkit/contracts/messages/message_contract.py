"""The contract of `MessageStore`."""

# bench runs this with unittest alone
# ruff: noqa: PT009, PT027

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from wuzapi_chatwoot.bridge.model.errors import DuplicateRow
from wuzapi_chatwoot.bridge.model.events import Status
from wuzapi_chatwoot.bridge.model.records import Direction, MessageRow, Reacted
from wuzapi_chatwoot.bridge.ports.store import Store
from wuzapi_chatwoot.testkit.contracts.contract_case import CHAT, GROUP, LID, SESSION, ContractCase, at
from wuzapi_chatwoot.testkit.twins.clock import START


class MessageContract(ContractCase):
	def stored(self, id: str) -> MessageRow:
		"""The only part of a message."""
		(row,) = self.store.find_messages(SESSION, CHAT, [id])
		return row

	def test_a_message_comes_back_as_it_was_added(self) -> None:
		full = MessageRow(
			id=99,
			session=SESSION,
			conversation=self.a_conversation().id,
			chat=CHAT,
			whatsapp_id="3EB0C0FFEE",
			part=0,
			direction=Direction.IN,
			status=Status.DELIVERED,
			sent_at=START + timedelta(microseconds=123456),
			status_at=at(1),
			chatwoot_message_id=3_000_000_000,
			chatwoot_conversation_id=12,
			chatwoot_status=Status.SENT,
			origin="customer",
			kind="image",
			text="Grüße 👩🏽‍🚀 \n\tzweite Zeile",
			file="file-1",
			sender_name="Ada 🌍",
			error="None so far",
			sender=LID,
			reply_to_id="3EB0BEEF",
			options=("Tea", "Coffee"),
			option_values=("tea", "coffee"),
			reactions=(Reacted(LID, "👍🏽", "Ada 🌍"), Reacted(CHAT, "❤️")),
			earlier_texts=("Gruse", "Grüsse"),
			deleted_at=at(1.000001),
		)
		row = self.store.add_message(full)
		self.assertEqual(row, replace(full, id=row.id))
		self.assertEqual(self.stored("3EB0C0FFEE"), row)
		self.assertEqual(self.store.get_message(row.id), row)
		self.assertEqual(row.sent_at.utcoffset(), timedelta(0))

	def test_a_message_with_few_facts_comes_back_too(self) -> None:
		row = self.store.add_message(self.new_message("A", text=""))
		self.assertEqual(self.stored("A"), row)
		self.assertIsNone(row.chatwoot_message_id)
		self.assertIsNone(row.chatwoot_status)

	def test_a_part_is_stored_once(self) -> None:
		first = self.store.add_message(self.new_message("A", text="first"))
		with self.assertRaises(DuplicateRow):
			self.store.add_message(self.new_message("A", text="second"))
		self.assertEqual(self.stored("A"), first)

	def test_a_part_added_by_many_at_once_is_stored_once(self) -> None:
		def add(store: Store) -> bool:
			try:
				store.add_message(self.new_message("A"))
			except DuplicateRow:
				return False
			return True

		self.assertEqual(sorted(self.together([add] * 4)), [False, False, False, True])

	def test_session_chat_and_part_tell_messages_apart(self) -> None:
		self.store.add_message(self.new_message("A"))
		self.store.add_message(self.new_message("A", part=1))
		self.store.add_message(self.new_message("A", chat=GROUP))
		self.store.add_message(self.new_message("A", session="other"))
		self.assertEqual(len(self.store.find_messages(SESSION, CHAT, ["A"])), 2)
		self.assertEqual(len(self.store.find_messages(SESSION, GROUP, ["A"])), 1)
		self.assertEqual(len(self.store.find_messages("other", CHAT, ["A"])), 1)

	def test_messages_are_found_in_the_order_asked_then_by_part(self) -> None:
		for id, part in (("B", 1), ("A", 0), ("B", 0), ("C", 0)):
			self.store.add_message(self.new_message(id, part=part))
		found = self.store.find_messages(SESSION, CHAT, ["C", "missing", "B", "A", "B"])
		self.assertEqual(
			[(row.whatsapp_id, row.part) for row in found], [("C", 0), ("B", 0), ("B", 1), ("A", 0)]
		)
		self.assertEqual(self.store.find_messages(SESSION, CHAT, []), [])
		self.assertEqual(self.store.find_messages(SESSION, CHAT, ["missing"]), [])

	def test_ids_are_found_exactly(self) -> None:
		self.store.add_message(self.new_message("3EB0abc"))
		self.assertEqual(self.store.find_messages(SESSION, CHAT, ["3EB0ABC"]), [])
		self.assertEqual(len(self.store.find_messages(SESSION, CHAT, ["3EB0abc"])), 1)

	def test_many_ids_can_be_asked_for_at_once(self) -> None:
		self.store.add_message(self.new_message("A-500"))
		ids = [f"A-{number}" for number in range(2000)]
		self.assertEqual([row.whatsapp_id for row in self.store.find_messages(SESSION, CHAT, ids)], ["A-500"])

	def test_the_parts_of_a_chatwoot_message_are_found_in_order(self) -> None:
		for id, part in (("C", 2), ("A", 0), ("B", 1)):
			self.store.add_message(self.new_message(id, part=part, chatwoot_message_id=7))
		self.store.add_message(self.new_message("D", chatwoot_message_id=8))
		self.store.add_message(self.new_message("E", session="other", chatwoot_message_id=7))
		found = self.store.find_messages_by_chatwoot_id(SESSION, 7)
		self.assertEqual([row.whatsapp_id for row in found], ["A", "B", "C"])
		self.assertEqual(self.store.find_messages_by_chatwoot_id(SESSION, 9), [])

	# ---- status

	def test_a_status_only_moves_up(self) -> None:
		row = self.store.add_message(self.new_message("A"))
		for status in (Status.SENT, Status.DELIVERED, Status.READ, Status.PLAYED):
			self.assertTrue(self.store.advance_status(row.id, status, at(status.rank)))
			self.assertEqual(self.stored("A"), replace(row, status=status, status_at=at(status.rank)))
		for status in Status:
			self.assertFalse(self.store.advance_status(row.id, status, at(99), "Too late"))
		self.assertEqual(self.stored("A"), replace(row, status=Status.PLAYED, status_at=at(5)))

	def test_every_pair_of_statuses_goes_by_rank(self) -> None:
		for before in Status:
			for after in Status:
				id = f"{before.value}-{after.value}"
				row = self.store.add_message(self.new_message(id, status=before))
				moves = after.rank > before.rank or before is after is Status.FAILED
				with self.subTest(before=before, after=after):
					self.assertEqual(self.store.advance_status(row.id, after, at(1)), moves)
					self.assertIs(self.stored(id).status, after if moves else before)

	def test_a_failure_keeps_its_cause_and_a_newer_one_replaces_it(self) -> None:
		row = self.store.add_message(self.new_message("A"))
		self.assertTrue(self.store.advance_status(row.id, Status.FAILED, at(1), "No such number"))
		self.assertTrue(self.store.advance_status(row.id, Status.FAILED, at(2), "Logged out"))
		failed = replace(row, status=Status.FAILED, status_at=at(2), error="Logged out")
		self.assertEqual(self.stored("A"), failed)
		self.assertFalse(self.store.advance_status(row.id, Status.PENDING, at(3)))
		self.assertTrue(self.store.advance_status(row.id, Status.DELIVERED, at(4)))
		arrived = replace(row, status=Status.DELIVERED, status_at=at(4))
		self.assertEqual(self.stored("A"), arrived)

	def test_an_unknown_message_has_no_status(self) -> None:
		self.assertFalse(self.store.advance_status(4711, Status.READ, START))

	def test_the_place_in_chatwoot_is_kept(self) -> None:
		row = self.store.add_message(self.new_message("A"))
		self.store.note_in_chatwoot(row.id, 3_000_000_000, 12, Status.SENT)
		noted = replace(
			row,
			chatwoot_message_id=3_000_000_000,
			chatwoot_conversation_id=12,
			chatwoot_status=Status.SENT,
		)
		self.assertEqual(self.stored("A"), noted)
		self.assertEqual(self.store.find_messages_by_chatwoot_id(SESSION, 3_000_000_000), [noted])
