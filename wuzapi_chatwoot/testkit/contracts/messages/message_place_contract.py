"""The contract of `MessageStore`: to which conversation a message belongs, here and in Chatwoot."""

# bench runs this with unittest alone
# ruff: noqa: PT009, PT027

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.errors import DuplicateRow
from wuzapi_chatwoot.bridge.model.records import Direction, MessageRow
from wuzapi_chatwoot.testkit.contracts.contract_case import CHAT, GROUP, LID, SESSION, ContractCase, at

THIRD = Address("447700900003", "s.whatsapp.net")


class MessagePlaceContract(ContractCase):
	def placed(
		self,
		id: str,
		chat: Address,
		place: int,
		*,
		direction: Direction = Direction.IN,
		sent_at: datetime | None = None,
		session: str = SESSION,
	) -> MessageRow:
		conversation = self.a_conversation(chat, session=session)
		message = self.new_message(id, conversation=conversation.id, chat=chat, session=session)
		return self.store.add_message(
			replace(
				message,
				direction=direction,
				chatwoot_conversation_id=place,
				sent_at=sent_at or message.sent_at,
			)
		)

	def test_the_same_id_in_two_chats_is_two_messages(self) -> None:
		here, there = self.placed("A", CHAT, 1), self.placed("A", GROUP, 2)
		self.assertEqual(self.store.find_messages(SESSION, CHAT, ["A"]), [here])
		self.assertEqual(self.store.find_messages(SESSION, GROUP, ["A"]), [there])
		self.assertEqual(self.store.find_messages(SESSION, LID, ["A"]), [])

	def test_whose_messages_stand_in_a_conversation_in_chatwoot(self) -> None:
		first, second = self.placed("A", CHAT, 7), self.placed("B", GROUP, 7, direction=Direction.OUT)
		self.placed("C", CHAT, 7)
		self.placed("D", LID, 8)
		self.placed("E", LID, 7, session="other")
		found = self.store.conversations_in_chatwoot(SESSION, 7)
		self.assertEqual(found, sorted([first.conversation, second.conversation]))
		self.assertEqual(self.store.conversations_in_chatwoot(SESSION, 9), [])

	def test_whether_others_have_written_there(self) -> None:
		rows = [
			self.placed(f"{number}", chat, 7, sent_at=at(10))
			for number, chat in enumerate((CHAT, LID, THIRD))
		]
		first, middle, last = (row.conversation for row in rows)
		for conversation in (first, middle, last):
			self.assertTrue(self.store.others_wrote_in(SESSION, 7, conversation, at(10)))
			self.assertFalse(self.store.others_wrote_in(SESSION, 7, conversation, at(10.000001)))
		self.assertFalse(self.store.others_wrote_in(SESSION, 8, first, at(0)))
		self.assertFalse(self.store.others_wrote_in("other", 7, first, at(0)))

	def test_what_we_wrote_to_others_there_does_not_count(self) -> None:
		mine = self.placed("A", CHAT, 7)
		self.placed("B", LID, 7, direction=Direction.OUT)
		self.assertFalse(self.store.others_wrote_in(SESSION, 7, mine.conversation, at(-100)))

	def test_a_message_goes_to_another_conversation(self) -> None:
		row, other = self.placed("A", CHAT, 7), self.a_conversation(LID)
		self.store.change_message(row.id, {"conversation": other.id, "chat": LID})
		moved = replace(row, conversation=other.id, chat=LID)
		self.assertEqual(self.store.find_messages(SESSION, LID, ["A"]), [moved])
		self.assertEqual(self.store.find_messages(SESSION, CHAT, ["A"]), [])

	def test_a_message_that_is_there_already_does_not_go_there(self) -> None:
		row, there = self.placed("A", CHAT, 7), self.placed("A", LID, 8)
		with self.store.atomic(), self.assertRaises(DuplicateRow):
			self.store.change_message(row.id, {"conversation": there.conversation, "chat": LID})
		self.assertEqual(self.store.get_message(row.id), row)
		self.assertEqual(self.store.get_message(there.id), there)
