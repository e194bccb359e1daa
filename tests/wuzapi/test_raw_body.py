"""Large bodies are taken apart as small ones are, in whatever shape they come, and within limits."""

from __future__ import annotations

import base64
import json
import os
from typing import Any
from urllib.parse import urlencode

import pytest

from wuzapi_chatwoot.bridge.ports.connector import Malformed, Reading, WebhookRequest
from wuzapi_chatwoot.gateways.wuzapi import connector
from wuzapi_chatwoot.gateways.wuzapi.webhook.raw_body import (
	LARGE,
	MOST_FIELDS,
	MOST_PARTS,
	lift_media,
	multipart_parts,
)

FILE = os.urandom(LARGE)
CHAT = "447700900123@s.whatsapp.net"
FORM = "application/x-www-form-urlencoded"


def hook(**more: Any) -> dict[str, Any]:
	info = {"Chat": CHAT, "Sender": CHAT, "ID": "3AFF01", "Timestamp": "2026-03-02T09:00:00Z"}
	message = {"imageMessage": {"mimetype": "image/jpeg", "caption": "Olá + 100 % & “more”"}}
	event = {"Info": info, "Message": message, **more.pop("event", {})}
	return {"base64": base64.b64encode(FILE).decode(), "event": event, "type": "Message", **more}


def read(body: bytes, kind: str) -> Reading:
	return connector.read(WebhookRequest(memoryview(body), {"content-type": kind}))


def as_json(data: dict[str, Any]) -> Reading:
	return read(json.dumps(data).encode(), "application/json")


def as_form(data: dict[str, Any]) -> Reading:
	fields = {"instanceName": "front desk", "jsonData": json.dumps(data, ensure_ascii=False), "userID": "1"}
	return read(urlencode(fields).encode(), FORM)


@pytest.mark.parametrize("shape", [as_json, as_form])
def test_a_large_file_comes_whole_and_leaves_the_payload(shape):
	reading = shape(hook())
	assert reading.media == FILE
	assert reading.event.content.caption == "Olá + 100 % & “more”"
	assert len(reading.payload) < 1000
	assert "lifted" not in reading.payload


def test_who_it_is_from_stands_beside_a_large_field():
	assert as_form(hook()).instance == ("1",)


@pytest.mark.parametrize("key", ["base64", "Base64", "BASE64"])
def test_a_long_text_of_that_name_elsewhere_belongs_to_the_payload(key):
	text = "A" * (LARGE + 4)
	reading = as_json(hook(event={"Extra": {key: text}}))
	assert reading.media == FILE
	assert text in reading.payload


def test_a_text_that_looks_like_the_key_is_a_text():
	looks = '"base64":"' + "A" * LARGE + '"'
	reading = as_json(hook(event={"Extra": looks}))
	assert reading.media == FILE
	assert json.loads(reading.payload)["event"]["Extra"] == looks


@pytest.mark.parametrize("text", ["A" * (LARGE + 1), "!" * LARGE, "=" * LARGE, "A" * LARGE + "\\u0041" * 4])
def test_what_is_no_base64_is_no_file(text):
	body = json.dumps(hook()).replace(base64.b64encode(FILE).decode(), text)
	expected = None if not text.endswith("4" + "1") else base64.b64decode("A" * (LARGE + 4))
	assert read(body.encode(), "application/json").media == expected


def test_no_copy_is_made_of_what_is_lifted():
	body = json.dumps(hook()).encode()
	lifted = lift_media(body)
	[string] = lifted.strings
	assert isinstance(string, memoryview)
	assert string.obj is body
	assert len(lifted.text) < 1000


def test_a_form_of_many_fields_is_refused():
	with pytest.raises(Malformed, match="more than"):
		read(b"&".join(b"a%d=1" % number for number in range(MOST_FIELDS + 1)), FORM)


# ---- multipart


def multipart(*parts: bytes) -> bytes:
	return b"".join(b"--x\r\n" + part + b"\r\n" for part in parts) + b"--x--\r\n"


def field(name: str, content: bytes, more: str = "") -> bytes:
	return f'Content-Disposition: form-data; name="{name}"{more}\r\n\r\n'.encode() + content


def test_a_multipart_body_is_texts_and_one_file():
	body = multipart(
		field("userID", b"1"),
		field("file", b"/a/path"),
		field("file", FILE, '; filename="a.jpg"'),
		field("other", b"not this one", '; filename="b.jpg"'),
		field("userID", b"2"),
	)
	parts = multipart_parts(memoryview(body), "multipart/form-data; boundary=x")
	assert (dict(parts.texts), parts.file) == ({"userID": "1", "file": "/a/path"}, FILE)


def test_bytes_that_look_like_the_boundary_stay_in_the_file():
	content = b"\r\n--y\r\n--" * 1000 + b"\r\n-" + b"\r\n--x-not"[:-8]
	body = multipart(field("file", content, '; filename="a"'))
	assert multipart_parts(body, 'multipart/form-data; boundary="x"').file == content


def test_too_many_parts_are_refused():
	with pytest.raises(Malformed, match="more than"):
		multipart_parts(multipart(*[field("a", b"")] * (MOST_PARTS + 1)), "multipart/form-data; boundary=x")


@pytest.mark.parametrize(
	"body", [b"", b"{}", b"--y\r\n\r\n", b"--x", b"--x\r\n" + b"A" * 100_000, multipart(b"A: " + b"b" * 9000)]
)
def test_what_is_no_multipart_body_is_refused_or_empty(body):
	try:
		parts = multipart_parts(body, "multipart/form-data; boundary=x")
	except Malformed:
		return
	assert (dict(parts.texts), parts.file) == ({}, None)


def test_it_is_gone_over_once(monkeypatch):
	"""Whatever stands in it: every piece is given to the parser once, and none is searched again."""
	from python_multipart.multipart import MultipartParser

	given: list[int] = []
	write = MultipartParser.write

	def counted(parser: MultipartParser, data: bytes) -> int:
		given.append(len(data))
		return write(parser, data)

	monkeypatch.setattr(MultipartParser, "write", counted)
	body = multipart(field("file", b"\r\n--" * (LARGE // 2), '; filename="a"'))
	multipart_parts(body, "multipart/form-data; boundary=x")
	assert sum(given) == len(body)
