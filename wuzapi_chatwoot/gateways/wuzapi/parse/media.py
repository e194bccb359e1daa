"""Files in messages: what the sender says of them."""

from __future__ import annotations

from collections.abc import Callable

from wuzapi_chatwoot.bridge.model.content import LottieSticker, Media, MediaKind
from wuzapi_chatwoot.gateways.wuzapi.parse.fields import Fields
from wuzapi_chatwoot.gateways.wuzapi.parse.tickets import ticket_for

# An archive of drawing commands, which only WhatsApp's own programs show.
_LOTTIE = "application/was"


def image(body: Fields) -> Media:
	return _media(MediaKind.IMAGE, body, "image/jpeg")


def video(body: Fields) -> Media:
	return _media(MediaKind.GIF if body.flag("gifPlayback") else MediaKind.VIDEO, body, "video/mp4")


def video_note(body: Fields) -> Media:
	return _media(MediaKind.VIDEO_NOTE, body, "video/mp4")


def audio(body: Fields) -> Media:
	return _media(MediaKind.VOICE if body.flag("PTT") else MediaKind.AUDIO, body, "audio/ogg")


def document(body: Fields) -> Media:
	return _media(MediaKind.DOCUMENT, body, "application/octet-stream")


def sticker(body: Fields) -> Media | LottieSticker:
	if body.text("mimetype") == _LOTTIE or body.flag("isLottie"):
		return LottieSticker(body.text("emojis", "accessibilityLabel"))
	return _media(MediaKind.STICKER, body, "image/webp")


MEDIA: dict[str, Callable[[Fields], Media | LottieSticker]] = {
	"imagemessage": image,
	"videomessage": video,
	"ptvmessage": video_note,
	"audiomessage": audio,
	"documentmessage": document,
	"stickermessage": sticker,
}


def _media(kind: MediaKind, body: Fields, usual_type: str) -> Media:
	return Media(
		kind=kind,
		mime_type=body.text("mimetype") or usual_type,
		file_name=(body.text("fileName", "title") or None) if kind is MediaKind.DOCUMENT else None,
		caption=body.text("caption") or None,
		ticket=ticket_for(kind, body),
		size=body.count("fileLength"),
		seconds=body.count("seconds"),
		animated=body.flag("isAnimated"),
		view_once=body.flag("viewOnce"),
	)
