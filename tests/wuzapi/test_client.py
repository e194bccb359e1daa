"""The gateway's client: exactly these requests go out."""

from __future__ import annotations

import base64

import pytest

from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.errors import Fault, Retriable
from wuzapi_chatwoot.bridge.ports.gateway import OutgoingFile
from wuzapi_chatwoot.gateways.wuzapi import pooled_http
from wuzapi_chatwoot.gateways.wuzapi.client.group_admins import GroupAdmins

ANA = Address("447700900123", "s.whatsapp.net")
GROUP = Address("120363000000000001", "g.us")
TO = "447700900123@s.whatsapp.net"
ID = "3EB0A1B2C3D4E5F6A7B8C9"
SENT = {
	"code": 200,
	"data": {"Details": "Sent", "Id": ID, "Timestamp": 1773483700},
	"success": True,
}
CONTENT = b"content"
URL = "http://gateway.test:8080"
DATA = base64.b64encode(CONTENT).decode()


def _timeout(http) -> tuple[float, float]:
	return http.calls[0].request.req_kwargs["timeout"]


def test_send_text(expect, http, gateway):
	expect("POST", "/chat/send/text", {"Phone": TO, "Body": "We open at nine", "Id": ID}, answer=SENT)

	gateway.send_text(ANA, "We open at nine", ID)

	# Longer than the 75 s for which WuzAPI waits for WhatsApp.
	assert _timeout(http) == (5.0, 90.0)


@pytest.mark.parametrize(
	("mime_type", "path", "body"),
	[
		("image/png", "/chat/send/image", {"Image": f"data:image/png;base64,{DATA}", "Caption": "Look"}),
		("video/mp4", "/chat/send/video", {"Video": f"data:video/mp4;base64,{DATA}", "Caption": "Look"}),
		(
			"audio/ogg; codecs=opus",
			"/chat/send/audio",
			{"Audio": f"data:audio/ogg;base64,{DATA}", "ptt": True, "mimetype": "audio/ogg; codecs=opus"},
		),
		(
			"application/pdf",
			"/chat/send/document",
			{
				"Document": f"data:application/octet-stream;base64,{DATA}",
				"FileName": "a.pdf",
				"MimeType": "application/pdf",
				"Caption": "Look",
			},
		),
	],
)
def test_send_file(expect, http, gateway, mime_type, path, body):
	expect("POST", path, {"Phone": TO, "Id": ID, **body}, answer=SENT)

	gateway.send_file(ANA, OutgoingFile(CONTENT, mime_type, "a.pdf"), ID, "Look")

	assert _timeout(http) == (5.0, 90.0)


def test_send_sticker(expect, gateway):
	body = {"Phone": TO, "Id": ID, "Sticker": f"data:image/webp;base64,{DATA}"}
	expect("POST", "/chat/send/sticker", body, answer=SENT)

	gateway.send_sticker(ANA, OutgoingFile(CONTENT, "image/webp", "smile.webp"), ID)


def test_mark_read(expect, gateway):
	body = {"Id": ["A1", "A2"], "ChatPhone": str(GROUP), "SenderPhone": TO}
	expect("POST", "/chat/markread", body, answer={"data": {"Details": "Message(s) marked as read"}})

	gateway.mark_read(GROUP, ["A1", "A2"], ANA)


def test_nothing_to_mark_read(http, gateway):
	gateway.mark_read(ANA, [], ANA)


def test_group_name(expect, gateway):
	query = {"groupJID": str(GROUP)}
	expect("GET", "/group/info", query=query, answer={"data": {"JID": str(GROUP), "Name": "Example group"}})

	assert gateway.group_name(GROUP) == "Example group"


def participants(*admins):
	people = (("333300003333000@lid", "447700900456@s.whatsapp.net"), ("222200002222000@lid", ""))
	return {
		"Participants": [
			{"JID": lid, "LID": lid, "PhoneNumber": phone, "IsAdmin": lid in admins, "IsSuperAdmin": False}
			for lid, phone in people
		]
	}


def test_group_administrators_are_known_by_every_address_and_asked_for_again_after_minutes(
	expect, new_gateway
):
	query = {"groupJID": str(GROUP)}
	seconds = [1000.0]
	gateway = new_gateway(group_admins=GroupAdmins(lambda: seconds[0]))
	ben, ben_phone, ana = (
		Address.parse(text)
		for text in ("333300003333000@lid", "447700900456@s.whatsapp.net", "222200002222000@lid")
	)

	def ask(*who, fresh=()):
		if fresh:
			expect("GET", "/group/info", query=query, answer={"data": participants(*fresh)})
		return gateway.is_group_admin(GROUP, who)

	assert ask(ben_phone, fresh=("333300003333000@lid",))
	assert ask(ben)
	# A no is asked for again soon, a yes after minutes.
	assert not ask(ana)
	seconds[0] += 11
	assert ask(ana, fresh=("222200002222000@lid",))
	seconds[0] += 299
	assert ask(ana)
	seconds[0] += 2
	assert not ask(ana, fresh=("333300003333000@lid",))
	assert not ask(ana)


@pytest.mark.parametrize("data", [{}, {"Name": ""}, {"Name": None}, None, []])
def test_group_without_a_name(expect, gateway, data):
	expect("GET", "/group/info", query={"groupJID": str(GROUP)}, answer={"data": data})

	assert gateway.group_name(GROUP) is None


@pytest.mark.parametrize("words", [("connected", "loggedIn"), ("Connected", "LoggedIn")])
def test_check(expect, gateway, words):
	expect("GET", "/session/status", answer={"data": dict.fromkeys(words, True)})

	gateway.check()


@pytest.mark.parametrize(
	("data", "reason"),
	[
		({"connected": False, "loggedIn": False}, "WhatsApp is not connected on the gateway"),
		({}, "WhatsApp is not connected on the gateway"),
		(
			{"connected": True, "loggedIn": False},
			"The number is not logged in to WhatsApp: pair it with the phone",
		),
	],
)
def test_check_finds_whatsapp_away(expect, gateway, data, reason):
	expect("GET", "/session/status", answer={"data": {"token": "front-desk-token", **data}})

	with pytest.raises(Retriable) as raised:
		gateway.check()

	assert (raised.value.reason, raised.value.fault, raised.value.detail) == (reason, Fault.UNREACHABLE, "")


def test_connections_are_pooled_and_no_cookies_kept(http):
	http.get(URL, headers={"set-cookie": "a=1"})
	shared = pooled_http()

	shared.get(URL)

	assert shared.get_adapter(URL)._pool_maxsize >= 64
	assert len(shared.cookies) == 0
