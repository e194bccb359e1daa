"""Request bodies of the further kinds: replies, voice notes, places, cards, reactions, deletions, typing."""

from __future__ import annotations

import base64

import pytest

from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.content import ContactCard, Location
from wuzapi_chatwoot.bridge.model.errors import Permanent
from wuzapi_chatwoot.bridge.ports.gateway import OutgoingFile, Reply, VoiceNote
from wuzapi_chatwoot.gateways.wuzapi.client import compose
from wuzapi_chatwoot.gateways.wuzapi.client.compose import GatewayRequest

ANA = Address("447700900123", "s.whatsapp.net")
ANA_LID = Address("222200002222000", "lid")
GROUP = Address("120363000000000001", "g.us")
TO = "447700900123@s.whatsapp.net"
ID = "3EB0A1B2C3D4E5F6A7B8C9"
DATA = base64.b64encode(b"content").decode()
PICTURE = OutgoingFile(b"content", "image/webp", "smile.webp")
NOTE = VoiceNote(b"content", 7, bytes([0, 50, 100]))
PLACE = Location(51.5033, -0.1196, name="Example Wheel")
CARD = ContactCard("Cara Sample", "BEGIN:VCARD\nEND:VCARD")

TO_ANA = Reply("3A00000000000000A001", Address("+44 7700-900123", "s.whatsapp.net"), "Is it open?")
CONTEXT = {"ContextInfo": {"StanzaID": "3A00000000000000A001", "Participant": TO}}
QUOTED = {"QuotedMessage": {"conversation": "Is it open?"}}


def test_a_text_that_answers():
	assert compose.text(ANA, "Yes", ID, TO_ANA) == GatewayRequest(
		"/chat/send/text", {"Phone": TO, "Id": ID, "Body": "Yes", **CONTEXT, "QuotedText": "Is it open?"}
	)


def test_an_answer_to_what_has_no_text():
	reply = Reply("3A01", ANA_LID)
	context = {"ContextInfo": {"StanzaID": "3A01", "Participant": "222200002222000@lid"}}
	assert compose.text(ANA, "Yes", ID, reply) == GatewayRequest(
		"/chat/send/text", {"Phone": TO, "Id": ID, "Body": "Yes", **context}
	)
	assert compose.sticker(ANA, PICTURE, ID, reply).body == {
		"Phone": TO,
		"Id": ID,
		"Sticker": f"data:image/webp;base64,{DATA}",
		**context,
	}


@pytest.mark.parametrize(
	"request_",
	[
		compose.file(ANA, PICTURE, ID, "Look", TO_ANA),
		compose.file(ANA, OutgoingFile(b"x", "video/mp4", "a.mp4"), ID, None, TO_ANA),
		compose.file(ANA, OutgoingFile(b"x", "audio/mpeg", "a.mp3"), ID, None, TO_ANA),
		compose.file(ANA, OutgoingFile(b"x", "application/pdf", "a.pdf"), ID, None, TO_ANA),
		compose.voice(ANA, NOTE, ID, TO_ANA),
		compose.sticker(ANA, PICTURE, ID, TO_ANA),
		compose.location(ANA, PLACE, ID, TO_ANA),
		compose.contact(ANA, CARD, ID, TO_ANA),
	],
	ids=lambda request: request.path,
)
def test_everything_else_that_answers(request_):
	body = request_.body
	assert {key: body[key] for key in body if key in ("ContextInfo", "QuotedMessage", "QuotedText")} == {
		**CONTEXT,
		**QUOTED,
	}


def test_what_answers_nothing_has_no_context():
	for request in (
		compose.text(ANA, "Hi", ID),
		compose.file(ANA, PICTURE, ID),
		compose.voice(ANA, NOTE, ID),
	):
		assert not {"ContextInfo", "QuotedText", "QuotedMessage"} & set(request.body)


def test_a_voice_note():
	assert compose.voice(GROUP, NOTE, ID) == GatewayRequest(
		"/chat/send/audio",
		{
			"Phone": str(GROUP),
			"Id": ID,
			"Audio": f"data:audio/ogg;base64,{DATA}",
			"ptt": True,
			"mimetype": "audio/ogg; codecs=opus",
			"Seconds": 7,
			"Waveform": [0, 50, 100],
		},
	)


@pytest.mark.parametrize(
	("place", "name"),
	[
		(PLACE, {"Name": "Example Wheel"}),
		(Location(51.5033, -0.1196, name="Wheel", address="1 Sample Road"), {"Name": "Wheel"}),
		(Location(51.5033, -0.1196, address="1 Sample Road"), {"Name": "1 Sample Road"}),
		(Location(51.5033, -0.1196), {}),
	],
)
def test_a_place(place, name):
	assert compose.location(ANA, place, ID) == GatewayRequest(
		"/chat/send/location",
		{"Phone": TO, "Id": ID, "Latitude": 51.5033, "Longitude": -0.1196, **name},
	)


@pytest.mark.parametrize(("latitude", "longitude"), [(0.0, 9.5), (51.5, 0.0), (0.0, 0.0), (-0.0, 9.5)])
def test_a_place_that_the_gateway_takes_for_none(latitude, longitude):
	with pytest.raises(Permanent, match="cannot be sent"):
		compose.location(ANA, Location(latitude, longitude), ID)


@pytest.mark.parametrize(("name", "shown"), [("Cara Sample", "Cara Sample"), ("", "Contact")])
def test_a_card(name, shown):
	assert compose.contact(ANA, ContactCard(name, "BEGIN:VCARD"), ID) == GatewayRequest(
		"/chat/send/contact", {"Phone": TO, "Id": ID, "Name": shown, "Vcard": "BEGIN:VCARD"}
	)


@pytest.mark.parametrize(
	("chat", "emoji", "author", "body"),
	[
		(ANA, "👍", ANA, {"Phone": TO, "Body": "👍", "Id": "3A01"}),
		(ANA, "", ANA, {"Phone": TO, "Body": "remove", "Id": "3A01"}),
		(ANA, "👍", None, {"Phone": TO, "Body": "👍", "Id": "me:3A01"}),
		(
			GROUP,
			"❤️",
			ANA_LID,
			{"Phone": str(GROUP), "Body": "❤️", "Id": "3A01", "Participant": "222200002222000@lid"},
		),
		(GROUP, "", None, {"Phone": str(GROUP), "Body": "remove", "Id": "me:3A01"}),
	],
)
def test_reactions(chat, emoji, author, body):
	"""A key with an author is how phones name a group's message; with one in a chat of two they find none."""
	assert compose.reaction(chat, "3A01", emoji, author) == GatewayRequest("/chat/react", body)


def test_deletions():
	assert compose.revoke(ANA_LID, ID) == GatewayRequest(
		"/chat/delete", {"Phone": "222200002222000@lid", "Id": ID}
	)


@pytest.mark.parametrize(("active", "state"), [(True, "composing"), (False, "paused")])
def test_typing(active, state):
	assert compose.typing(ANA, active) == GatewayRequest(
		"/chat/presence", {"Phone": TO, "State": state, "Media": ""}
	)
