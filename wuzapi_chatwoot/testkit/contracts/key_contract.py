"""The contract of every store about texts from outside: keys compare bytes, and what is as long as may be is stored."""

# bench runs this with unittest alone
# ruff: noqa: PT009, PT027

from __future__ import annotations

from wuzapi_chatwoot.bridge.model.addresses import LONGEST_ADDRESS, Address
from wuzapi_chatwoot.bridge.model.display_names import LONGEST_NAME
from wuzapi_chatwoot.bridge.model.errors import DuplicateRow
from wuzapi_chatwoot.bridge.model.lanes import chat_lane
from wuzapi_chatwoot.bridge.model.message_ids import stored_id
from wuzapi_chatwoot.bridge.model.records import Direction, NameSource
from wuzapi_chatwoot.testkit.contracts.contract_case import CHAT, SESSION, ContractCase, at
from wuzapi_chatwoot.testkit.twins.clock import START

# Other case, a blank at the end, an accent in one character and in two, a letter that some collations take for two.
ALIKE = (
	"3EB0abc",
	"3EB0ABC",
	"3EB0abc ",
	"3EB0ábc",
	"3EB0a\u0301bc",
	"3EB0ßc",
	"3EB0ssc",
	" 3EB0abc",
	"3EB0abc\n",
)
_SERVER = "s.whatsapp.net"


class KeyContract(ContractCase):
	def test_messages_whose_ids_look_alike_are_several(self) -> None:
		rows = [self.store.add_message(self.new_message(id)) for id in ALIKE]
		for id, row in zip(ALIKE, rows, strict=True):
			with self.subTest(id):
				self.assertEqual(self.store.find_messages(SESSION, CHAT, [id]), [row])
				with self.assertRaises(DuplicateRow):
					self.store.add_message(self.new_message(id))
		self.assertEqual(self.store.find_messages(SESSION, CHAT, ALIKE), rows)

	def test_people_whose_addresses_look_alike_are_several(self) -> None:
		addresses = [Address(user, _SERVER) for user in ALIKE]
		contacts = [self.a_contact(address) for address in addresses]
		self.assertEqual(len({contact.id for contact in contacts}), len(ALIKE))
		for address, contact in zip(addresses, contacts, strict=True):
			with self.subTest(address.user):
				self.assertEqual(self.store.find_contact(SESSION, [address]), contact)
				self.assertEqual(self.a_contact(address), contact)
		self.assertEqual(self.store.find_contacts(SESSION, addresses), contacts)

	def test_conversations_whose_chats_look_alike_are_several(self) -> None:
		chats = [Address(user, _SERVER) for user in ALIKE]
		rows = [self.a_conversation(chat) for chat in chats]
		for chat, row in zip(chats, rows, strict=True):
			with self.subTest(chat.user):
				self.assertEqual(self.store.find_conversation(SESSION, chat), row)
				self.assertEqual(self.a_conversation(chat), row)

	def test_lanes_that_look_alike_are_several(self) -> None:
		lanes = [chat_lane(SESSION, Direction.IN, user) for user in ALIKE]
		for lane in lanes:
			self.add(self.new_event(lane, lane=lane))
		self.assertEqual(sorted(self.store.due_lanes(START, 99)), sorted(lanes))
		for lane in lanes:
			with self.subTest(lane):
				self.assertIsNotNone(self.store.claim_lane(lane, "worker", START, at(30)))
				self.assertEqual([event.lane for event in self.begin(lane=lane)], [lane])

	def test_what_is_as_long_as_may_be_is_stored_as_it_is(self) -> None:
		"""Each character of four bytes, which is the most that a database counts for one."""
		user = "😀" * (LONGEST_ADDRESS - len(_SERVER) - 1)
		address, id = Address(user, _SERVER), f"call-{stored_id('😀' * 5000)}-rejected"
		self.assertEqual(Address.parse(str(address)), address)
		name = "😀" * LONGEST_NAME
		contact = self.store.add_contact(SESSION, name, [address], NameSource.PUSH)
		self.assertEqual(self.store.find_contact(SESSION, [address]), contact)
		self.assertEqual(contact.name, name)
		conversation = self.store.add_conversation(SESSION, address, contact.id)
		self.store.update_conversation(
			conversation.id,
			{
				"reply_to": address,
				"last_incoming_id": id,
				"last_incoming_sender": address,
				"read_up_to_id": id,
			},
		)
		found = self.store.find_conversation(SESSION, address)
		assert found is not None
		self.assertEqual((found.last_incoming_id, found.read_up_to_id), (id, id))
		message = self.new_message(id, chat=address, conversation=conversation.id)
		row = self.store.add_message(message)
		self.assertEqual(self.store.find_messages(SESSION, address, [id]), [row])
		# The longest name that a session may have.
		lane = chat_lane("ß" * 60, Direction.OUT, address)
		self.add(self.new_event("long", lane=lane))
		self.assertEqual(self.store.due_lanes(START, 99), [lane])
