"""What stands in `event.Message` for kinds that a phone only shows: templates, lists, events, payments and the like.

Alternatives of a `oneof` stand one level down, under its Go name. No files: the headers of these have only texts.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

Json = dict[str, Any]


def _template(text: str) -> Json:
	buttons = [
		{
			"HydratedButton": {
				"UrlButton": {"displayText": "Follow it", "URL": "https://example.com/track/42"}
			}
		},
		{"HydratedButton": {"CallButton": {"displayText": "Call us", "phoneNumber": "+44 7700 900000"}}},
		{"HydratedButton": {"QuickReplyButton": {"displayText": "Change the day", "ID": "change"}}},
	]
	filled = {
		"Title": {"HydratedTitleText": "Good news"},
		"hydratedContentText": text or "Your parcel 42 is on its way",
		"hydratedFooterText": "Example Ltd",
		"hydratedButtons": [button | {"index": index} for index, button in enumerate(buttons)],
	}
	return {"templateMessage": {"Format": {"HydratedFourRowTemplate": filled}, "templateID": "1203"}}


def _buttons(text: str) -> Json:
	answers = [("yes", "Yes, please"), ("no", "Later")]
	return {
		"buttonsMessage": {
			"Header": {"Text": "Order 42"},
			"contentText": text or "Shall we send it today?",
			"headerType": 2,
			"buttons": [
				{"buttonID": id, "buttonText": {"displayText": label}, "type": 1} for id, label in answers
			],
		}
	}


def _list(text: str) -> Json:
	rows = [
		{"title": "Morning", "description": "09:00 to 12:00", "rowID": "am"},
		{"title": "Evening", "rowID": "pm"},
	]
	return {
		"listMessage": {
			"title": "Delivery",
			"description": text or "When may we come?",
			"buttonText": "Choose",
			"listType": 1,
			"sections": [{"title": "Monday", "rows": rows}],
		}
	}


def _carousel(text: str) -> Json:
	def card(title: str, address: str) -> Json:
		link = json.dumps({"display_text": "Buy", "url": address})
		buttons = [{"name": "cta_url", "buttonParamsJSON": link}]
		return {
			"header": {"title": title},
			"body": {"text": "Holds 300 ml"},
			"InteractiveMessage": {"NativeFlowMessage": {"buttons": buttons}},
		}

	cards = [card("Blue mug", "https://example.com/blue"), card("Red mug", "https://example.com/red")]
	carousel = {"CarouselMessage": {"cards": cards, "messageVersion": 1}}
	return {
		"interactiveMessage": {"body": {"text": text or "New in our shop"}, "InteractiveMessage": carousel}
	}


def _event(text: str) -> Json:
	place = {"degreesLatitude": 51.5033, "degreesLongitude": -0.1196, "name": "Example Garden"}
	times = {"startTime": 1781344800, "endTime": 1781355600}
	return {"eventMessage": {"name": text or "Summer party", "location": place, **times}}


def _payment_request(text: str) -> Json:
	note = {"extendedTextMessage": {"text": text or "For the cake"}}
	return {
		"requestPaymentMessage": {"amount1000": 12_500, "currencyCodeIso4217": "BRL", "noteMessage": note}
	}


def _poll_result(text: str) -> Json:
	votes = [{"optionName": "Monday", "optionVoteCount": 3}, {"optionName": "Tuesday", "optionVoteCount": 1}]
	return {"pollResultSnapshotMessage": {"name": text or "Delivery day?", "pollVotes": votes}}


def _sticker_pack(text: str) -> Json:
	stickers = [{"fileName": f"{number}.webp"} for number in range(3)]
	return {
		"stickerPackMessage": {"name": text or "Happy mugs", "publisher": "Example Ltd", "stickers": stickers}
	}


def _number_shared(text: str) -> Json:
	return {"protocolMessage": {"key": {"ID": "", "fromMe": True}, "type": 11}}


def _number_asked(text: str) -> Json:
	return {"requestPhoneNumberMessage": {}}


MORE_KINDS: dict[str, Callable[[str], Json]] = {
	"template": _template,
	"buttons": _buttons,
	"list": _list,
	"carousel": _carousel,
	"event": _event,
	"payment_request": _payment_request,
	"poll_result": _poll_result,
	"sticker_pack": _sticker_pack,
	"number_shared": _number_shared,
	"number_asked": _number_asked,
}
