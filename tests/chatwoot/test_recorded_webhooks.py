"""Every recorded webhook of Chatwoot against the full value it must read as."""

import hashlib
import json
from datetime import datetime, timezone
from pathlib import Path

import pytest

from wuzapi_chatwoot.bridge.events import (
	Attachment,
	Author,
	ChatwootConversation,
	ChatwootMessage,
	ConversationChanged,
	Nothing,
)
from wuzapi_chatwoot.bridge.ports import WebhookRequest
from wuzapi_chatwoot.bridge.records import Secret
from wuzapi_chatwoot.chatwoot import connector

FOLDER = Path(__file__).resolve().parents[1] / "payloads" / "chatwoot-webhooks"
FULL_REQUEST = "37_api_inbox_callback_full_request"
FILES = "https://chat.example.com/rails/active_storage/blobs/redirect"

MARINA = ChatwootConversation(
	id=231,
	inbox_id=7,
	contact_id=412,
	source_id="5511900000001@s.whatsapp.net",
	identifier="5511900000001@s.whatsapp.net",
	phone="+5511900000001",
	name="Marina Souza",
	status="open",
)
MARINA_RESOLVED = ChatwootConversation(
	id=231,
	inbox_id=7,
	contact_id=412,
	source_id="5511900000001@s.whatsapp.net",
	identifier="5511900000001@s.whatsapp.net",
	phone="+5511900000001",
	name="Marina Souza",
	status="resolved",
)


def at(hour: int, minute: int, second: int, microsecond: int) -> datetime:
	return datetime(2026, 9, 1, hour, minute, second, microsecond, tzinfo=timezone.utc)


GOOD_MORNING = ChatwootMessage(
	id=10501,
	conversation=MARINA,
	text="Bom dia, **Marina**! Seu pedido sai às 15h.\nPosso confirmar o endereço?",
	created_at=at(13, 0, 0, 412000),
	author=Author.AGENT,
	author_name="Rafael Lima",
	attachments=(),
	in_reply_to=None,
	in_reply_to_source=None,
	retried=False,
	retry_certain=False,
	account_id=3,
)

EXPECTED = {
	"01_message_created_outgoing_text_agent": GOOD_MORNING,
	"02_message_created_outgoing_images_agent": ChatwootMessage(
		id=10502,
		conversation=MARINA,
		text="Fotos do bolo",
		created_at=at(13, 0, 40, 77000),
		author=Author.AGENT,
		author_name="Rafael Lima",
		attachments=(
			Attachment(
				id=2001,
				url=f"{FILES}/eyJmaWN0aW9uYWwiOiJibG9iLTA2001In0=--00000000000000000000000000000000000007d1"
				"/bolo-frente.jpg",
				kind="image",
				file_name="bolo-frente.jpg",
				mime_type="image/jpeg",
				size=184233,
			),
			Attachment(
				id=2002,
				url=f"{FILES}/eyJmaWN0aW9uYWwiOiJibG9iLTA2002In0=--00000000000000000000000000000000000007d2"
				"/bolo-lado.png",
				kind="image",
				file_name="bolo-lado.png",
				mime_type="image/png",
				size=402117,
			),
		),
		account_id=3,
	),
	"03_message_created_outgoing_audio_agent": ChatwootMessage(
		id=10503,
		conversation=MARINA,
		text="",
		created_at=at(13, 1, 5, 5000),
		author=Author.AGENT,
		author_name="Rafael Lima",
		attachments=(
			Attachment(
				id=2003,
				url=f"{FILES}/eyJmaWN0aW9uYWwiOiJibG9iLTA2003In0=--00000000000000000000000000000000000007d3"
				"/4f1c2b7e-0000-4000-8000-000000000003.mp3?disposition=inline",
				kind="audio",
				file_name="4f1c2b7e-0000-4000-8000-000000000003.mp3",
				mime_type="audio/mpeg",
				size=48211,
			),
		),
		account_id=3,
	),
	"04_message_created_outgoing_document_agent": ChatwootMessage(
		id=10504,
		conversation=MARINA,
		text="Segue o orçamento",
		created_at=at(13, 1, 30, 640000),
		author=Author.AGENT,
		author_name="Rafael Lima",
		attachments=(
			Attachment(
				id=2004,
				url=f"{FILES}/eyJmaWN0aW9uYWwiOiJibG9iLTA2004In0=--00000000000000000000000000000000000007d4"
				"/Orcamento-0042.pdf",
				kind="file",
				file_name="Orcamento-0042.pdf",
				mime_type="application/pdf",
				size=90233,
			),
		),
		account_id=3,
	),
	"05_message_created_private_note": Nothing("private note"),
	"06_message_created_template_greeting": ChatwootMessage(
		id=10401,
		conversation=MARINA,
		text="Olá! Recebemos sua mensagem e já vamos responder.",
		created_at=at(12, 50, 1, 340000),
		author=Author.NOBODY,
		author_name="",
		account_id=3,
	),
	"07_message_created_template_csat": ChatwootMessage(
		id=10590,
		conversation=MARINA_RESOLVED,
		text="Como você avalia o atendimento? "
		"https://chat.example.com/survey/responses/7d0f6a52-0000-4000-8000-000000000231",
		created_at=at(15, 0, 5, 118000),
		author=Author.NOBODY,
		author_name="",
		account_id=3,
	),
	"08_message_created_incoming_echo_of_api": Nothing("echo of an incoming message of ours"),
	"09_message_created_incoming_image_echo_of_api": Nothing("echo of an incoming message of ours"),
	"10_message_created_outgoing_echo_bridge_user_token": Nothing("echo of an outgoing message of ours"),
	"12_message_created_outgoing_automation_rule": ChatwootMessage(
		id=10514,
		conversation=MARINA,
		text="Nosso horário de entrega é das 8h às 18h.",
		created_at=at(13, 6, 0, 480000),
		author=Author.NOBODY,
		author_name="",
		account_id=3,
	),
	"13_message_created_reply_to_incoming": ChatwootMessage(
		id=10515,
		conversation=MARINA,
		text="Sim, entregamos nesse endereço.",
		created_at=at(13, 6, 20, 55000),
		author=Author.AGENT,
		author_name="Rafael Lima",
		in_reply_to=10510,
		in_reply_to_source="WAID:3EB0FICTIONAL0510",
		account_id=3,
	),
	"15_message_created_outgoing_template_params": ChatwootMessage(
		id=10517,
		conversation=MARINA,
		text="Olá Marina, seu pedido 0042 foi confirmado.",
		created_at=at(13, 7, 0, 9000),
		author=Author.AGENT,
		author_name="Rafael Lima",
		account_id=3,
	),
	"16_message_updated_status_delivered": Nothing("status echo"),
	"17_message_updated_status_read_not_last": ChatwootMessage(
		id=10501,
		conversation=MARINA,
		text="Bom dia, **Marina**! Seu pedido sai às 15h.\nPosso confirmar o endereço?",
		created_at=at(13, 0, 0, 412000),
		author=Author.AGENT,
		author_name="Rafael Lima",
		retried=True,
		retry_certain=False,
		account_id=3,
	),
	"18_message_updated_failed": Nothing("failure echo"),
	"19_message_updated_retry_first": ChatwootMessage(
		id=10501,
		conversation=MARINA,
		text="Bom dia, **Marina**! Seu pedido sai às 15h.\nPosso confirmar o endereço?",
		created_at=at(13, 0, 0, 412000),
		author=Author.AGENT,
		author_name="Rafael Lima",
		retried=True,
		retry_certain=True,
		account_id=3,
	),
	"21_message_updated_deleted": Nothing("deleted message"),
	"23_conversation_created": Nothing("a conversation was created"),
	"25_conversation_status_changed_resolved": ConversationChanged(MARINA_RESOLVED, at=at(13, 0, 0, 412873)),
	"26_conversation_updated_status": Nothing("a conversation's assignee, labels or the like changed"),
	"27_conversation_updated_assignee": Nothing("a conversation's assignee, labels or the like changed"),
	"28_conversation_updated_labels": Nothing("a conversation's assignee, labels or the like changed"),
	"29_conversation_typing_on_agent": Nothing("somebody types in Chatwoot"),
	"30_conversation_typing_off_contact": Nothing("somebody stopped typing in Chatwoot"),
	"31_contact_created": Nothing("a contact was created"),
	"32_contact_updated_phone": Nothing("a contact changed"),
	"33_contact_updated_activity_noise": Nothing("a contact changed"),
	"34_webwidget_triggered": Nothing("a website widget was opened"),
	"35_automation_send_webhook_event": Nothing("an automation rule called"),
	FULL_REQUEST: GOOD_MORNING,
}

KEYS = {
	"01_message_created_outgoing_text_agent": "message_created/10501",
	"05_message_created_private_note": "message_created/10505",
	"08_message_created_incoming_echo_of_api": "message_created/10510",
	FULL_REQUEST: "message_created/10501",
}


def request_of(name: str) -> WebhookRequest:
	body = (FOLDER / f"{name}.json").read_bytes()
	if name != FULL_REQUEST:
		return WebhookRequest(body=body, headers={"content-type": "application/json"})
	recorded = json.loads(body)
	headers = {key.lower(): value for key, value in recorded["headers"].items()}
	return WebhookRequest(body=recorded["raw_body"].encode(), headers=headers)


def test_no_recorded_file_is_without_expectation():
	assert {path.stem for path in FOLDER.glob("*.json")} == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_recorded_webhook_reads_as(name):
	assert connector.read(request_of(name)).event == EXPECTED[name]


@pytest.mark.parametrize("name", EXPECTED)
def test_stored_payload_reads_as_the_same(name):
	reading = connector.read(request_of(name))
	assert connector.parse(reading.payload) == reading.event


@pytest.mark.parametrize("name", EXPECTED)
def test_stored_payload_holds_no_credential(name):
	payload = connector.read(request_of(name)).payload
	assert "pubsub_token" not in payload
	assert "FictionalPubsubTok" not in payload


@pytest.mark.parametrize("name", EXPECTED)
def test_key_and_kind(name):
	request = request_of(name)
	reading = connector.read(request)
	told = json.loads(request.body)
	assert reading.kind == told["event"]
	if reading.kind == "message_created":
		assert reading.key == f"message_created/{told['id']}"
		assert KEYS.get(name, reading.key) == reading.key
	else:
		digest = hashlib.sha256(request.body).hexdigest()
		assert reading.key == f"{told['event']}/{told.get('id', '-')}/{digest}"
	assert reading.media is None
	assert reading.instance == ()


def test_the_full_request_bears_a_right_signature():
	recorded = json.loads((FOLDER / f"{FULL_REQUEST}.json").read_bytes())
	request = request_of(FULL_REQUEST)
	now = at(13, 0, 5, 0)
	assert connector.signed(request)
	assert connector.verify(request, [Secret(recorded["secret_used"])], now)
	assert not connector.verify(request, [Secret("FictionalInboxSecret0002")], now)
	tampered = WebhookRequest(body=request.body + b" ", headers=request.headers)
	assert not connector.verify(tampered, [Secret(recorded["secret_used"])], now)
