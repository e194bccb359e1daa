"""The exact shapes of the webhooks that are no messages: calls, group changes, pictures, own-device noise."""

from __future__ import annotations

from typing import Any

from wuzapi_chatwoot.sandbox.gateway.phones.phone import pseudo_bytes
from wuzapi_chatwoot.sandbox.gateway.posts import payloads

Json = dict[str, Any]


def call_event(
	call_id: str, creator: str, creator_alt: str, timestamp: int, *, video: bool = False, group: str = ""
) -> Json:
	"""Build a `CallOffer`, or a `CallOfferNotice` for a call to a group."""
	about = _call(call_id, creator, creator_alt, timestamp)
	if group:
		media = "video" if video else "audio"
		data: Json = {"Tag": "offer_notice", "Attrs": {"media": media, "type": "group"}, "Content": None}
		return {"type": "CallOfferNotice", "event": {**about, "Media": media, "Type": "group", "Data": data}}
	attributes = {"call-creator": creator, "call-id": call_id}
	phone = next((jid for jid in (creator, creator_alt) if jid.endswith("@s.whatsapp.net")), "")
	if phone:
		attributes["caller_pn"] = phone
	content: list[Json] = [{"Tag": "audio", "Attrs": {"enc": "opus", "rate": "16000"}, "Content": None}]
	if video:
		content.append({"Tag": "video", "Attrs": {"enc": "vp8"}, "Content": None})
	sealed = pseudo_bytes(call_id, 24)
	content.append({"Tag": "enc", "Attrs": {"type": "msg", "v": "2"}, "Content": sealed})
	data = {"Tag": "offer", "Attrs": attributes, "Content": content}
	remote = {"RemotePlatform": "android", "RemoteVersion": "2.26.1.1"}
	return {"type": "CallOffer", "event": {**about, **remote, "Data": data}}


def call_end_event(call_id: str, creator: str, creator_alt: str, timestamp: int, reason: str) -> Json:
	"""Build a `CallTerminate`."""
	data = {"Tag": "terminate", "Attrs": {"reason": reason}, "Content": None}
	about = _call(call_id, creator, creator_alt, timestamp)
	return {"type": "CallTerminate", "event": {**about, "Reason": reason, "Data": data}}


def _call(call_id: str, creator: str, creator_alt: str, timestamp: int) -> Json:
	return {
		"From": creator,
		"Timestamp": payloads.time_text(timestamp),
		"CallCreator": creator,
		"CallCreatorAlt": creator_alt,
		"CallID": call_id,
		# Empty in the recorded ones, for calls to a group as well.
		"GroupJID": "",
	}


def group_event(group: str, sender: str, sender_pn: str, timestamp: int, **changes: Any) -> Json:
	"""Build a `GroupInfo`; `changes` gives Join, Leave or Name."""
	event = {
		"JID": group,
		"Notify": "",
		"Sender": sender,
		"SenderPN": sender_pn,
		"Timestamp": payloads.time_text(timestamp),
		**dict.fromkeys(
			("Name", "Topic", "Locked", "Announce", "Ephemeral", "MembershipApprovalMode", "Delete")
		),
		**dict.fromkeys(("Link", "Unlink", "NewInviteLink")),
		"PrevParticipantVersionID": "",
		"ParticipantVersionID": f"{timestamp}000000" if "Name" not in changes else "",
		"JoinReason": "",
		**dict.fromkeys(("Join", "Leave", "Promote", "Demote", "UnknownChanges")),
		"Suspended": False,
		"Unsuspended": False,
	}
	return {"type": "GroupInfo", "event": {**event, **changes}}


def joined_event(group: Json, sender: str, sender_pn: str) -> Json:
	"""Build a `JoinedGroup`: the shop was taken into a group."""
	about = {
		"Reason": "",
		"Type": "new",
		"CreateKey": "",
		"Sender": sender,
		"SenderPN": sender_pn,
		"Notify": "",
	}
	return {"type": "JoinedGroup", "event": {**about, **group}}


def picture_event(jid: str, author: str, timestamp: int, picture_id: str) -> Json:
	"""Build a `Picture`; without an id the picture was removed."""
	event = {
		"JID": jid,
		"Author": author,
		"Timestamp": payloads.time_text(timestamp),
		"Remove": not picture_id,
		"PictureID": picture_id,
	}
	return {"type": "Picture", "event": event}


def peer_noise_event(own_jid: str, own_name: str, message_id: str, timestamp: int) -> Json:
	"""Build what own devices tell each other and what nobody should take for a message."""
	where = {**payloads.source(own_jid, own_jid, "", from_me=True), "AddressingMode": ""}
	about = payloads.info(where, message_id, own_name, timestamp)
	path = "/v/t62.0000-24/100000009_fictional_n.enc?ccb=11-4&oh=00_FICTIONAL&oe=00000000&_nc_sid=000000"
	history = {
		"fileSHA256": pseudo_bytes(message_id + "sha", 32),
		"fileLength": 2048,
		"mediaKey": pseudo_bytes(message_id + "key", 32),
		"fileEncSHA256": pseudo_bytes(message_id + "enc", 32),
		"directPath": path,
		"syncType": 3,
		"chunkOrder": 1,
		"progress": 40,
	}
	content = {"protocolMessage": {"type": 5, "historySyncNotification": history}}
	return payloads.message_event({**about, "Category": "peer", "DeviceSentMeta": None}, content, raw=content)
