"""The contract of `MessageStore`: what becomes of a message after it was stored: reactions, edits, deletion, its file."""

# bench runs this with unittest alone
# ruff: noqa: PT009

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta, timezone

from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.events import Status
from wuzapi_chatwoot.bridge.model.records import Direction, MessageChanges, Reacted
from wuzapi_chatwoot.bridge.ports.store import Store
from wuzapi_chatwoot.testkit.contracts.contract_case import CHAT, GROUP, LID, ContractCase, at

ODD_TEXTS = (
	"",
	" ",
	'"quoted", [listed], {braced}',
	"back\\slash \\u0041 \\n",
	"two\nlines\r\n\ttab",
	"100 % %s %(id)s :name ?",
	"it's; -- no comment",
	"👩🏽‍🚀🏳️‍🌈 👍🏽",
	"שלום مرحبا \u202e",
	"zero\x00byte \x1f\x7f\u2028",
	"half \ud83d of a pair",
	"null",
)


class MessageChangeContract(ContractCase):
	def test_a_message_is_found_by_its_number(self) -> None:
		row = self.store.add_message(self.new_message("A"))
		self.store.add_message(self.new_message("B"))
		self.assertEqual(self.store.get_message(row.id), row)
		self.assertIsNone(self.store.get_message(4711))

	def test_the_latest_messages_of_a_conversation(self) -> None:
		conversation = self.a_conversation().id
		for id, second, direction in (
			("A", 1, Direction.IN),
			("B", 3, Direction.IN),
			("C", 2, Direction.IN),
			("D", 4, Direction.OUT),
			("E", 3, Direction.IN),
		):
			row = self.new_message(id, conversation=conversation)
			self.store.add_message(replace(row, direction=direction, sent_at=at(second)))
		self.store.add_message(replace(self.new_message("F", conversation=conversation + 1), chat=GROUP))
		latest = self.store.latest_messages(conversation, Direction.IN, 3)
		self.assertEqual([row.whatsapp_id for row in latest], ["E", "B", "C"])
		[written] = self.store.latest_messages(conversation, Direction.OUT, 3)
		self.assertEqual(written.whatsapp_id, "D")
		self.assertEqual(len(self.store.latest_messages(conversation, Direction.IN, 9)), 4)
		self.assertEqual(self.store.latest_messages(4711, Direction.IN, 9), [])

	def test_only_named_fields_of_a_message_are_written(self) -> None:
		plain = self.store.add_message(self.new_message("A", text="Helo"))
		bystander = self.store.add_message(self.new_message("B", text="Helo"))
		full = replace(
			plain,
			text="Hello",
			file="file-2",
			reactions=(Reacted(CHAT, "👍", "Ada"),),
			earlier_texts=("Helo",),
			deleted_at=at(5.000001),
		)
		self.store.change_message(
			plain.id,
			{
				"text": full.text,
				"file": full.file,
				"reactions": full.reactions,
				"earlier_texts": full.earlier_texts,
				"deleted_at": full.deleted_at,
			},
		)
		self.assertEqual(self.store.get_message(plain.id), full)
		self.assertEqual(self.store.get_message(bystander.id), bystander)
		self.store.change_message(plain.id, {})
		self.assertEqual(self.store.get_message(plain.id), full)

	def test_each_field_is_written_alone_and_taken_back_alone(self) -> None:
		full = self.store.add_message(
			replace(
				self.new_message("A", text="Hello"),
				sender=LID,
				reply_to_id="3EB0BEEF",
				options=("Tea", "Coffee"),
				option_values=("tea", "coffee"),
				file="file-1",
				reactions=(Reacted(CHAT, "👍"),),
				earlier_texts=("Helo",),
				deleted_at=at(1),
			)
		)
		each: tuple[MessageChanges, ...] = (
			{"text": ""},
			{"file": None},
			{"reactions": ()},
			{"earlier_texts": ()},
			{"deleted_at": None},
		)
		expected = full
		for changes in each:
			self.store.change_message(full.id, changes)
			expected = replace(expected, **changes)
			with self.subTest(changes=changes):
				self.assertEqual(self.store.get_message(full.id), expected)
		self.assertEqual(expected.options, ("Tea", "Coffee"))

	def test_changes_to_an_unknown_message_go_nowhere(self) -> None:
		self.store.change_message(4711, {"text": "Nobody"})
		self.assertIsNone(self.store.get_message(4711))

	def test_a_change_leaves_status_and_place_in_chatwoot_alone(self) -> None:
		row = self.store.add_message(self.new_message("A"))

		def edit(store: Store) -> None:
			store.change_message(row.id, {"text": "New", "earlier_texts": ("Hello",)})

		def read(store: Store) -> None:
			store.advance_status(row.id, Status.READ, at(3))
			store.note_in_chatwoot(row.id, 7, 12, Status.READ)

		self.together([edit, read])
		expected = replace(
			row,
			text="New",
			earlier_texts=("Hello",),
			status=Status.READ,
			status_at=at(3),
			chatwoot_message_id=7,
			chatwoot_conversation_id=12,
			chatwoot_status=Status.READ,
		)
		self.assertEqual(self.store.get_message(row.id), expected)

	# ---- lists

	def test_lists_of_odd_texts_come_back_as_they_were(self) -> None:
		row = self.store.add_message(
			replace(self.new_message("A"), options=ODD_TEXTS, earlier_texts=ODD_TEXTS)
		)
		self.assertEqual(self.store.get_message(row.id), row)
		self.assertEqual(row.options, ODD_TEXTS)
		self.store.change_message(row.id, {"earlier_texts": ODD_TEXTS[::-1]})
		changed = replace(row, earlier_texts=ODD_TEXTS[::-1])
		self.assertEqual(self.store.get_message(row.id), changed)

	def test_a_list_with_an_empty_text_is_no_empty_list(self) -> None:
		row = self.store.add_message(replace(self.new_message("A"), earlier_texts=("",)))
		self.assertEqual(self.store.get_message(row.id), row)
		self.assertEqual(row.earlier_texts, ("",))

	def test_odd_reactions_come_back_in_order(self) -> None:
		reactions = (
			*(Reacted(Address(f"{number}", "lid"), text, text) for number, text in enumerate(ODD_TEXTS)),
			Reacted(Address("447700900003-1600000000", "g.us"), "🏴󠁧󠁢󠁳󠁣󠁴󠁿", ""),
			Reacted(Address("Some.One", "newsletter"), "❤️", "O'Neil"),
		)
		row = self.store.add_message(replace(self.new_message("A"), reactions=reactions))
		self.assertEqual(self.store.get_message(row.id), row)
		self.store.change_message(row.id, {"reactions": reactions[3:]})
		self.assertEqual(self.store.get_message(row.id), replace(row, reactions=reactions[3:]))

	def test_long_lists_are_kept_whole(self) -> None:
		texts = tuple("ü" * 65_536 for _ in range(3))
		reactions = tuple(
			Reacted(Address(f"{1000 + number}", "lid"), "👍🏽", "A" * 25) for number in range(1024)
		)
		row = self.store.add_message(replace(self.new_message("A"), earlier_texts=texts, reactions=reactions))
		self.assertEqual(self.store.get_message(row.id), row)

	# ---- time

	def test_the_time_of_deletion_may_be_told_in_any_zone(self) -> None:
		row = self.store.add_message(self.new_message("A"))
		for hours in (-9.5, 0, 5.5, 13):
			told = at(60.5).astimezone(timezone(timedelta(hours=hours)))
			self.store.change_message(row.id, {"deleted_at": told})
			self.assertEqual(self.store.get_message(row.id), replace(row, deleted_at=at(60.5)))
