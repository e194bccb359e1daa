"""Kinds of messages of which no webhook was recorded: shapes from the reference and from WhatsApp's own definitions."""

from __future__ import annotations

import pytest

from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.content import (
	AlbumStart,
	BusinessMessage,
	Button,
	ButtonKind,
	Choice,
	ContactCard,
	ContactCards,
	Edit,
	Hidden,
	Kept,
	LinkPreview,
	Location,
	LottieSticker,
	Media,
	MediaKind,
	Order,
	Payment,
	PaymentStep,
	Pin,
	Poll,
	Product,
	Reaction,
	Revoke,
	Text,
	Undecryptable,
	Unknown,
)
from wuzapi_chatwoot.bridge.model.events import Nothing

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
			{"lottieStickerMessage": {"message": {"stickerMessage": {"isLottie": True, "emojis": "😀"}}}},
			LottieSticker("😀"),
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
		(
			{"pollUpdateMessage": {"pollCreationMessageKey": {"ID": "P1"}}},
			Undecryptable(what=Hidden.VOTE, target_id="P1"),
		),
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
		(
			{
				"productMessage": {
					"product": {"title": "Mug", "priceAmount1000": 1500000, "currencyCode": "JPY"}
				}
			},
			Product("Mug", price="1500 JPY"),
		),
		(
			{
				"productMessage": {
					"product": {"title": "Mug", "priceAmount1000": 12345, "currencyCode": "KWD"}
				}
			},
			Product("Mug", price="12.345 KWD"),
		),
		(
			{"productMessage": {"product": {"title": "Mug", "priceAmount1000": 50, "currencyCode": "USD"}}},
			Product("Mug", price="0.05 USD"),
		),
		({"productMessage": {"product": {"title": "Mug", "priceAmount1000": 5}}}, Product("Mug")),
		({"productMessage": {"product": {"title": "Mug", "currencyCode": "EUR"}}}, Product("Mug")),
		({"productMessage": {"product": {}, "catalog": {"title": "Shop"}}}, Product("Shop")),
		({"productMessage": {"product": {"description": "Blue"}}}, Product("", "Blue")),
		({"productMessage": {"product": {"URL": "https://example.com"}}}, Unknown("productMessage")),
		# links
		(
			{"extendedTextMessage": {"text": "a.b/c", "canonicalURL": "https://a.b/c", "title": "C"}},
			Text("a.b/c", LinkPreview("https://a.b/c", "C", "")),
		),
		(
			{"extendedTextMessage": {"text": "a.b", "matchedText": "a.b", "description": "About B"}},
			Text("a.b", LinkPreview("a.b", "", "About B")),
		),
		(
			{"extendedTextMessage": {"text": "a.b", "matchedText": "a.b", "JPEGThumbnail": "/9j/"}},
			Text("a.b"),
		),
		(
			{
				"protocolMessage": {
					"key": TARGET,
					"type": 14,
					"editedMessage": {
						"extendedTextMessage": {"text": "a.b", "matchedText": "a.b", "title": "B"}
					},
				}
			},
			Edit("3A01", Text("a.b", LinkPreview("a.b", "B"))),
		),
		# what businesses send
		(
			{"buttonsMessage": {"contentText": "Pay now?", "footerText": "Example Ltd", "buttons": []}},
			BusinessMessage(body="Pay now?", footer="Example Ltd"),
		),
		(
			{"listMessage": {"title": "Menu", "description": "Choose one"}},
			BusinessMessage("Menu", "Choose one"),
		),
		(
			{"interactiveMessage": {"header": {"title": "Code"}, "body": {"text": "123456"}}},
			BusinessMessage("Code", "123456"),
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
			BusinessMessage(body="Your code is 123456", footer="Do not share it"),
		),
		(
			{"templateMessage": {"hydratedTemplate": {"hydratedContentText": "Hi"}}},
			BusinessMessage(body="Hi"),
		),
		# alternatives side by side, as other encoders write them
		(
			{
				"templateMessage": {
					"hydratedTemplate": {
						"hydratedTitleText": "A",
						"hydratedButtons": [{"urlButton": {"displayText": "B", "URL": "c"}}],
					}
				}
			},
			BusinessMessage("A", buttons=(Button("B", ButtonKind.LINK, "c"),)),
		),
		(
			{
				"interactiveMessage": {
					"header": {"imageMessage": {}},
					"nativeFlowMessage": {
						"buttons": [{"name": "cta_copy", "buttonParamsJSON": '{"copy_code": "X1"}'}]
					},
				}
			},
			BusinessMessage(
				files=(Media(MediaKind.IMAGE, "image/jpeg"),),
				buttons=(Button("Copy code", ButtonKind.COPY, "X1"),),
			),
		),
		(
			{"interactiveMessage": {"nativeFlowMessage": {"buttons": [{"name": "cta_url"}, {}]}}},
			Unknown("interactiveMessage"),
		),
		({"highlyStructuredMessage": {"params": ["Ana", "42"]}}, BusinessMessage(body="Ana 42")),
		({"pollResultSnapshotMessage": {}}, Unknown("pollResultSnapshotMessage")),
		({"pollAddOptionMessage": {}}, Unknown("pollAddOptionMessage")),
		({"commentMessage": {"message": {}}}, Unknown("commentMessage")),
		({"questionResponseMessage": {}}, Unknown("questionResponseMessage")),
		({"keepInChatMessage": {"key": TARGET, "keepType": 2}}, Kept("3A01", kept=False)),
		({"keepInChatMessage": {"key": TARGET}}, Unknown("keepInChatMessage")),
		(
			{"requestPaymentMessage": {"amount1000": 5000, "currencyCodeIso4217": "JPY"}},
			Payment(PaymentStep.REQUESTED, "5 JPY"),
		),
		(
			{"requestPaymentMessage": {"amount": {"value": 5, "offset": 0, "currencyCode": "EUR"}}},
			Payment(PaymentStep.REQUESTED, "5.00 EUR"),
		),
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
		({"encReactionMessage": {"encIV": "x"}}, Undecryptable(what=Hidden.REACTION)),
		({"secretEncryptedMessage": {"targetMessageKey": TARGET, "secretEncType": 1}}, Edit("3A01", None)),
		(
			{"secretEncryptedMessage": {"targetMessageKey": TARGET, "secretEncType": 5}},
			Undecryptable(what=Hidden.POLL_OPTION, target_id="3A01"),
		),
		({"albumMessage": None, "futureMessage": "text"}, Unknown("futureMessage")),
		# several keys
		({"conversation": "hi", "senderKeyDistributionMessage": {}}, Text("hi")),
		({"aNewKind": {}, "conversation": "hi"}, Text("hi")),
		({"aNewKind": {}, "imageMessage": {}}, Media(MediaKind.IMAGE, "image/jpeg")),
		({"imageMessage": 5}, Media(MediaKind.IMAGE, "image/jpeg")),
		# newer than the gateway: somebody wrote something
		({"messageContextInfo": {"deviceListMetadataVersion": 2}}, Unknown("empty")),
		(None, Unknown("empty")),
		("text", Unknown("empty")),
	],
)
def test_content(read_message, message, content):
	assert read_message(message).content == content


@pytest.mark.parametrize(
	("message", "reason"),
	[
		(
			{"messageContextInfo": {}, "senderKeyDistributionMessage": {"groupID": "1@g.us"}},
			"message without content",
		),
		({"stickerSyncRmrMessage": {}}, "message without content"),
		({"conversation": ""}, "message without content"),
		({"extendedTextMessage": {"text": ""}}, "message without content"),
		({"protocolMessage": {"type": 0, "key": {}}}, "protocol message between devices"),
		({"protocolMessage": {"type": 6, "key": TARGET}}, "protocol message between devices"),
		({"protocolMessage": {"type": [], "key": TARGET}}, "protocol message between devices"),
		({"protocolMessage": {"historySyncNotification": {}, "type": 5}}, "protocol message between devices"),
		({"protocolMessage": {"type": "EPHEMERAL_SETTING"}}, "disappearing messages setting"),
	],
)
def test_nothing(read_message, message, reason):
	assert read_message(message) == Nothing(reason)
