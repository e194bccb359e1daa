"""Kinds of messages of which no webhook was recorded: shapes from the reference and from WhatsApp's own definitions."""

from __future__ import annotations

import json
from datetime import datetime, timezone

import pytest

from wuzapi_chatwoot.bridge.addresses import Address
from wuzapi_chatwoot.bridge.content import (
	AlbumStart,
	Choice,
	ContactCard,
	ContactCards,
	Edit,
	Location,
	Media,
	MediaKind,
	Order,
	Pin,
	Poll,
	PollVote,
	Quote,
	Reaction,
	Revoke,
	Text,
	Undecryptable,
	Unknown,
)
from wuzapi_chatwoot.bridge.events import Nothing
from wuzapi_chatwoot.wuzapi import connector

ANA = Address("447700900123", "s.whatsapp.net")
ANA_LID = Address("222200002222000", "lid")
SHOP_LID = Address("111100001111000", "lid")
GROUP = Address("120363000000000001", "g.us")
KEYS = {"URL": "https://mmg.whatsapp.net/x", "directPath": "/x", "mediaKey": "bWs="}
IMAGE = {"imageMessage": {**KEYS, "mimetype": "image/jpeg"}}
IMAGE_TICKET = (
	'{"endpoint":"/chat/downloadimage","body":{"Url":"https://mmg.whatsapp.net/x","DirectPath":"/x",'
	'"Mimetype":"image/jpeg","MediaKey":"bWs="}}'
)
TARGET = {"ID": "3A01", "fromMe": True, "remoteJID": "12025550100@s.whatsapp.net"}


@pytest.fixture
def read(message_hook, as_json):
	def read(content, **changes):
		reading = connector.read(as_json(message_hook(content, **changes)))
		assert connector.parse(reading.payload) == reading.event
		return reading.event

	return read


@pytest.mark.parametrize(
	("message", "content"),
	[
		# files
		(IMAGE, Media(MediaKind.IMAGE, "image/jpeg", ticket=IMAGE_TICKET)),
		(
			{"imageMessage": {"viewOnce": True}},
			Media(MediaKind.IMAGE, "image/jpeg", view_once=True),
		),
		(
			{"ptvMessage": {**KEYS, "mimetype": "video/mp4", "seconds": 12, "fileLength": 40}},
			Media(
				MediaKind.VIDEO_NOTE,
				"video/mp4",
				ticket=(
					'{"endpoint":"/chat/downloadvideo","body":{"Url":"https://mmg.whatsapp.net/x",'
					'"DirectPath":"/x","Mimetype":"video/mp4","MediaKey":"bWs=","FileLength":40}}'
				),
				size=40,
				seconds=12,
			),
		),
		(
			{"audioMessage": {"mimetype": "audio/mpeg", "seconds": 200, "PTT": False}},
			Media(MediaKind.AUDIO, "audio/mpeg", seconds=200),
		),
		({"audioMessage": {"ptt": True}}, Media(MediaKind.VOICE, "audio/ogg")),
		({"videoMessage": {}}, Media(MediaKind.VIDEO, "video/mp4")),
		(
			{"documentMessage": {"title": "Only a title.pdf", "fileLength": -1, "seconds": "7"}},
			Media(MediaKind.DOCUMENT, "application/octet-stream", file_name="Only a title.pdf"),
		),
		(
			{"stickerMessage": {"mimetype": "image/webp", "isAnimated": True, "fileName": "x"}},
			Media(MediaKind.STICKER, "image/webp", animated=True),
		),
		# wrapped
		(
			{"associatedChildMessage": {"message": IMAGE}},
			Media(MediaKind.IMAGE, "image/jpeg", ticket=IMAGE_TICKET),
		),
		({"groupMentionedMessage": {"message": {"conversation": "all of you"}}}, Text("all of you")),
		(
			{"lottieStickerMessage": {"message": {"stickerMessage": {"isLottie": True}}}},
			Media(MediaKind.STICKER, "image/webp", animated=True),
		),
		(
			{"pollCreationMessageV4": {"message": {"pollCreationMessage": {"name": "Q", "options": []}}}},
			Poll("Q", (), choices_allowed=0),
		),
		(
			{"future": {"message": {"conversation": "hi"}}, "messageContextInfo": {}},
			Text("hi"),
		),
		({"somethingNew": {"message": {"alsoNew": {}}}}, Unknown("alsoNew")),
		# places and cards
		(
			{
				"liveLocationMessage": {
					"degreesLatitude": 51.5033,
					"degreesLongitude": -0.1196,
					"caption": "On my way",
					"sequenceNumber": 1773483667000001,
				}
			},
			Location(51.5033, -0.1196, caption="On my way", live=True),
		),
		({"locationMessage": {"degreesLatitude": 0, "degreesLongitude": 0}}, Location(0.0, 0.0)),
		({"locationMessage": {"degreesLatitude": "51"}}, Unknown("locationMessage")),
		(
			{
				"contactsArrayMessage": {
					"displayName": "2 contacts",
					"contacts": [{"displayName": "Cara", "vcard": "V1"}, 7, {"vcard": "V2"}],
				}
			},
			ContactCards((ContactCard("Cara", "V1"), ContactCard("", "V2"))),
		),
		({"contactsArrayMessage": {"contacts": []}}, Unknown("contactsArrayMessage")),
		# polls, answers, shop
		(
			{"pollCreationMessage": {"name": "When?", "options": [{"optionName": "Now"}, {}, 3]}},
			Poll("When?", ("Now",), choices_allowed=0),
		),
		({"pollCreationMessageV3": {}}, Unknown("pollCreationMessageV3")),
		({"pollUpdateMessage": {"pollCreationMessageKey": {"ID": "P1"}}}, Undecryptable()),
		(
			{"templateButtonReplyMessage": {"selectedDisplayText": "Confirm", "selectedID": "confirm"}},
			Choice("Confirm", "confirm"),
		),
		({"buttonsResponseMessage": {"selectedButtonID": "yes"}}, Choice("yes", "yes")),
		({"buttonsResponseMessage": {}}, Unknown("buttonsResponseMessage")),
		(
			{"listResponseMessage": {"description": "09:00 to 12:00"}},
			Choice("09:00 to 12:00", None),
		),
		(
			{
				"interactiveResponseMessage": {
					"InteractiveResponseMessage": {"NativeFlowResponseMessage": {"paramsJSON": "not JSON"}},
					"body": {"text": "Confirm"},
				}
			},
			Choice("Confirm", None),
		),
		(
			{"orderMessage": {"orderTitle": "3 shirts", "itemCount": 3, "message": "Please"}},
			Order("3 shirts", 3),
		),
		({"orderMessage": {"message": "Please"}}, Order("Please", None)),
		# what businesses send
		(
			{"buttonsMessage": {"contentText": "Pay now?", "footerText": "Example Ltd", "buttons": []}},
			Text("Pay now?\nExample Ltd"),
		),
		({"listMessage": {"title": "Menu", "description": "Choose one"}}, Text("Menu\nChoose one")),
		(
			{"interactiveMessage": {"header": {"title": "Code"}, "body": {"text": "123456"}}},
			Text("Code\n123456"),
		),
		(
			{
				"templateMessage": {
					"Format": {
						"HydratedFourRowTemplate": {
							"hydratedContentText": "Your code is 123456",
							"hydratedFooterText": "Do not share it",
						}
					}
				}
			},
			Text("Your code is 123456\nDo not share it"),
		),
		({"templateMessage": {"hydratedTemplate": {"hydratedContentText": "Hi"}}}, Text("Hi")),
		({"templateMessage": {}}, Unknown("templateMessage")),
		# about other messages
		({"reactionMessage": {"key": {}, "text": "👍"}}, Unknown("reactionMessage")),
		({"reactionMessage": {"key": TARGET}}, Reaction("3A01", "")),
		({"protocolMessage": {"key": TARGET}}, Revoke("3A01")),
		({"protocolMessage": {"key": TARGET, "type": "REVOKE"}}, Revoke("3A01")),
		(
			{"protocolMessage": {"key": {"ID": "3A01", "participant": "222200002222000@lid"}, "type": 0}},
			Revoke("3A01", by_admin=True),
		),
		(
			{"protocolMessage": {"key": TARGET, "type": 14, "editedMessage": {"imageMessage": {}}}},
			Edit("3A01", Media(MediaKind.IMAGE, "image/jpeg")),
		),
		({"protocolMessage": {"key": TARGET, "type": "MESSAGE_EDIT"}}, Edit("3A01", None)),
		(
			{"editedMessage": {"message": {"protocolMessage": {"key": TARGET, "type": 14}}}},
			Edit("3A01", None),
		),
		({"secretEncryptedMessage": {"targetMessageKey": TARGET}}, Unknown("secretEncryptedMessage")),
		({"pinInChatMessage": {"key": TARGET, "type": 2}}, Pin("3A01", pinned=False)),
		({"pinInChatMessage": {"key": TARGET, "type": 3}}, Unknown("pinInChatMessage")),
		({"albumMessage": {"expectedVideoCount": 3}}, AlbumStart(0, 3)),
		({"encReactionMessage": {"encIV": "x"}}, Unknown("encReactionMessage")),
		({"albumMessage": None, "futureMessage": "text"}, Unknown("futureMessage")),
		# several keys
		({"conversation": "hi", "senderKeyDistributionMessage": {}}, Text("hi")),
		({"aNewKind": {}, "conversation": "hi"}, Text("hi")),
		({"aNewKind": {}, "imageMessage": {}}, Media(MediaKind.IMAGE, "image/jpeg")),
		({"imageMessage": 5}, Media(MediaKind.IMAGE, "image/jpeg")),
	],
)
def test_content(read, message, content):
	assert read(message).content == content


@pytest.mark.parametrize(
	("message", "reason"),
	[
		({"messageContextInfo": {"deviceListMetadataVersion": 2}}, "message without content"),
		(
			{"messageContextInfo": {}, "senderKeyDistributionMessage": {"groupID": "1@g.us"}},
			"message without content",
		),
		({"stickerSyncRmrMessage": {}}, "message without content"),
		({"conversation": ""}, "message without content"),
		({"extendedTextMessage": {"text": ""}}, "message without content"),
		(None, "message without content"),
		("text", "message without content"),
		({"protocolMessage": {"type": 0, "key": {}}}, "protocol message between devices"),
		({"protocolMessage": {"type": 6, "key": TARGET}}, "protocol message between devices"),
		({"protocolMessage": {"type": [], "key": TARGET}}, "protocol message between devices"),
		({"protocolMessage": {"historySyncNotification": {}, "type": 5}}, "protocol message between devices"),
		({"protocolMessage": {"type": "EPHEMERAL_SETTING"}}, "disappearing messages setting"),
	],
)
def test_nothing(read, message, reason):
	assert read(message) == Nothing(reason)


def test_group_text_with_mention_and_forwarded(read):
	event = read(
		{
			"extendedTextMessage": {
				"text": "@111100001111000 can you check?",
				"contextInfo": {
					"forwardingScore": 1,
					"isForwarded": True,
					"mentionedJID": ["111100001111000@lid", "nobody", 5],
				},
			}
		},
		info={"Chat": "120363000000000001@g.us", "IsGroup": True},
	)

	assert event.chat == GROUP
	assert event.chat_alt is None
	assert event.forwarded is True
	assert event.mentions == (SHOP_LID,)


def test_a_file_may_answer_and_be_forwarded(read):
	context = {
		"stanzaID": "3EB0",
		"participant": "12025550100:7@s.whatsapp.net",
		"forwardingScore": 4,
		"quotedMessage": {
			"documentWithCaptionMessage": {"message": {"documentMessage": {"caption": "The offer"}}}
		},
	}

	event = read({"imageMessage": {"contextInfo": context}})

	assert event.quote == Quote("3EB0", Address("12025550100", "s.whatsapp.net"), "The offer")
	assert event.forwarded is True


@pytest.mark.parametrize(
	("quoted", "text"),
	[
		({"conversation": "hi"}, "hi"),
		({"pollCreationMessageV3": {"name": "When?"}}, "When?"),
		({"stickerMessage": {}}, None),
		({"reactionMessage": {"key": TARGET, "text": "👍"}}, None),
		({}, None),
		(None, None),
	],
)
def test_text_of_what_is_answered(read, quoted, text):
	event = read(
		{"extendedTextMessage": {"text": "a", "contextInfo": {"stanzaID": "3EB0", "quotedMessage": quoted}}}
	)

	assert event.quote == Quote("3EB0", None, text)


def test_view_once_and_animation_are_also_told_beside_the_message(read):
	assert read(IMAGE, event={"IsViewOnceV2": True}).content.view_once is True
	assert read({"stickerMessage": {}}, stickerAnimated=True).content.animated is True
	assert read({"stickerMessage": {}}, event={"IsLottieSticker": True}).content.animated is True
	assert read(IMAGE, stickerAnimated=True).content.animated is False


def test_admin_deletion_is_told_beside_the_message_too(read):
	assert read({"protocolMessage": {"key": TARGET}}, info={"Edit": "8"}).content == Revoke(
		"3A01", by_admin=True
	)


@pytest.mark.parametrize(
	("vote", "content"),
	[
		(
			{"pollCreationMsgID": "P1", "selectedOptions": None, "selectedHashesB64": ["aGFzaA=="]},
			PollVote("P1", (), ("aGFzaA==",)),
		),
		(
			{"pollCreationMsgID": "P1", "selectedOptions": ["A"], "selectedHashesB64": ["aA==", "aQ=="]},
			PollVote("P1", ("A",), ("aA==", "aQ==")),
		),
		({"selectedOptions": [], "selectedHashesB64": []}, PollVote("P2", (), ())),
		("?", Undecryptable()),
	],
)
def test_votes(read, vote, content):
	message = {"pollUpdateMessage": {"pollCreationMessageKey": {"ID": "P2"}}}

	assert read(message, pollVote=vote).content == content


def test_s3_delivery_goes_into_the_ticket(read):
	s3 = {"url": "https://cdn.example.com/a.jpg", "key": "users/a.jpg"}
	with_keys = json.loads(read(IMAGE, s3=s3).content.ticket)
	without = json.loads(read({"imageMessage": {}}, s3=s3).content.ticket)

	assert with_keys == {"url": "https://cdn.example.com/a.jpg", **json.loads(IMAGE_TICKET)}
	assert without == {"url": "https://cdn.example.com/a.jpg"}


# ---- who and when


def test_device_parts_are_dropped(read):
	event = read(
		{"conversation": "hi"},
		info={
			"Chat": "222200002222000@lid",
			"Sender": "222200002222000:23@lid",
			"SenderAlt": "447700900123:23@s.whatsapp.net",
		},
	)

	assert (event.chat, event.sender) == (ANA_LID, ANA_LID)
	assert (event.chat_alt, event.sender_alt) == (ANA, ANA)


def test_own_message_in_a_lid_chat(read):
	event = read(
		{"conversation": "hi"},
		info={
			"Chat": "222200002222000@lid",
			"Sender": "111100001111000@lid",
			"SenderAlt": "",
			"RecipientAlt": "447700900123@s.whatsapp.net",
			"IsFromMe": True,
		},
	)

	assert (event.chat, event.chat_alt, event.sender) == (ANA_LID, ANA, SHOP_LID)


def test_an_alternative_that_is_none(read):
	assert read({"conversation": "hi"}, info={"SenderAlt": str(ANA)}).chat_alt is None


def test_a_message_without_a_sender_is_the_chat_partners(read):
	assert read({"conversation": "hi"}, info={"Sender": ""}).sender == ANA


def _at(*parts):
	return datetime(*parts, tzinfo=timezone.utc)


@pytest.mark.parametrize(
	("timestamp", "at"),
	[
		("2026-03-14T10:21:07Z", _at(2026, 3, 14, 10, 21, 7)),
		("2026-03-14T07:21:07-03:00", _at(2026, 3, 14, 10, 21, 7)),
		("2026-03-14T15:51:07.123456789+05:30", _at(2026, 3, 14, 10, 21, 7)),
		("0001-01-01T00:00:00Z", _at(1970, 1, 1)),
		("9999-12-31T23:59:59-01:00", _at(1970, 1, 1)),
		("2026-02-30T10:21:07Z", _at(1970, 1, 1)),
		("today", _at(1970, 1, 1)),
		(1773483667, _at(1970, 1, 1)),
		(None, _at(1970, 1, 1)),
	],
)
def test_time(read, timestamp, at):
	event = read({"conversation": "hi"}, info={"Timestamp": timestamp})

	assert event.sent_at == at
	assert event.sent_at.tzinfo is timezone.utc


@pytest.mark.parametrize(
	("copied", "at"),
	[
		(1773483667, _at(2026, 3, 14, 10, 21, 7)),
		(0, _at(1970, 1, 1)),
		(-5, _at(1970, 1, 1)),
		(10**17, _at(1970, 1, 1)),
		(10**30, _at(1970, 1, 1)),
	],
)
def test_time_of_a_copy_that_the_phone_sent_again(read, copied, at):
	changes = {
		"info": {"Timestamp": "0001-01-01T00:00:00Z"},
		"event": {"SourceWebMsg": {"messageTimestamp": copied}},
	}

	assert read({"conversation": "hi"}, **changes).sent_at == at
