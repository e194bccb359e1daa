"""The contract of two contacts that turn out to be one person."""

# bench runs this with unittest alone
# ruff: noqa: PT009, PT027

from __future__ import annotations

from dataclasses import replace

from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.errors import DuplicateRow
from wuzapi_chatwoot.bridge.model.records import ContactRow, ConversationRow, NameSource
from wuzapi_chatwoot.bridge.ports.store import Store
from wuzapi_chatwoot.testkit.contracts.contract_case import CHAT, GROUP, LID, SESSION, ContractCase

SECOND = Address("447700900002", "s.whatsapp.net")
SECOND_LID = Address("199900000000002", "lid")


class MergeContract(ContractCase):
	def two_contacts(self) -> tuple[ContactRow, ContactRow]:
		"""The same person, known by phone (to be kept) and by LID."""
		return self.a_contact(CHAT, name="Ada"), self.a_contact(LID, name="199900000000001")

	def contact(self, id: int) -> ContactRow:
		row = self.store.get_contact(id)
		assert row is not None
		return row

	def conversation(self, id: int) -> ConversationRow:
		row = self.store.get_conversation(id)
		assert row is not None
		return row

	# ---- the contacts

	def test_addresses_go_over_after_the_ones_there(self) -> None:
		keep = self.a_contact(CHAT, SECOND)
		gone = self.a_contact(LID, SECOND_LID)
		self.store.merge_contacts(keep.id, gone.id)
		merged = replace(keep, addresses=(CHAT, SECOND, LID, SECOND_LID))
		self.assertEqual(self.contact(keep.id), merged)
		self.assertIsNone(self.store.get_contact(gone.id))
		for address in merged.addresses:
			self.assertEqual(self.store.find_contacts(SESSION, [address]), [merged])
		self.assertEqual(self.store.add_contact(SESSION, "Ada", [LID]), merged)
		new = Address("447700900003", "s.whatsapp.net")
		self.store.add_addresses(keep.id, [new])
		self.assertEqual(self.contact(keep.id).addresses, (*merged.addresses, new))

	def test_contacts_without_addresses_merge_too(self) -> None:
		keep, gone = self.store.add_contact(SESSION, "Ada", []), self.a_contact(LID)
		self.store.merge_contacts(keep.id, gone.id)
		self.assertEqual(self.contact(keep.id), replace(keep, addresses=(LID,)))
		empty = self.store.add_contact(SESSION, "Nobody", [])
		self.store.merge_contacts(keep.id, empty.id)
		self.assertEqual(self.contact(keep.id), replace(keep, addresses=(LID,)))
		self.assertIsNone(self.store.get_contact(empty.id))

	def test_the_name_stays(self) -> None:
		keep, gone = self.two_contacts()
		self.store.update_contact(keep.id, {"name_source": NameSource.PUSH})
		self.store.update_contact(gone.id, {"name": "Lovelace", "name_source": NameSource.SAVED})
		self.store.merge_contacts(keep.id, gone.id)
		expected = replace(keep, name_source=NameSource.PUSH, addresses=(CHAT, LID))
		self.assertEqual(self.contact(keep.id), expected)

	def test_the_chatwoot_contact_goes_over_with_its_picture_where_there_is_none(self) -> None:
		for number, (here, there) in enumerate(((None, None), (None, 6), (5, None), (5, 6))):
			keep = self.a_contact(Address(f"1{number}", "lid"))
			gone = self.a_contact(Address(f"2{number}", "lid"))
			self.store.update_contact(keep.id, {"chatwoot_contact_id": here, "avatar_id": "mine"})
			self.store.update_contact(gone.id, {"chatwoot_contact_id": there, "avatar_id": "theirs"})
			self.store.merge_contacts(keep.id, gone.id)
			merged = self.contact(keep.id)
			with self.subTest(here=here, there=there):
				self.assertEqual(merged.chatwoot_contact_id, here or there)
				# It is the picture that this contact in Chatwoot has.
				self.assertEqual(merged.avatar_id, "theirs" if (here, there) == (None, 6) else "mine")

	# ---- nothing to do

	def test_an_unknown_contact_changes_nothing(self) -> None:
		keep = self.a_contact(CHAT)
		conversation = self.store.add_conversation(SESSION, CHAT, keep.id)
		message = self.store.add_message(self.new_message("A", conversation=conversation.id))
		self.store.merge_contacts(keep.id, 4711)
		self.store.merge_contacts(4711, keep.id)
		self.store.merge_contacts(4711, 4712)
		self.assertEqual(self.store.find_contact(SESSION, [CHAT]), keep)
		self.assertEqual(self.conversation(conversation.id), conversation)
		self.assertEqual(self.store.get_message(message.id), message)

	def test_a_contact_does_not_merge_with_itself(self) -> None:
		keep = self.a_contact(CHAT)
		conversation = self.store.add_conversation(SESSION, CHAT, keep.id)
		self.store.merge_contacts(keep.id, keep.id)
		self.assertEqual(self.contact(keep.id), keep)
		self.assertEqual(self.conversation(conversation.id), conversation)

	def test_contacts_of_two_sessions_stay_two(self) -> None:
		mine, theirs = self.a_contact(CHAT), self.a_contact(CHAT, session="other")
		self.store.merge_contacts(mine.id, theirs.id)
		self.assertEqual(self.contact(mine.id), mine)
		self.assertEqual(self.contact(theirs.id), theirs)

	def test_merging_again_changes_nothing(self) -> None:
		keep, gone = self.two_contacts()
		self.store.add_conversation(SESSION, LID, gone.id)
		own = self.store.add_conversation(SESSION, CHAT, keep.id)
		self.store.merge_contacts(keep.id, gone.id)
		merged, conversation = self.contact(keep.id), self.conversation(own.id)
		self.store.merge_contacts(keep.id, gone.id)
		self.store.merge_contacts(gone.id, keep.id)
		self.assertEqual(self.contact(keep.id), merged)
		self.assertEqual(self.conversation(own.id), conversation)

	# ---- whose conversation

	def test_a_conversation_of_the_kept_one_only_stays_as_it_is(self) -> None:
		keep, gone = self.two_contacts()
		own = self.store.add_conversation(SESSION, CHAT, keep.id)
		self.store.merge_contacts(keep.id, gone.id)
		self.assertEqual(self.store.find_conversation_of_contact(keep.id), own)

	def test_a_conversation_of_the_other_only_goes_over_as_it_is(self) -> None:
		keep, gone = self.two_contacts()
		theirs = self.store.add_conversation(SESSION, LID, gone.id)
		self.store.update_conversation(
			theirs.id, {"chatwoot_conversation_id": 12, "chatwoot_status": "open", "reply_to": SECOND_LID}
		)
		message = self.store.add_message(self.new_message("A", conversation=theirs.id, chat=LID))
		before = self.conversation(theirs.id)
		self.store.merge_contacts(keep.id, gone.id)
		self.assertEqual(self.conversation(theirs.id), replace(before, contact=keep.id))
		self.assertEqual(self.store.find_conversation_of_contact(keep.id), replace(before, contact=keep.id))
		self.assertIsNone(self.store.find_conversation_of_contact(gone.id))
		self.assertEqual(self.store.get_message(message.id), message)

	def test_without_conversations_there_is_none_afterwards(self) -> None:
		keep, gone = self.two_contacts()
		self.store.merge_contacts(keep.id, gone.id)
		self.assertIsNone(self.store.find_conversation_of_contact(keep.id))

	def test_a_groups_conversation_only_changes_its_contact(self) -> None:
		keep, gone = self.two_contacts()
		own = self.store.add_conversation(SESSION, CHAT, keep.id)
		group = self.store.add_conversation(SESSION, GROUP, gone.id)
		message = self.store.add_message(self.new_message("A", conversation=group.id, chat=GROUP))
		self.store.merge_contacts(keep.id, gone.id)
		self.assertEqual(self.conversation(group.id), replace(group, contact=keep.id))
		self.assertEqual(self.store.find_conversation_of_contact(keep.id), own)
		self.assertEqual(self.store.get_message(message.id), message)

	def test_a_group_of_the_kept_one_is_not_its_own_conversation(self) -> None:
		keep, gone = self.two_contacts()
		group = self.store.add_conversation(SESSION, GROUP, keep.id)
		theirs = self.store.add_conversation(SESSION, LID, gone.id)
		self.store.merge_contacts(keep.id, gone.id)
		self.assertEqual(self.conversation(group.id), group)
		self.assertEqual(self.conversation(theirs.id), replace(theirs, contact=keep.id))

	def test_every_own_conversation_of_the_other_goes_into_the_one(self) -> None:
		keep, gone = self.two_contacts()
		theirs = [self.store.add_conversation(SESSION, chat, gone.id) for chat in (LID, SECOND_LID)]
		own = self.store.add_conversation(SESSION, CHAT, keep.id)
		for conversation, id in zip(theirs, "AB", strict=True):
			message = self.new_message(id, conversation=conversation.id, chat=conversation.chat)
			self.store.add_message(message)
		self.store.merge_contacts(keep.id, gone.id)
		for conversation in theirs:
			self.assertIsNone(self.store.get_conversation(conversation.id))
		moved = self.store.find_messages(SESSION, CHAT, ["A", "B"])
		self.assertEqual([(row.conversation, row.chat) for row in moved], [(own.id, CHAT)] * 2)

	def test_merges_may_follow_each_other(self) -> None:
		first, second, third = (self.a_contact(address) for address in (CHAT, LID, SECOND_LID))
		conversations = [
			self.store.add_conversation(SESSION, contact.addresses[0], contact.id)
			for contact in (first, second, third)
		]
		for conversation in conversations:
			for id in ("shared", f"only-{conversation.chat}"):
				message = self.new_message(id, conversation=conversation.id, chat=conversation.chat)
				self.store.add_message(message)
		self.store.merge_contacts(second.id, third.id)
		self.store.merge_contacts(first.id, second.id)
		self.assertEqual(self.contact(first.id).addresses, (CHAT, LID, SECOND_LID))
		ids = ["shared", *(f"only-{each.chat}" for each in conversations)]
		found = self.store.find_messages(SESSION, CHAT, ids)
		self.assertEqual([row.whatsapp_id for row in found], ids)
		self.assertEqual({row.conversation for row in found}, {conversations[0].id})

	# ---- several workers

	def test_many_who_merge_the_same_at_once_merge_once(self) -> None:
		keep, gone = self.two_contacts()
		own = self.store.add_conversation(SESSION, CHAT, keep.id)
		theirs = self.store.add_conversation(SESSION, LID, gone.id)
		message = self.store.add_message(self.new_message("A", conversation=theirs.id, chat=LID))

		def merge(store: Store) -> None:
			store.merge_contacts(keep.id, gone.id)

		self.together([merge] * 4)
		self.assertEqual(self.contact(keep.id), replace(keep, addresses=(CHAT, LID)))
		self.assertEqual(
			self.store.find_messages(SESSION, CHAT, ["A"]), [replace(message, conversation=own.id, chat=CHAT)]
		)

	def test_of_two_who_merge_in_opposite_ways_one_wins(self) -> None:
		keep, gone = self.two_contacts()
		for contact in (keep, gone):
			self.store.add_conversation(SESSION, contact.addresses[0], contact.id)
		self.together(
			[
				lambda store: store.merge_contacts(keep.id, gone.id),
				lambda store: store.merge_contacts(gone.id, keep.id),
			]
		)
		(left,) = self.store.find_contacts(SESSION, [CHAT, LID])
		self.assertEqual(set(left.addresses), {CHAT, LID})
		own = self.store.find_conversation_of_contact(left.id)
		assert own is not None
		self.assertIsNone(self.store.find_conversation(SESSION, LID if own.chat == CHAT else CHAT))

	def test_a_merge_is_taken_back_with_its_block(self) -> None:
		keep, gone = self.two_contacts()
		own = self.store.add_conversation(SESSION, CHAT, keep.id)
		theirs = self.store.add_conversation(SESSION, LID, gone.id)
		messages = [
			self.store.add_message(self.new_message("A", conversation=row.id, chat=row.chat))
			for row in (own, theirs)
		]
		with self.assertRaises(DuplicateRow), self.store.atomic():
			self.store.merge_contacts(keep.id, gone.id)
			self.store.add_message(self.new_message("A", conversation=own.id))
		self.assertEqual([self.contact(keep.id), self.contact(gone.id)], [keep, gone])
		self.assertEqual([self.conversation(own.id), self.conversation(theirs.id)], [own, theirs])
		found = [self.store.find_messages(SESSION, row.chat, ["A"]) for row in (own, theirs)]
		self.assertEqual(found, [[message] for message in messages])
