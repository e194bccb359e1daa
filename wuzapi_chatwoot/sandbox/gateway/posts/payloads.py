"""The exact shapes of the gateway's webhooks, in the key order of Go's structs. Decides nothing, sends nothing."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from wuzapi_chatwoot.sandbox.gateway.phones.phone import pseudo_bytes

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


def info(
	origin: Json, message_id: str, push_name: str, timestamp: int, *, verified_name: str = "", **special: str
) -> Json:
	"""Build `event.Info`; `special` gives Type, MediaType and Edit where they are not those of a plain text.

	`verified_name` is the name of a business that WhatsApp has verified.
	"""
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
		"VerifiedName": _certificate(verified_name) if verified_name else None,
		"DeviceSentMeta": destination,
	}


def _certificate(name: str) -> Json:
	details = {"serial": 1234567890123, "issuer": "smb:wa", "verifiedName": name}
	return {"Certificate": {"details": pseudo_bytes(name, 12)}, "Details": details}


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


VIEW_ONCE = "viewOnceMessageV2"
EPHEMERAL = "ephemeralMessage"
CAPTIONED = "documentWithCaptionMessage"
EDITED = "editedMessage"


def message_event(
	about: Json,
	message: Json,
	*,
	wrappers: tuple[str, ...] = (),
	retry_count: int = 0,
	raw: Json | None = None,
) -> Json:
	"""Build a `Message` webhook; `wrappers` names the layers, outermost first, that the gateway has taken off.

	`raw` is what came from WhatsApp where that was something else altogether.
	"""
	received = raw if raw is not None else _wrapped(about, message, wrappers)
	event = {
		"Info": about,
		"Message": message,
		"IsEphemeral": EPHEMERAL in wrappers,
		"IsViewOnce": VIEW_ONCE in wrappers,
		"IsViewOnceV2": VIEW_ONCE in wrappers,
		"IsViewOnceV2Extension": False,
		"IsDocumentWithCaption": CAPTIONED in wrappers,
		"IsLottieSticker": False,
		"IsBotInvoke": False,
		"IsEdit": EDITED in wrappers,
		"SourceWebMsg": None,
		"UnavailableRequestID": "",
		"RetryCount": retry_count,
		"NewsletterMeta": None,
		"RawMessage": received,
	}
	return {"type": "Message", "event": event}


def _wrapped(about: Json, message: Json, wrappers: tuple[str, ...]) -> Json:
	raw = message
	for wrapper in reversed(wrappers):
		raw = {wrapper: {"message": raw}}
	sent = about["DeviceSentMeta"]
	if sent is not None:
		phash = {"phash": sent["Phash"]} if sent["Phash"] else {}
		raw = {"deviceSentMessage": {"destinationJID": sent["DestinationJID"], "message": message, **phash}}
	if sent is not None or wrappers == (EDITED,):
		raw["messageContextInfo"] = message["messageContextInfo"]
	return raw


def resent_event(about: Json, message: Json, timestamp: int) -> Json:
	"""Build the webhook for a copy that the shop's own phone sent again: it knows less than the original."""
	copied = {**about, "AddressingMode": "", "SenderAlt": "", "Type": "", "MediaType": ""}
	payload = message_event(copied, message)
	key = {"remoteJID": about["Chat"], "fromMe": about["IsFromMe"], "ID": about["ID"]}
	payload["event"]["SourceWebMsg"] = {
		"key": key,
		"message": message,
		"messageTimestamp": timestamp,
		"status": 3,
		"pushName": about["PushName"],
	}
	payload["event"]["UnavailableRequestID"] = "3EB0" + about["ID"][-18:]
	return payload


def newsletter_event(about: Json, message: Json, server_id: int) -> Json:
	"""Build the webhook for what a channel published."""
	payload = message_event({**about, "AddressingMode": "", "ServerID": server_id}, message)
	payload["event"]["NewsletterMeta"] = {"EditTS": NO_TIME, "OriginalTS": about["Timestamp"]}
	return payload


def undecryptable_event(about: Json, *, view_once: bool = False) -> Json:
	"""Build the webhook for a message that could not be decrypted, or that stays on the phone."""
	unavailable = {"IsUnavailable": view_once, "UnavailableType": "view_once" if view_once else ""}
	return {"type": "UndecryptableMessage", "event": {"Info": about, **unavailable, "DecryptFailMode": ""}}


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
