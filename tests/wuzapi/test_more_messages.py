"""What stands around a message's content: answers, forwards, votes, who wrote it and when."""

from __future__ import annotations

import json
from datetime import datetime, timezone

import pytest

from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.content import (
	AdOrigin,
	Hidden,
	LottieSticker,
	PollVote,
	Quote,
	Revoke,
	Undecryptable,
)
from wuzapi_chatwoot.gateways.wuzapi import connector

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


def test_group_text_with_mention_and_forwarded(read_message):
	event = read_message(
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


def test_a_file_may_answer_and_be_forwarded(read_message):
	context = {
		"stanzaID": "3EB0",
		"participant": "12025550100:7@s.whatsapp.net",
		"forwardingScore": 4,
		"quotedMessage": {
			"documentWithCaptionMessage": {"message": {"documentMessage": {"caption": "The offer"}}}
		},
	}

	event = read_message({"imageMessage": {"contextInfo": context}})

	assert event.quote == Quote("3EB0", Address("12025550100", "s.whatsapp.net"), "📄 Document: The offer")
	assert event.forwarded is True


@pytest.mark.parametrize(
	("quoted", "text"),
	[
		({"conversation": "hi"}, "hi"),
		({"pollCreationMessageV3": {"name": "When?"}}, "📊 Poll: When?"),
		({"productMessage": {"product": {"title": "Blue mug"}}}, "🛍️ Product: Blue mug"),
		({"stickerMessage": {}}, "🏷️ Sticker"),
		({"audioMessage": {"PTT": True}}, "🎤 Voice message"),
		({"documentMessage": {"fileName": "Offer.pdf"}}, "📄 Document: Offer.pdf"),
		({"buttonsMessage": {"contentText": "Today?"}}, "Today?"),
		({"templateMessage": {"hydratedTemplate": {"Title": {"VideoMessage": {}}}}}, "🎬 Video"),
		({"pollUpdateMessage": {}}, None),
		({"reactionMessage": {"key": TARGET, "text": "👍"}}, None),
		({}, None),
		(None, None),
	],
)
def test_text_of_what_is_answered(read_message, quoted, text):
	event = read_message(
		{"extendedTextMessage": {"text": "a", "contextInfo": {"stanzaID": "3EB0", "quotedMessage": quoted}}}
	)

	assert event.quote == Quote("3EB0", None, text)


@pytest.mark.parametrize(
	("context", "ad"),
	[
		({"externalAdReply": {"sourceType": "ad"}}, AdOrigin()),
		(
			{"externalAdReply": {"sourceID": "12", "sourceType": "post", "title": "T", "sourceURL": "u"}},
			AdOrigin(title="T", url="u", source_id="12"),
		),
		(
			{"externalAdReply": {"ctwaClid": "CLICK", "body": "B"}, "conversionSource": "FB_Ads"},
			AdOrigin(body="B", click_id="CLICK"),
		),
		({"ctwaClid": "CLICK", "entryPointConversionSource": "ctwa_ad"}, AdOrigin(click_id="CLICK")),
		# A link that somebody dressed up.
		({"externalAdReply": {"title": "Win!", "sourceURL": "https://example.com"}}, None),
		({"externalAdReply": "ad", "conversionSource": "FB_Ads"}, None),
	],
)
def test_the_advertisement_that_began_a_chat(read_message, context, ad):
	event = read_message({"extendedTextMessage": {"text": "Hi", "contextInfo": context}})

	assert event.ad == ad


def test_a_picture_may_come_by_an_advertisement_too(read_message):
	context = {"externalAdReply": {"sourceID": "12"}}

	assert read_message({"imageMessage": {"contextInfo": context}}).ad == AdOrigin(source_id="12")


def test_view_once_and_animation_are_also_told_beside_the_message(read_message):
	assert read_message(IMAGE, event={"IsViewOnceV2": True}).content.view_once is True
	assert read_message({"stickerMessage": {}}, stickerAnimated=True).content.animated is True
	assert read_message({"stickerMessage": {}}, event={"IsLottieSticker": True}).content == LottieSticker()
	assert read_message(IMAGE, stickerAnimated=True).content.animated is False


def test_admin_deletion_is_told_beside_the_message_too(read_message):
	assert read_message({"protocolMessage": {"key": TARGET}}, info={"Edit": "8"}).content == Revoke(
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
		("?", Undecryptable(what=Hidden.VOTE, target_id="P2")),
	],
)
def test_votes(read_message, vote, content):
	message = {"pollUpdateMessage": {"pollCreationMessageKey": {"ID": "P2"}}}

	assert read_message(message, pollVote=vote).content == content


def test_s3_delivery_goes_into_the_ticket(read_message):
	s3 = {"url": "https://cdn.example.com/a.jpg", "key": "users/a.jpg"}
	with_keys = json.loads(read_message(IMAGE, s3=s3).content.ticket)
	without = json.loads(read_message({"imageMessage": {}}, s3=s3).content.ticket)

	assert with_keys == {"url": "https://cdn.example.com/a.jpg", **json.loads(IMAGE_TICKET)}
	assert without == {"url": "https://cdn.example.com/a.jpg"}


# ---- who and when


def test_device_parts_are_dropped(read_message):
	event = read_message(
		{"conversation": "hi"},
		info={
			"Chat": "222200002222000@lid",
			"Sender": "222200002222000:23@lid",
			"SenderAlt": "447700900123:23@s.whatsapp.net",
		},
	)

	assert (event.chat, event.sender) == (ANA_LID, ANA_LID)
	assert (event.chat_alt, event.sender_alt) == (ANA, ANA)


def test_own_message_in_a_lid_chat(read_message):
	event = read_message(
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


def test_an_alternative_that_is_none(read_message):
	assert read_message({"conversation": "hi"}, info={"SenderAlt": str(ANA)}).chat_alt is None


def test_a_message_without_a_sender_is_the_chat_partners(read_message):
	assert read_message({"conversation": "hi"}, info={"Sender": ""}).sender == ANA


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
def test_time(read_message, timestamp, at):
	event = read_message({"conversation": "hi"}, info={"Timestamp": timestamp})

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
def test_time_of_a_copy_that_the_phone_sent_again(read_message, copied, at):
	changes = {
		"info": {"Timestamp": "0001-01-01T00:00:00Z"},
		"event": {"SourceWebMsg": {"messageTimestamp": copied}},
	}

	assert read_message({"conversation": "hi"}, **changes).sent_at == at


def test_what_came_by_a_broadcast_list_is_a_message_of_its_sender(read_message):
	event = read_message(
		{"conversation": "To all my customers"},
		info={
			"Chat": "1718886666@broadcast",
			"Sender": "222200002222000:3@lid",
			"SenderAlt": "447700900123:3@s.whatsapp.net",
			"IsGroup": True,
		},
	)
	assert (event.chat, event.chat_alt) == (ANA_LID, ANA)
	assert (event.sender, event.sender_alt) == (ANA_LID, ANA)


def test_a_status_stays_one(read_message):
	event = read_message({"conversation": "On holiday"}, info={"Chat": "status@broadcast", "IsGroup": True})
	assert (event.chat, event.sender) == (Address("status", "broadcast"), ANA)


@pytest.mark.parametrize(
	"change", [{"Chat": "120363000000000001@g.us", "Sender": "333300003333000@lid"}, {"IsFromMe": True}]
)
def test_the_same_id_of_another_author_is_another_message(message_hook, as_json, change):
	info = {"Chat": change.get("Chat", "447700900123@s.whatsapp.net")}
	keys = {
		connector.read(as_json(message_hook({"conversation": "x"}, info=each))).key
		for each in (info, {**info, **change})
	}
	assert len(keys) == 2


def test_the_same_receipt_in_another_chat_is_another_one(as_json):
	event = {"Sender": "447700900123@s.whatsapp.net", "MessageIDs": ["A"], "Type": "read"}
	keys = {
		connector.read(as_json({"type": "ReadReceipt", "event": {**event, "Chat": chat}})).key
		for chat in ("447700900123@s.whatsapp.net", "120363000000000001@g.us")
	}
	assert len(keys) == 2
