"""The exact shapes of the gateway's webhooks, in the key order of Go's structs. Decides nothing, sends nothing."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from datetime import datetime, timezone
from typing import Any

from ..files import File
from .phone import media_path, pseudo_bytes

TINY_THUMBNAIL = "/9j/4AAQSkZJRgABAQAAAQABAAD/2Q=="
NO_TIME = "0001-01-01T00:00:00Z"

Json = dict[str, Any]


def time_text(seconds: int) -> str:
	"""Write a time as Go writes whole seconds in UTC."""
	return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def source(
	chat: str, sender: str, sender_alt: str, *, from_me: bool = False, recipient_alt: str = ""
) -> Json:
	"""Say who wrote where: the keys that messages and receipts begin with."""
	return {
		"Chat": chat,
		"Sender": sender,
		"IsFromMe": from_me,
		"IsGroup": chat.endswith("@g.us"),
		"AddressingMode": "lid" if sender.endswith("@lid") else "pn",
		"SenderAlt": sender_alt,
		"RecipientAlt": recipient_alt,
		"BroadcastListOwner": "",
		"BroadcastRecipients": None,
	}


def info(origin: Json, message_id: str, push_name: str, timestamp: int, **special: str) -> Json:
	"""Build `event.Info`; `special` gives Type, MediaType and Edit where they are not those of a plain text."""
	destination = None
	if origin["IsFromMe"] and not origin["IsGroup"]:
		plain = not special.get("Edit") and special.get("Type") != "reaction"
		destination = {"DestinationJID": origin["Chat"], "Phash": "1:FICTIONL" if plain else ""}
	return {
		**origin,
		"ID": message_id,
		"ServerID": 0,
		"Type": special.get("Type", "text"),
		"PushName": push_name,
		"Timestamp": time_text(timestamp),
		"Category": "",
		"Multicast": False,
		"MediaType": special.get("MediaType", ""),
		"Edit": special.get("Edit", ""),
		"MsgBotInfo": {"EditType": "", "EditTargetID": "", "EditSenderTimestampMS": NO_TIME},
		"MsgMetaInfo": {
			"TargetID": "",
			"TargetSender": "",
			"TargetChat": "",
			"DeprecatedLIDSession": None,
			"ThreadMessageID": "",
			"ThreadMessageSenderJID": "",
		},
		"VerifiedName": None,
		"DeviceSentMeta": destination,
	}


def context_info(message_id: str, timestamp: int) -> Json:
	"""Build the `messageContextInfo` that phones put into nearly every message."""
	return {
		"deviceListMetadata": {
			"senderKeyHash": pseudo_bytes(message_id + "s", 10),
			"senderTimestamp": timestamp - 180_000,
			"recipientKeyHash": pseudo_bytes(message_id + "r", 10),
			"recipientTimestamp": timestamp - 80_000,
		},
		"deviceListMetadataVersion": 2,
		"messageSecret": pseudo_bytes(message_id, 32),
	}


def message_event(about: Json, message: Json, *, wrapper: str = "") -> Json:
	"""Build a `Message` webhook; `wrapper` names the layer that the gateway has already taken off."""
	raw: Json = {wrapper: {"message": message}} if wrapper else message
	if about["DeviceSentMeta"] is not None:
		sent = about["DeviceSentMeta"]
		phash = {"phash": sent["Phash"]} if sent["Phash"] else {}
		raw = {"deviceSentMessage": {"destinationJID": sent["DestinationJID"], "message": message, **phash}}
		raw["messageContextInfo"] = message["messageContextInfo"]
	elif wrapper == "editedMessage":
		raw["messageContextInfo"] = message["messageContextInfo"]
	event = {
		"Info": about,
		"Message": message,
		"IsEphemeral": False,
		"IsViewOnce": False,
		"IsViewOnceV2": False,
		"IsViewOnceV2Extension": False,
		"IsDocumentWithCaption": wrapper == "documentWithCaptionMessage",
		"IsLottieSticker": False,
		"IsBotInvoke": False,
		"IsEdit": wrapper == "editedMessage",
		"SourceWebMsg": None,
		"UnavailableRequestID": "",
		"RetryCount": 0,
		"NewsletterMeta": None,
		"RawMessage": raw,
	}
	return {"type": "Message", "event": event}


def undecryptable_event(about: Json) -> Json:
	"""Build the webhook for a message that could not be decrypted."""
	event = {"Info": about, "IsUnavailable": False, "UnavailableType": "", "DecryptFailMode": ""}
	return {"type": "UndecryptableMessage", "event": event}


RECEIPT_STATES = {"": "Delivered", "read": "Read", "read-self": "ReadSelf"}


def receipt_event(origin: Json, message_ids: list[str], timestamp: int, kind: str, author: str = "") -> Json:
	"""Build a `ReadReceipt` webhook; `kind` is empty for delivered."""
	event = {
		**origin,
		"MessageIDs": message_ids,
		"Timestamp": time_text(timestamp),
		"Type": kind,
		"MessageSender": author,
	}
	return {"type": "ReadReceipt", "event": event, "state": RECEIPT_STATES[kind]}


def typing_event(origin: Json, state: str, media: str) -> Json:
	"""Build a `ChatPresence` webhook."""
	return {"type": "ChatPresence", "event": {**origin, "State": state, "Media": media}}


def media_keys(message_id: str, file: File, timestamp: int) -> Json:
	"""Build what every media message carries to fetch and decrypt its file."""
	path = media_path(message_id) + "?ccb=11-4&oh=00_FICTIONAL&oe=00000000&_nc_sid=000000"
	return {
		"URL": f"https://mmg.whatsapp.net{path}&mms3=true",
		"mimetype": file.mimetype,
		"fileSHA256": b64encode(hashlib.sha256(file.data).digest()).decode(),
		"fileLength": len(file.data),
		"mediaKey": pseudo_bytes(message_id + "key", 32),
		"fileEncSHA256": pseudo_bytes(message_id + "enc", 32),
		"directPath": path,
		"mediaKeyTimestamp": timestamp - 80_000,
	}


def media_content(kind: str, message_id: str, file: File, caption: str, timestamp: int) -> Json:
	"""Build the `…Message` object of a media message."""
	keys = media_keys(message_id, file, timestamp)
	with_caption = {"caption": caption} if caption else {}
	thumbnail = {"JPEGThumbnail": TINY_THUMBNAIL}
	match kind:
		case "image":
			return {"imageMessage": {**keys, **with_caption, "height": 240, "width": 320, **thumbnail}}
		case "voice":
			wave = pseudo_bytes(message_id + "wave", 32)
			return {"audioMessage": {**keys, "seconds": 2, "PTT": True, "waveform": wave}}
		case "audio":
			return {"audioMessage": {**keys, "seconds": 2, "PTT": False}}
		case "video":
			sizes = {"seconds": 12, "height": 720, "width": 1280}
			return {"videoMessage": {**keys, **with_caption, **sizes, **thumbnail}}
		case "document":
			names = {"title": file.name, "fileName": file.name, "pageCount": 1}
			return {"documentMessage": {**keys, **names, **with_caption, **thumbnail}}
		case _:
			flags = {"isAnimated": False, "isAvatar": False, "isAiSticker": False, "isLottie": False}
			sent = {"stickerSentTS": timestamp * 1000}
			return {"stickerMessage": {**keys, "height": 96, "width": 96, **sent, **flags}}
