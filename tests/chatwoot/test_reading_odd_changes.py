"""Deletions, typing and changes of conversations that no recording has, and values of every odd kind in them."""

import copy
import json
from datetime import datetime, timezone
from pathlib import Path

import pytest

from wuzapi_chatwoot.bridge.model.events import AgentTyping, ChatwootDeletion, ConversationChanged, Nothing
from wuzapi_chatwoot.bridge.ports.connector import Reading, WebhookRequest
from wuzapi_chatwoot.chatwoot import connector
from wuzapi_chatwoot.chatwoot.parse.file_names import tidy_type

FOLDER = Path(__file__).resolve().parents[1] / "payloads" / "chatwoot-webhooks"
DELETED = json.loads((FOLDER / "21_message_updated_deleted.json").read_bytes())
TYPING = json.loads((FOLDER / "29_conversation_typing_on_agent.json").read_bytes())
UPDATED = json.loads((FOLDER / "28_conversation_updated_labels.json").read_bytes())


def read(recorded: dict, **changes: object) -> Reading:
	body = json.dumps({**copy.deepcopy(recorded), **changes}).encode()
	return connector.read(WebhookRequest(body=body, headers={}))


class TestDeletions:
	@pytest.mark.parametrize(
		"changes",
		[
			{"message_type": "incoming"},
			{"message_type": "template"},
			{"message_type": 1},
			{"source_id": "WAID:3EB0"},
			{"private": None},
			{"content": None},
			{"content_attributes": {"deleted": True, "external_error": None}},
			{"content_attributes": {"deleted": True, "external_error": "500"}},
		],
	)
	def test_of_any_public_message(self, changes):
		reading = read(DELETED, **changes)
		assert isinstance(reading.event, ChatwootDeletion)
		assert reading.event.id == 10501
		assert connector.parse(reading.payload) == reading.event

	@pytest.mark.parametrize(
		("changes", "reason"),
		[
			({"message_type": "activity"}, "activity message"),
			({"message_type": None}, "message of an unknown type"),
			({"private": True}, "private note"),
			({"private": "false"}, "private note"),
			({"private": True, "message_type": "incoming"}, "private note"),
			({"id": None}, "message without an id"),
			({"conversation": {"id": "x"}}, "message without a conversation id"),
			({"event": "message_created"}, "deleted message"),
		],
	)
	def test_nothing_to_do(self, changes, reason):
		assert read(DELETED, **changes).event == Nothing(reason)

	def test_one_key_for_all_updates_that_show_it(self):
		assert read(DELETED).key == read(DELETED, content="x").key == "message_deleted/10501"
		assert read(DELETED, id=10502).key == "message_deleted/10502"

	def test_other_updates_of_the_message_have_other_keys(self):
		other = read(DELETED, content_attributes={}, content="x")
		assert not isinstance(other.event, ChatwootDeletion)
		assert other.key.startswith("message_updated/10501/")

	@pytest.mark.parametrize(
		("created_at", "conversation", "at"),
		[
			("2026-09-01T13:00:00.412Z", {"id": 231}, (13, 0, 0, 412000)),
			("2026-09-01T13:00:00.412Z", {"id": 231, "last_activity_at": 1788267660}, (13, 1, 0, 0)),
			(None, {"id": 231, "updated_at": 1788267660.5, "last_activity_at": 1}, (13, 1, 0, 500000)),
		],
	)
	def test_its_time_is_the_latest_that_is_told(self, created_at, conversation, at):
		event = read(DELETED, created_at=created_at, conversation=conversation).event
		assert event.at == datetime(2026, 9, 1, *at, tzinfo=timezone.utc)

	def test_without_any_time(self):
		event = read(DELETED, created_at=None, conversation={"id": 231}).event
		assert event.at == datetime(1970, 1, 1, tzinfo=timezone.utc)

	def test_account_from_the_conversation(self):
		assert read(DELETED, account=None).event.account_id == 3


class TestTyping:
	@pytest.mark.parametrize("kind", ["user", "agent_bot", "captain_assistant"])
	@pytest.mark.parametrize(
		("event", "active"), [("conversation_typing_on", True), ("conversation_typing_off", False)]
	)
	def test_of_those_who_answer(self, kind, event, active):
		typing = read(TYPING, event=event, user={"id": 5, "type": kind}).event
		assert isinstance(typing, AgentTyping)
		assert (typing.active, typing.conversation.id) == (active, 231)

	@pytest.mark.parametrize(
		"user", [{"id": 412, "type": "contact"}, {"id": 412}, {"type": "x"}, None, "user"]
	)
	def test_of_others(self, user):
		assert read(TYPING, user=user).event == Nothing("echo of the customer's typing")

	@pytest.mark.parametrize("private", [True, None, "false", 0, []])
	def test_of_a_note_it_never_shows(self, private):
		assert read(TYPING, is_private=private).event == Nothing("somebody types a private note")

	@pytest.mark.parametrize("conversation", [None, {}, {"id": "231"}])
	def test_without_a_conversation(self, conversation):
		assert read(TYPING, conversation=conversation).event == Nothing("conversation without an id")


class TestChanges:
	@pytest.mark.parametrize("seen", [0, None, "never", -5, True, 1e30])
	def test_never_looked_at(self, seen):
		event = read(UPDATED, agent_last_seen_at=seen).event
		assert isinstance(event, ConversationChanged)
		assert event.conversation.agent_last_seen_at is None

	def test_the_last_activity_under_its_other_name(self):
		told = {key: value for key, value in UPDATED.items() if key != "last_activity_at"}
		wanted = datetime(2026, 9, 1, 13, 0, tzinfo=timezone.utc)
		assert read(told).event.conversation.last_activity_at == wanted
		assert read({**told, "timestamp": None}).event.conversation.last_activity_at is None

	def test_two_looks_have_two_keys(self):
		assert read(UPDATED).key != read(UPDATED, agent_last_seen_at=1788267700).key


@pytest.mark.parametrize(
	("told", "extension", "wanted"),
	[
		(None, "vcf", "text/vcard"),
		(None, "VCF", "text/vcard"),
		("text/x-vcard", "vcf", "text/vcard"),
		("text/directory", "", "text/vcard"),
		("text/plain", "vcf", "text/vcard"),
		("text/plain; charset=utf-8", "txt", "text/plain; charset=utf-8"),
		("application/octet-stream", "webp", "image/webp"),
		("application/octet-stream", "xyz", "application/octet-stream"),
		(None, "webp", "image/webp"),
		("audio/mp3", "mp3", "audio/mpeg"),
		(None, "mp3", "audio/mpeg"),
		("audio/ogg; codecs=opus", "ogg", "audio/ogg; codecs=opus"),
		("image/webp", "jpg", "image/webp"),
		(None, "", None),
	],
)
def test_types_of_files(told, extension, wanted):
	assert tidy_type(told, extension) == wanted
