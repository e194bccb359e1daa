"""The whitelisted functions: what they answer, and to whom."""

# bench runs this with unittest alone
# ruff: noqa: PT009, PT027

from __future__ import annotations

from datetime import timedelta
from unittest.mock import patch

import frappe

from wuzapi_chatwoot.api import conversations, events, health, messages, sessions
from wuzapi_chatwoot.bridge.model.errors import Retriable
from wuzapi_chatwoot.bridge.model.events import Status
from wuzapi_chatwoot.bridge.model.records import Direction
from wuzapi_chatwoot.bridge.ports.gateway import OutgoingFile
from wuzapi_chatwoot.frappe_host.files.media import keep_media
from wuzapi_chatwoot.frappe_host.tests.site_case import (
	AT,
	LISTED,
	MANAGER,
	STRANGER,
	UNLISTED,
	PeopleCase,
	add_event,
	add_message,
	add_session,
)

_PHONE = "+447700900111"
_OTHERS = (UNLISTED, STRANGER, "Guest")


class TestApi(PeopleCase):
	def setUp(self) -> None:
		super().setUp()
		add_session("alpha", 111, (LISTED,))
		add_session("beta", 112)
		self.rows = [add_message("alpha", _PHONE, f"ID{n}", AT + timedelta(seconds=n // 2)) for n in range(7)]
		self.conversation = self.rows[0].conversation

	def test_messages_come_in_pages_oldest_first(self) -> None:
		with self.as_user(LISTED):
			latest = conversations.get_messages(self.conversation, limit=3)
			before = conversations.get_messages(str(self.conversation), latest["messages"][0]["name"], 3)
			first = conversations.get_messages(self.conversation, before["messages"][0]["name"], 3)
		pages = [[each["whatsapp_id"] for each in page["messages"]] for page in (latest, before, first)]
		self.assertEqual(pages, [["ID4", "ID5", "ID6"], ["ID1", "ID2", "ID3"], ["ID0"]])
		self.assertEqual([page["has_more"] for page in (latest, before, first)], [True, True, False])
		self.assertEqual(
			set(latest["messages"][0]),
			{
				*("name", "direction", "status", "error", "text", "kind", "origin", "sender_name", "sent_at"),
				*("file_url", "file_name", "mime_type", "more_files", "whatsapp_id", "part"),
				*("options", "edited", "deleted", "reactions", "reply"),
			},
		)

	def test_a_message_names_its_file(self) -> None:
		keep_media(self.rows[6], OutgoingFile(b"GIF89a", "image/gif", "../wave.gif"))
		keep_media(self.rows[6], OutgoingFile(b"GIF89a", "image/gif", "../wave.gif"))
		[shown] = conversations.get_messages(self.conversation, limit=1)["messages"]
		self.assertRegex(shown["file_url"], r"^/api/method/wuzapi_chatwoot\.api\.media\.get\?file=\w+$")
		self.assertEqual(shown["mime_type"], "image/gif")
		attached = {"attached_to_doctype": "WuzAPI Message", "attached_to_name": str(self.rows[6].id)}
		self.assertEqual(frappe.db.count("File", attached), 1)

	def test_a_message_is_sent_to_a_conversation_and_to_a_phone(self) -> None:
		with self.as_user(LISTED):
			sent = messages.send("Good morning", conversation=self.conversation)
			new = messages.send("Hello", phone="+447700900112")
		row = frappe.get_doc("WuzAPI Message", sent["message"])
		self.assertEqual((row.text, row.status, row.direction), ("Good morning", "pending", "out"))
		event = frappe.get_doc("WuzAPI Event", sent["event"])
		self.assertEqual((event.source, event.state, event.session), ("desk", "waiting", "alpha"))
		self.assertEqual(frappe.db.get_value("WuzAPI Message", new["message"], "session"), "alpha")

	def test_a_phone_needs_no_plus(self) -> None:
		# A number in JSON, too: programs write phones as they are.
		for phone in ("34612345678", "0034 612 345 678", 34612345678):
			with self.as_user(LISTED):
				sent = messages.send("Hola", phone=phone)
			conversation = frappe.db.get_value("WuzAPI Message", sent["message"], "conversation")
			chat = frappe.db.get_value("WuzAPI Conversation", conversation, "chat")
			self.assertEqual(chat, "34612345678@s.whatsapp.net")

	def test_a_call_that_is_repeated_sends_one_message(self) -> None:
		id = "3EB0" + "0A" * 9
		with self.as_user(LISTED):
			first = messages.send("Good morning", conversation=self.conversation, id=id)
			self.assertEqual(messages.send("Good morning", conversation=self.conversation, id=id), first)
			for taken in ("ID1", id.lower(), "3EB0"):
				with self.assertRaises(frappe.ValidationError):
					messages.send("Mine", conversation=self.conversation, id=taken)
		self.assertEqual(frappe.db.get_value("WuzAPI Message", first["message"], "whatsapp_id"), id)
		self.assertEqual(frappe.db.count("WuzAPI Message", {"whatsapp_id": id}), 1)

	def test_single_messages_are_asked_for_by_number(self) -> None:
		wanted = [self.rows[4].id, self.rows[1].id, 99_999]
		with self.as_user(LISTED):
			page = conversations.get_messages(self.conversation, only=wanted)
			nothing = conversations.get_messages(self.conversation, only=[])
		self.assertEqual([each["whatsapp_id"] for each in page["messages"]], ["ID1", "ID4"])
		self.assertEqual(nothing, {"messages": [], "has_more": False})
		other = add_message("alpha", "+447700900112", "ELSEWHERE", AT)
		with self.as_user(LISTED):
			page = conversations.get_messages(self.conversation, only=[other.id])
		self.assertEqual(page["messages"], [])

	def test_a_file_for_a_customer_is_kept_privately(self) -> None:
		with self.as_user(LISTED):
			frappe.local.uploaded_filename, frappe.local.uploaded_file = "offer.txt", b"Three for two"
			frappe.local.uploaded_file_url = None
			kept = messages.keep_upload()
		self.assertTrue(kept.file_url.startswith("/private/files/"))
		self.assertEqual(kept.owner, LISTED)

	def test_a_file_is_sent_that_the_user_may_read(self) -> None:
		with self.as_user(LISTED):
			own = frappe.get_doc(
				{"doctype": "File", "file_name": "price.txt", "content": "9.50", "is_private": 1}
			).insert()
			sent = messages.send(conversation=self.conversation, file=own.name)
		attached = {"attached_to_doctype": "WuzAPI Message", "attached_to_name": str(sent["message"])}
		self.assertTrue(frappe.db.exists("File", attached))
		with self.as_user("Administrator"):
			foreign = frappe.get_doc(
				{"doctype": "File", "file_name": "secret.txt", "content": "no", "is_private": 1}
			).insert()
		with self.as_user(LISTED), self.assertRaises(frappe.PermissionError):
			messages.send(conversation=self.conversation, file=foreign.name)

	def test_nobody_else_may(self) -> None:
		event = add_event("alpha", "dead-1", "dead")
		calls = {
			"get_messages": lambda: conversations.get_messages(self.conversation),
			"send": lambda: messages.send("Hello", conversation=self.conversation),
			"send to a phone": lambda: messages.send("Hello", phone=_PHONE, session="alpha"),
			"send_again": lambda: messages.send_again(self.rows[0].id),
			"react": lambda: messages.react(self.rows[0].id, "👍"),
			"take a reaction back": lambda: messages.react(self.rows[0].id, ""),
			"mark_read": lambda: messages.mark_read(self.conversation),
			"replay": lambda: events.replay([event]),
			"examine": lambda: sessions.examine("alpha"),
			"prove": lambda: sessions.prove("alpha"),
			"proof": lambda: sessions.proof("alpha"),
			"health": health.check,
		}
		for user in _OTHERS:
			for name, call in calls.items():
				with (
					self.subTest(user=user, call=name),
					self.as_user(user),
					self.assertRaises(frappe.PermissionError),
				):
					call()
		with self.as_user(LISTED), self.assertRaises(frappe.PermissionError):
			health.check()

	def test_sending_needs_to_know_whereto_and_what(self) -> None:
		for arguments in (
			{"text": "x"},
			{"text": "x", "conversation": self.conversation, "phone": _PHONE},
			{"text": " ", "conversation": self.conversation},
			{"text": "x" * 65_537, "conversation": self.conversation},
			{"text": "x", "phone": "no phone", "session": "alpha"},
			{"text": "x", "phone": _PHONE},
		):
			with (
				self.subTest(arguments),
				self.as_user(MANAGER),
				self.assertRaises(frappe.ValidationError),
			):
				messages.send(**arguments)

	def test_dead_events_are_replayed(self) -> None:
		dead, done = add_event("alpha", "dead-2", "dead"), add_event("alpha", "done-2", "done")
		of_beta = add_event("beta", "dead-3", "dead")
		with self.as_user(LISTED):
			self.assertEqual(events.replay(frappe.as_json([dead, str(done)])), {"replayed": [dead]})
			with self.assertRaises(frappe.PermissionError):
				events.replay([of_beta])
		with self.as_user(MANAGER):
			self.assertEqual(events.replay(of_beta), {"replayed": [of_beta]})

	def test_a_failed_message_is_sent_again(self) -> None:
		with self.as_user(LISTED):
			sent = messages.send("Once more", conversation=self.conversation)
			self.assertEqual(messages.send_again(sent["message"]), {"queued": False})
			frappe.db.set_value("WuzAPI Event", sent["event"], "state", "dead")
			self.assertEqual(messages.send_again(sent["message"]), {"queued": True})

	def test_what_is_marked_read_is_not_marked_again(self) -> None:
		values = {"last_incoming_id": "ID6", "last_incoming_sender": "447700900111@s.whatsapp.net"}
		frappe.db.set_value("WuzAPI Conversation", self.conversation, values)
		with self.as_user(LISTED):
			self.assertEqual(messages.mark_read(self.conversation), {"queued": True})
			frappe.db.set_value("WuzAPI Conversation", self.conversation, "read_up_to_id", "ID6")
			self.assertEqual(messages.mark_read(self.conversation), {"queued": False})

	def test_a_manager_sees_how_all_is(self) -> None:
		with (
			self.as_user(MANAGER),
			patch(
				"wuzapi_chatwoot.gateways.wuzapi.client.client.WuzapiGateway.check",
				side_effect=Retriable("Away"),
			),
			patch("wuzapi_chatwoot.chatwoot.client.client.ChatwootInbox.check"),
		):
			found = health.check()
		self.assertEqual(found["status"], "unhealthy")
		self.assertEqual(found["checks"]["gateway of alpha"], "Away")
		self.assertEqual(found["checks"]["Chatwoot of alpha"], "ok")
		self.assertEqual(found["checks"]["store"], "ok")

	def test_a_message_of_the_phone_is_outgoing(self) -> None:
		add_message(
			"alpha", _PHONE, "OWN", AT + timedelta(hours=1), direction=Direction.OUT, status=Status.SENT
		)
		[last] = conversations.get_messages(self.conversation, limit=1)["messages"]
		self.assertEqual((last["direction"], last["status"]), ("out", "sent"))
