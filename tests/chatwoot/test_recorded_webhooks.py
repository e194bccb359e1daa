"""What holds for every recorded webhook of Chatwoot, whatever it reads as: its key, what is stored, its signature.

What each reads as is in `test_recorded_messages.py`, `test_recorded_files.py`, `test_recorded_conversations.py`.
"""

import hashlib
import json
from datetime import datetime, timezone
from pathlib import Path

import pytest

from wuzapi_chatwoot.bridge.model.records import Secret
from wuzapi_chatwoot.bridge.ports.connector import WebhookRequest
from wuzapi_chatwoot.chatwoot import connector

FOLDER = Path(__file__).resolve().parents[1] / "payloads" / "chatwoot-webhooks"
NAMES = sorted(path.stem for path in FOLDER.glob("*.json"))
FULL_REQUEST = "37_api_inbox_callback_full_request"

KEYS = {
	"01_message_created_outgoing_text_agent": "message_created/10501",
	"05_message_created_private_note": "message_created/10505",
	"08_message_created_incoming_echo_of_api": "message_created/10510",
	"21_message_updated_deleted": "message_deleted/10501",
	"22_message_updated_deleted_outgoing_echo": "message_deleted/10512",
	"41_message_updated_deleted_incoming_echo": "message_deleted/10510",
	FULL_REQUEST: "message_created/10501",
}


def request_of(name: str) -> WebhookRequest:
	body = (FOLDER / f"{name}.json").read_bytes()
	if name != FULL_REQUEST:
		return WebhookRequest(body=body, headers={"content-type": "application/json"})
	recorded = json.loads(body)
	headers = {key.lower(): value for key, value in recorded["headers"].items()}
	return WebhookRequest(body=recorded["raw_body"].encode(), headers=headers)


@pytest.mark.parametrize("name", NAMES)
def test_stored_payload_reads_as_the_same(name):
	reading = connector.read(request_of(name))
	assert connector.parse(reading.payload) == reading.event


@pytest.mark.parametrize("name", NAMES)
def test_stored_payload_holds_no_credential(name):
	payload = connector.read(request_of(name)).payload
	assert "pubsub_token" not in payload
	assert "FictionalPubsubTok" not in payload


@pytest.mark.parametrize("name", NAMES)
def test_key_and_kind(name):
	request = request_of(name)
	reading = connector.read(request)
	told = json.loads(request.body)
	assert reading.kind == told["event"]
	assert KEYS.get(name, reading.key) == reading.key
	if reading.kind == "message_created":
		assert reading.key == f"message_created/{told['id']}"
	elif name not in KEYS:
		digest = hashlib.sha256(request.body).hexdigest()
		assert reading.key == f"{told['event']}/{told.get('id', '-')}/{digest}"
	assert reading.media is None
	assert reading.instance == ()


def test_the_full_request_bears_a_right_signature():
	recorded = json.loads((FOLDER / f"{FULL_REQUEST}.json").read_bytes())
	request = request_of(FULL_REQUEST)
	now = datetime(2026, 9, 1, 13, 0, 5, tzinfo=timezone.utc)
	assert connector.signed(request)
	assert connector.verify(request, [Secret(recorded["secret_used"])], now)
	assert not connector.verify(request, [Secret("FictionalInboxSecret0002")], now)
	tampered = WebhookRequest(body=request.body + b" ", headers=request.headers)
	assert not connector.verify(tampered, [Secret(recorded["secret_used"])], now)
