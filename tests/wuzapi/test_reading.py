"""Reading a request: what is refused, what names an event, what becomes of the media."""

from __future__ import annotations

import base64
import hashlib
import json

import pytest

from wuzapi_chatwoot.bridge.model.content import Media, Text
from wuzapi_chatwoot.bridge.model.events import Nothing, SessionChanged, UnknownEvent
from wuzapi_chatwoot.bridge.ports.connector import Malformed, WebhookRequest
from wuzapi_chatwoot.gateways.wuzapi import connector

FORM = {"content-type": "application/x-www-form-urlencoded"}
JSON = {"content-type": "application/json"}
MULTIPART = {"content-type": 'multipart/form-data; boundary="B"'}


@pytest.mark.parametrize(
	("body", "headers", "sentence"),
	[
		(b"", JSON, "The body is not JSON."),
		(b"{", JSON, "The body is not JSON."),
		(b"hello", JSON, "The body is not JSON."),
		(b"\xff\xfe", JSON, "The body is not UTF-8 text."),
		(b"[]", JSON, "The body is JSON, but not an object."),
		(b"null", JSON, "The body is JSON, but not an object."),
		(b"{}", JSON, "The body has no type, so it is not a WuzAPI webhook."),
		(b'{"type":""}', JSON, "The body has no type, so it is not a WuzAPI webhook."),
		(b'{"type":7}', JSON, "The body has no type, so it is not a WuzAPI webhook."),
		(b"[" * 100_000, JSON, "The body is nested too deeply to be a WuzAPI webhook."),
		(b"9" * 5000, JSON, "The body is not JSON."),
		(b"", {}, "The body is neither JSON nor a form with the field jsonData."),
		(b"a=b", FORM, "The body is neither JSON nor a form with the field jsonData."),
		(b"jsonData=x", FORM, "The field jsonData is not JSON."),
		(b"jsonData=1", FORM, "The field jsonData is JSON, but not an object."),
		(b"jsonData=%7B%7D", FORM, "The body has no type, so it is not a WuzAPI webhook."),
		(b"--B--", MULTIPART, "The body is neither JSON nor a form with the field jsonData."),
		(
			b"--B--",
			{"content-type": "multipart/form-data"},
			"The body is multipart, but its boundary is not named.",
		),
	],
)
def test_malformed(body, headers, sentence):
	with pytest.raises(Malformed) as raised:
		connector.read(WebhookRequest(body, headers))

	assert str(raised.value) == sentence


def test_chatwoot_posted_to_the_wrong_address(chatwoot_payloads, as_json):
	hooks = [body for body in chatwoot_payloads if "event" in json.loads(body)]
	assert len(hooks) > 20
	for body in hooks:
		with pytest.raises(Malformed, match="This is a webhook of Chatwoot, posted to the address"):
			connector.read(as_json(body))


def test_json_is_recognised_without_its_content_type(message_hook):
	body = json.dumps(message_hook({"conversation": "hi"})).encode()

	assert connector.read(WebhookRequest(b"\n " + body, {})).event.content == Text("hi")


def test_form_in_any_case_and_with_escaped_plus_signs():
	body = (
		b"JSONDATA=%7B%22type%22%3A%22QR%22%2C%22event%22%3A%22code%22%2C%22qrCodeBase64%22%3A%22a%2Bb+c%22%7D"
		b"&USERID=u1&instancename=desk"
	)
	reading = connector.read(
		WebhookRequest(body, {"content-type": "Application/X-WWW-Form-Urlencoded; charset=utf-8"})
	)

	assert reading.event.qr == "a+b c"
	assert reading.instance == ("u1",)
	assert json.loads(reading.payload) == {
		"type": "QR",
		"event": "code",
		"qrCodeBase64": "a+b c",
		"userID": "u1",
		"instanceName": "desk",
	}


def test_a_token_in_the_payload_tells_whose_it_is_and_is_not_kept(as_json):
	reading = connector.read(as_json({"type": "Connected", "event": {}, "token": "s3cret", "userID": "u1"}))

	assert reading.instance == ("u1", "s3cret")
	assert "s3cret" not in reading.payload


# ---- keys


def test_keys_of_recorded_payloads(payloads, as_json):
	keys = {
		"message-text.json": "message/447700900123@s.whatsapp.net/3A00000000000000A001",
		"message-lid-sender.json": "message/447700900123@s.whatsapp.net/3A00000000000000A082",
		"message-lid-sender-no-alt.json": "message/222200002222000@lid/3A00000000000000A083",
		"message-group-text.json": (
			"message/120363000000000001@g.us/3A00000000000000A070/447700900456@s.whatsapp.net"
		),
		"message-from-own-phone.json": "message/447700900123@s.whatsapp.net/3A00000000000000A080/ours",
		"message-status-broadcast.json": "message/status@broadcast/3A00000000000000A090/447700900123@s.whatsapp.net",
		"message-empty-unknown.json": "empty/447700900123@s.whatsapp.net/3A00000000000000A099",
		"undecryptable-message.json": "undecryptable/447700900123@s.whatsapp.net/3A00000000000000A0A0",
		"readreceipt-read.json": (
			"receipt/3EB0AAAAAAAAAAAAAAAA02,3EB0AAAAAAAAAAAAAAAA01/read/447700900123@s.whatsapp.net"
			"/447700900123@s.whatsapp.net"
		),
		"readreceipt-read-group.json": (
			"receipt/3EB0AAAAAAAAAAAAAAAA70/read/333300003333000@lid/120363000000000001@g.us"
		),
		"call-offer.json": "call/FICTIONALCALL0000000000000000001/offer",
		"call-terminate.json": "call/FICTIONALCALL0000000000000000001/end",
	}
	for name, key in keys.items():
		assert connector.read(as_json((payloads / name).read_bytes())).key == key


def test_a_message_without_content_does_not_use_up_the_key_of_the_message(payloads, as_json):
	"""WhatsApp sends both under the same id."""
	body = (payloads / "message-group-sender-key-only.json").read_bytes()
	reading = connector.read(as_json(body))

	assert isinstance(reading.event, Nothing)
	assert reading.key == f"Message/{hashlib.sha256(body).hexdigest()}"


def test_receipts_of_two_devices_are_one(payloads, as_json):
	hook = json.loads((payloads / "readreceipt-delivered.json").read_bytes())
	first = connector.read(as_json(hook))
	hook["event"]["Sender"] = "447700900123:23@s.whatsapp.net"

	assert connector.read(as_json(hook)).key == first.key


def test_other_events_are_named_by_kind_and_body(as_json):
	body = b'{"event":{},"type":"Connected","userID":"u1"}'
	reading = connector.read(as_json(body))

	assert isinstance(reading.event, SessionChanged)
	assert reading.key == f"Connected/{hashlib.sha256(body).hexdigest()}"
	assert connector.read(as_json(body)).key == reading.key
	assert connector.read(as_json(body + b" ")).key != reading.key


# ---- media


@pytest.mark.parametrize("broken", ["not base64!", "AAA", "", 7, None, ["AAAA"], "é"])
def test_broken_base64_leaves_the_message_and_its_ticket(payloads, as_json, broken):
	hook = json.loads((payloads / "message-image-base64.json").read_bytes())
	good = connector.read(as_json(hook))
	hook["base64"] = broken
	reading = connector.read(as_json(hook))

	assert reading.media is None
	assert reading.event == good.event
	assert reading.event.content.ticket


def test_media_beside_a_message_without_a_file_is_left_out(message_hook, as_json):
	hook = message_hook({"conversation": "hi"}, base64=base64.b64encode(b"x").decode())

	reading = connector.read(as_json(hook))

	assert reading.media is None
	assert "base64" not in json.loads(reading.payload)


def test_media_as_a_part_of_a_multipart_body(message_hook):
	hook = message_hook({"imageMessage": {"mimetype": "image/png"}})
	file = b"\x89PNG\r\n\x1a\n\r\n--not the boundary\r\n"
	body = (
		b'--B\r\nContent-Disposition: form-data; name="jsonData"\r\n\r\n'
		+ json.dumps(hook).encode()
		+ b'\r\n--B\r\nContent-Disposition: form-data; name="userID"\r\n\r\nu1'
		+ b'\r\n--B\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n'
		+ b"Content-Type: image/png\r\n\r\n"
		+ file
		+ b"\r\n--B--\r\n"
	)
	reading = connector.read(WebhookRequest(body, MULTIPART))

	assert isinstance(reading.event.content, Media)
	assert reading.media == file


# ---- text that databases and encoders refuse


def test_half_a_surrogate_pair_is_replaced(message_hook, as_json):
	hook = message_hook({"conversation": "a\ud83db"}, userID="u\ud83d")

	reading = connector.read(as_json(hook))

	assert reading.event.content == Text("a?b")
	assert reading.instance == ("u�",)
	assert connector.parse(reading.payload.encode().decode()) == reading.event


def test_nul_is_dropped(message_hook, as_json):
	reading = connector.read(as_json(message_hook({"conversation": "a\0b"})))

	assert reading.event.content == Text("ab")


# ---- kinds


def test_unknown_kind(as_json):
	reading = connector.read(as_json({"type": "Telepathy", "event": {"JID": "1@lid"}}))

	assert reading.event == UnknownEvent("Telepathy")
	assert reading.kind == "Telepathy"


def test_a_payload_that_is_none_of_ours():
	for payload in ("", "[]", "{", "{}", "[" * 100_000):
		assert connector.parse(payload) == UnknownEvent("")


@pytest.mark.parametrize(
	("kind", "event"),
	[
		("Message", {}),
		("Message", {"Info": {"ID": "A1"}, "Message": {"conversation": "hi"}}),
		("Message", {"Info": {"Chat": "1@lid"}, "Message": {"conversation": "hi"}}),
		("UndecryptableMessage", {"Info": {"ID": "A1", "Chat": "nobody"}}),
		("ReadReceipt", {"Chat": "1@lid", "MessageIDs": []}),
		("ReadReceipt", {"MessageIDs": ["A1"]}),
		("ChatPresence", {"State": "composing"}),
		("CallOffer", {"CallID": "C1"}),
		("CallOffer", {"From": "1@lid"}),
	],
)
def test_an_event_without_what_makes_it_one(as_json, kind, event):
	found = connector.read(as_json({"type": kind, "event": event})).event

	assert found == UnknownEvent(kind, is_message="Message" in kind)


def test_the_payloads_own_token_is_told_and_not_kept(message_hook, as_json):
	"""Releases until November 2025 put the user's token into every payload."""
	reading = connector.read(as_json(message_hook({"conversation": "Hello"}, token="Fictional-Token")))
	assert reading.token == "Fictional-Token"
	assert "Fictional-Token" not in reading.payload
	assert connector.read(as_json(message_hook({"conversation": "Hello"}))).token == ""
