"""The contract of `Store.atomic`."""

# bench runs this with unittest alone
# ruff: noqa: PT009, PT027

from __future__ import annotations

from wuzapi_chatwoot.bridge.model.errors import DuplicateRow
from wuzapi_chatwoot.bridge.model.events import Status
from wuzapi_chatwoot.bridge.model.records import EventState
from wuzapi_chatwoot.bridge.ports.store import Store
from wuzapi_chatwoot.testkit.contracts.contract_case import CHAT, LID, SESSION, ContractCase, at
from wuzapi_chatwoot.testkit.twins.clock import START


class _ChangedOurMind(Exception):
	pass


class AtomicContract(ContractCase):
	def test_what_is_written_inside_is_there_inside_and_after(self) -> None:
		with self.store.atomic():
			contact = self.a_contact(CHAT)
			self.assertEqual(self.store.find_contact(SESSION, [CHAT]), contact)
			self.add(self.new_event("one"))
			self.assertEqual(len(self.every_event()), 1)
		self.assertEqual(self.store.find_contact(SESSION, [CHAT]), contact)
		self.assertEqual(len(self.every_event()), 1)

	def test_a_failure_takes_everything_back(self) -> None:
		event = self.added("before")
		kept = self.store.add_message(self.new_message("kept"))
		with self.assertRaises(_ChangedOurMind), self.store.atomic():
			self.a_conversation()
			self.add(self.new_event("inside", lane="in|main|other"))
			self.store.add_message(self.new_message("new"))
			self.store.advance_status(kept.id, Status.READ, at(1))
			self.store.finish_event(event.id, EventState.DONE, at(1))
			self.store.reconcile_marks(SESSION, START)
			raise _ChangedOurMind
		self.assertEqual(self.every_event(), [event])
		self.assertEqual(len(self.store.list_lanes(10)), 1)
		self.assertIsNone(self.store.find_contact(SESSION, [CHAT]))
		self.assertIsNone(self.store.find_conversation(SESSION, CHAT))
		self.assertEqual(self.store.find_messages(SESSION, CHAT, ["new", "kept"]), [kept])
		self.assertEqual(self.store.reconcile_marks(SESSION, at(9)).baseline, at(9))

	def test_what_was_taken_back_can_be_written_again(self) -> None:
		with self.assertRaises(_ChangedOurMind), self.store.atomic():
			self.add(self.new_event("one"))
			self.a_contact(CHAT, LID)
			raise _ChangedOurMind
		self.assertTrue(self.add(self.new_event("one")))
		self.assertEqual(self.a_contact(CHAT, LID).addresses, (CHAT, LID))

	def test_blocks_nest(self) -> None:
		with self.store.atomic():
			self.a_contact(CHAT)
			with self.store.atomic():
				self.a_contact(LID)
		self.assertIsNotNone(self.store.find_contact(SESSION, [CHAT]))
		self.assertIsNotNone(self.store.find_contact(SESSION, [LID]))

	def test_the_outer_block_takes_back_what_the_inner_one_wrote(self) -> None:
		with self.assertRaises(_ChangedOurMind), self.store.atomic():
			with self.store.atomic():
				self.a_contact(LID)
			raise _ChangedOurMind
		self.assertIsNone(self.store.find_contact(SESSION, [LID]))

	def test_a_failed_inner_block_takes_back_its_own_part_only(self) -> None:
		with self.store.atomic():
			self.a_contact(CHAT)
			with self.assertRaises(_ChangedOurMind), self.store.atomic():
				self.a_contact(LID)
				raise _ChangedOurMind
			self.add(self.new_event("after"))
		self.assertIsNotNone(self.store.find_contact(SESSION, [CHAT]))
		self.assertIsNone(self.store.find_contact(SESSION, [LID]))
		self.assertEqual(len(self.every_event()), 1)

	def test_a_duplicate_inside_leaves_the_block_whole(self) -> None:
		self.store.add_message(self.new_message("A"))
		with self.store.atomic():
			self.a_contact(CHAT)
			with self.assertRaises(DuplicateRow):
				self.store.add_message(self.new_message("A"))
			self.store.add_message(self.new_message("B"))
		self.assertIsNotNone(self.store.find_contact(SESSION, [CHAT]))
		self.assertEqual(len(self.store.find_messages(SESSION, CHAT, ["A", "B"])), 2)

	def test_blocks_of_several_workers_do_not_mix(self) -> None:
		def write(number: int, store: Store) -> bool:
			try:
				with store.atomic():
					for each in range(5):
						message = self.new_message(f"{number}-{each}")
						store.add_message(message)
					if number % 2:
						raise _ChangedOurMind
			except _ChangedOurMind:
				return False
			return True

		works = [lambda store, number=number: write(number, store) for number in range(4)]
		self.assertEqual(self.together(works), [True, False, True, False])
		ids = [f"{number}-{each}" for number in range(4) for each in range(5)]
		found = {row.whatsapp_id for row in self.store.find_messages(SESSION, CHAT, ids)}
		self.assertEqual(found, {id for id in ids if id[0] in "02"})
