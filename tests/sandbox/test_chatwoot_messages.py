"""Chatwoot's messages: replies, limits, notes, echoes of the phone, deletion, sound that the agent recorded."""

import pytest

JPEG = ("a.jpg", b"\xff\xd8\xff", "image/jpeg")


def path_of(account, conversation, rest=""):
	return f"{account.base}/conversations/{conversation['id']}/messages{rest}"


@pytest.mark.parametrize("as_text", [False, True])
def test_reply_by_number_is_filled_with_the_source_id(account, as_text):
	conversation = account.conversation()
	first = account.write(conversation, message_type="incoming", source_id="WAID:3A1").json()
	wanted = str(first["id"]) if as_text else first["id"]
	reply = account.write(conversation, content_attributes={"in_reply_to": wanted}).json()
	assert reply["content_attributes"] == {"in_reply_to": first["id"], "in_reply_to_external_id": "WAID:3A1"}


def test_reply_to_what_the_agent_wrote_has_no_external_id(account, receiver):
	conversation = account.conversation()
	first = account.write(conversation).json()
	reply = account.write(conversation, content_attributes={"in_reply_to": first["id"], "own": 1}).json()
	wanted = {"in_reply_to": first["id"], "own": 1, "in_reply_to_external_id": None}
	assert reply["content_attributes"] == wanted
	events = receiver.wait("chatwoot", 2, event="message_created")
	assert wanted in [body["content_attributes"] for body in events]


@pytest.mark.parametrize("wanted", ["elsewhere", 99999, "nonsense"])
def test_reply_to_a_message_of_another_conversation_is_lost(account, wanted):
	other = account.write(account.conversation(), source_id="WAID:3A1").json()
	contact = account.contact("447700900456")
	link = contact["contact_inboxes"][0]
	body = {"inbox_id": link["inbox"]["id"], "contact_id": contact["id"], "source_id": link["source_id"]}
	conversation = account.chatwoot("POST", f"{account.base}/conversations", body).json()
	number = other["id"] if wanted == "elsewhere" else wanted
	# The external id is not even looked at when there is a number.
	own = account.write(conversation, source_id="WAID:3A2").json()
	attributes = {"in_reply_to": number, "in_reply_to_external_id": own["source_id"]}
	reply = account.write(conversation, content_attributes=attributes).json()
	assert reply["content_attributes"] == {"in_reply_to": None, "in_reply_to_external_id": None}


def test_longest_text_fits_and_one_more_is_refused(account):
	conversation = account.conversation()
	assert account.write(conversation, "x" * 150_000).status_code == 200
	refused = account.write(conversation, "x" * 150_001)
	problem = "Validation failed: Content is too long (maximum is 150000 characters)"
	assert (refused.status_code, refused.json()) == (422, {"error": problem})


def test_fifteen_files_fit_and_one_more_is_refused(chatwoot, account):
	conversation = account.conversation()
	url = chatwoot.url + path_of(account, conversation)

	def posted(number):
		parts = [("attachments[]", JPEG)] * number
		return chatwoot.session.post(url, data={"message_type": "incoming"}, files=parts, timeout=30)

	assert len(posted(15).json()["attachments"]) == 15
	refused = posted(16)
	problem = "Validation failed: Attachments exceeded maximum allowed"
	assert (refused.status_code, refused.json()) == (422, {"error": problem})
	assert len(chatwoot("GET", path_of(account, conversation)).json()["payload"]) == 1


def test_note_and_echo_of_the_phone_are_kept_as_such(chatwoot, account):
	conversation = account.conversation()
	account.write(conversation, "for us", private=True)
	account.write(conversation, "typed on the phone", content_attributes={"external_echo": True})
	shown = chatwoot("GET", path_of(account, conversation)).json()["payload"]
	assert [each["private"] for each in shown] == [True, False]
	assert shown[1]["content_attributes"] == {"external_echo": True}
	public = chatwoot("GET", path_of(account, conversation, "?filter_internal_messages=1")).json()["payload"]
	assert [each["content"] for each in public] == ["typed on the phone"]


def test_deleting_takes_text_attributes_and_files(chatwoot, account, receiver):
	conversation = account.conversation()
	url = chatwoot.url + path_of(account, conversation)
	fields = {"content": "Look", "content_attributes": '{"own": 1}', "source_id": "WAID:3A1"}
	message = chatwoot.session.post(url, data=fields, files=[("attachments[]", JPEG)], timeout=30).json()
	receiver.wait("chatwoot", event="message_created")
	answer = chatwoot("DELETE", path_of(account, conversation, f"/{message['id']}"))
	assert answer.status_code == 200
	assert "attachments" not in answer.json()
	(event,) = receiver.wait("chatwoot", event="message_updated")
	told = ("content", "content_attributes", "content_type", "source_id")
	assert [event[name] for name in told] == [
		"This message was deleted",
		{"deleted": True},
		"text",
		"WAID:3A1",
	]
	assert "attachments" not in event
	assert chatwoot.session.get(message["attachments"][0]["data_url"], timeout=30).status_code == 404
	assert chatwoot("DELETE", path_of(account, conversation, "/99999")).status_code == 404
