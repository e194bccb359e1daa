"""The gateway's HTTP API answers as the reference says."""

import base64
import hashlib
import hmac

import pytest
import requests

from wuzapi_chatwoot.sandbox import defaults, files
from wuzapi_chatwoot.sandbox.process import wait_until

ANA = "447700900123"
PICTURE = "data:image/jpeg;base64," + base64.b64encode(files.made("image", 1).data).decode()
NO_PICTURE = "data:image/png;base64," + base64.b64encode(b"not a picture").decode()


def chat(sandbox, customer=ANA):
	return sandbox.control(f"phone/chats/{customer}")["messages"]


def test_wrong_token_is_refused(sandbox):
	answer = requests.get(f"{sandbox.gateway}/session/status", headers={"token": "no"}, timeout=30)
	assert answer.status_code == 401
	assert answer.json() == {"code": 401, "error": "unauthorized", "success": False}


def test_health_needs_no_token_and_unknown_paths_are_plain_text(sandbox):
	assert requests.get(f"{sandbox.gateway}/health", timeout=30).json()["status"] == "ok"
	unknown = requests.get(f"{sandbox.gateway}/chat/send/template", timeout=30)
	assert unknown.status_code == 404
	assert unknown.text == "404 page not found\n"


def test_text_is_shown_once_however_often_its_id_is_sent(sandbox, gateway):
	for _ in range(3):
		answer = gateway("POST", "/chat/send/text", {"phone": ANA, "BODY": "We open at nine", "id": "3EB0A1"})
		assert answer.status_code == 200
		assert answer.json()["data"]["Details"] == "Sent"
		assert answer.json()["data"]["Id"] == "3EB0A1"
	assert [message["text"] for message in chat(sandbox)] == ["We open at nine"]
	assert sandbox.control("counters")["gateway"]["repeated_send_ids"] == 2


def test_sent_message_causes_receipts_but_no_message_webhook(sandbox, gateway, receiver):
	gateway("POST", "/chat/send/text", {"Phone": f"+{ANA}", "Body": "Hi", "Id": "3EB0A1"})
	receiver.wait("wuzapi", type="ReadReceipt")
	assert receiver.bodies("wuzapi", type="Message") == []
	assert chat(sandbox)[0]["status"] == "delivered"


def test_lid_and_phone_lead_to_the_same_chat(sandbox, gateway):
	gateway("POST", "/chat/send/text", {"Phone": "447700900456@s.whatsapp.net", "Body": "one"})
	gateway("POST", "/chat/send/text", {"Phone": "333300003333000@lid", "Body": "two"})
	assert [message["text"] for message in chat(sandbox, "447700900456")] == ["one", "two"]


@pytest.mark.parametrize(
	("path", "body", "status", "error"),
	[
		("text", {"Body": "x"}, 400, "missing Phone in Payload"),
		("text", {"Phone": ANA}, 400, "missing Body in Payload"),
		("text", {"Phone": 447700900123, "Body": "x"}, 400, "could not decode Payload"),
		(
			"text",
			{"Phone": ANA, "Body": "x", "ContextInfo": {"StanzaID": "A"}},
			400,
			"missing Participant in ContextInfo",
		),
		(
			"text",
			{"Phone": ANA, "Body": "x", "ContextInfo": {"Participant": "A"}},
			400,
			"missing StanzaID in ContextInfo",
		),
		(
			"text",
			{"Phone": f"{ANA}:12@s.whatsapp.net", "Body": "x"},
			500,
			"error sending message: message recipient must be a user JID with no device part",
		),
		(
			"text",
			{"Phone": f"{ANA}@c.us", "Body": "x"},
			500,
			"error sending message: can't send message to unknown server c.us",
		),
		("image", {"Phone": ANA}, 400, "missing Image in Payload"),
		(
			"image",
			{"Phone": ANA, "Image": NO_PICTURE},
			500,
			"could not decode image for thumbnail preparation: image: unknown format",
		),
		(
			"image",
			{"Phone": ANA, "Image": "iVBOR"},
			400,
			'Image data should start with "data:image/png;base64,"',
		),
		(
			"audio",
			{"Phone": ANA, "Audio": PICTURE},
			400,
			"audio must be base64 (data:audio/) or valid HTTP URL",
		),
		("document", {"Phone": ANA, "Document": PICTURE}, 400, "missing FileName in Payload"),
		("location", {"Phone": ANA, "Latitude": 0, "Longitude": 1.5}, 400, "missing Latitude in Payload"),
		("contact", {"Phone": ANA, "Name": "Cara"}, 400, "missing Vcard in Payload"),
	],
)
def test_requests_are_refused_with_the_gateways_words(gateway, path, body, status, error):
	answer = gateway("POST", f"/chat/send/{path}", body)
	assert answer.status_code == status
	assert answer.json() == {"code": status, "error": error, "success": False}


def test_number_without_whatsapp_cannot_be_written_to(gateway):
	number = defaults.UNREACHABLE_PHONE
	checked = gateway("POST", "/user/check", {"Phone": [f"+{number}", f"+{ANA}"]}).json()["data"]["Users"]
	assert [user["IsInWhatsapp"] for user in checked] == [False, True]
	assert gateway("POST", "/chat/send/text", {"Phone": number, "Body": "x"}).status_code == 500


def test_media_reaches_the_phone_byte_for_byte(sandbox, gateway):
	voice = files.made("voice", 1)
	data = "data:audio/ogg;base64," + base64.b64encode(voice.data).decode()
	gateway("POST", "/chat/send/audio", {"Phone": ANA, "Audio": data, "mimetype": voice.mimetype})
	gateway("POST", "/chat/send/image", {"Phone": ANA, "Image": PICTURE, "Caption": "Look"})
	pdf = "data:application/pdf;base64," + base64.b64encode(b"%PDF-1.4 x").decode()
	gateway("POST", "/chat/send/document", {"Phone": ANA, "Document": pdf, "FileName": "Quote.pdf"})
	shown = chat(sandbox)
	assert [message["kind"] for message in shown] == ["voice", "image", "document"]
	assert shown[0]["file"]["sha256"] == hashlib.sha256(voice.data).hexdigest()
	assert shown[0]["file"]["mimetype"] == "audio/ogg; codecs=opus"
	assert (shown[1]["text"], shown[2]["file"]["name"]) == ("Look", "Quote.pdf")


def test_reactions_deletions_and_read_marks_show_on_the_phone(sandbox, gateway):
	gateway("POST", "/chat/send/text", {"Phone": ANA, "Body": "Hi", "Id": "3EB0A1"})
	theirs = sandbox.control("phone/send", {"customer": ANA, "text": "Hello"})["messages"][0]["id"]
	gateway("POST", "/chat/react", {"Phone": ANA, "Body": "🙏", "Id": theirs})
	gateway("POST", "/chat/markread", {"Id": [theirs], "ChatPhone": ANA})
	deleted = gateway("POST", "/chat/delete", {"Phone": ANA, "Id": "3EB0A1"})
	assert deleted.json()["data"]["Details"] == "Deleted"
	mine, other = chat(sandbox)
	assert (mine["deleted"], other["reactions"], other["status"]) == (True, {"Example Shop": "🙏"}, "read")


def test_webhooks_are_signed_over_the_raw_body(sandbox, receiver):
	sandbox.control("phone/send", {"customer": ANA, "text": "5 < 6 & ã"})
	receiver.wait("wuzapi")
	_, headers, body, _ = receiver.requests[0]
	wanted = hmac.new(defaults.GATEWAY_HMAC_KEY.encode(), body, hashlib.sha256).hexdigest()
	assert headers["x-hmac-signature"] == wanted
	assert b"5 \\u003c 6 \\u0026 \xc3\xa3" in body


def test_new_key_signs_from_then_on_and_short_ones_are_refused(sandbox, gateway, receiver):
	assert gateway("POST", "/session/hmac/config", {"hmac_key": "short"}).status_code == 400
	key = "another-fictional-key-0123456789abcdef"
	assert gateway("POST", "/session/hmac/config", {"hmac_key": key}).json().keys() == {"Details"}
	sandbox.control("phone/send", {"customer": ANA, "text": "Hi"})
	receiver.wait("wuzapi")
	_, headers, body, _ = receiver.requests[0]
	assert headers["x-hmac-signature"] == hmac.new(key.encode(), body, hashlib.sha256).hexdigest()


def test_setting_the_webhook_without_events_empties_the_subscription(sandbox, gateway, receiver):
	url = f"{receiver.url}/webhook/wuzapi"
	gateway("POST", "/webhook", {"webhookurl": url})
	# In memory only: the database keeps the old one, so a restart would heal it.
	assert gateway("GET", "/webhook").json()["data"] == {"webhook": url, "subscribe": ["All"]}
	assert gateway("GET", "/session/status").json()["data"]["events"] == ""
	sandbox.control("phone/send", {"customer": ANA, "text": "lost"})
	gateway("POST", "/webhook", {"webhookurl": url, "events": ["Message"]})
	sandbox.control("phone/send", {"customer": ANA, "text": "seen"})
	(body,) = receiver.wait("wuzapi")
	assert body["event"]["Message"]["conversation"] == "seen"


def test_refused_webhook_is_tried_again_until_it_is_taken(sandbox, receiver):
	sandbox.switch(gateway_webhook_first_delay_ms=10)
	receiver.statuses = [500, 401]
	sandbox.control("phone/send", {"customer": ANA, "text": "Hi"})
	receiver.wait("wuzapi", 3)
	counted = wait_until(lambda: _settled(sandbox))
	assert (counted["attempts"], counted["acknowledged"], counted["failed_attempts"]) == (3, 1, 2)


def test_webhook_is_given_up_after_the_last_try(sandbox, receiver):
	sandbox.switch(gateway_webhook_first_delay_ms=5, gateway_webhook_tries=3)
	receiver.statuses = [500] * 3
	sandbox.control("phone/send", {"customer": ANA, "text": "Hi"})
	counted = wait_until(lambda: _settled(sandbox))
	assert (counted["attempts"], counted["given_up"]) == (3, 1)


def _settled(sandbox):
	counted = sandbox.control("counters")["gateway"]["webhooks"]
	return counted if counted["sent"] and not counted["under_way"] else None


def test_groups_users_and_status(sandbox, gateway):
	group = gateway("GET", f"/group/info?groupJID={defaults.GROUP_JID}").json()["data"]
	assert group["Participants"][0]["PhoneNumber"] == f"{ANA}@s.whatsapp.net"
	assert gateway("GET", f"/user/lid/{ANA}").json()["data"]["lid"] == "222200002222000@lid"
	assert gateway("GET", "/user/lid/5511900000001").status_code == 404
	none = gateway("POST", "/user/avatar", {"Phone": ANA}).json()["error"]
	assert none == "failed to get avatar: that user or group does not have a profile picture"
	status = gateway("GET", "/session/status").json()["data"]
	assert (status["connected"], status["loggedIn"]) == (True, True)
