"""Chatwoot's callbacks have exactly the keys of the recorded ones, at every level."""

import json
from pathlib import Path

import pytest

from wuzapi_chatwoot.sandbox import defaults
from wuzapi_chatwoot.sandbox.process import wait_until
from wuzapi_chatwoot.sandbox.web.wire import chatwoot_signature

PAYLOADS = Path(__file__).resolve().parents[1] / "payloads" / "chatwoot-webhooks"
# What is in these is up to whoever wrote it.
FREE = ("additional_attributes", "custom_attributes")


def key_tree(value):
	if isinstance(value, dict):
		return {key: None if key in FREE else key_tree(each) for key, each in value.items()}
	if isinstance(value, list):
		return [key_tree(each) for each in value[:1]]
	return None


def recorded(number):
	(path,) = PAYLOADS.glob(f"{number:02d}_*.json")
	return json.loads(path.read_text())


def only(receiver, event, check=lambda body: True):
	return wait_until(lambda: [each for each in receiver.bodies("chatwoot", event=event) if check(each)])[0]


AGENT_ACTS = [
	(1, {"text": "Bom dia"}),
	(2, {"text": "Fotos", "attachments": [{"kind": "image"}, {"kind": "image"}]}),
	(3, {"attachments": [{"kind": "audio"}]}),
	(4, {"text": "Segue", "attachments": [{"kind": "document"}]}),
	(7, {"sender": "csat"}),
	(12, {"sender": "automation", "text": "Nosso horário"}),
]


@pytest.mark.parametrize(("number", "act"), AGENT_ACTS, ids=[f"{number:02d}" for number, _ in AGENT_ACTS])
def test_agents_message_has_the_recorded_keys(sandbox, account, receiver, number, act):
	conversation = account.conversation()
	sandbox.control("agent/send", {"conversation_id": conversation["id"], **act})
	body = only(receiver, "message_created")
	wanted = recorded(number)
	# Who is assigned differs; the recorded conversations had an agent.
	for each in (body, wanted):
		each["conversation"]["meta"].pop("assignee")
	assert key_tree(body) == key_tree(wanted)
	assert (body["message_type"], body["sender"] is None) == (
		wanted["message_type"],
		wanted["sender"] is None,
	)


def test_private_note_shows_an_older_message_inside(sandbox, account, receiver):
	conversation = account.conversation()
	sandbox.control("agent/send", {"conversation_id": conversation["id"], "text": "Public"})
	note = {"conversation_id": conversation["id"], "text": "Note", "private": True}
	note_id = sandbox.control("agent/send", note)["message_id"]
	body = only(receiver, "message_created", lambda body: body["id"] == note_id)
	assert body["private"] is True
	assert body["conversation"]["messages"][0]["content"] == "Public"


def test_echo_of_an_incoming_message_has_the_recorded_keys(account, receiver):
	conversation = account.conversation()
	attributes = {"external_created_at": 1788267898}
	account.write(conversation, message_type="incoming", source_id="WAID:3A1", content_attributes=attributes)
	body = only(receiver, "message_created")
	wanted = recorded(8)
	wanted["conversation"]["meta"].pop("assignee")
	body["conversation"]["meta"].pop("assignee")
	assert key_tree(body) == key_tree(wanted)
	assert "type" not in body["sender"]
	assert body["source_id"] == "WAID:3A1"


def test_echo_of_a_message_from_the_phone_has_the_recorded_keys(account, receiver):
	conversation = account.conversation()
	attributes = {"external_echo": True, "external_created_at": 1788267939}
	account.write(conversation, source_id="WAID:3A2", content_attributes=attributes)
	body = only(receiver, "message_created")
	wanted = recorded(10)
	for each in (body, wanted):
		each["conversation"]["meta"].pop("assignee")
	assert key_tree(body) == key_tree(wanted)
	assert body["sender"] == wanted["sender"]


def test_conversation_events_have_the_recorded_keys(sandbox, account, receiver):
	conversation = account.conversation()
	assert key_tree(only(receiver, "conversation_created")) == key_tree(recorded(23))
	sandbox.control("agent/send", {"conversation_id": conversation["id"], "text": "Hi"})
	sandbox.control("agent/assign", {"conversation_id": conversation["id"], "on": True})
	sandbox.control("agent/resolve", {"conversation_id": conversation["id"]})
	changed = only(receiver, "conversation_status_changed")
	assert key_tree(changed) == key_tree(recorded(25))
	assert (changed["status"], changed["changed_attributes"]) == ("resolved", None)

	def about_status(body):
		return "status" in body["changed_attributes"][0]

	updated = only(receiver, "conversation_updated", about_status)
	assert key_tree(updated) == key_tree(recorded(26))


def test_typing_has_the_recorded_keys(sandbox, account, receiver):
	conversation = account.conversation()
	sandbox.control("agent/send", {"conversation_id": conversation["id"], "text": "Hi"})
	sandbox.control("agent/assign", {"conversation_id": conversation["id"], "on": True})
	sandbox.control("agent/typing", {"conversation_id": conversation["id"], "on": True})
	assert key_tree(only(receiver, "conversation_typing_on")) == key_tree(recorded(29))


def test_retry_makes_the_two_recorded_updates(sandbox, account, receiver, forget_webhooks):
	conversation = account.conversation()
	sent = sandbox.control("agent/send", {"conversation_id": conversation["id"], "text": "Hi"})
	path = f"{account.base}/conversations/{conversation['id']}/messages/{sent['message_id']}"
	account.chatwoot("PATCH", path, {"status": "failed", "external_error": "No WhatsApp (463)"})
	failed = only(receiver, "message_updated")
	assert failed["content_attributes"] == {"external_error": "No WhatsApp (463)"}
	forget_webhooks()
	sandbox.control("agent/retry", {"message_id": sent["message_id"]})
	bodies = receiver.wait("chatwoot", 2, event="message_updated")
	attributes = [body["content_attributes"] for body in bodies]
	assert sorted(attributes, key=len) == [{}, {"external_error": None}]
	assert {body["conversation"]["messages"][0]["status"] for body in bodies} == {"sent"}
	assert receiver.bodies("chatwoot", event="message_created") == []


def test_callback_is_signed_with_the_inboxs_secret(account, receiver):
	account.conversation()
	receiver.wait("chatwoot")
	_, headers, body, _ = receiver.requests[0]
	signature = chatwoot_signature(defaults.CHATWOOT_SECRET, headers["X-Chatwoot-Timestamp"], body)
	assert headers["X-Chatwoot-Signature"] == signature
	assert len(headers["X-Chatwoot-Delivery"]) == 36


def test_assigning_and_labelling_have_the_recorded_keys(sandbox, account, receiver):
	conversation = account.conversation()
	sandbox.control("agent/send", {"conversation_id": conversation["id"], "text": "Hi"})
	sandbox.control("agent/assign", {"conversation_id": conversation["id"], "on": True})
	sandbox.control("agent/label", {"conversation_id": conversation["id"], "labels": ["vip"]})

	def about(name):
		return lambda body: name in body["changed_attributes"][0]

	assigned = only(receiver, "conversation_updated", about("assignee_id"))
	assert key_tree(assigned) == key_tree(recorded(27))
	labelled = only(receiver, "conversation_updated", about("cached_label_list"))
	assert key_tree(labelled) == key_tree(recorded(28))
	assert labelled["labels"] == ["vip"]


def test_agent_who_writes_first_gives_the_contact_a_random_source_id(sandbox, receiver):
	body = {"customer": "5511900000001", "name": "Marina Souza", "text": "Olá"}
	sent = sandbox.control("agent/start", body)
	created = only(receiver, "message_created")
	assert created["id"] == sent["message_id"]
	assert len(created["conversation"]["contact_inbox"]["source_id"]) == 36
	assert created["conversation"]["meta"]["sender"]["phone_number"] == "+5511900000001"


def test_deleted_message_has_the_recorded_keys(sandbox, account, receiver):
	conversation = account.conversation()
	first = sandbox.control("agent/send", {"conversation_id": conversation["id"], "text": "Wrong one"})
	pictures = {"text": "Fotos do bolo", "attachments": [{"kind": "image"}, {"kind": "image"}]}
	sandbox.control("agent/send", {"conversation_id": conversation["id"], **pictures})
	sandbox.control("agent/assign", {"conversation_id": conversation["id"], "on": True})
	sandbox.control("agent/delete", {"message_id": first["message_id"]})
	body, wanted = only(receiver, "message_updated"), recorded(21)
	assert key_tree(body) == key_tree(wanted)
	assert body["id"] == first["message_id"]
	assert (body["content"], body["content_attributes"]) == ("This message was deleted", {"deleted": True})
	assert body["conversation"]["messages"][0]["content"] == "Fotos do bolo"


def test_customers_typing_has_the_recorded_keys(sandbox, account, receiver):
	conversation = account.conversation()
	sandbox.control("agent/send", {"conversation_id": conversation["id"], "text": "Hi"})
	sandbox.control("agent/assign", {"conversation_id": conversation["id"], "on": True})
	contact = f"{defaults.INBOX_IDENTIFIER}/contacts/447700900123@s.whatsapp.net"
	path = f"/public/api/v1/inboxes/{contact}/conversations/{conversation['id']}/toggle_typing"
	account.chatwoot("POST", path, {"typing_status": "off"})
	assert key_tree(only(receiver, "conversation_typing_off")) == key_tree(recorded(30))
