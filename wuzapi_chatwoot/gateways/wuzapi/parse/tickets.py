"""Tickets: the opaque text by which a file that did not come with its webhook can be fetched later."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from wuzapi_chatwoot.bridge.model.content import MediaKind
from wuzapi_chatwoot.bridge.model.errors import Permanent
from wuzapi_chatwoot.gateways.wuzapi.parse.fields import Fields, load

# What `/chat/download…` takes, named as in the webhook's media object but for the case.
_TEXTS = ("Url", "DirectPath", "Mimetype", "MediaKey", "FileEncSHA256", "FileSHA256")

_ENDPOINTS = {
	MediaKind.IMAGE: "/chat/downloadimage",
	MediaKind.VIDEO: "/chat/downloadvideo",
	MediaKind.VIDEO_NOTE: "/chat/downloadvideo",
	MediaKind.GIF: "/chat/downloadvideo",
	MediaKind.AUDIO: "/chat/downloadaudio",
	MediaKind.VOICE: "/chat/downloadaudio",
	MediaKind.DOCUMENT: "/chat/downloaddocument",
	MediaKind.STICKER: "/chat/downloadsticker",
}


@dataclass(frozen=True, slots=True)
class Ticket:
	endpoint: str = ""
	"""Where the gateway fetches the file from WhatsApp; empty: nowhere."""
	body: Mapping[str, object] = field(default_factory=dict)
	url: str = ""
	"""Where the gateway has put the file into its S3 storage; empty: nowhere."""


def ticket_for(kind: MediaKind, body: Fields) -> str | None:
	"""From the media object of a webhook; `None` if it lacks what a download takes."""
	if not body.text("mediaKey") or not body.text("URL", "directPath"):
		return None
	keys: dict[str, object] = {key: body.text(key) for key in _TEXTS if body.text(key)}
	size = body.count("fileLength")
	if size is not None:
		keys["FileLength"] = size
	return _write(Ticket(_ENDPOINTS[kind], keys))


def with_url(ticket: str | None, url: str) -> str:
	return _write(replace(read_ticket(ticket) if ticket else Ticket(), url=url))


def read_ticket(text: str | None) -> Ticket:
	"""Raises `Permanent` if it is none of ours."""
	try:
		ticket = load(text or "")
	except (ValueError, RecursionError):
		ticket = None
	fields = Fields(ticket)
	endpoint, body = fields.text("endpoint"), ticket.get("body") if isinstance(ticket, dict) else None
	if endpoint not in _ENDPOINTS.values() or not isinstance(body, dict):
		endpoint, body = "", {}
	if not endpoint and not fields.text("url"):
		raise Permanent("The message does not say where its file is")
	return Ticket(endpoint, body, fields.text("url"))


def _write(ticket: Ticket) -> str:
	parts: dict[str, object] = {"url": ticket.url} if ticket.url else {}
	if ticket.endpoint:
		parts |= {"endpoint": ticket.endpoint, "body": dict(ticket.body)}
	return json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
