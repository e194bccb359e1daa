"""The bytes and signatures are those that the real programs were recorded with."""

import json
from pathlib import Path
from urllib.parse import unquote_plus

import pytest

from wuzapi_chatwoot.sandbox.web import wire

PAYLOADS = Path(__file__).resolve().parents[1] / "payloads"


def gateway_vectors():
	vectors = json.loads((PAYLOADS / "wuzapi-webhooks" / "hmac" / "vectors.json").read_text())
	return [vector for vector in vectors if vector["mode"] in ("json", "form")]


@pytest.mark.parametrize("vector", gateway_vectors(), ids=lambda vector: vector["mode"])
def test_gateway_signs_as_recorded(vector):
	signature = wire.gateway_signature(vector["key"], vector["body"].encode())
	assert signature == vector["x-hmac-signature"]


def test_json_body_is_written_as_recorded():
	recorded = next(vector["body"] for vector in gateway_vectors() if vector["mode"] == "json")
	payload = json.loads(recorded)
	instance, user = payload.pop("instanceName"), payload.pop("userID")
	content_type, body = wire.gateway_body(payload, instance, user, as_form=False)
	assert content_type == "application/json"
	assert body.decode() == recorded


def test_form_body_is_written_as_recorded():
	recorded = next(vector["body"] for vector in gateway_vectors() if vector["mode"] == "form")
	fields = dict(pair.split("=", 1) for pair in recorded.split("&"))
	payload = json.loads(unquote_plus(fields["jsonData"]))
	_, body = wire.gateway_body(payload, "front desk & co", fields["userID"], as_form=True)
	assert body.decode() == recorded


def chatwoot_vectors():
	return json.loads((PAYLOADS / "chatwoot-signature-vectors.json").read_text())["vectors"]


@pytest.mark.parametrize("vector", chatwoot_vectors(), ids=lambda vector: vector["name"])
def test_chatwoot_signs_as_recorded(vector):
	headers = vector["headers"]
	signature = wire.chatwoot_signature(
		vector["secret"], headers["X-Chatwoot-Timestamp"], vector["raw_body"].encode()
	)
	assert (signature == headers["X-Chatwoot-Signature"]) is vector["valid"]


def test_chatwoot_body_is_written_as_recorded():
	path = PAYLOADS / "chatwoot-webhooks" / "37_api_inbox_callback_full_request.json"
	recorded = json.loads(path.read_text())
	assert wire.rails_json(json.loads(recorded["raw_body"])).decode() == recorded["raw_body"]
	signature = wire.chatwoot_signature(
		recorded["secret_used"], recorded["headers"]["X-Chatwoot-Timestamp"], recorded["raw_body"].encode()
	)
	assert signature == recorded["headers"]["X-Chatwoot-Signature"]


def test_rails_escapes_what_html_would_take_for_markup():
	assert wire.rails_json({"a": "<b> & \u2028ã😀"}) == '{"a":"\\u003cb\\u003e \\u0026 \\u2028ã😀"}'.encode()
