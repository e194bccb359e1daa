"""Chatwoot's conversations and inboxes: states, attributes, deletion, what was seen, the reply window."""

import pytest

from wuzapi_chatwoot.sandbox import defaults

JID = "447700900123@s.whatsapp.net"
MISSING = {"error": "Resource could not be found"}


def path_of(account, conversation, rest=""):
	return f"{account.base}/conversations/{conversation['id']}{rest}"


def public(conversation, rest, identifier=defaults.INBOX_IDENTIFIER, source_id=JID):
	contact = f"/public/api/v1/inboxes/{identifier}/contacts/{source_id}"
	return f"{contact}/conversations/{conversation['id']}/{rest}"


@pytest.mark.parametrize("status", ["open", "pending", "resolved", "snoozed"])
def test_conversation_starts_in_the_wanted_state(chatwoot, account, status):
	attributes = {"origin": "ad", "clicks": 9_999_999_999}
	made = account.conversation(status=status, custom_attributes=attributes)
	shown = chatwoot("GET", path_of(account, made)).json()
	assert (shown["status"], shown["custom_attributes"]) == (status, attributes)


@pytest.mark.parametrize(
	("fields", "status", "answer"),
	[
		({"status": "asleep"}, 500, None),
		(
			{"custom_attributes": {"at": 1788267898000}},
			422,
			{
				"message": "Custom attributes at value should be < 9999999999",
				"attributes": ["custom_attributes"],
			},
		),
		(
			{"message": {"content": "x" * 150_001}},
			422,
			{"message": "Content is too long (maximum is 150000 characters)", "attributes": ["content"]},
		),
	],
)
def test_conversation_that_breaks_a_rule_is_not_made(sandbox, chatwoot, account, fields, status, answer):
	contact = account.contact()
	body = {"inbox_id": defaults.INBOX_ID, "contact_id": contact["id"], "source_id": JID, **fields}
	refused = chatwoot("POST", f"{account.base}/conversations", body)
	assert refused.status_code == status
	assert answer is None or refused.json() == answer
	assert sandbox.control("chatwoot/conversations") == {"conversations": []}


def test_status_is_set_or_flipped(chatwoot, account, receiver):
	conversation = account.conversation(status="pending")
	path = path_of(account, conversation, "/toggle_status")
	states = [
		chatwoot("POST", path, body).json()["payload"]["current_status"]
		for body in ({"status": "open"}, {}, {}, {"status": "pending"})
	]
	assert states == ["open", "resolved", "open", "pending"]
	assert chatwoot("POST", path, {"status": "asleep"}).status_code == 500
	events = receiver.wait("chatwoot", 4, event="conversation_status_changed")
	assert {body["changed_attributes"] for body in events} == {None}


def test_custom_attributes_are_replaced_and_told(chatwoot, account, receiver):
	conversation = account.conversation(custom_attributes={"old": 1})
	path = path_of(account, conversation, "/custom_attributes")
	answer = chatwoot("POST", path, {"custom_attributes": {"ad_title": "Cakes"}})
	assert answer.json() == {"custom_attributes": {"ad_title": "Cakes"}}
	(event,) = receiver.wait("chatwoot", event="conversation_updated")
	change = {"previous_value": {"old": 1}, "current_value": {"ad_title": "Cakes"}}
	assert event["changed_attributes"][0] == {"custom_attributes": change}
	assert event["custom_attributes"] == {"ad_title": "Cakes"}
	refused = chatwoot("POST", path, {"custom_attributes": {"long": "x" * 1501}})
	wanted = {
		"message": "Custom attributes long length should be < 1500",
		"attributes": ["custom_attributes"],
	}
	assert (refused.status_code, refused.json()) == (422, wanted)


def test_deleted_conversation_is_gone_and_the_contact_stays(chatwoot, account, receiver, forget_webhooks):
	conversation = account.conversation(message={"content": "Hi", "message_type": "incoming"})
	forget_webhooks()
	assert chatwoot("DELETE", path_of(account, conversation)).status_code == 200
	for method, rest in (("GET", ""), ("GET", "/messages"), ("POST", "/toggle_status"), ("DELETE", "")):
		answer = chatwoot(method, path_of(account, conversation, rest))
		assert (answer.status_code, answer.json()) == (404, MISSING)
	contact = chatwoot("GET", f"{account.base}/contacts/{conversation['meta']['sender']['id']}")
	assert [each["source_id"] for each in contact.json()["payload"]["contact_inboxes"]] == [JID]
	assert receiver.requests == []


def test_owner_of_the_token_is_shown_typing(chatwoot, account, receiver):
	conversation = account.conversation()
	path = path_of(account, conversation, "/toggle_typing_status")
	for status in ("on", "off"):
		body = {"typing_status": status, "is_private": True}
		assert chatwoot("POST", path, body).status_code == 200
		(event,) = receiver.wait("chatwoot", event=f"conversation_typing_{status}")
		assert (event["user"]["id"], event["is_private"]) == (defaults.BRIDGE_USER_ID, True)


def test_customer_is_shown_typing_and_then_not(sandbox, chatwoot, account, receiver):
	conversation = account.conversation()

	def typing():
		return sandbox.control("chatwoot/conversations")["conversations"][0]["contact_types"]

	assert chatwoot("POST", public(conversation, "toggle_typing"), {"typing_status": "on"}).status_code == 200
	assert typing() is True
	(event,) = receiver.wait("chatwoot", event="conversation_typing_on")
	assert ("type" in event["user"], event["user"]["identifier"]) == (False, JID)
	chatwoot("POST", public(conversation, "toggle_typing"), {"typing_status": "off"})
	assert typing() is False


def test_customer_who_has_read_turns_every_tick(chatwoot, account):
	conversation = account.conversation()
	ids = [account.write(conversation, f"m{number}").json()["id"] for number in range(3)]
	chatwoot("PATCH", path_of(account, conversation, f"/messages/{ids[0]}"), {"status": "failed"})
	account.write(conversation, "note", private=True)
	account.write(conversation, "in", message_type="incoming")
	assert chatwoot("POST", public(conversation, "update_last_seen")).status_code == 200
	listed = chatwoot("GET", path_of(account, conversation, "/messages")).json()["payload"]
	assert [each["status"] for each in listed] == ["failed", "read", "read", "sent", "sent"]
	assert chatwoot("GET", path_of(account, conversation)).json()["contact_last_seen_at"] > 0


def test_public_calls_need_the_right_inbox_and_source_id(chatwoot, account):
	conversation = account.conversation()
	for wrong in ({"identifier": "other"}, {"source_id": "other"}):
		assert chatwoot("POST", public(conversation, "toggle_typing", **wrong)).status_code == 404
		assert chatwoot("POST", public(conversation, "update_last_seen", **wrong)).status_code == 404


def test_seen_by_the_agent_is_shown_but_told_to_nobody(sandbox, chatwoot, account, receiver, forget_webhooks):
	conversation = account.conversation(message={"content": "Hi", "message_type": "incoming"})
	forget_webhooks()
	assert (conversation["unread_count"], conversation["agent_last_seen_at"]) == (1, 0)
	seen = chatwoot("POST", path_of(account, conversation, "/update_last_seen")).json()
	assert seen["unread_count"] == 0
	assert seen["agent_last_seen_at"] >= conversation["messages"][0]["created_at"]
	assert receiver.requests == []
	# The next event of any kind carries it.
	sandbox.control("agent/typing", {"conversation_id": conversation["id"], "on": True})
	(event,) = receiver.wait("chatwoot", event="conversation_typing_on")
	assert event["conversation"]["agent_last_seen_at"] == seen["agent_last_seen_at"]


def test_muted_conversation_stays_resolved_until_unmuted(chatwoot, account):
	conversation = account.conversation()
	chatwoot("POST", path_of(account, conversation, "/mute"))
	account.write(conversation, message_type="incoming")
	shown = chatwoot("GET", path_of(account, conversation)).json()
	assert (shown["status"], shown["muted"], shown["meta"]["sender"]["blocked"]) == ("resolved", True, True)
	chatwoot("POST", path_of(account, conversation, "/unmute"))
	account.write(conversation, message_type="incoming")
	assert chatwoot("GET", path_of(account, conversation)).json()["status"] == "open"


def test_new_conversation_of_a_blocked_contact_is_resolved(chatwoot, account):
	contact = account.contact(blocked=True)
	body = {"inbox_id": defaults.INBOX_ID, "contact_id": contact["id"], "source_id": JID}
	assert chatwoot("POST", f"{account.base}/conversations", body).json()["status"] == "resolved"


def test_reply_window_is_shown_and_moves_can_reply(chatwoot, account):
	inbox_path = f"{account.base}/inboxes/{defaults.INBOX_ID}"
	inbox = chatwoot("GET", inbox_path).json()
	assert (inbox["inbox_identifier"], inbox["additional_attributes"]) == (defaults.INBOX_IDENTIFIER, {})
	conversation = account.conversation()
	path = path_of(account, conversation)
	assert chatwoot("GET", path).json()["can_reply"] is True

	def window(hours):
		return chatwoot(
			"PATCH", inbox_path, {"channel": {"additional_attributes": {"agent_reply_time_window": hours}}}
		)

	assert window(24).json()["additional_attributes"] == {"agent_reply_time_window": 24}
	assert chatwoot("GET", path).json()["can_reply"] is False
	account.write(conversation, message_type="incoming")
	assert chatwoot("GET", path).json()["can_reply"] is True
	# The window binds the editor only.
	assert account.write(conversation).status_code == 200
	refused = window(0)
	assert refused.status_code == 422
	assert refused.json()["attributes"] == ["agent_reply_time_window"]
	assert window(None).json()["additional_attributes"] == {"agent_reply_time_window": None}
	assert chatwoot("GET", path).json()["can_reply"] is True
