"""Signatures: the published vectors, the edges of the time window, rotation, and what is no signature."""

import hashlib
import hmac
import json
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from wuzapi_chatwoot.bridge.model.records import Secret
from wuzapi_chatwoot.bridge.ports.connector import WebhookRequest
from wuzapi_chatwoot.chatwoot import connector

VECTORS = Path(__file__).resolve().parents[1] / "payloads" / "chatwoot-signature-vectors.json"
SECRET = Secret("FictionalSecretAAAAAAAAA")
BODY = b'{"event":"message_created","id":1}'
SIGNED_AT = datetime(2026, 9, 1, 13, 0, 0, tzinfo=timezone.utc)
STAMP = str(int(SIGNED_AT.timestamp()))


def sign(timestamp: str, body: bytes = BODY, secret: Secret = SECRET) -> str:
	digest = hmac.new(secret.value.encode(), timestamp.encode() + b"." + body, hashlib.sha256)
	return f"sha256={digest.hexdigest()}"


def signed_request(timestamp: str = STAMP, **changes: str | None) -> WebhookRequest:
	headers = {"x-chatwoot-timestamp": timestamp, "x-chatwoot-signature": sign(timestamp)}
	for name, value in changes.items():
		key = f"x-chatwoot-{name}"
		headers.pop(key)
		if value is not None:
			headers[key] = value
	return WebhookRequest(body=BODY, headers=headers)


@pytest.mark.parametrize(
	"vector", json.loads(VECTORS.read_text(encoding="utf-8"))["vectors"], ids=lambda vector: vector["name"]
)
def test_published_vector(vector):
	headers = {key.lower(): value for key, value in vector["headers"].items()}
	request = WebhookRequest(body=vector["raw_body"].encode(), headers=headers)
	now = datetime.fromtimestamp(int(headers["x-chatwoot-timestamp"]), timezone.utc)
	assert connector.signed(request)
	assert connector.verify(request, [Secret(vector["secret"])], now) is vector["valid"]


@pytest.mark.parametrize(
	("seconds", "believed"),
	[(-301, False), (-300, True), (0, True), (300, True), (300.5, False), (301, False)],
)
def test_time_window(seconds, believed):
	now = SIGNED_AT + timedelta(seconds=seconds)
	assert connector.verify(signed_request(), [SECRET], now) is believed


@pytest.mark.parametrize(
	"secrets", [[SECRET], [Secret("new"), SECRET], [SECRET, Secret("old")], [Secret(""), SECRET]]
)
def test_any_of_several_secrets_will_do(secrets):
	assert connector.verify(signed_request(), secrets, SIGNED_AT)


@pytest.mark.parametrize("secrets", [[], [Secret("")], [Secret("wrong")], [Secret("wrong"), Secret("old")]])
def test_none_of_the_secrets(secrets):
	assert not connector.verify(signed_request(), secrets, SIGNED_AT)


def test_an_empty_secret_proves_nothing():
	forged = signed_request(signature=sign(STAMP, secret=Secret("")))
	assert not connector.verify(forged, [Secret("")], SIGNED_AT)


def test_another_body():
	request = WebhookRequest(body=BODY.replace(b"1", b"2"), headers=signed_request().headers)
	assert not connector.verify(request, [SECRET], SIGNED_AT)


@pytest.mark.parametrize(
	"request_",
	[
		signed_request(signature=None),
		WebhookRequest(BODY, {"x-chatwoot-signature": sign(STAMP)}),
		signed_request(signature=""),
		signed_request(signature=sign(STAMP).removeprefix("sha256=")),
		signed_request(signature=sign(STAMP).upper()),
		signed_request(signature="sha256=é"),
		signed_request("soon"),
		signed_request(""),
		signed_request("-1788267600"),
		signed_request(f" {STAMP}"),
		signed_request(f"{STAMP}.0"),
		signed_request("9" * 400),
		signed_request("١٧٨٨٢٦٧٦٠٠"),
		WebhookRequest(BODY, {}),
	],
)
def test_not_proved(request_):
	assert not connector.verify(request_, [SECRET], SIGNED_AT)


def test_signed_means_that_the_header_is_there():
	assert connector.signed(signed_request())
	assert connector.signed(signed_request(signature="nonsense"))
	assert not connector.signed(signed_request(signature=None))
	assert not connector.signed(signed_request(signature=""))
