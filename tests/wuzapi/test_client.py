"""The gateway's client: exactly these requests go out, and this is what answers become."""

from __future__ import annotations

import base64
import json

import pytest
import requests
import responses
from responses import matchers
from urllib3.exceptions import (
	MaxRetryError,
	NameResolutionError,
	NewConnectionError,
	ProtocolError,
	ReadTimeoutError,
)

from wuzapi_chatwoot.bridge.addresses import Address
from wuzapi_chatwoot.bridge.content import Media, MediaKind
from wuzapi_chatwoot.bridge.errors import BridgeError, Fault, NotFound, Permanent, Retriable, Uncertain
from wuzapi_chatwoot.bridge.ports import Gateway, OutgoingFile
from wuzapi_chatwoot.bridge.records import Secret, Session
from wuzapi_chatwoot.wuzapi import WuzapiGateway, connector, pooled_http

BASE = "http://gateway.test:8080"
TOKEN = "front-desk-token"
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
DATA = base64.b64encode(CONTENT).decode()
KEYS = {"Url": "https://mmg.whatsapp.net/x", "Mimetype": "image/jpeg", "MediaKey": "bWs=", "FileLength": 7}
URL = "https://cdn.example.com/a.jpg"


@pytest.fixture
def http():
	with responses.RequestsMock() as mock:
		yield mock


@pytest.fixture
def gateway() -> Gateway:
	session = Session(
		name="front desk",
		gateway_url=f" {BASE}/ ",
		gateway_token=Secret(f"{TOKEN}\n"),
		chatwoot_url="http://chatwoot.test",
		chatwoot_token=Secret("x"),
		account_id=1,
		inbox_id=1,
		largest_file=1000,
	)
	return WuzapiGateway(session, pooled_http())


def _expect(http, method, path, body=None, *, query=None, answer=SENT, status=200):
	match = [matchers.header_matcher({"token": TOKEN}), matchers.query_param_matcher(query or {})]
	match.append(matchers.json_params_matcher(body) if body is not None else _no_body)
	http.add(method, BASE + path, json=answer, status=status, match=match)


def _no_body(request):
	return request.body is None, "a body where none belongs"


def _timeout(http) -> tuple[float, float]:
	return http.calls[0].request.req_kwargs["timeout"]


def _media(**ticket) -> Media:
	return Media(MediaKind.IMAGE, "image/jpeg", ticket=json.dumps(ticket))


# ---- requests


def test_send_text(http, gateway):
	_expect(http, "POST", "/chat/send/text", {"Phone": TO, "Body": "We open at nine", "Id": ID})

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
def test_send_file(http, gateway, mime_type, path, body):
	_expect(http, "POST", path, {"Phone": TO, "Id": ID, **body})

	gateway.send_file(ANA, OutgoingFile(CONTENT, mime_type, "a.pdf"), ID, "Look")

	assert _timeout(http) == (5.0, 90.0)


def test_send_sticker(http, gateway):
	body = {"Phone": TO, "Id": ID, "Sticker": f"data:image/webp;base64,{DATA}"}
	_expect(http, "POST", "/chat/send/sticker", body)

	gateway.send_sticker(ANA, OutgoingFile(CONTENT, "image/webp", "smile.webp"), ID)


def test_mark_read(http, gateway):
	body = {"Id": ["A1", "A2"], "ChatPhone": str(GROUP), "SenderPhone": TO}
	_expect(http, "POST", "/chat/markread", body, answer={"data": {"Details": "Message(s) marked as read"}})

	gateway.mark_read(GROUP, ["A1", "A2"], ANA)


def test_nothing_to_mark_read(http, gateway):
	gateway.mark_read(ANA, [], ANA)


def test_group_name(http, gateway):
	query = {"groupJID": str(GROUP)}
	_expect(
		http, "GET", "/group/info", query=query, answer={"data": {"JID": str(GROUP), "Name": "Example group"}}
	)

	assert gateway.group_name(GROUP) == "Example group"


@pytest.mark.parametrize("data", [{}, {"Name": ""}, {"Name": None}, None, []])
def test_group_without_a_name(http, gateway, data):
	_expect(http, "GET", "/group/info", query={"groupJID": str(GROUP)}, answer={"data": data})

	assert gateway.group_name(GROUP) is None


@pytest.mark.parametrize("words", [("connected", "loggedIn"), ("Connected", "LoggedIn")])
def test_check(http, gateway, words):
	_expect(http, "GET", "/session/status", answer={"data": dict.fromkeys(words, True)})

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
def test_check_finds_whatsapp_away(http, gateway, data, reason):
	_expect(http, "GET", "/session/status", answer={"data": {"token": TOKEN, **data}})

	with pytest.raises(Retriable) as raised:
		gateway.check()

	assert (raised.value.reason, raised.value.fault, raised.value.detail) == (reason, Fault.UNREACHABLE, "")


# ---- downloads


def test_download(http, gateway):
	answer = {"data": {"Mimetype": "image/jpeg", "Data": f"data:image/jpeg;base64,{DATA}"}}
	_expect(http, "POST", "/chat/downloadimage", KEYS, answer=answer)

	assert gateway.download(_media(endpoint="/chat/downloadimage", body=KEYS)) == CONTENT
	assert _timeout(http) == (5.0, 120.0)


def test_a_ticket_made_from_a_webhook(http, gateway, payloads, as_json):
	hook = (payloads / "message-document.json").read_bytes()
	sent = json.loads(hook)["event"]["Message"]["documentMessage"]
	body = {
		"Url": sent["URL"],
		"DirectPath": sent["directPath"],
		"Mimetype": "application/pdf",
		"MediaKey": sent["mediaKey"],
		"FileEncSHA256": sent["fileEncSHA256"],
		"FileSHA256": sent["fileSHA256"],
		"FileLength": 36,
	}
	answer = {"data": {"Data": f"data:application/pdf;base64,{DATA}"}}
	_expect(http, "POST", "/chat/downloaddocument", body, answer=answer)

	assert gateway.download(connector.read(as_json(hook)).event.content) == CONTENT


@pytest.mark.parametrize("data", [{}, {"Data": ""}, {"Data": "data:image/jpeg;base64,%%"}, {"Data": 5}])
def test_download_without_a_readable_file(http, gateway, data):
	_expect(http, "POST", "/chat/downloadimage", KEYS, answer={"data": data})

	with pytest.raises(Retriable, match="holds no readable file") as raised:
		gateway.download(_media(endpoint="/chat/downloadimage", body=KEYS))

	assert raised.value.fault is Fault.UNWELL


@pytest.mark.parametrize(
	"ticket",
	[
		None,
		"",
		"x",
		"[]",
		"{}",
		'{"endpoint":"/admin/users","body":{}}',
		'{"endpoint":"/chat/downloadimage"}',
	],
)
def test_no_ticket_of_ours(http, gateway, ticket):
	with pytest.raises(Permanent, match="does not say where its file is"):
		gateway.download(Media(MediaKind.IMAGE, "image/jpeg", ticket=ticket))


def test_download_from_s3_does_not_tell_our_token(http, gateway):
	http.get(URL, body=CONTENT)

	assert gateway.download(_media(url=URL, endpoint="/chat/downloadimage", body=KEYS)) == CONTENT
	assert "token" not in http.calls[0].request.headers


@pytest.mark.parametrize(
	"failing",
	[
		{"status": 403},
		{"status": 302, "headers": {"location": "http://10.0.0.1/"}},
		{"body": requests.ConnectTimeout()},
	],
)
def test_download_from_whatsapp_when_s3_fails(http, gateway, failing):
	http.get(URL, **failing)
	answer = {"data": {"Data": f"data:image/jpeg;base64,{DATA}"}}
	_expect(http, "POST", "/chat/downloadimage", KEYS, answer=answer)

	assert gateway.download(_media(url=URL, endpoint="/chat/downloadimage", body=KEYS)) == CONTENT


def test_s3_is_all_there_is(http, gateway):
	http.get(URL, status=404)

	with pytest.raises(NotFound):
		gateway.download(_media(url=URL))


def test_a_file_that_is_too_large(http, gateway):
	http.get(URL, body=b"x" * 1001)
	data = base64.b64encode(b"x" * 1001).decode()
	answer = {"data": {"Data": f"data:image/jpeg;base64,{data}"}}
	_expect(http, "POST", "/chat/downloadimage", KEYS, answer=answer)

	with pytest.raises(Permanent, match="larger than the 1000 bytes that are allowed"):
		gateway.download(_media(url=URL, endpoint="/chat/downloadimage", body=KEYS))


def test_an_address_for_s3_that_is_none(gateway):
	with pytest.raises(Retriable, match="not valid"):
		gateway.download(_media(url="file:///etc/passwd"))


# ---- failures


def _failing_send(http, gateway) -> BridgeError:
	with pytest.raises(BridgeError) as raised:
		gateway.send_text(ANA, "a confidential sentence", ID)
	_says_nothing_secret(raised.value)
	return raised.value


def _failing_check(http, gateway) -> BridgeError:
	with pytest.raises(BridgeError) as raised:
		gateway.check()
	_says_nothing_secret(raised.value)
	return raised.value


def _says_nothing_secret(error: BridgeError) -> None:
	assert TOKEN not in str(error)
	assert "confidential" not in str(error)
	assert len(error.detail) <= 200


def _error(text: str) -> dict[str, object]:
	return {"code": 500, "error": text, "success": False}


REFUSED = "The gateway refuses our token"
AWAY = "WhatsApp is not connected on the gateway"
UNCONFIRMED = "WhatsApp did not confirm in time, so it is not known whether the message went out"


@pytest.mark.parametrize(
	("status", "error", "kind", "reason", "fault"),
	[
		(401, "unauthorized", Retriable, REFUSED, Fault.UNREACHABLE),
		(403, "", Retriable, REFUSED, Fault.UNREACHABLE),
		(500, "no session", Retriable, AWAY, Fault.UNREACHABLE),
		(500, "not connected", Retriable, AWAY, Fault.UNREACHABLE),
		(500, "not logged in", Retriable, AWAY, Fault.UNREACHABLE),
		(500, "failed to send: websocket not connected", Retriable, AWAY, Fault.UNREACHABLE),
		(
			500,
			"error sending message: timed out waiting for message send response",
			Uncertain,
			UNCONFIRMED,
			Fault.UNWELL,
		),
		(
			500,
			"error sending message: websocket disconnected before message send returned response",
			Uncertain,
			UNCONFIRMED,
			Fault.UNWELL,
		),
		(
			500,
			"could not decode image for thumbnail preparation: image: unknown format",
			Permanent,
			"The gateway cannot read this picture",
			None,
		),
		(
			500,
			"error sending message: can't send message to unknown server c.us",
			Permanent,
			"WhatsApp knows no such kind of address",
			None,
		),
		(
			500,
			"error sending message: no LID found for 447700900123@s.whatsapp.net from server",
			Permanent,
			"WhatsApp does not know this number",
			None,
		),
		(
			500,
			"error sending message: message recipient must be a user JID with no device part",
			Permanent,
			"The address names a device instead of a person",
			None,
		),
		(500, "server returned error 479", Retriable, "The gateway reports an error", Fault.UNWELL),
		(500, "upload failed with status code 403", Retriable, "The gateway reports an error", Fault.UNWELL),
		(501, "", Retriable, "The gateway reports an error", Fault.UNWELL),
		(502, "", Retriable, "The gateway cannot be reached (HTTP 502)", Fault.UNREACHABLE),
		(503, "", Retriable, "The gateway cannot be reached (HTTP 503)", Fault.UNREACHABLE),
		(504, "", Retriable, "The gateway cannot be reached (HTTP 504)", Fault.UNREACHABLE),
		(
			400,
			"missing Body in Payload",
			Permanent,
			"The gateway refused this: missing Body in Payload",
			None,
		),
		(409, "", Permanent, "The gateway refused this: 409", None),
		(413, "", Permanent, "The file is too large for the gateway", None),
		(404, "", NotFound, "The gateway does not know what was asked for", None),
		(
			302,
			"",
			Retriable,
			"The gateway's address leads elsewhere: enter its final address",
			Fault.UNREACHABLE,
		),
	],
)
def test_failed_sends(http, gateway, status, error, kind, reason, fault):
	http.post(f"{BASE}/chat/send/text", json=_error(error), status=status, headers={"location": "/elsewhere"})

	failure = _failing_send(http, gateway)

	assert type(failure) is kind
	assert failure.reason == reason
	assert getattr(failure, "fault", None) is fault
	assert failure.detail.startswith(f"HTTP {status}: ")
	assert error in failure.detail
	assert len(http.calls) == 1


def test_a_500_that_calls_itself_a_success(http, gateway):
	http.post(f"{BASE}/chat/send/text", json={"code": 500, "success": True}, status=500)

	failure = _failing_send(http, gateway)

	assert isinstance(failure, Retriable)
	assert failure.fault is Fault.UNWELL


@pytest.mark.parametrize("code", [403, 404, 410])
def test_media_that_whatsapp_no_longer_has(http, gateway, code):
	error = f"failed to download image: download failed with status code {code}"
	_expect(http, "POST", "/chat/downloadimage", KEYS, answer=_error(error), status=500)

	with pytest.raises(Permanent, match="WhatsApp no longer has this file"):
		gateway.download(_media(endpoint="/chat/downloadimage", body=KEYS))


@pytest.mark.parametrize(("header", "pause"), [("7", 7.0), ("soon", None), (None, None)])
def test_a_proxy_that_asks_for_a_pause(http, gateway, header, pause):
	http.post(f"{BASE}/chat/send/text", status=429, headers={"retry-after": header} if header else {})

	failure = _failing_send(http, gateway)

	assert isinstance(failure, Retriable)
	assert (failure.retry_after, failure.rate_limited) == (pause, True)


@pytest.mark.parametrize("body", [b"<html>Welcome</html>", b"", b"[]", b"\xff"])
def test_a_200_that_is_not_wuzapis(http, gateway, body):
	http.post(f"{BASE}/chat/send/text", body=body)
	http.get(f"{BASE}/session/status", body=body)

	assert isinstance(_failing_send(http, gateway), Uncertain)
	failure = _failing_check(http, gateway)
	assert isinstance(failure, Retriable)
	assert failure.reason == "What answered is not WuzAPI: check the gateway's address"


def test_the_token_is_taken_out_of_what_a_proxy_says(http, gateway):
	http.post(f"{BASE}/chat/send/text", status=500, body=f"bad header token: {TOKEN} " + "x" * 5000)

	assert _failing_send(http, gateway).detail.startswith("HTTP 500: bad header token: *** xxx")


def _connection_error(reason: Exception) -> requests.ConnectionError:
	return requests.ConnectionError(MaxRetryError(None, "/", reason))  # type: ignore[arg-type]


NEVER_SENT = [
	requests.ConnectTimeout("connect timed out"),
	_connection_error(NewConnectionError(None, "[Errno 111] Connection refused")),
	_connection_error(NameResolutionError("gateway.test", None, OSError("unknown"))),
	requests.exceptions.SSLError("certificate verify failed"),
	requests.exceptions.ProxyError("no proxy"),
]
PERHAPS_SENT = [
	requests.ReadTimeout("read timed out"),
	requests.ConnectionError(ProtocolError("Connection aborted.", ConnectionResetError(104, "reset"))),
	requests.ConnectionError(ReadTimeoutError(None, "/", "Read timed out.")),
	requests.exceptions.ChunkedEncodingError("broken"),
	requests.ConnectionError("who knows"),
	ProtocolError("broken"),
]


@pytest.mark.parametrize("error", NEVER_SENT, ids=repr)
def test_what_never_reached_the_gateway(http, gateway, error):
	http.post(f"{BASE}/chat/send/text", body=error)

	failure = _failing_send(http, gateway)

	assert type(failure) is Retriable
	assert (failure.reason, failure.fault) == ("The gateway cannot be reached", Fault.UNREACHABLE)


@pytest.mark.parametrize("error", PERHAPS_SENT, ids=repr)
def test_what_may_have_reached_the_gateway(http, gateway, error):
	http.post(f"{BASE}/chat/send/text", body=error)
	http.get(f"{BASE}/session/status", body=error)

	failure = _failing_send(http, gateway)
	assert type(failure) is Uncertain
	assert failure.reason == "The gateway did not answer, so it is not known whether it did its work"
	assert failure.fault is Fault.UNREACHABLE

	# What changes nothing may simply be asked again.
	assert type(_failing_check(http, gateway)) is Retriable


@pytest.mark.parametrize(
	("url", "token"), [("nonsense", "t"), ("http://[x", "t"), ("", "t"), (BASE, "a\nb"), (BASE, "€")]
)
def test_settings_that_cannot_work(url, token):
	session = Session("s", url, Secret(token), "", Secret(""), 1, 1)

	with pytest.raises(Retriable) as raised:
		WuzapiGateway(session).check()

	assert raised.value.reason == "The gateway's address or token is not valid"
	assert url not in raised.value.detail or not url


def test_connections_are_pooled_and_no_cookies_kept(http):
	http.get(BASE, headers={"set-cookie": "a=1"})
	shared = pooled_http()

	shared.get(BASE)

	assert shared.get_adapter(BASE)._pool_maxsize >= 64
	assert len(shared.cookies) == 0
