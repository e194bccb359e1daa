"""Signatures: every vector captured from WuzAPI's HTTP client, and everything that must not pass."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import replace
from datetime import datetime, timezone

import pytest

from wuzapi_chatwoot.bridge.model.records import Secret
from wuzapi_chatwoot.bridge.ports.connector import Malformed, WebhookRequest
from wuzapi_chatwoot.gateways.wuzapi import connector

NOW = datetime(2026, 3, 14, 10, 21, 8, tzinfo=timezone.utc)
KEY = Secret("fictional-hmac-key-0123456789abcdef")
OTHER = Secret("another-key-of-at-least-32-characters")
MODES = ["json", "form", "multipart"]


def _multipart(texts: dict[str, str], file: bytes = b"\xff\xd8\r\n--\xff\xd9") -> bytes:
	parts = [f'Content-Disposition: form-data; name="{key}"\r\n\r\n{text}' for key, text in texts.items()]
	bodies = [part.encode() for part in parts]
	bodies.insert(
		1,
		b'Content-Disposition: form-data; name="file"; filename="a.jpg"\r\n'
		b"Content-Type: image/jpeg\r\n\r\n" + file,
	)
	return b"".join(b"--BOUNDARY\r\n" + body + b"\r\n" for body in bodies) + b"--BOUNDARY--\r\n"


@pytest.fixture
def vectors(payloads):
	rows = json.loads((payloads / "hmac" / "vectors.json").read_text())
	return {row["mode"]: row for row in rows}


@pytest.fixture(params=MODES)
def vector(request, vectors):
	"""The request of one vector."""
	row = vectors[request.param]
	if request.param == "multipart":
		body = _multipart(json.loads(row["signed_string"]))
		content_type = "multipart/form-data; boundary=BOUNDARY"
	else:
		body, content_type = row["body"].encode(), row["content_type"]
	return WebhookRequest(body, {"content-type": content_type, "x-hmac-signature": row["x-hmac-signature"]})


def test_there_is_a_test_for_every_vector(vectors):
	assert sorted(vectors) == sorted(MODES)
	assert {row["key"] for row in vectors.values()} == {KEY.value}


def test_right_signature(vector):
	assert connector.signed(vector)
	assert connector.verify(vector, [KEY], NOW)


def test_the_signed_body_can_be_read(vector):
	reading = connector.read(vector)

	assert reading.key == "message/447700900123@s.whatsapp.net/3A00000000000000A001"
	assert reading.instance == ("0f1e2d3c4b5a69788796a5b4c3d2e1f0",)
	assert json.loads(reading.payload)["instanceName"] == "front desk & co"
	assert reading.media is None


def test_one_of_several_secrets_is_enough(vector):
	assert connector.verify(vector, [OTHER, KEY], NOW)
	assert connector.verify(vector, [KEY, OTHER], NOW)


@pytest.mark.parametrize("secrets", [[], [OTHER], [Secret("")], [Secret("fictional-hmac-key")]])
def test_wrong_secret(vector, secrets):
	assert not connector.verify(vector, secrets, NOW)


def test_changed_body(vector):
	changed = replace(vector, body=vector.body.replace(b"3A00000000000000A001", b"3A00000000000000A002"))

	assert changed.body != vector.body
	assert not connector.verify(changed, [KEY], NOW)


def test_missing_header(vector):
	unsigned = replace(vector, headers={"content-type": vector.headers["content-type"]})

	assert not connector.signed(unsigned)
	assert not connector.verify(unsigned, [KEY], NOW)


@pytest.mark.parametrize("given", ["", " ", "0" * 64, "zz", "é", "fb6235d4e64f1b4564de40b1bfd961cd"])
def test_wrong_header(vector, given):
	wrong = replace(vector, headers={**vector.headers, "x-hmac-signature": given})

	assert connector.signed(wrong) is bool(given.strip())
	assert not connector.verify(wrong, [KEY], NOW)


def test_an_empty_secret_never_matches(as_json):
	"""HMAC with an empty key can be computed by anyone."""
	headers = {"x-hmac-signature": hmac.new(b"", b"{}", hashlib.sha256).hexdigest()}

	assert not connector.verify(replace(as_json(b"{}"), headers=headers), [Secret("")], NOW)


def test_multipart_without_a_boundary_is_not_verified(vectors):
	row = vectors["multipart"]
	request = WebhookRequest(
		_multipart(json.loads(row["signed_string"])),
		{"content-type": "multipart/form-data", "x-hmac-signature": row["x-hmac-signature"]},
	)

	assert not connector.verify(request, [KEY], NOW)


def test_nothing_beside_the_signed_fields_of_a_multipart_is_believed(vectors):
	"""The signed fields inside something else that reads as JSON: it begins with no boundary, so it is no multipart body."""
	row = vectors["multipart"]
	body = (
		b'{"type":"Connected","event":{},"x":"'
		+ b"\r\n"
		+ _multipart(json.loads(row["signed_string"]))
		+ b'"}'
	)
	request = WebhookRequest(
		body,
		{
			"content-type": "multipart/form-data; boundary=BOUNDARY",
			"x-hmac-signature": row["x-hmac-signature"],
		},
	)

	assert not connector.verify(request, [KEY], NOW)
	with pytest.raises(Malformed):
		connector.read(request)


def test_characters_that_go_writes_as_escapes():
	"""The bytes WuzAPI would sign for these fields, written out."""
	texts = {"jsonData": '{"type":"Connected"}', "instanceName": '<a> & \u2028\u2029 é " \\ \t'}
	signed = (
		'{"instanceName":"\\u003ca\\u003e \\u0026 \\u2028\\u2029 é \\" \\\\ \\t",'
		'"jsonData":"{\\"type\\":\\"Connected\\"}"}'
	)
	headers = {
		"content-type": "multipart/form-data; boundary=BOUNDARY",
		"x-hmac-signature": hmac.new(KEY.value.encode(), signed.encode(), hashlib.sha256).hexdigest(),
	}

	assert connector.verify(WebhookRequest(_multipart(texts), headers), [KEY], NOW)
