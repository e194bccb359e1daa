"""Webhooks that no recording has: what goes out, what does not, and values of every odd kind."""

import copy
import json
from datetime import datetime, timezone
from pathlib import Path

import pytest

from wuzapi_chatwoot.bridge.model.events import (
	Attachment,
	Author,
	ChatwootMessage,
	ConversationChanged,
	Nothing,
	UnknownEvent,
)
from wuzapi_chatwoot.bridge.ports.connector import Reading, WebhookRequest
from wuzapi_chatwoot.chatwoot import connector

FOLDER = Path(__file__).resolve().parents[1] / "payloads"
RECORDED = {
	path.stem: json.loads(path.read_bytes()) for path in sorted((FOLDER / "chatwoot-webhooks").glob("*.json"))
}
NEW = RECORDED["01_message_created_outgoing_text_agent"]
UPDATED = RECORDED["17_message_updated_status_read_not_last"]


def read(data: object) -> Reading:
	body = data if isinstance(data, bytes) else json.dumps(data).encode()
	return connector.read(WebhookRequest(body=body, headers={}))


def new(**changes: object) -> dict:
	return {**copy.deepcopy(NEW), **changes}


def updated(**changes: object) -> dict:
	return {**copy.deepcopy(UPDATED), **changes}


class TestWhatGoesOut:
	@pytest.mark.parametrize(
		("changes", "reason"),
		[
			({"message_type": "incoming"}, "incoming message that others wrote"),
			({"message_type": "incoming", "source_id": "WAID:1"}, "echo of an incoming message of ours"),
			({"message_type": "activity"}, "activity message"),
			({"message_type": "telepathy"}, "message of an unknown type"),
			({"message_type": None}, "message of an unknown type"),
			({"message_type": True}, "message of an unknown type"),
			({"message_type": ["outgoing"]}, "message of an unknown type"),
			({"private": True}, "private note"),
			({"private": "false"}, "private note"),
			({"private": 1}, "private note"),
			({"private": True, "source_id": "WAID:1"}, "private note"),
			({"source_id": "WAID:3EB0"}, "echo of an outgoing message of ours"),
			({"content_attributes": {"deleted": True}}, "deleted message"),
			({"content": None}, "message without content"),
			({"content": " \n"}, "message without content"),
			({"content": "", "attachments": []}, "message without content"),
			({"content": 7, "attachments": [3]}, "message without content"),
			({"id": None}, "message without an id"),
			({"id": "10501"}, "message without an id"),
			({"id": True}, "message without an id"),
			({"id": -1}, "message without an id"),
			({"id": 2**63}, "message without an id"),
			({"conversation": None}, "message without a conversation id"),
			({"conversation": {"id": "231"}}, "message without a conversation id"),
		],
	)
	def test_nothing_to_send(self, changes, reason):
		assert read(new(**changes)).event == Nothing(reason)

	@pytest.mark.parametrize("source_id", [None, "", "waid:1", "OTHER:WAID:1", 5])
	def test_marks_of_others_do_not_hold_a_message_back(self, source_id):
		assert isinstance(read(new(source_id=source_id)).event, ChatwootMessage)

	def test_the_mark_of_the_last_message_in_the_conversation_is_not_the_events(self):
		data = new()
		data["conversation"]["messages"][0]["source_id"] = "WAID:other"
		assert isinstance(read(data).event, ChatwootMessage)

	@pytest.mark.parametrize("private", [False, None])
	def test_public(self, private):
		assert isinstance(read(new(private=private)).event, ChatwootMessage)

	@pytest.mark.parametrize(("number", "goes"), [(0, False), (1, True), (2, False), (3, True), (4, False)])
	def test_types_as_numbers(self, number, goes):
		assert isinstance(read(new(message_type=number)).event, ChatwootMessage) is goes


class TestUpdates:
	def status_shown(self, status: str) -> dict:
		data = updated()
		data["conversation"]["messages"][0].update(id=data["id"], status=status)
		return data

	@pytest.mark.parametrize("status", ["delivered", "read", "failed", "progress"])
	def test_status_echo(self, status):
		assert read(self.status_shown(status)).event == Nothing("status echo")

	@pytest.mark.parametrize("status", ["sent", None, 3])
	def test_may_be_a_retry(self, status):
		event = read(self.status_shown(status)).event
		assert isinstance(event, ChatwootMessage)
		assert (event.retried, event.retry_certain) == (True, False)

	def test_without_any_message_in_the_conversation(self):
		data = updated()
		data["conversation"]["messages"] = []
		assert read(data).event.retried

	@pytest.mark.parametrize("error", ["500 Internal Server Error", "", 0])
	def test_failure_echo(self, error):
		assert read(updated(content_attributes={"external_error": error})).event == Nothing("failure echo")

	def test_certain_retry(self):
		event = read(updated(content_attributes={"external_error": None, "in_reply_to": 5})).event
		assert (event.retried, event.retry_certain, event.in_reply_to) == (True, True, 5)

	@pytest.mark.parametrize(
		("changes", "reason"),
		[
			({"source_id": "WAID:1"}, "echo of an outgoing message of ours"),
			({"message_type": "incoming"}, "incoming message that others wrote"),
			({"message_type": "incoming", "source_id": "WAID:1"}, "echo of an incoming message of ours"),
			({"private": True}, "private note"),
			({"content_attributes": {"submitted_values": {"rating": 5}}}, "the customer filled in a form"),
		],
	)
	def test_nothing_to_send(self, changes, reason):
		assert read(updated(**changes)).event == Nothing(reason)

	def test_two_updates_of_one_message_have_two_keys(self):
		assert read(updated()).key != read(updated(content="x")).key


class TestContent:
	@pytest.mark.parametrize(
		("content", "text"),
		[
			("one\\\ntwo", "one\ntwo"),
			("one\\\r\ntwo", "one\r\ntwo"),
			("one\ntwo\n\n", "one\ntwo"),
			("one\\\n", "one"),
			("C:\\new", "C:\\new"),
			(r"2 \* 3 \_ 4", r"2 \* 3 \_ 4"),
			("  indented", "  indented"),
			("<b>&amp;</b>", "<b>&amp;</b>"),
		],
	)
	def test_text(self, content, text):
		assert read(new(content=content)).event.text == text

	@pytest.mark.parametrize(
		("sender", "author", "name"),
		[
			({"id": 5, "name": "Rafael", "type": "user"}, Author.AGENT, "Rafael"),
			({"id": 2, "name": "Robo", "type": "agent_bot"}, Author.BOT, "Robo"),
			({"id": 3, "name": "Captain", "type": "captain_assistant"}, Author.BOT, "Captain"),
			({"id": 412, "name": "Marina"}, Author.CONTACT, "Marina"),
			({"id": 412, "name": "Marina", "type": "contact"}, Author.CONTACT, "Marina"),
			({"id": 9, "name": 9, "type": "ghost"}, Author.NOBODY, ""),
			({"id": 9, "type": ["user"]}, Author.NOBODY, ""),
			(None, Author.NOBODY, ""),
			("user", Author.NOBODY, ""),
		],
	)
	def test_author(self, sender, author, name):
		event = read(new(sender=sender)).event
		assert (event.author, event.author_name) == (author, name)

	@pytest.mark.parametrize(
		("created_at", "at"),
		[
			("2026-09-01T13:00:00.412Z", datetime(2026, 9, 1, 13, 0, 0, 412000, tzinfo=timezone.utc)),
			("2026-09-01T10:00:00-03:00", datetime(2026, 9, 1, 13, 0, tzinfo=timezone.utc)),
			("2026-09-01T13:00:00", datetime(2026, 9, 1, 13, 0, tzinfo=timezone.utc)),
			(1788267600, datetime(2026, 9, 1, 13, 0, tzinfo=timezone.utc)),
			(1788267600.5, datetime(2026, 9, 1, 13, 0, 0, 500000, tzinfo=timezone.utc)),
			(0, datetime(1970, 1, 1, tzinfo=timezone.utc)),
			("yesterday", datetime(1970, 1, 1, tzinfo=timezone.utc)),
			("0001-01-01T00:00:00+14:00", datetime(1970, 1, 1, tzinfo=timezone.utc)),
			(1e30, datetime(1970, 1, 1, tzinfo=timezone.utc)),
			(True, datetime(1970, 1, 1, tzinfo=timezone.utc)),
			(None, datetime(1970, 1, 1, tzinfo=timezone.utc)),
		],
	)
	def test_time(self, created_at, at):
		assert read(new(created_at=created_at)).event.created_at == at

	@pytest.mark.parametrize(
		("told", "attachment"),
		[
			(
				{"id": 1, "data_url": "https://c.example/rails/x/Or%C3%A7amento%20n%C2%BA%201.pdf?a=b/c.exe"},
				("Orçamento nº 1.pdf", "application/pdf", "file"),
			),
			(
				{"data_url": "https://c.example/x/a.OGG", "file_type": "audio"},
				("a.OGG", "audio/ogg", "audio"),
			),
			({"data_url": "https://c.example/x/a%2F..%2Fb.png"}, ("a_.._b.png", "image/png", "file")),
			({"data_url": "https://c.example/x/%0D%0Aa%22.png"}, ("__a_.png", "image/png", "file")),
			({"data_url": "https://c.example/x/.."}, ("file", None, "file")),
			({"data_url": "https://c.example/x/", "extension": "webp"}, ("file.webp", "image/webp", "file")),
			({"data_url": "https://c.example/x/%FF.bin-"}, ("\ufffd.bin-", None, "file")),
			({"data_url": "https://c.example/x/noext", "extension": "mp3"}, ("noext", "audio/mpeg", "file")),
			(
				{"data_url": "https://c.example/x/a.jpg", "content_type": "image/webp", "extension": None},
				("a.jpg", "image/webp", "file"),
			),
			({"data_url": "http://[broken", "extension": "jpg"}, ("file.jpg", "image/jpeg", "file")),
		],
	)
	def test_attachment(self, told, attachment):
		event = read(new(content=None, attachments=[told])).event
		[got] = event.attachments
		assert (got.file_name, got.mime_type, got.kind) == attachment
		assert got.url == told["data_url"]

	def test_an_attachment_without_address_is_not_dropped(self):
		event = read(new(attachments=[{"file_type": "image", "file_size": "many"}, None, "x"])).event
		assert event.attachments == (Attachment(id=0, url="", kind="image", file_name="file"),)

	def test_a_long_name_keeps_its_extension(self):
		[got] = read(new(attachments=[{"data_url": f"https://c.example/{'n' * 900}.pdf"}])).event.attachments
		assert len(got.file_name) == 200
		assert got.file_name.endswith("n.pdf")

	def test_what_no_database_holds_is_replaced(self):
		reading = read(new(content="a\ud800b\x00c", extra={"\udfff": "\ud83d"}))
		assert reading.event.text == "a\ufffdbc"
		reading.payload.encode("utf-8")
		assert connector.parse(reading.payload) == reading.event

	def test_numbers_that_json_does_not_have_are_left_out(self):
		reading = read(json.dumps(new(x=1)).replace('"x": 1', '"x": [NaN, Infinity, 1e999, 1.5]').encode())
		assert json.loads(reading.payload)["x"] == [None, None, None, 1.5]


CHANGED = {**RECORDED["23_conversation_created"], "event": "conversation_status_changed"}


class TestConversations:
	DATA = CHANGED

	def test_inbox_from_beside_the_message(self):
		data = new()
		del data["conversation"]["inbox_id"]
		data["conversation"]["contact_inbox"] = None
		conversation = read(data).event.conversation
		assert (conversation.inbox_id, conversation.contact_id, conversation.source_id) == (7, 412, None)

	def test_account_from_the_conversation(self):
		assert read(new(account=None)).event.account_id == 3

	def test_started_by_an_agent(self):
		uuid = "7d0f6a52-0000-4000-8000-000000000231"
		data = {**self.DATA, "contact_inbox": {**self.DATA["contact_inbox"], "source_id": uuid}}
		event = read(data).event
		assert isinstance(event, ConversationChanged)
		assert event.conversation.source_id == uuid
		assert event.conversation.phone == "+5511900000001"

	@pytest.mark.parametrize(
		("dropped", "second"),
		[((), 0.412873), (("updated_at",), 0.0), (("updated_at", "last_activity_at", "timestamp"), 0.0)],
	)
	def test_time(self, dropped, second):
		data = {key: value for key, value in self.DATA.items() if key not in dropped}
		assert read(data).event.at.timestamp() == 1788267000 + second

	def test_without_times(self):
		assert read({"event": "conversation_status_changed", "id": 1}).event.at.timestamp() == 0

	def test_without_id(self):
		assert read({"event": "conversation_status_changed"}).event == Nothing("conversation without an id")


class TestOtherEvents:
	@pytest.mark.parametrize(
		"kind", ["macro.executed", "inbox_updated", "conversation_opened", "automation_event.message_created"]
	)
	def test_nothing_to_do(self, kind):
		reading = read({"event": kind, "id": 1})
		assert isinstance(reading.event, Nothing)
		assert reading.kind == kind

	def test_unknown(self):
		assert read({"event": "message_teleported"}).event == UnknownEvent("message_teleported")

	def test_an_endless_name_is_cut(self):
		reading = read({"event": "x" * 10_000})
		assert reading.event == UnknownEvent("x" * 60)
		assert len(reading.kind) == 60
		assert len(reading.key) < 150
