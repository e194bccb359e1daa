"""Every recorded webhook of a message with files against the full value it must read as."""

import json
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from wuzapi_chatwoot.bridge.model.events import Attachment, Author, ChatwootConversation, ChatwootMessage
from wuzapi_chatwoot.chatwoot import connector

FOLDER = Path(__file__).resolve().parents[1] / "payloads" / "chatwoot-webhooks"
FILES = "https://chat.example.com/rails/active_storage/blobs/redirect"


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


EXPECTED = {
	"02_message_created_outgoing_images_agent": ChatwootMessage(
		id=10502,
		conversation=marina(13, 0, 40),
		text="Fotos do bolo",
		created_at=at(13, 0, 40, 77000),
		author=Author.AGENT,
		author_name="Rafael Lima",
		author_email="rafael.lima@example.com",
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
		conversation=marina(13, 1, 5),
		text="",
		created_at=at(13, 1, 5, 5000),
		author=Author.AGENT,
		author_name="Rafael Lima",
		author_email="rafael.lima@example.com",
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
		conversation=marina(13, 1, 30),
		text="Segue o orçamento",
		created_at=at(13, 1, 30, 640000),
		author=Author.AGENT,
		author_name="Rafael Lima",
		author_email="rafael.lima@example.com",
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
	"45_message_created_outgoing_vcard_agent": ChatwootMessage(
		id=10520,
		conversation=marina(13, 8, 0),
		text="",
		created_at=at(13, 8, 0, 120000),
		author=Author.AGENT,
		author_name="Rafael Lima",
		author_email="rafael.lima@example.com",
		attachments=(
			Attachment(
				id=2010,
				url=f"{FILES}/eyJmaWN0aW9uYWwiOiJibG9iLTA2010In0=--00000000000000000000000000000000000007da"
				"/Ana%20Lima.vcf",
				kind="file",
				file_name="Ana Lima.vcf",
				mime_type="text/vcard",
				size=412,
			),
		),
		account_id=3,
	),
	"46_message_created_outgoing_webp_agent": ChatwootMessage(
		id=10521,
		conversation=marina(13, 8, 10),
		text="",
		created_at=at(13, 8, 10, 250000),
		author=Author.AGENT,
		author_name="Rafael Lima",
		author_email="rafael.lima@example.com",
		attachments=(
			Attachment(
				id=2011,
				url=f"{FILES}/eyJmaWN0aW9uYWwiOiJibG9iLTA2011In0=--00000000000000000000000000000000000007db"
				"/figurinha.webp",
				kind="image",
				file_name="figurinha.webp",
				mime_type="image/webp",
				size=28140,
			),
		),
		account_id=3,
	),
	"47_message_created_outgoing_several_files_agent": ChatwootMessage(
		id=10522,
		conversation=marina(13, 8, 20),
		text="Tudo sobre o **bolo**",
		created_at=at(13, 8, 20, 375000),
		author=Author.AGENT,
		author_name="Rafael Lima",
		author_email="rafael.lima@example.com",
		attachments=(
			Attachment(
				id=2012,
				url=f"{FILES}/eyJmaWN0aW9uYWwiOiJibG9iLTA2012In0=--00000000000000000000000000000000000007dc"
				"/bolo.jpg",
				kind="image",
				file_name="bolo.jpg",
				mime_type="image/jpeg",
				size=184233,
			),
			Attachment(
				id=2013,
				url=f"{FILES}/eyJmaWN0aW9uYWwiOiJibG9iLTA2013In0=--00000000000000000000000000000000000007dd"
				"/forno.mp4",
				kind="video",
				file_name="forno.mp4",
				mime_type="video/mp4",
				size=2310044,
			),
			Attachment(
				id=2014,
				url=f"{FILES}/eyJmaWN0aW9uYWwiOiJibG9iLTA2014In0=--00000000000000000000000000000000000007de"
				"/Or%C3%A7amento%200042.pdf",
				kind="file",
				file_name="Orçamento 0042.pdf",
				mime_type="application/pdf",
				size=90233,
			),
			Attachment(
				id=2015,
				url=f"{FILES}/eyJmaWN0aW9uYWwiOiJibG9iLTA2015In0=--00000000000000000000000000000000000007df"
				"/4f1c2b7e-0000-4000-8000-000000000015.mp3?disposition=inline",
				kind="audio",
				file_name="4f1c2b7e-0000-4000-8000-000000000015.mp3",
				mime_type="audio/mpeg",
				size=48211,
			),
		),
		account_id=3,
	),
	"54_message_created_outgoing_gif_agent": ChatwootMessage(
		id=10554,
		conversation=marina(13, 8, 10),
		text="",
		created_at=at(13, 8, 10, 250000),
		author=Author.AGENT,
		author_name="Rafael Lima",
		author_email="rafael.lima@example.com",
		attachments=(
			Attachment(
				id=2011,
				url=f"{FILES}/eyJmaWN0aW9uYWwiOiJibG9iLTA2011In0=--00000000000000000000000000000000000007db"
				"/festa.gif",
				kind="image",
				file_name="festa.gif",
				mime_type="image/gif",
				size=51200,
			),
		),
		account_id=3,
	),
}


@pytest.mark.parametrize("name", EXPECTED)
def test_recorded_files_read_as(name):
	assert connector.parse((FOLDER / f"{name}.json").read_text(encoding="utf-8")) == EXPECTED[name]


def test_no_recorded_files_are_without_expectation():
	recorded = {path.stem: json.loads(path.read_bytes()) for path in FOLDER.glob("*_message_created_*.json")}
	with_files = {
		name
		for name, told in recorded.items()
		if told["message_type"] == "outgoing" and told.get("attachments")
	}
	assert with_files == set(EXPECTED)
