"""The gateway's client: the calls for the further kinds, and what their failures mean."""

from __future__ import annotations

import base64

import pytest
import requests

from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.content import ContactCard, Location
from wuzapi_chatwoot.bridge.model.errors import Fault, NotFound, Permanent, Retriable, Uncertain
from wuzapi_chatwoot.bridge.ports.gateway import Gateway, OutgoingFile, Reply, VoiceNote

BASE = "http://gateway.test:8080"
ANA = Address("447700900123", "s.whatsapp.net")
TO = "447700900123@s.whatsapp.net"
ID = "3EB0A1B2C3D4E5F6A7B8C9"
DATA = base64.b64encode(b"content").decode()
SENT = {"code": 200, "data": {"Details": "Sent", "Id": ID, "Timestamp": 1773483700}, "success": True}
REPLY = Reply("3A01", ANA, "Is it open?")
QUOTE = {
	"ContextInfo": {"StanzaID": "3A01", "Participant": TO},
	"QuotedMessage": {"conversation": "Is it open?"},
}
FILE = OutgoingFile(b"content", "image/webp", "a.webp")
NOTE = VoiceNote(b"content", 7, bytes([0, 100]))

SENDS = {
	"text": (
		lambda gateway: gateway.send_text(ANA, "Yes", ID, REPLY),
		"/chat/send/text",
		{
			"Phone": TO,
			"Id": ID,
			"Body": "Yes",
			"ContextInfo": QUOTE["ContextInfo"],
			"QuotedText": "Is it open?",
		},
		90.0,
	),
	"file": (
		lambda gateway: gateway.send_file(ANA, FILE, ID, "Look", REPLY),
		"/chat/send/image",
		{"Phone": TO, "Id": ID, "Image": f"data:image/webp;base64,{DATA}", "Caption": "Look", **QUOTE},
		90.0,
	),
	"voice": (
		lambda gateway: gateway.send_voice(ANA, NOTE, ID, REPLY),
		"/chat/send/audio",
		{
			"Phone": TO,
			"Id": ID,
			"Audio": f"data:audio/ogg;base64,{DATA}",
			"ptt": True,
			"mimetype": "audio/ogg; codecs=opus",
			"Seconds": 7,
			"Waveform": [0, 100],
			**QUOTE,
		},
		90.0,
	),
	"sticker": (
		lambda gateway: gateway.send_sticker(ANA, FILE, ID, REPLY),
		"/chat/send/sticker",
		{"Phone": TO, "Id": ID, "Sticker": f"data:image/webp;base64,{DATA}", **QUOTE},
		90.0,
	),
	"location": (
		lambda gateway: gateway.send_location(ANA, Location(51.5, -0.1, "Wheel"), ID, REPLY),
		"/chat/send/location",
		{"Phone": TO, "Id": ID, "Latitude": 51.5, "Longitude": -0.1, "Name": "Wheel", **QUOTE},
		90.0,
	),
	"contact": (
		lambda gateway: gateway.send_contact(ANA, ContactCard("Cara", "BEGIN:VCARD"), ID, REPLY),
		"/chat/send/contact",
		{"Phone": TO, "Id": ID, "Name": "Cara", "Vcard": "BEGIN:VCARD", **QUOTE},
		90.0,
	),
	"react": (
		lambda gateway: gateway.react(ANA, "3A01", "👍", ANA),
		"/chat/react",
		{"Phone": TO, "Body": "👍", "Id": "3A01"},
		90.0,
	),
	"revoke": (
		lambda gateway: gateway.revoke(ANA, ID),
		"/chat/delete",
		{"Phone": TO, "Id": ID},
		90.0,
	),
	"typing": (
		lambda gateway: gateway.show_typing(ANA, True),
		"/chat/presence",
		{"Phone": TO, "State": "composing", "Media": ""},
		30.0,
	),
}
each_send = pytest.mark.parametrize(("send", "path", "body", "seconds"), SENDS.values(), ids=SENDS)


def test_it_is_a_gateway(gateway):
	port: Gateway = gateway
	assert all(callable(getattr(port, name)) for name in dir(Gateway) if not name.startswith("_"))


@each_send
def test_requests(expect, http, gateway, send, path, body, seconds):
	expect("POST", path, body, answer=SENT)

	send(gateway)

	assert http.calls[0].request.req_kwargs["timeout"] == (5.0, seconds)


@each_send
@pytest.mark.parametrize(
	("failing", "kind"),
	[
		({"body": requests.ReadTimeout()}, Uncertain),
		({"body": requests.ConnectTimeout()}, Retriable),
		({"status": 200, "body": "<html>"}, Uncertain),
		(
			{
				"status": 400,
				"json": {"code": 400, "error": "missing Participant in ContextInfo", "success": False},
			},
			Permanent,
		),
		({"status": 404, "json": {"code": 404, "error": "unknown", "success": False}}, NotFound),
		({"status": 500, "json": {"error": "no session"}}, Retriable),
		(
			{
				"status": 500,
				"json": {"error": "error sending message: timed out waiting for message send response"},
			},
			Uncertain,
		),
		({"status": 500, "json": {"error": "error sending message: no LID found for 1@lid"}}, Permanent),
		# Only when a picture was asked for does this say that there is none.
		({"status": 500, "json": {"error": "no avatar found"}}, Retriable),
	],
)
def test_failures(http, gateway, send, path, body, seconds, failing, kind):
	http.post(BASE + path, **failing)

	with pytest.raises(kind) as raised:
		send(gateway)

	assert type(raised.value) is kind
	assert len(http.calls) == 1


def test_a_place_that_cannot_be_sent_is_not_tried(http, gateway):
	with pytest.raises(Permanent, match="cannot be sent"):
		gateway.send_location(ANA, Location(0.0, 9.5), ID)


@pytest.mark.parametrize(
	("jid", "address"),
	[
		("12025550100:12@s.whatsapp.net", Address("12025550100", "s.whatsapp.net")),
		("12025550100@s.whatsapp.net", Address("12025550100", "s.whatsapp.net")),
		("", None),
		(None, None),
	],
)
def test_own_address(expect, gateway, jid, address):
	expect("GET", "/session/status", answer={"data": {"jid": jid, "connected": True, "loggedIn": True}})

	assert gateway.own_address() == address


def test_own_address_of_a_gateway_that_is_away(http, gateway):
	http.get(f"{BASE}/session/status", status=503)

	with pytest.raises(Retriable) as raised:
		gateway.own_address()

	assert raised.value.fault is Fault.UNANSWERED
