"""The part of a webhook's `event.Message` that stands for a file: names, sizes, and the keys to fetch it with."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from typing import Any

from wuzapi_chatwoot.sandbox.files import File
from wuzapi_chatwoot.sandbox.gateway.phones.phone import PhoneMessage, media_path, pseudo_bytes

TINY_THUMBNAIL = "/9j/4AAQSkZJRgABAQAAAQABAAD/2Q=="
VIDEO_SIZES = {"height": 720, "width": 1280}

Json = dict[str, Any]


def media_keys(message: PhoneMessage, file: File) -> Json:
	"""Build what every media message carries to fetch and decrypt its file."""
	path = media_path(message.id) + "?ccb=11-4&oh=00_FICTIONAL&oe=00000000&_nc_sid=000000"
	return {
		"URL": f"https://mmg.whatsapp.net{path}&mms3=true",
		"mimetype": file.mimetype,
		"fileSHA256": b64encode(hashlib.sha256(file.data).digest()).decode(),
		"fileLength": message.size,
		"mediaKey": pseudo_bytes(message.id + "key", 32),
		"fileEncSHA256": pseudo_bytes(message.id + "enc", 32),
		"directPath": path,
		"mediaKeyTimestamp": message.timestamp - 80_000,
	}


def media_content(message: PhoneMessage, file: File) -> Json:
	"""Build the `…Message` object of a media message."""
	keys, details = media_keys(message, file), message.details
	with_caption = {"caption": message.text} if message.text else {}
	once = {"viewOnce": True} if details.view_once else {}
	thumbnail = {"JPEGThumbnail": TINY_THUMBNAIL}
	match message.kind:
		case "image" | "view_once":
			picture = {**keys, **with_caption, "height": 240, "width": 320, **thumbnail, **once}
			return {"imageMessage": picture}
		case "voice":
			sound = {"seconds": details.seconds, "PTT": True, "waveform": details.waveform}
			return {"audioMessage": {**keys, **sound, **once}}
		case "audio":
			return {"audioMessage": {**keys, "seconds": details.seconds, "PTT": False}}
		case "video":
			sizes = {"seconds": details.seconds, **VIDEO_SIZES}
			return {"videoMessage": {**keys, **with_caption, **sizes, **thumbnail, **once}}
		case "gif":
			moving = {"gifPlayback": True, "gifAttribution": 2, "seconds": details.seconds}
			return {"videoMessage": {**keys, **with_caption, **moving, **VIDEO_SIZES, **thumbnail}}
		case "video_note":
			return {"ptvMessage": {**keys, "seconds": details.seconds, **VIDEO_SIZES, **thumbnail}}
		case "document":
			names = {"title": file.name, "fileName": file.name, "pageCount": 1}
			return {"documentMessage": {**keys, **names, **with_caption, **thumbnail}}
		case _:
			flags = {
				"isAnimated": details.animated,
				"isAvatar": False,
				"isAiSticker": False,
				"isLottie": False,
			}
			sent = {"stickerSentTS": message.timestamp * 1000}
			return {"stickerMessage": {**keys, "height": 96, "width": 96, **sent, **flags}}
