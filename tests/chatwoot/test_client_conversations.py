"""Conversations: found by their link, created with their first message."""

from datetime import datetime, timezone

import pytest
import requests
from responses import matchers

from wuzapi_chatwoot.bridge.model.errors import NotFound, TooLarge, Uncertain
from wuzapi_chatwoot.bridge.model.events import ChatwootConversation
from wuzapi_chatwoot.bridge.ports.chatwoot import Posted
from wuzapi_chatwoot.bridge.ports.gateway import OutgoingFile

JID = "5511900000001@s.whatsapp.net"
NOON = 1788264000
MARINA = {"id": 412, "name": "Marina", "identifier": JID, "phone_number": "+5511900000001"}


def message(id: int, source_id: str | None = None, created_at: int = NOON) -> dict:
	return {"id": id, "source_id": source_id, "created_at": created_at, "message_type": 0}


def conversation(id: int, *messages: dict, at: int = NOON, status: str = "open") -> dict:
	return {
		"id": id,
		"inbox_id": 7,
		"status": status,
		"last_activity_at": at,
		"agent_last_seen_at": NOON - 60,
		"messages": list(messages),
		"meta": {"sender": MARINA, "channel": "Channel::Api"},
	}


def listing(*conversations: dict) -> dict:
	return {"data": {"meta": {"all_count": len(conversations)}, "payload": list(conversations)}}


class TestLatestConversation:
	def test_found(self, inbox, chatwoot, account):
		chatwoot.get(
			f"{account}/conversations",
			match=[
				matchers.query_param_matcher(
					{
						"inbox_id": 7,
						"source_id": JID,
						"status": "all",
						"sort_by": "last_activity_at_desc",
						"page": 1,
					}
				)
			],
			json=listing(
				conversation(231, message(10501), status="resolved"), conversation(12, at=NOON - 60)
			),
		)
		assert inbox.latest_conversation(JID) == ChatwootConversation(
			id=231,
			inbox_id=7,
			contact_id=412,
			source_id=JID,
			identifier=JID,
			phone="+5511900000001",
			name="Marina",
			status="resolved",
			agent_last_seen_at=datetime(2026, 9, 1, 11, 59, tzinfo=timezone.utc),
			last_activity_at=datetime(2026, 9, 1, 12, 0, tzinfo=timezone.utc),
		)

	def test_the_latest_however_chatwoot_sorts(self, inbox, chatwoot, account):
		chatwoot.get(
			f"{account}/conversations",
			json=listing(conversation(1, at=5), conversation(2, at=9), {"id": None}),
		)
		assert inbox.latest_conversation(JID).id == 2

	@pytest.mark.parametrize("answer", [listing(), {}, {"data": None}])
	def test_none(self, inbox, chatwoot, account, answer):
		chatwoot.get(f"{account}/conversations", json=answer)
		assert inbox.latest_conversation(JID) is None


class TestCreateConversation:
	def test_with_its_first_message(self, inbox, chatwoot, account, body_of, post):
		chatwoot.post(f"{account}/conversations", json=conversation(231, message(10501, "WAID:3EB0A")))
		assert inbox.create_conversation(412, JID, post()) == Posted(message_id=10501, conversation_id=231)
		assert body_of(chatwoot.calls[0].request) == {
			"inbox_id": 7,
			"contact_id": 412,
			"source_id": "5511900000001@s.whatsapp.net",
			"message": {
				"content": "Olá",
				"message_type": "incoming",
				"source_id": "WAID:3EB0A",
				"content_attributes": {"external_created_at": 1788267605},
			},
		}

	def test_pending(self, inbox, chatwoot, account, body_of, post):
		chatwoot.post(f"{account}/conversations", json=conversation(231, message(10501, "WAID:3EB0A")))
		assert inbox.create_conversation(412, JID, post(), pending=True) == Posted(10501, 231)
		assert body_of(chatwoot.calls[0].request)["status"] == "pending"

	def test_a_greeting_hides_our_message(self, inbox, chatwoot, account, post):
		chatwoot.post(f"{account}/conversations", json=conversation(231, message(10502)))
		chatwoot.get(
			f"{account}/conversations/231/messages",
			match=[matchers.query_param_matcher({})],
			json={"payload": [message(10501, "WAID:3EB0A"), message(10502)]},
		)
		assert inbox.create_conversation(412, JID, post()) == Posted(10501, 231)

	@pytest.mark.parametrize(
		"answer", [{"json": {"payload": []}}, {"status": 503}, {"body": requests.ReadTimeout()}]
	)
	def test_made_but_the_message_is_not_to_be_seen(self, inbox, chatwoot, account, post, answer):
		chatwoot.post(f"{account}/conversations", json=conversation(231))
		chatwoot.get(f"{account}/conversations/231/messages", **answer)
		with pytest.raises(Uncertain):
			inbox.create_conversation(412, JID, post())

	def test_files_follow(self, inbox, chatwoot, account, body_of, post):
		chatwoot.post(f"{account}/conversations", json=conversation(231))
		chatwoot.post(f"{account}/conversations/231/messages", json=message(10501, "WAID:3EB0A"))
		files = (OutgoingFile(b"jpeg", "image/jpeg", "bolo.jpg"),)
		assert inbox.create_conversation(412, JID, post(files=files)) == Posted(10501, 231)
		first, second = (body_of(call.request) for call in chatwoot.calls)
		assert first == {"inbox_id": 7, "contact_id": 412, "source_id": "5511900000001@s.whatsapp.net"}
		assert second["attachments[]"][0]["name"] == "bolo.jpg"

	def test_one_without_a_mark_follows(self, inbox, chatwoot, account, body_of, post):
		"""In the answer it could not be told from a greeting."""
		created = chatwoot.post(f"{account}/conversations", json={"id": 231, "messages": [message(10600)]})
		posted = chatwoot.post(f"{account}/conversations/231/messages", json={"id": 10601})
		unmarked = post(incoming=False, source_id=None)
		assert inbox.create_conversation(412, JID, unmarked) == Posted(10601, 231)
		assert "message" not in body_of(created.calls[0].request)
		body = body_of(posted.calls[0].request)
		assert "source_id" not in body
		assert (body["message_type"], body["content"]) == ("outgoing", "Olá")

	def test_files_that_did_not_follow_leave_a_conversation_behind(self, inbox, chatwoot, account, post):
		chatwoot.post(f"{account}/conversations", json=conversation(231))
		chatwoot.post(f"{account}/conversations/231/messages", status=429, body="Retry later\n")
		with pytest.raises(Uncertain):
			inbox.create_conversation(412, JID, post(files=(OutgoingFile(b"x", "image/png", "a.png"),)))

	def test_files_that_are_too_large(self, inbox, chatwoot, account, post):
		chatwoot.post(f"{account}/conversations", json=conversation(231))
		chatwoot.post(f"{account}/conversations/231/messages", status=413)
		with pytest.raises(TooLarge):
			inbox.create_conversation(412, JID, post(files=(OutgoingFile(b"x", "image/png", "a.png"),)))

	@pytest.mark.parametrize(
		("status", "answer"),
		[(404, {"error": "Resource could not be found"}), (422, {"error": "source_id should be unique"})],
	)
	def test_contact_gone_or_link_anothers(self, inbox, chatwoot, account, post, status, answer):
		chatwoot.post(f"{account}/conversations", status=status, json=answer)
		with pytest.raises(NotFound):
			inbox.create_conversation(412, JID, post())

	def test_an_answer_without_id(self, inbox, chatwoot, account, post):
		chatwoot.post(f"{account}/conversations", json={})
		with pytest.raises(Uncertain):
			inbox.create_conversation(412, JID, post())
