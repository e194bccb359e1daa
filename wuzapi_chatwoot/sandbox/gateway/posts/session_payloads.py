"""The webhooks about a session's life, in the gateway's shapes. Decides nothing, sends nothing."""

from __future__ import annotations

from typing import Any

from wuzapi_chatwoot.sandbox.gateway.posts.payloads import time_text

Json = dict[str, Any]


def plain(kind: str) -> Json:
	"""An event that says nothing but its name: Connected, Disconnected, ClientOutdated."""
	return {"event": {}, "type": kind}


def qr(picture: str) -> Json:
	"""Another code is on screen."""
	return {"event": "code", "qrCodeBase64": picture, "type": "QR"}


def qr_timeout() -> Json:
	"""The last code has expired."""
	return {"event": "timeout", "type": "QRTimeout"}


def pair_success(jid: str, lid: str) -> Json:
	"""A phone has been paired; both addresses have their device part."""
	return {"event": _pair(jid, lid), "type": "PairSuccess"}


def own_name(name: str, timestamp: int) -> Json:
	"""What the number is called; the gateway posts it under the name of another event."""
	action = {"Action": {"name": name}, "FromFullSync": False, "Timestamp": time_text(timestamp)}
	return {"event": action, "type": "Connected"}


def pair_error(jid: str, lid: str) -> Json:
	"""A phone could not be paired; the gateway never says why."""
	return {"event": {**_pair(jid, lid), "Error": {}}, "type": "PairError"}


def _pair(jid: str, lid: str) -> Json:
	return {"BusinessName": "", "ID": jid, "LID": lid, "Platform": "android"}


def logged_out(reason: int, *, on_connect: bool) -> Json:
	"""The phone, or WhatsApp, has unlinked the device."""
	return {"event": {"OnConnect": on_connect, "Reason": reason}, "type": "LoggedOut"}


def temporary_ban(code: int, seconds: float) -> Json:
	"""The number may not connect for a while; the time is in nanoseconds."""
	return {"event": {"Code": code, "Expire": int(seconds * 1_000_000_000)}, "type": "TemporaryBan"}


def connect_failure(reason: int, message: str) -> Json:
	"""WhatsApp refused the connection."""
	raw = {"Attrs": {"location": "cln", "reason": str(reason)}, "Content": None, "Tag": "failure"}
	return {"event": {"Message": message, "Raw": raw, "Reason": reason}, "type": "ConnectFailure"}


def gateway_connect_failure() -> Json:
	"""The gateway itself gave up connecting; it never reaches a webhook."""
	return {
		"attempts": 3,
		"error": "failed to dial whatsapp web websocket: fictional",
		"event": "ConnectFailure",
		"reason": "Failed to connect after retry attempts",
		"type": "ConnectFailure",
	}


def stream_error(code: str) -> Json:
	"""WhatsApp ended the stream."""
	raw = {"Attrs": {"code": code}, "Content": None, "Tag": "stream:error"}
	return {"event": {"Code": code, "Raw": raw}, "type": "StreamError"}
