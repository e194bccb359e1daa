"""Files that did not come with their webhook: fetched by ticket."""

from __future__ import annotations

import base64
import json

import pytest
import requests

from wuzapi_chatwoot.bridge.model.content import Media, MediaKind
from wuzapi_chatwoot.bridge.model.errors import Fault, NotFound, Permanent, Retriable
from wuzapi_chatwoot.gateways.wuzapi import connector

CONTENT = b"content"
DATA = base64.b64encode(CONTENT).decode()
KEYS = {"Url": "https://mmg.whatsapp.net/x", "Mimetype": "image/jpeg", "MediaKey": "bWs=", "FileLength": 7}
URL = "https://cdn.example.com/a.jpg"


def _media(**ticket) -> Media:
	return Media(MediaKind.IMAGE, "image/jpeg", ticket=json.dumps(ticket))


def test_download(expect, http, gateway):
	answer = {"data": {"Mimetype": "image/jpeg", "Data": f"data:image/jpeg;base64,{DATA}"}}
	expect("POST", "/chat/downloadimage", KEYS, answer=answer)

	assert gateway.download(_media(endpoint="/chat/downloadimage", body=KEYS)) == CONTENT
	assert http.calls[0].request.req_kwargs["timeout"] == (5.0, 120.0)


def test_a_ticket_made_from_a_webhook(expect, gateway, payloads, as_json):
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
	expect("POST", "/chat/downloaddocument", body, answer=answer)

	assert gateway.download(connector.read(as_json(hook)).event.content) == CONTENT


def test_download_of_an_empty_file(expect, gateway):
	expect("POST", "/chat/downloadimage", KEYS, answer={"data": {"Data": "data:image/jpeg;base64,"}})

	assert gateway.download(_media(endpoint="/chat/downloadimage", body=KEYS)) == b""


@pytest.mark.parametrize("data", [{}, {"Data": ""}, {"Data": "data:image/jpeg;base64,%%"}, {"Data": 5}])
def test_download_without_a_readable_file(expect, gateway, data):
	expect("POST", "/chat/downloadimage", KEYS, answer={"data": data})

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
def test_download_from_whatsapp_when_s3_fails(expect, http, gateway, failing):
	http.get(URL, **failing)
	answer = {"data": {"Data": f"data:image/jpeg;base64,{DATA}"}}
	expect("POST", "/chat/downloadimage", KEYS, answer=answer)

	assert gateway.download(_media(url=URL, endpoint="/chat/downloadimage", body=KEYS)) == CONTENT


@pytest.mark.parametrize(
	("status", "kind", "reason"),
	[
		(403, NotFound, "The gateway's storage does not give out this file"),
		(404, NotFound, "The gateway's storage does not give out this file"),
		(500, Retriable, "The gateway's storage reports an error"),
		(503, Retriable, "The gateway's storage reports an error"),
	],
)
def test_s3_is_all_there_is(http, gateway, status, kind, reason):
	http.get(URL, status=status)

	with pytest.raises(kind) as raised:
		gateway.download(_media(url=URL))

	assert (raised.value.reason, raised.value.detail) == (reason, f"HTTP {status}")
	assert getattr(raised.value, "fault", Fault.REQUEST) is Fault.REQUEST


def test_a_file_that_is_too_large(expect, http, gateway):
	http.get(URL, body=b"x" * 1001)
	data = base64.b64encode(b"x" * 1001).decode()
	answer = {"data": {"Data": f"data:image/jpeg;base64,{data}"}}
	expect("POST", "/chat/downloadimage", KEYS, answer=answer)

	with pytest.raises(Permanent, match=r"larger than the 1\.0 kB that are allowed"):
		gateway.download(_media(url=URL, endpoint="/chat/downloadimage", body=KEYS))


def test_an_address_for_s3_that_is_none(gateway):
	with pytest.raises(Permanent, match="no usable address"):
		gateway.download(_media(url="file:///etc/passwd"))


@pytest.mark.parametrize("code", [403, 404, 410])
def test_media_that_whatsapp_no_longer_has(expect, gateway, code):
	error = f"failed to download image: download failed with status code {code}"
	expect(
		"POST",
		"/chat/downloadimage",
		KEYS,
		answer={"code": 500, "error": error, "success": False},
		status=500,
	)

	with pytest.raises(Permanent, match="WhatsApp no longer has this file"):
		gateway.download(_media(endpoint="/chat/downloadimage", body=KEYS))
