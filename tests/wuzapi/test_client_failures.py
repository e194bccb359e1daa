"""What a failed call means: retriable, uncertain or permanent, in words for people and without secrets."""

from __future__ import annotations

import pytest
import requests
from urllib3.exceptions import (
	MaxRetryError,
	NameResolutionError,
	NewConnectionError,
	ProtocolError,
	ReadTimeoutError,
)

from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.content import Media, MediaKind
from wuzapi_chatwoot.bridge.model.errors import (
	BridgeError,
	Fault,
	NewChatRefused,
	NotFound,
	Permanent,
	Retriable,
	Uncertain,
)
from wuzapi_chatwoot.bridge.model.records import Secret, Session
from wuzapi_chatwoot.gateways.wuzapi import WuzapiGateway

BASE = "http://gateway.test:8080"
TOKEN = "front-desk-token"
ANA = Address("447700900123", "s.whatsapp.net")
ID = "3EB0A1B2C3D4E5F6A7B8C9"


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


def _error(text: str, status: int = 500) -> dict[str, object]:
	return {"code": status, "error": text, "success": False}


REFUSED = "The gateway refuses our token"
AWAY = "WhatsApp is not connected on the gateway"
UNPAIRED = "The number is not paired on the gateway: pair it with the phone"
NO_PAIR_YET = "The gateway cannot encrypt this message for its recipient yet"
UNCONFIRMED = "WhatsApp did not confirm in time, so it is not known whether the message went out"


@pytest.mark.parametrize(
	("status", "error", "kind", "reason", "fault"),
	[
		(401, "unauthorized", Retriable, REFUSED, Fault.UNREACHABLE),
		(403, "", Retriable, REFUSED, Fault.UNREACHABLE),
		(500, "no session", Retriable, AWAY, Fault.UNREACHABLE),
		(500, "not connected", Retriable, AWAY, Fault.UNREACHABLE),
		(500, "not logged in", Retriable, UNPAIRED, Fault.UNREACHABLE),
		(
			500,
			"error sending message: the store doesn't contain a device JID",
			Retriable,
			UNPAIRED,
			Fault.UNREACHABLE,
		),
		(500, "failed to upload file: websocket not connected", Retriable, AWAY, Fault.UNREACHABLE),
		(
			500,
			"Error sending message: failed to get device list: websocket disconnected before info query returned response",
			Retriable,
			AWAY,
			Fault.UNREACHABLE,
		),
		(500, "failure marking messages as read", Retriable, AWAY, Fault.UNREACHABLE),
		(500, "failure sending chat presence to Whatsapp servers", Retriable, AWAY, Fault.UNREACHABLE),
		(500, "failed to send: websocket not connected", Retriable, AWAY, Fault.UNREACHABLE),
		(
			500,
			"error sending message: timed out waiting for message send response",
			Uncertain,
			UNCONFIRMED,
			Fault.UNANSWERED,
		),
		(
			500,
			"error sending message: websocket disconnected before message send returned response",
			Uncertain,
			UNCONFIRMED,
			Fault.UNANSWERED,
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
		(
			500,
			"error sending message: server returned error 463",
			NewChatRefused,
			"WhatsApp does not let this number start new chats at the moment",
			None,
		),
		(
			500,
			"server returned error 479",
			Retriable,
			"WhatsApp did not accept this message for its recipient (error 479)",
			Fault.REQUEST,
		),
		(
			500,
			"error sending message: server returned error 403",
			Permanent,
			"WhatsApp did not accept this message (error 403). Check the number, or send again",
			None,
		),
		(
			500,
			"error sending message: server returned error 404",
			Permanent,
			"WhatsApp did not accept this message (error 404). Check the number, or send again",
			None,
		),
		(
			500,
			"error sending message: server returned error 503",
			Retriable,
			"WhatsApp reports an error (503)",
			Fault.UNWELL,
		),
		(
			500,
			"error sending message: server returned error 429",
			Retriable,
			"WhatsApp asks this number for a pause",
			Fault.UNREACHABLE,
		),
		(
			500,
			"error sending message: failed to get group members: you're not participating in that group",
			Permanent,
			"This number is no longer in the group",
			None,
		),
		(
			500,
			"error sending message: can't encrypt message for device: no signal session established with 1:2",
			Retriable,
			NO_PAIR_YET,
			Fault.REQUEST,
		),
		(
			500,
			'failed to convert image sticker to webp: exec: "ffmpeg": executable file not found in $PATH',
			Permanent,
			"The gateway has no ffmpeg, which it needs for this sticker or sound",
			None,
		),
		(
			500,
			"upload failed with status code 403",
			Retriable,
			"WhatsApp does not take this file",
			Fault.REQUEST,
		),
		(500, "something that nobody has heard of", Retriable, "The gateway reports an error", Fault.UNWELL),
		(501, "", Retriable, "The gateway reports an error", Fault.UNWELL),
		(408, "", Retriable, "The gateway cannot be reached (HTTP 408)", Fault.UNANSWERED),
		(502, "", Retriable, "The gateway cannot be reached (HTTP 502)", Fault.UNANSWERED),
		(503, "", Retriable, "The gateway cannot be reached (HTTP 503)", Fault.UNANSWERED),
		(504, "", Retriable, "The gateway cannot be reached (HTTP 504)", Fault.UNANSWERED),
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
	http.post(
		f"{BASE}/chat/send/text",
		json=_error(error, status),
		status=status,
		headers={"location": "/elsewhere"},
	)

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


@pytest.mark.parametrize(
	"status", [400, 401, 403, 404, 405, 406, 407, 409, 410, 415, 418, 421, 423, 425, 431, 451]
)
@pytest.mark.parametrize("page", ["<html>Not so fast</html>", "404 page not found\n", ""])
def test_a_page_of_somebody_else_ends_no_message(http, gateway, status, page):
	http.post(f"{BASE}/chat/send/text", body=page, status=status)

	failure = _failing_send(http, gateway)

	assert type(failure) is Retriable
	assert failure.reason == "What answered is not WuzAPI: check the gateway's address"
	assert failure.fault is Fault.UNANSWERED


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 422])
@pytest.mark.parametrize(
	"body",
	[
		{"error": "blocked"},
		{"message": "no Route matched with those values"},
		{"success": False, "errors": [{"code": 1020, "message": "Access denied"}]},
		{"code": 1020, "error": "Access denied", "success": False},
		{"code": "blocked", "message": "no"},
	],
)
def test_json_of_somebody_else_ends_no_message(http, gateway, status, body):
	http.post(f"{BASE}/chat/send/text", json=body, status=status)

	failure = _failing_send(http, gateway)

	assert type(failure) is Retriable
	assert failure.reason == "What answered is not WuzAPI: check the gateway's address"
	assert failure.fault is Fault.UNANSWERED


_TICKET = '{"endpoint": "/chat/downloadimage", "body": {"MediaKey": "bWs="}}'
BROKEN = "WhatsApp's copy of this file is damaged"


@pytest.mark.parametrize(
	("error", "reason"),
	[
		("failed to download image invalid media hmac", BROKEN),
		("failed to download image hash of media ciphertext doesn't match", BROKEN),
		("failed to download document file too short", BROKEN),
		(
			"failed to download document failed to decrypt file: ciphertext isn't a multiple of block size: 3 / 16",
			BROKEN,
		),
		("failed to download video download failed with status code 410", "WhatsApp no longer has this file"),
	],
)
def test_a_file_that_nobody_can_read(http, gateway, error, reason):
	http.post(f"{BASE}/chat/downloadimage", json=_error(error), status=500)

	with pytest.raises(Permanent) as raised:
		gateway.download(Media(MediaKind.IMAGE, "image/jpeg", ticket=_TICKET))

	assert raised.value.reason == reason


@pytest.mark.parametrize(
	("header", "pause"),
	[
		("7", 7.0),
		("soon", None),
		(None, None),
		("86400", 300.0),
		("9" * 12, 300.0),
		("9" * 5000, 300.0),
		("0", None),
	],
)
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
	requests.exceptions.SSLError("broken off"),
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
	assert failure.fault is Fault.UNANSWERED

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
