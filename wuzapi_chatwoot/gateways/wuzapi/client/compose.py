"""Request bodies for WuzAPI: values of the core turned into an endpoint and its JSON. Does not send them.

Recipients are full addresses without a device part, since WuzAPI takes anything without `@` for a phone number.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass

from wuzapi_chatwoot.bridge.model.addresses import Address, AddressKind
from wuzapi_chatwoot.bridge.model.content import ContactCard, Location
from wuzapi_chatwoot.bridge.model.errors import Permanent
from wuzapi_chatwoot.bridge.ports.gateway import OutgoingFile, Reply, VoiceNote

# What WuzAPI can decode, hence send as a picture, and what phones play as a video. All else goes as a document.
_IMAGE_TYPES = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})
_VIDEO_TYPES = frozenset({"video/mp4", "video/3gpp", "video/quicktime"})
_TYPE_ALIASES = {"image/jpg": "image/jpeg", "image/pjpeg": "image/jpeg", "audio/opus": "audio/ogg"}
_VOICE_TYPE = "audio/ogg; codecs=opus"
# Every Ogg stream names its codec in the first page.
_OGG_HEAD = 64


@dataclass(frozen=True, slots=True)
class GatewayRequest:
	"""One POST: path below the gateway's address, and the JSON body."""

	path: str
	body: dict[str, object]


def text(to: Address, body: str, message_id: str, reply: Reply | None = None) -> GatewayRequest:
	quote = _context(reply) | ({"QuotedText": reply.text} if reply and reply.text else {})
	return GatewayRequest("/chat/send/text", _base(to, message_id) | {"Body": body} | quote)


def file(
	to: Address,
	outgoing: OutgoingFile,
	message_id: str,
	caption: str | None = None,
	reply: Reply | None = None,
) -> GatewayRequest:
	"""A picture, video, audio or document, by MIME type. Audio cannot bear a caption: it is left out."""
	mime_type = bare_type(outgoing.mime_type)
	base = _base(to, message_id) | _quoting(reply)
	if mime_type.startswith("audio/"):
		return _audio(base, outgoing, mime_type)
	if caption:
		base["Caption"] = caption
	if mime_type in _IMAGE_TYPES:
		return GatewayRequest("/chat/send/image", base | {"Image": _data_url(mime_type, outgoing.content)})
	if mime_type in _VIDEO_TYPES:
		return GatewayRequest("/chat/send/video", base | {"Video": _data_url(mime_type, outgoing.content)})
	return _document(base, outgoing, mime_type)


def voice(to: Address, note: VoiceNote, message_id: str, reply: Reply | None = None) -> GatewayRequest:
	sound: dict[str, object] = {
		"Audio": _data_url("audio/ogg", note.content),
		"ptt": True,
		"mimetype": _VOICE_TYPE,
		"Seconds": note.seconds,
		"Waveform": list(note.waveform),
	}
	return GatewayRequest("/chat/send/audio", _base(to, message_id) | sound | _quoting(reply))


def sticker(
	to: Address, outgoing: OutgoingFile, message_id: str, reply: Reply | None = None
) -> GatewayRequest:
	"""WebP passes through; other pictures and videos are converted by the gateway, if it has ffmpeg."""
	picture = {"Sticker": _data_url(bare_type(outgoing.mime_type), outgoing.content)}
	return GatewayRequest("/chat/send/sticker", _base(to, message_id) | picture | _quoting(reply))


def location(to: Address, place: Location, message_id: str, reply: Reply | None = None) -> GatewayRequest:
	"""WuzAPI sends a name, but no address of its own. Raises `Permanent` for what it takes for missing."""
	if not place.latitude or not place.longitude:
		raise Permanent("A place exactly on the equator or the prime meridian cannot be sent by the gateway")
	body = _base(to, message_id) | {"Latitude": place.latitude, "Longitude": place.longitude}
	if place.name or place.address:
		body["Name"] = place.name or place.address
	return GatewayRequest("/chat/send/location", body | _quoting(reply))


def contact(to: Address, card: ContactCard, message_id: str, reply: Reply | None = None) -> GatewayRequest:
	person = {"Name": card.name or "Contact", "Vcard": card.vcard}
	return GatewayRequest("/chat/send/contact", _base(to, message_id) | person | _quoting(reply))


def reaction(chat: Address, target_id: str, emoji: str, author: Address | None) -> GatewayRequest:
	"""`author` of the target, `None`: ourselves. Only a group's messages are named with their author."""
	body: dict[str, object] = {
		"Phone": recipient(chat),
		"Body": emoji or "remove",
		"Id": target_id if author else f"me:{target_id}",
	}
	if author and chat.is_group:
		body["Participant"] = recipient(author)
	return GatewayRequest("/chat/react", body)


def revoke(chat: Address, message_id: str) -> GatewayRequest:
	return GatewayRequest("/chat/delete", _base(chat, message_id))


def typing(chat: Address, active: bool) -> GatewayRequest:
	state = "composing" if active else "paused"
	return GatewayRequest("/chat/presence", {"Phone": recipient(chat), "State": state, "Media": ""})


def avatar(of: Address) -> GatewayRequest:
	"""The picture in full size."""
	return GatewayRequest("/user/avatar", {"Phone": recipient(of), "Preview": False})


def mark_read(chat: Address, message_ids: Sequence[str], sender: Address) -> GatewayRequest:
	"""One sender a call; the sender is needed in groups only, and does no harm elsewhere."""
	return GatewayRequest(
		"/chat/markread",
		{"Id": list(message_ids), "ChatPhone": recipient(chat), "SenderPhone": recipient(sender)},
	)


def recipient(address: Address) -> str:
	"""Phone addresses reduced to digits: WuzAPI accepts others and fails later."""
	if address.kind is AddressKind.PHONE:
		digits = "".join(c for c in address.user if c.isascii() and c.isdigit())
		return f"{digits}@{address.server}"
	return str(address)


def bare_type(mime_type: str) -> str:
	"""Without parameters, in lower case: `Audio/OGG; codecs=opus` → `audio/ogg`."""
	bare = mime_type.partition(";")[0].strip().lower()
	return _TYPE_ALIASES.get(bare, bare) or "application/octet-stream"


def _base(to: Address, message_id: str) -> dict[str, object]:
	return {"Phone": recipient(to), "Id": message_id}


def _context(reply: Reply | None) -> dict[str, object]:
	"""WuzAPI takes both or neither of them."""
	if reply is None:
		return {}
	return {"ContextInfo": {"StanzaID": reply.message_id, "Participant": recipient(reply.author)}}


def _quoting(reply: Reply | None) -> dict[str, object]:
	"""Only the endpoint for texts takes `QuotedText`."""
	quoted = {"QuotedMessage": {"conversation": reply.text}} if reply and reply.text else {}
	return _context(reply) | quoted


def _audio(base: dict[str, object], outgoing: OutgoingFile, mime_type: str) -> GatewayRequest:
	voice = mime_type == "audio/ogg" and _is_opus(outgoing)
	return GatewayRequest(
		"/chat/send/audio",
		base
		| {
			"Audio": _data_url(mime_type, outgoing.content),
			# WuzAPI takes audio for a voice note unless told otherwise, and phones play only Opus as one.
			"ptt": voice,
			"mimetype": _VOICE_TYPE if voice else mime_type,
		},
	)


def _is_opus(outgoing: OutgoingFile) -> bool:
	return "opus" in outgoing.mime_type.lower() or b"OpusHead" in outgoing.content[:_OGG_HEAD]


def _document(base: dict[str, object], outgoing: OutgoingFile, mime_type: str) -> GatewayRequest:
	return GatewayRequest(
		"/chat/send/document",
		base
		| {
			# The neutral type is the one that every release of WuzAPI accepts here.
			"Document": _data_url("application/octet-stream", outgoing.content),
			"FileName": outgoing.file_name or "file",
			"MimeType": mime_type,
		},
	)


def _data_url(mime_type: str, content: bytes) -> str:
	return f"data:{mime_type};base64,{base64.b64encode(content).decode('ascii')}"
