"""Chatwoot's HTTP API answers as the reference says."""

import hashlib
import json

import pytest
import requests

from wuzapi_chatwoot.sandbox import defaults, files
from wuzapi_chatwoot.sandbox.process import wait_until

JID = "447700900123@s.whatsapp.net"


def messages(chatwoot, account, conversation, query=""):
	path = f"{account.base}/conversations/{conversation['id']}/messages{query}"
	return chatwoot("GET", path).json()["payload"]


def test_tokens_in_both_spellings_and_without(sandbox):
	def status(headers):
		answer = requests.get(f"{sandbox.chatwoot}/api/v1/profile", headers=headers, timeout=30)
		return answer.status_code, answer.json()

	for name in ("api-access-token", "api_access_token"):
		assert status({name: defaults.CHATWOOT_TOKEN})[0] == 200
	assert status({"api-access-token": "no"}) == (401, {"error": "Invalid Access Token"})
	missing = {"errors": ["You need to sign in or sign up before continuing."]}
	assert status({}) == (401, missing)


def test_version_needs_no_token(sandbox):
	assert requests.get(f"{sandbox.chatwoot}/api", timeout=30).json()["version"] == "4.16.2"


def test_contact_is_found_by_link_filter_and_search(chatwoot, account):
	contact = account.contact()
	link = {"inbox_id": defaults.INBOX_ID, "source_id": JID}
	found = chatwoot("POST", f"{account.base}/contact_inboxes/filter", link).json()
	assert found["id"] == contact["id"]
	assert (
		chatwoot("POST", f"{account.base}/contact_inboxes/filter", {**link, "source_id": "x"}).status_code
		== 404
	)

	def condition(value, joined_by):
		return {
			"attribute_key": "phone_number",
			"filter_operator": "equal_to",
			"values": [value],
			"query_operator": joined_by,
		}

	either = {"payload": [condition("+5511900000001", "OR"), condition("447700900123", None)]}
	assert chatwoot("POST", f"{account.base}/contacts/filter", either).json()["meta"]["count"] == 1
	neither = {"payload": [condition("+5511900000001", None)]}
	assert chatwoot("POST", f"{account.base}/contacts/filter", neither).json()["payload"] == []
	searched = chatwoot("GET", f"{account.base}/contacts/search?q=%2B4477009").json()
	assert searched["payload"][0]["id"] == contact["id"]


@pytest.mark.parametrize(
	("fields", "message", "attributes"),
	[
		({"phone_number": "+447700900123"}, "Phone number has already been taken", ["phone_number"]),
		({"identifier": JID}, "Identifier has already been taken", ["identifier"]),
		({"phone_number": "07700 900123"}, "Phone number should be in e164 format", ["phone_number"]),
		(
			{"phone_number": "+447700900123", "identifier": JID},
			"Phone number has already been taken, Identifier has already been taken",
			["phone_number", "identifier"],
		),
	],
)
def test_contact_that_breaks_a_rule_is_refused(chatwoot, account, fields, message, attributes):
	account.contact()
	answer = chatwoot("POST", f"{account.base}/contacts", {"name": "Other", **fields})
	assert (answer.status_code, answer.json()) == (422, {"message": message, "attributes": attributes})


def test_second_blank_identifier_is_a_server_error(chatwoot, account):
	path = f"{account.base}/contacts"
	assert chatwoot("POST", path, {"name": "One", "identifier": ""}).status_code == 200
	assert chatwoot("POST", path, {"name": "Two", "identifier": ""}).status_code == 500


def test_source_id_belongs_to_one_contact(chatwoot, account):
	account.contact()
	other = account.contact("447700900456")
	body = {"inbox_id": defaults.INBOX_ID, "contact_id": other["id"], "source_id": JID}
	answer = chatwoot("POST", f"{account.base}/conversations", body)
	assert (answer.status_code, answer.json()) == (422, {"error": "source_id should be unique"})


def test_conversation_is_found_by_source_id_and_status(chatwoot, account):
	conversation = account.conversation(message={"content": "First", "message_type": "incoming"})
	assert conversation["messages"][0]["content"] == "First"
	path = f"{account.base}/conversations?inbox_id=7&source_id={JID.replace('@', '%40')}"

	def found(query=""):
		return [each["id"] for each in chatwoot("GET", path + query).json()["data"]["payload"]]

	assert found() == [conversation["id"]]
	toggled = chatwoot("POST", f"{account.base}/conversations/{conversation['id']}/toggle_status", {})
	assert toggled.json()["payload"]["current_status"] == "resolved"
	assert found() == []
	assert found("&status=all") == [conversation["id"]]


def test_locked_inbox_gives_the_same_conversation_again(sandbox, chatwoot, account):
	first = account.conversation()
	body = {"inbox_id": defaults.INBOX_ID, "contact_id": first["meta"]["sender"]["id"], "source_id": JID}
	assert chatwoot("POST", f"{account.base}/conversations", body).json()["id"] != first["id"]
	sandbox.switch(lock_to_single_conversation=True)
	again = chatwoot("POST", f"{account.base}/conversations", body).json()
	assert again["id"] == chatwoot("POST", f"{account.base}/conversations", body).json()["id"]


def test_doubled_post_makes_a_doubled_message(sandbox, chatwoot, account):
	conversation = account.conversation()
	for _ in range(2):
		account.write(conversation, message_type="incoming", source_id="WAID:3A1")
	assert len(messages(chatwoot, account, conversation)) == 2
	assert sandbox.control("counters")["chatwoot"]["doubled_source_ids"] == 1


def test_incoming_message_reopens_a_resolved_conversation(sandbox, chatwoot, account):
	conversation = account.conversation()
	sandbox.control("agent/resolve", {"conversation_id": conversation["id"]})
	account.write(conversation, message_type="incoming")
	path = f"{account.base}/conversations/{conversation['id']}"
	assert chatwoot("GET", path).json()["status"] == "open"
	logged = [
		each["content"] for each in messages(chatwoot, account, conversation) if each["message_type"] == 2
	]
	assert logged[0] == "Conversation was marked resolved by Rafael Lima"


def test_unknown_type_and_unknown_conversation_are_refused(chatwoot, account):
	conversation = account.conversation()
	refused = account.write(conversation, message_type="sideways")
	assert (refused.status_code, list(refused.json())) == (422, ["error"])
	missing = account.write({"id": 99999})
	assert (missing.status_code, missing.json()) == (404, {"error": "Resource could not be found"})


def test_messages_are_listed_around_an_id(chatwoot, account):
	conversation = account.conversation()
	ids = [account.write(conversation, f"m{number}").json()["id"] for number in range(25)]

	def listed(query):
		return [each["id"] for each in messages(chatwoot, account, conversation, query)]

	assert listed("") == ids[-20:]
	assert listed(f"?after={ids[2]}") == ids[3:]
	assert listed(f"?before={ids[3]}") == ids[:3]
	assert listed(f"?after={ids[4]}&before={ids[4] + 1}") == [ids[4]]


def test_reply_is_resolved_or_lost(account):
	conversation = account.conversation()
	first = account.write(conversation, message_type="incoming", source_id="WAID:3A1").json()
	found = account.write(conversation, content_attributes={"in_reply_to_external_id": "WAID:3A1"}).json()
	assert found["content_attributes"] == {"in_reply_to": first["id"], "in_reply_to_external_id": "WAID:3A1"}
	lost = account.write(conversation, content_attributes={"in_reply_to_external_id": "WAID:none"}).json()
	assert lost["content_attributes"] == {"in_reply_to": None, "in_reply_to_external_id": None}


def test_status_moves_as_in_chatwoot(chatwoot, account, receiver):
	conversation = account.conversation()
	message = account.write(conversation).json()
	path = f"{account.base}/conversations/{conversation['id']}/messages/{message['id']}"

	def status(value, **more):
		return chatwoot("PATCH", path, {"status": value, **more}).json()["status"]

	moves = [status(value) for value in ("delivered", "read", "delivered", "nonsense", "sent")]
	assert moves == ["delivered", "read", "read", "read", "sent"]
	failed = chatwoot("PATCH", path, {"status": "failed", "external_error": "why"}).json()
	assert failed["content_attributes"]["external_error"] == "why"
	receiver.wait("chatwoot", 4, event="message_updated")


def test_deleted_message_keeps_its_source_id(chatwoot, account, receiver):
	conversation = account.conversation()
	message = account.write(conversation, source_id="WAID:3A1").json()
	chatwoot("DELETE", f"{account.base}/conversations/{conversation['id']}/messages/{message['id']}")
	(updated,) = receiver.wait("chatwoot", event="message_updated")
	assert (updated["content_attributes"], updated["source_id"]) == ({"deleted": True}, "WAID:3A1")


@pytest.mark.parametrize(
	("written", "shown"),
	[
		("Hi {{contact.name}}!", "Hi Ana Example!"),
		("Hi {% raw %}{{contact.name}}{% endraw %}!", "Hi {{contact.name}}!"),
		("Type `{{contact.name}}`", "Type `{{contact.name}}`"),
		("{{ nothing.known }}x", "x"),
		("Open {{ brace", "Open {{ brace"),
		("{% if %} x", "{% if %} x"),
		("{% raw %}`{{contact.name}}`{% endraw %}", "{% raw %}`{{contact.name}}`{% endraw %}"),
	],
)
def test_outgoing_text_goes_through_liquid(account, written, shown):
	conversation = account.conversation()
	assert account.write(conversation, written).json()["content"] == shown
	assert account.write(conversation, written, message_type="incoming").json()["content"] == written


def test_files_arrive_byte_for_byte_and_come_back_through_a_redirect(sandbox, chatwoot, account):
	conversation = account.conversation()
	photo = files.made("image", 3)
	path = f"{account.base}/conversations/{conversation['id']}/messages"
	parts = [
		("attachments[]", ("a b.jpg", photo.data, "image/jpeg")),
		("attachments[]", ("v.ogg", b"OggS", "audio/ogg")),
	]
	fields = {
		"message_type": "incoming",
		"content": "Look",
		"private": "false",
		"content_attributes": json.dumps({"external_created_at": 5}),
	}
	answer = chatwoot.session.post(chatwoot.url + path, data=fields, files=parts, timeout=30).json()
	assert (answer["content"], answer["private"]) == ("Look", False)
	assert answer["content_attributes"] == {"external_created_at": 5}
	assert [each["file_type"] for each in answer["attachments"]] == ["image", "audio"]
	sandbox.switch(storage_404_next=1)
	url = answer["attachments"][0]["data_url"]
	assert requests.get(url, timeout=30).status_code == 404
	fetched = requests.get(url, timeout=30)
	assert [step.status_code for step in fetched.history] == [302]
	assert hashlib.sha256(fetched.content).digest() == hashlib.sha256(photo.data).digest()


def test_refused_callback_marks_the_message_failed_and_tells_so_once(
	sandbox, account, receiver, forget_webhooks
):
	conversation = account.conversation()
	forget_webhooks()
	receiver.statuses = [500] * 9
	account.write(conversation, message_type="incoming")

	def failed():
		(shown,) = sandbox.control("chatwoot/conversations")["conversations"]
		return shown["messages"][0] if shown["messages"][0]["status"] == "failed" else None

	assert wait_until(failed)["external_error"] == "500 Internal Server Error"
	wait_until(lambda: not sandbox.control("counters")["chatwoot"]["webhooks"]["under_way"])
	assert len(receiver.bodies("chatwoot", event="message_created")) == 1
	assert len(receiver.bodies("chatwoot", event="message_updated")) == 1


def test_minute_limit_of_a_conversation(sandbox, account):
	sandbox.switch(chatwoot_messages_per_minute=2)
	conversation = account.conversation()
	answers = [account.write(conversation) for _ in range(3)]
	assert [answer.status_code for answer in answers] == [200, 200, 422]
	assert answers[2].json() == {"error": "Validation failed: Too many messages"}


def test_second_inbox_has_its_own_address_and_secret(chatwoot, account):
	channel = {"type": "api", "webhook_url": "http://127.0.0.1:9/hook"}
	made = chatwoot("POST", f"{account.base}/inboxes", {"name": "Other", "channel": channel}).json()
	listed = chatwoot("GET", f"{account.base}/inboxes").json()["payload"]
	assert [inbox["id"] for inbox in listed] == [made["id"], defaults.INBOX_ID]
	assert made["secret"] != listed[1]["secret"]
