"""What the agent can do beside writing: files of every kind, looking, deleting, merging, blocking, the window."""

import pytest
import requests

from wuzapi_chatwoot.sandbox import defaults

ANA = "447700900123"
JID = f"{ANA}@s.whatsapp.net"


def only_conversation(sandbox):
	(shown,) = sandbox.control("chatwoot/conversations")["conversations"]
	return shown


def test_agent_attaches_every_kind_in_one_message(sandbox, account, receiver):
	conversation = account.conversation()
	kinds = ("image", "video", "document", "sticker", "voice", "contact", "webp", "text")
	own = {"name": "any.xyz", "mimetype": "application/x-any", "data": "AAE="}
	body = {"conversation_id": conversation["id"], "text": "All of it"}
	sandbox.control("agent/send", {**body, "attachments": [*({"kind": kind} for kind in kinds), own]})
	(event,) = receiver.wait("chatwoot", event="message_created")
	told = [(each["file_type"], each["content_type"], each["extension"]) for each in event["attachments"]]
	assert told == [
		("image", "image/jpeg", "jpg"),
		("video", "video/mp4", "mp4"),
		("file", "application/pdf", "pdf"),
		("image", "image/webp", "webp"),
		("audio", "audio/mpeg", "mp3"),
		("file", "text/vcard", "vcf"),
		("image", "image/webp", "webp"),
		("file", "text/plain", "txt"),
		("file", "application/x-any", "xyz"),
	]
	card = requests.get(event["attachments"][5]["data_url"], timeout=30).text
	assert card.startswith("BEGIN:VCARD\r\n")
	assert "waid=447700900789" in card
	refused = {**body, "attachments": [{"kind": "smell"}]}
	answer = requests.post(f"{sandbox.page}/control/agent/send", json=refused, timeout=30)
	assert (answer.status_code, answer.json()) == (400, {"error": "no file of kind 'smell'"})


def test_looking_moves_the_time_seen_while_something_is_unread(sandbox, account):
	conversation = account.conversation(message={"content": "Hi", "message_type": "incoming"})
	body = {"conversation_id": conversation["id"]}
	first = sandbox.control("agent/look", body)["agent_last_seen_at"]
	assert first >= conversation["messages"][0]["created_at"]
	assert only_conversation(sandbox)["unread_count"] == 0
	assert sandbox.control("agent/look", body)["agent_last_seen_at"] == first
	account.write(conversation, message_type="incoming")
	assert sandbox.control("agent/look", body)["agent_last_seen_at"] > first


def test_agent_types_into_a_note(sandbox, account, receiver):
	conversation = account.conversation()
	sandbox.control("agent/typing", {"conversation_id": conversation["id"], "on": True, "private": True})
	(event,) = receiver.wait("chatwoot", event="conversation_typing_on")
	assert (event["user"]["type"], event["is_private"]) == ("user", True)


def test_deleted_conversation_and_contact_are_gone(sandbox, account):
	conversation = account.conversation()
	sandbox.control("agent/delete_conversation", {"conversation_id": conversation["id"]})
	assert sandbox.control("chatwoot/conversations") == {"conversations": []}
	(contact,) = sandbox.control("chatwoot/contacts")["contacts"]
	assert contact["source_ids"] == [JID]
	sandbox.control("agent/delete_contact", {"contact_id": contact["id"]})
	assert sandbox.control("chatwoot/contacts") == {"contacts": []}


def test_agent_merges_two_contacts(sandbox, account):
	base = account.conversation()["meta"]["sender"]
	mergee = account.contact("447700900456")
	sandbox.control("agent/merge", {"base_contact_id": base["id"], "mergee_contact_id": mergee["id"]})
	(contact,) = sandbox.control("chatwoot/contacts")["contacts"]
	assert contact["id"] == base["id"]
	assert contact["source_ids"] == [JID, "447700900456@s.whatsapp.net"]


def test_blocked_contact_reopens_nothing(sandbox, account):
	conversation = account.conversation()
	sandbox.control("agent/resolve", {"conversation_id": conversation["id"]})
	assert sandbox.control("agent/block", {"customer": ANA, "on": True})["blocked"] is True
	account.write(conversation, message_type="incoming")
	assert only_conversation(sandbox)["status"] == "resolved"
	sandbox.control("agent/block", {"customer": ANA, "on": False})
	account.write(conversation, message_type="incoming")
	assert only_conversation(sandbox)["status"] == "open"
	assert sandbox.control("agent/mute", {"customer": ANA, "on": True})["status"] == "resolved"
	assert only_conversation(sandbox)["contact"]["blocked"] is True


def test_window_of_the_inbox_can_be_set_and_taken_away(sandbox, account):
	account.conversation()
	assert only_conversation(sandbox)["can_reply"] is True
	set_to = sandbox.control("agent/window", {"hours": 24})["additional_attributes"]
	assert set_to == {"agent_reply_time_window": 24}
	assert only_conversation(sandbox)["can_reply"] is False
	inbox = account.chatwoot("GET", f"{account.base}/inboxes/{defaults.INBOX_ID}").json()
	assert inbox["additional_attributes"] == {"agent_reply_time_window": 24}
	assert sandbox.control("agent/window", {"hours": None})["additional_attributes"] == {}
	assert only_conversation(sandbox)["can_reply"] is True


@pytest.mark.parametrize(
	("path", "body", "status"),
	[
		("agent/window", {"hours": 0}, 400),
		("agent/send", {"customer": ANA, "items": [], "content_type": "text"}, 404),
		("agent/merge", {"base_contact_id": 1, "mergee_contact_id": 2}, 404),
		("agent/delete_contact", {"contact_id": 1}, 404),
		("agent/delete_conversation", {"conversation_id": 1}, 404),
		("agent/block", {"customer": ANA, "on": "yes"}, 404),
	],
)
def test_acts_that_make_no_sense_are_refused(sandbox, path, body, status):
	answer = requests.post(f"{sandbox.page}/control/{path}", json=body, timeout=30)
	assert answer.status_code == status
	assert answer.json()["error"]
