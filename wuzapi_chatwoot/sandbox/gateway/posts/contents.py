"""What stands in `event.Message` of a webhook for every kind of message, in the key order of Go's structs.

Takes a bubble of the phone and nothing else; who wrote it and how it travelled is said around it, elsewhere.
"""

from __future__ import annotations

from typing import Any

from wuzapi_chatwoot.sandbox.gateway.phones.phone import STATUS_JID, PhoneMessage, pseudo_bytes
from wuzapi_chatwoot.sandbox.gateway.posts.media_contents import TINY_THUMBNAIL, media_content
from wuzapi_chatwoot.sandbox.gateway.posts.more_contents import MORE_KINDS

Json = dict[str, Any]

# `Type` and `MediaType` of `event.Info`; every other kind is a plain text.
INFO_TYPES: dict[str, tuple[str, str]] = {
	"image": ("media", "image"),
	"voice": ("media", "ptt"),
	"audio": ("media", "audio"),
	"video": ("media", "video"),
	"gif": ("media", "gif"),
	"video_note": ("media", "ptv"),
	"document": ("media", "document"),
	"sticker": ("media", "sticker"),
	"view_once": ("media", "image"),
	"album": ("media", ""),
	"location": ("media", "location"),
	"live_location": ("media", "livelocation"),
	"contact": ("media", "vcard"),
	"contacts": ("media", "contact_array"),
	"poll": ("poll", ""),
	"button_answer": ("media", "buttons_response"),
	"list_answer": ("media", "list_response"),
	"interactive_answer": ("media", "native_flow_response"),
	"order": ("media", "order"),
	"product": ("media", "product"),
}
WEEK_SECONDS = 604_800


def info_types(message: PhoneMessage) -> dict[str, str]:
	"""Return what `event.Info` says about the kind of a message."""
	if message.kind == "text" and message.details.link_preview:
		return {"Type": "text", "MediaType": "url"}
	kind, media = INFO_TYPES.get(message.kind, ("text", ""))
	return {"Type": kind, "MediaType": media}


def content_of(message: PhoneMessage, quoted: Json | None = None) -> Json:
	"""Build the content; `quoted` is the content of the message that this one replies to."""
	context = _context(message, quoted)
	content = _plain(message, context)
	if context and content:
		next(iter(content.values()))["contextInfo"] = context
	return content


def quotable(message: PhoneMessage | None) -> Json:
	"""Build what a reply shows of the message that it answers; None stands for one that nobody knows."""
	if message is None:
		return {"extendedTextMessage": {"text": ""}}
	if message.kind == "text" and message.via == "api":
		# The gateway sends every text as an extended one; phones write plain ones.
		return {"extendedTextMessage": {"text": message.text}}
	return _plain(message, {})


def _plain(message: PhoneMessage, context: Json) -> Json:
	if message.file is not None:
		return media_content(message, message.file)
	if message.kind in MORE_KINDS:
		return MORE_KINDS[message.kind](message.text)
	match message.kind:
		case "location" | "live_location":
			return _place(message)
		case "contact":
			return {"contactMessage": _card(message.details.contacts[0])}
		case "contacts":
			cards = [_card(each) for each in message.details.contacts]
			return {"contactsArrayMessage": {"displayName": f"{len(cards)} contacts", "contacts": cards}}
		case "poll":
			return _poll(message)
		case "album":
			album = message.details.album or {}
			counts = {"expectedImageCount": album["pictures"], "expectedVideoCount": album["videos"]}
			return {"albumMessage": counts}
		case "button_answer" | "list_answer" | "template_answer" | "interactive_answer":
			return _answer(message)
		case "order" | "product" | "group_invite":
			return _trade(message)
		case "unknown":
			return {"somethingNewMessage": {"title": message.text, "version": 1}}
		case "empty":
			return {}
		case "sender_key":
			# Comes in groups beside the real message, under the same id and without any content.
			key = pseudo_bytes(message.id + "sender", 32)
			inner = {"groupID": message.chat, "axolotlSenderKeyDistributionMessage": key}
			return {"senderKeyDistributionMessage": inner}
	return _text(message, context)


def _text(message: PhoneMessage, context: Json) -> Json:
	preview = message.details.link_preview
	if message.chat == STATUS_JID:
		colours = {"textArgb": 4294967295, "backgroundArgb": 4285098345, "font": 0}
		return {"extendedTextMessage": {"text": message.text, **colours}}
	if not context and not preview:
		return {"conversation": message.text}
	extended: Json = {"text": message.text}
	if preview:
		extended["matchedText"] = preview["url"]
		extended["description"], extended["title"] = preview["description"], preview["title"]
	if preview or message.reply_to:
		extended["previewType"] = 0
	if preview:
		extended["JPEGThumbnail"] = TINY_THUMBNAIL
	return {"extendedTextMessage": extended}


def _context(message: PhoneMessage, quoted: Json | None) -> Json:
	details = message.details
	context: Json = {}
	if message.reply_to and details.quoted is not None:
		context["stanzaID"] = message.reply_to
		context["participant"] = details.quoted["author"]
		# Answers to buttons and lists come with an empty quote.
		context["quotedMessage"] = {"conversation": ""} if details.answer or not quoted else quoted
	if details.mentions:
		context["mentionedJID"] = list(details.mentions)
	if details.ad is not None:
		context["conversionSource"] = "FB_Ads"
	if details.forwarded:
		context["forwardingScore"], context["isForwarded"] = 1, True
	if details.ephemeral:
		context["expiration"] = WEEK_SECONDS
		context["ephemeralSettingTimestamp"] = message.timestamp - 80_000
		context["disappearingMode"] = {"initiator": 0}
	if details.ad is not None:
		context["externalAdReply"] = {
			"title": details.ad["title"],
			"body": details.ad["body"],
			"mediaType": 1,
			"sourceType": "ad",
			"sourceID": "120200000000000000",
			"sourceURL": details.ad["url"],
		}
		context["entryPointConversionSource"] = "ctwa_ad"
		context["entryPointConversionApp"] = "instagram"
	return context


def _place(message: PhoneMessage) -> Json:
	place = message.details.location or {}
	spot = {"degreesLatitude": place["latitude"], "degreesLongitude": place["longitude"]}
	thumbnail = {"JPEGThumbnail": TINY_THUMBNAIL}
	if place["live"]:
		moving = {"accuracyInMeters": 12, "speedInMps": 1.5}
		words = {"caption": message.text} if message.text else {}
		sequence = {"sequenceNumber": message.timestamp * 1_000_000 + 1, "timeOffset": 0}
		return {"liveLocationMessage": {**spot, **moving, **words, **sequence, **thumbnail}}
	names = {key: place[key] for key in ("name", "address") if place[key]}
	return {"locationMessage": {**spot, **names, **thumbnail}}


def _card(contact: Json) -> Json:
	return {"displayName": contact["name"], "vcard": contact["vcard"]}


def _poll(message: PhoneMessage) -> Json:
	poll = message.details.poll or {}
	options = [{"optionName": option} for option in poll["options"]]
	asked = {"name": poll["question"], "options": options, "selectableOptionsCount": 1}
	return {"pollCreationMessageV3": asked}


def _answer(message: PhoneMessage) -> Json:
	answer = message.details.answer or {}
	chosen, text = answer["id"], answer["text"]
	match message.kind:
		case "button_answer":
			response = {"SelectedDisplayText": text}
			return {"buttonsResponseMessage": {"selectedButtonID": chosen, "type": 1, "Response": response}}
		case "template_answer":
			reply = {"selectedID": chosen, "selectedDisplayText": text, "selectedIndex": 0}
			return {"templateButtonReplyMessage": reply}
		case "list_answer":
			row = {"title": text, "listType": 1, "singleSelectReply": {"selectedRowID": chosen}}
			described = {"description": answer["description"]} if answer["description"] else {}
			return {"listResponseMessage": {**row, **described}}
		case _:
			flow = {"name": "quick_reply", "paramsJSON": f'{{"id":"{chosen}"}}', "version": 1}
			wrapped = {"NativeFlowResponseMessage": flow}
			return {
				"interactiveResponseMessage": {"body": {"text": text}, "InteractiveResponseMessage": wrapped}
			}


def _trade(message: PhoneMessage) -> Json:
	details = message.details
	if order := details.order:
		return {
			"orderMessage": {
				"orderID": order["id"],
				"thumbnail": TINY_THUMBNAIL,
				"itemCount": order["items"],
				"status": 1,
				"surface": 1,
				"message": order["message"],
				"orderTitle": order["title"],
				"sellerJID": order["seller"],
				"token": pseudo_bytes(message.id + "order", 32),
				"totalAmount1000": order["total"],
				"totalCurrencyCode": order["currency"],
			}
		}
	if product := details.product:
		shown = {
			"productID": product["id"],
			"title": product["title"],
			"description": product["description"],
			"currencyCode": product["currency"],
			"priceAmount1000": product["price"],
			"productImageCount": 1,
		}
		return {"productMessage": {"product": shown, "businessOwnerJID": product["seller"]}}
	invite = details.invite or {}
	asked = {
		"groupJID": invite["jid"],
		"inviteCode": invite["code"],
		"inviteExpiration": message.timestamp + 3 * 86_400,
		"groupName": invite["group"],
	}
	return {"groupInviteMessage": {**asked, **({"caption": message.text} if message.text else {})}}
