"""Every recorded webhook of a message without files against the full value it must read as."""

import json
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from wuzapi_chatwoot.bridge.model.events import (
	Author,
	ChatwootConversation,
	ChatwootDeletion,
	ChatwootMessage,
	Nothing,
	Offer,
	OfferedCard,
	OfferedField,
	OfferedLink,
	OfferedOption,
)
from wuzapi_chatwoot.chatwoot import connector

FOLDER = Path(__file__).resolve().parents[1] / "payloads" / "chatwoot-webhooks"
FULL_REQUEST = "37_api_inbox_callback_full_request"


def at(hour: int, minute: int, second: int, microsecond: int = 0) -> datetime:
	return datetime(2026, 9, 1, hour, minute, second, microsecond, tzinfo=timezone.utc)


def marina(
	hour: int, minute: int, second: int, *, status: str = "open", looked: bool = True
) -> ChatwootConversation:
	"""The conversation as it was after an activity then; an agent had looked at it two seconds before."""
	active = at(hour, minute, second)
	return ChatwootConversation(
		id=231,
		inbox_id=7,
		contact_id=412,
		source_id="5511900000001@s.whatsapp.net",
		identifier="5511900000001@s.whatsapp.net",
		phone="+5511900000001",
		name="Marina Souza",
		status=status,
		agent_last_seen_at=active - timedelta(seconds=2) if looked else None,
		last_activity_at=active,
	)


GOOD_MORNING = ChatwootMessage(
	id=10501,
	conversation=marina(13, 0, 0),
	text="Bom dia, **Marina**! Seu pedido sai às 15h.\nPosso confirmar o endereço?",
	created_at=at(13, 0, 0, 412000),
	author=Author.AGENT,
	author_name="Rafael Lima",
	author_email="rafael.lima@example.com",
	attachments=(),
	in_reply_to=None,
	in_reply_to_source=None,
	retried=False,
	retry_certain=False,
	account_id=3,
)

OF_BOT = replace(GOOD_MORNING, author=Author.BOT, author_name="Aurora Bot", author_email="")

EXPECTED = {
	"01_message_created_outgoing_text_agent": GOOD_MORNING,
	"05_message_created_private_note": Nothing("private note"),
	"06_message_created_template_greeting": ChatwootMessage(
		id=10401,
		conversation=marina(12, 50, 1, looked=False),
		text="Olá! Recebemos sua mensagem e já vamos responder.",
		created_at=at(12, 50, 1, 340000),
		author=Author.NOBODY,
		author_name="",
		account_id=3,
	),
	"07_message_created_template_csat": ChatwootMessage(
		id=10590,
		conversation=marina(15, 0, 5, status="resolved"),
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
		conversation=marina(13, 6, 0),
		text="Nosso horário de entrega é das 8h às 18h.",
		created_at=at(13, 6, 0, 480000),
		author=Author.NOBODY,
		author_name="",
		account_id=3,
	),
	"13_message_created_reply_to_incoming": ChatwootMessage(
		id=10515,
		conversation=marina(13, 6, 20),
		text="Sim, entregamos nesse endereço.",
		created_at=at(13, 6, 20, 55000),
		author=Author.AGENT,
		author_name="Rafael Lima",
		author_email="rafael.lima@example.com",
		in_reply_to=10510,
		in_reply_to_source="WAID:3EB0FICTIONAL0510",
		account_id=3,
	),
	"15_message_created_outgoing_template_params": ChatwootMessage(
		id=10517,
		conversation=marina(13, 7, 0),
		text="Olá Marina, seu pedido 0042 foi confirmado.",
		created_at=at(13, 7, 0, 9000),
		author=Author.AGENT,
		author_name="Rafael Lima",
		author_email="rafael.lima@example.com",
		account_id=3,
	),
	"16_message_updated_status_delivered": Nothing("status echo"),
	"17_message_updated_status_read_not_last": ChatwootMessage(
		id=10501,
		conversation=marina(13, 0, 40),
		text="Bom dia, **Marina**! Seu pedido sai às 15h.\nPosso confirmar o endereço?",
		created_at=at(13, 0, 0, 412000),
		author=Author.AGENT,
		author_name="Rafael Lima",
		author_email="rafael.lima@example.com",
		retried=True,
		retry_certain=False,
		account_id=3,
	),
	"18_message_updated_failed": Nothing("failure echo"),
	"19_message_updated_retry_first": ChatwootMessage(
		id=10501,
		conversation=marina(13, 0, 0),
		text="Bom dia, **Marina**! Seu pedido sai às 15h.\nPosso confirmar o endereço?",
		created_at=at(13, 0, 0, 412000),
		author=Author.AGENT,
		author_name="Rafael Lima",
		author_email="rafael.lima@example.com",
		retried=True,
		retry_certain=True,
		account_id=3,
	),
	"21_message_updated_deleted": ChatwootDeletion(
		id=10501,
		conversation=marina(13, 0, 40),
		at=at(13, 0, 40, 412873),
		account_id=3,
	),
	"22_message_updated_deleted_outgoing_echo": ChatwootDeletion(
		id=10512,
		conversation=marina(13, 8, 30),
		at=at(13, 8, 30, 412873),
		account_id=3,
	),
	"41_message_updated_deleted_incoming_echo": ChatwootDeletion(
		id=10510,
		conversation=marina(13, 8, 30),
		at=at(13, 8, 30, 412873),
		account_id=3,
	),
	"42_message_updated_deleted_private_note": Nothing("private note"),
	"48_message_created_outgoing_map_link_agent": ChatwootMessage(
		id=10523,
		conversation=marina(13, 8, 30),
		text="https://maps.google.com/?q=-23.5505,-46.6333",
		created_at=at(13, 8, 30, 500000),
		author=Author.AGENT,
		author_name="Rafael Lima",
		author_email="rafael.lima@example.com",
		account_id=3,
	),
	"49_message_created_outgoing_input_select_bot": replace(
		OF_BOT,
		id=10549,
		text="Como podemos ajudar?",
		offer=Offer(
			options=(
				OfferedOption("Fazer um pedido", "order"),
				OfferedOption("Horários", "hours"),
				OfferedOption("Falar com alguém", "human"),
			)
		),
	),
	"50_message_created_outgoing_cards_bot": replace(
		OF_BOT,
		id=10550,
		text="Nossos bolos",
		offer=Offer(
			cards=(
				OfferedCard(
					"Bolo de cenoura",
					"Com cobertura de chocolate",
					(
						OfferedLink("", "https://example.com/bolo.jpg"),
						OfferedLink("Ver no site", "https://example.com/cenoura"),
					),
					(OfferedOption("Quero este", "carrot"),),
				),
				OfferedCard("Bolo de fubá", options=(OfferedOption("Quero este outro", "corn"),)),
			)
		),
	),
	"51_message_created_outgoing_form_bot": replace(
		OF_BOT,
		id=10551,
		text="Para a entrega, precisamos saber:",
		offer=Offer(fields=(OfferedField("Nome"), OfferedField("Tamanho", ("Pequeno", "Grande")))),
	),
	"52_message_created_outgoing_article_bot": replace(
		OF_BOT,
		id=10552,
		text="Talvez isto ajude",
		offer=Offer(
			cards=(
				OfferedCard(
					"Como pedir", "Em três passos", (OfferedLink("", "https://example.com/ajuda/pedir"),)
				),
			)
		),
	),
	"53_message_created_outgoing_cards_empty_bot": replace(OF_BOT, id=10553, text="", offer=Offer()),
	FULL_REQUEST: GOOD_MORNING,
}


@pytest.mark.parametrize("name", EXPECTED)
def test_recorded_message_reads_as(name):
	body = (FOLDER / f"{name}.json").read_text(encoding="utf-8")
	assert connector.parse(json.loads(body)["raw_body"] if name == FULL_REQUEST else body) == EXPECTED[name]


def test_no_recorded_message_is_without_expectation():
	"""Those with files that go out are in `test_recorded_files.py`."""
	recorded = {path.stem: json.loads(path.read_bytes()) for path in FOLDER.glob("*_message_*.json")}
	without_files = {
		name
		for name, told in recorded.items()
		if told["message_type"] != "outgoing" or not told.get("attachments")
	}
	assert without_files | {FULL_REQUEST} == set(EXPECTED)
