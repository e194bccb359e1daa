"""What goes out from the desk besides text and files, and what the pages of a thread tell of each message."""

# bench runs this with unittest alone
# ruff: noqa: PT009, PT027

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import frappe

from wuzapi_chatwoot.api import conversations, messages
from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.events import Status
from wuzapi_chatwoot.bridge.model.records import Direction, Reacted
from wuzapi_chatwoot.bridge.ports.gateway import OutgoingFile
from wuzapi_chatwoot.frappe_host.files.media import keep_media
from wuzapi_chatwoot.frappe_host.live.live_store import LiveStore
from wuzapi_chatwoot.frappe_host.store import FrappeStore
from wuzapi_chatwoot.frappe_host.tests.site_case import (
	AT,
	LISTED,
	MANAGER,
	STRANGER,
	UNLISTED,
	PeopleCase,
	add_message,
	add_session,
)

_PHONE, _OTHER_PHONE = "+447700900121", "+447700900122"
_CUSTOMER = Address.of_phone(_PHONE)
_OWN = Address("12025550100", "s.whatsapp.net")


class TestDeskKinds(PeopleCase):
	def setUp(self) -> None:
		super().setUp()
		add_session("alpha", 121, (LISTED,))
		add_session("beta", 122, (UNLISTED,))
		frappe.db.set_value("WuzAPI Session", "alpha", "address", str(_OWN))
		self.question = add_message("alpha", _PHONE, "QUESTION", text="Open *today*?", sender=_CUSTOMER)
		self.elsewhere = add_message("alpha", _OTHER_PHONE, "ELSEWHERE")
		self.foreign = add_message("beta", _PHONE, "FOREIGN")
		self.conversation = self.question.conversation

	def send(self, **values: Any) -> tuple[Any, dict[str, Any]]:
		"""The row that came of it, and what is to be sent."""
		with self.as_user(LISTED):
			sent = messages.send(conversation=self.conversation, **values)
		payload = frappe.db.get_value("WuzAPI Event", sent["event"], "payload")
		return frappe.get_doc("WuzAPI Message", sent["message"]), json.loads(payload)

	def page(self) -> list[dict[str, Any]]:
		with self.as_user(LISTED):
			return conversations.get_messages(self.conversation)["messages"]

	def shown(self, id: str) -> dict[str, Any]:
		return next(each for each in self.page() if each["whatsapp_id"] == id)

	# ---- sending

	def test_an_answer_bears_the_id_of_what_it_answers(self) -> None:
		row, payload = self.send(text="Yes", reply_to=str(self.question.id))
		self.assertEqual((row.reply_to_id, payload["reply_to"]), ("QUESTION", "QUESTION"))
		self.assertEqual(
			self.shown(row.whatsapp_id)["reply"],
			{
				"name": self.question.id,
				"direction": "in",
				"kind": "text",
				"origin": "customer",
				"sender_name": "+44 7700 900121",
				"text": "Open *today*?",
				"deleted": None,
			},
		)

	def test_what_cannot_be_answered_is_refused(self) -> None:
		at = AT + timedelta(minutes=1)
		deleted = add_message("alpha", _PHONE, "DELETED", at, deleted_at=at)
		failed = add_message("alpha", _PHONE, "FAILED", at, direction=Direction.OUT, status=Status.FAILED)
		reaction = add_message("alpha", _PHONE, "REACTION", at, kind="reaction")
		for message in (self.elsewhere, deleted, failed, reaction):
			with self.subTest(message.whatsapp_id), self.assertRaises(frappe.ValidationError):
				self.send(text="Yes", reply_to=message.id)
		with self.assertRaises(frappe.PermissionError):
			self.send(text="Yes", reply_to=self.foreign.id)
		with self.assertRaises(frappe.DoesNotExistError):
			self.send(text="Yes", reply_to=999_999_999)
		with self.as_user(LISTED), self.assertRaises(frappe.ValidationError):
			messages.send("Yes", phone=_OTHER_PHONE, session="alpha", reply_to=self.question.id)
		self.assertEqual(frappe.db.count("WuzAPI Event", {"session": "alpha"}), 0)

	def test_a_place_is_sent_with_its_name(self) -> None:
		row, payload = self.send(latitude=51.5033, longitude=-0.1196, place=" Example \n Wheel ")
		self.assertEqual(row.kind, "location")
		self.assertEqual(row.text, "📍 Location: Example Wheel\nhttps://maps.google.com/?q=51.5033,-0.1196")
		self.assertEqual(payload["location"]["latitude"], 51.5033)
		self.assertEqual(payload["location"]["longitude"], -0.1196)
		self.assertEqual(payload["location"]["name"], "Example Wheel")

	def test_a_text_goes_ahead_of_its_place_and_is_the_answer(self) -> None:
		row, payload = self.send(text="Here", latitude=1.5, longitude=2.5, reply_to=self.question.id)
		text, place = self.page()[-2:]
		self.assertEqual((text["text"], text["reply"]["name"]), ("Here", self.question.id))
		self.assertEqual((place["name"], place["reply"], payload["reply_to"]), (row.name, None, None))

	def test_a_place_that_is_none_is_refused(self) -> None:
		for latitude, longitude in (
			(51.5, None),
			(None, 0.1),
			(90.1, 1.0),
			(1.0, -180.5),
			(float("nan"), 1.0),
			(0.0, 12.0),
			(12.0, 0.0),
		):
			with self.subTest((latitude, longitude)), self.assertRaises(frappe.ValidationError):
				self.send(latitude=latitude, longitude=longitude)
		with self.assertRaises(frappe.ValidationError):
			self.send(latitude=1.0, longitude=1.0, file=self.file("a.txt"))

	def test_a_sound_is_one_by_its_name_whatever_the_machine_knows(self) -> None:
		for name, content, type in (
			("voice.weba", b"\x1aE\xdf\xa3\x01\x00webm", "audio/webm"),
			("note.OGG", b"OggS\x00\x02", "audio/ogg"),
			("memo.m4a", b"\x00\x00\x00\x18ftypM4A ", "audio/mp4"),
		):
			with self.subTest(name):
				row, payload = self.send(file=self.file(name, content))
				self.assertEqual((row.kind, payload["mime_type"]), ("audio", type))
				self.assertEqual(self.shown(row.whatsapp_id)["mime_type"], type)

	def test_a_file_that_exists_already_is_sent_and_none_from_elsewhere(self) -> None:
		name = self.file("price.txt")
		first, _ = self.send(file=name)
		second, _ = self.send(file=name)
		self.assertNotEqual(first.name, second.name)
		link = frappe.get_doc(
			{"doctype": "File", "file_url": "https://example.com/a.txt", "file_name": "a.txt"}
		)
		with self.as_user(LISTED):
			link.insert()
		for other in (link.name, "Home"):
			with self.subTest(other), self.assertRaises((frappe.ValidationError, frappe.PermissionError)):
				self.send(file=other)

	def file(self, name: str, content: bytes | None = None) -> str:
		with self.as_user(LISTED):
			doc = frappe.get_doc(
				{"doctype": "File", "file_name": name, "content": content or f"of {name}", "is_private": 1}
			)
			return str(doc.insert().name)

	# ---- reacting

	def test_a_reaction_waits_to_be_sent(self) -> None:
		for emoji in ("👍", "❤️", "👨‍👩‍👧‍👦", "1️⃣", "🇩🇪", "ℹ️", ""):
			with self.subTest(emoji), self.as_user(LISTED):
				self.assertEqual(messages.react(self.question.id, f" {emoji}"), {"queued": True})
				event = frappe.get_last_doc("WuzAPI Event", order_by="name desc")
				payload = json.loads(event.payload)
				self.assertEqual((payload["emoji"], payload["target_id"]), (emoji, "QUESTION"))
				self.assertEqual((event.session, event.state), ("alpha", "waiting"))

	def test_what_is_no_emoji_is_refused(self) -> None:
		for text in ("a", "ok", "é", "1", "!", "👍 👍", "👍" * 17, "<b>"):
			with self.subTest(text), self.as_user(LISTED), self.assertRaises(frappe.ValidationError):
				messages.react(self.question.id, text)

	def test_nobody_reacts_to_what_is_not_theirs_to_see_or_is_gone(self) -> None:
		for user, message in ((UNLISTED, self.question), (LISTED, self.foreign), ("Guest", self.question)):
			with self.subTest(user), self.as_user(user), self.assertRaises(frappe.PermissionError):
				messages.react(message.id, "👍")
		FrappeStore().change_message(self.question.id, {"deleted_at": AT})
		with self.as_user(MANAGER), self.assertRaises(frappe.ValidationError):
			messages.react(self.question.id, "👍")
		self.assertEqual(frappe.db.count("WuzAPI Event", {"session": ["in", ["alpha", "beta"]]}), 0)

	# ---- pages

	def test_a_page_tells_reactions_edits_deletion_and_options(self) -> None:
		FrappeStore().change_message(
			self.question.id,
			{
				"text": "Open tomorrow?",
				"earlier_texts": ("Open?", "Open *today*?"),
				"reactions": (Reacted(_CUSTOMER, "🙏", "Ana"), Reacted(_OWN, "👍", "Lisa")),
				"deleted_at": AT,
			},
		)
		shown = self.shown("QUESTION")
		self.assertEqual(shown["text"], "Open tomorrow?")
		self.assertEqual(list(shown["edited"]), ["Open?", "Open *today*?"])
		self.assertIsNotNone(shown["deleted"])
		self.assertEqual(
			shown["reactions"],
			[
				{"emoji": "🙏", "name": "Ana", "own": False},
				{"emoji": "👍", "name": "Lisa", "own": True},
			],
		)
		add_message("alpha", _PHONE, "POLL", kind="poll", options=("Tea", "Coffee"))
		self.assertEqual(list(self.shown("POLL")["options"]), ["Tea", "Coffee"])

	def test_every_file_of_a_message_is_named(self) -> None:
		names = ["Cara.vcf", "Dan.vcf", "Eve.vcf"]
		for name in names:
			keep_media(self.question, OutgoingFile(f"of {name}".encode(), "text/vcard", name))
		shown = self.shown("QUESTION")
		files = [shown, *shown["more_files"]]
		self.assertEqual(sorted(file["file_name"] for file in files), names)
		self.assertEqual({file["mime_type"] for file in files}, {"text/vcard"})
		self.assertEqual(len({file["file_url"] for file in files}), 3)

	def test_an_answer_to_what_stands_elsewhere_quotes_nothing(self) -> None:
		add_message("alpha", _PHONE, "ANSWER", reply_to_id="ELSEWHERE")
		add_message("alpha", _PHONE, "LOST", reply_to_id="NEVER-SEEN")
		self.assertEqual([self.shown(id)["reply"] for id in ("ANSWER", "LOST")], [None, None])

	def test_a_long_original_is_quoted_shortly_and_by_its_exact_id(self) -> None:
		add_message("alpha", _PHONE, "long", text="x" * 5000)
		add_message("alpha", _PHONE, "ANSWER", reply_to_id="long")
		add_message("alpha", _PHONE, "NO-ANSWER", reply_to_id="LONG")
		self.assertEqual(self.shown("ANSWER")["reply"]["text"], "x" * 200)
		self.assertIsNone(self.shown("NO-ANSWER")["reply"])

	def test_a_map_link_is_read(self) -> None:
		with self.as_user(LISTED):
			self.assertEqual(
				messages.read_map_link("https://maps.google.com/?q=51.5033,-0.1196"),
				{"latitude": 51.5033, "longitude": -0.1196, "place": None},
			)
			self.assertEqual(messages.read_map_link("https://maps.app.goo.gl/Fictional"), {})
		for user in (STRANGER, "Guest"):
			with self.subTest(user), self.as_user(user), self.assertRaises(frappe.PermissionError):
				messages.read_map_link("https://maps.google.com/?q=51.5033,-0.1196")

	# ---- live

	def test_a_change_reaches_the_open_thread_by_ids_alone(self) -> None:
		told: list[tuple[str, dict[str, Any], str]] = []

		def publish(event: str, message: dict[str, Any], **to: Any) -> None:
			self.assertTrue(to["after_commit"])
			told.append((event, message, f"{to['doctype']} {to.get('docname')}"))

		before, frappe.publish_realtime = frappe.publish_realtime, publish
		try:
			LiveStore().change_message(self.question.id, {"reactions": (Reacted(_CUSTOMER, "👍", "Ana"),)})
		finally:
			frappe.publish_realtime = before
		self.assertIn(
			(
				"wuzapi_chatwoot_message",
				{"conversation": self.conversation, "message": self.question.id},
				f"WuzAPI Conversation {self.conversation}",
			),
			told,
		)
