"""Turn a WhatsApp message into what is put into Chatwoot: text, files, and a readable line for all the rest."""

from __future__ import annotations

import mimetypes
from dataclasses import replace

from ..content import EMPTY, Media, MediaKind, Text, Undecryptable, Unknown
from ..describe import describe, missing_media, readable_size
from ..errors import BridgeError, Permanent
from ..events import WhatsAppMessage
from ..phone import display
from ..ports import Bridge, OutgoingFile, Post
from ..records import ECHO_MARK, EventRow, Session

# A file that cannot be downloaded holds its conversation up for this many tries, then a line says so.
_DOWNLOAD_TRIES = 4

_EXTENSIONS = {
	"audio/ogg": ".ogg",
	"audio/mpeg": ".mp3",
	"audio/mp4": ".m4a",
	"image/jpeg": ".jpg",
	"image/webp": ".webp",
	"video/3gpp": ".3gp",
}


def compose_post(bridge: Bridge, session: Session, event: EventRow, message: WhatsAppMessage) -> Post:
	"""Reads or downloads the media; raises `Retriable` while that may still succeed."""
	files: tuple[OutgoingFile, ...] = ()
	if isinstance(message.content, Media):
		text, files = _media_parts(bridge, session, event, message.content)
	else:
		text = describe(message.content)
	return Post(
		text=_with_sender(message, text),
		incoming=not message.from_me,
		source_id=_source_id(message),
		sent_at=event.occurred_at,
		files=files,
		from_phone=message.from_me,
	)


def without_files(post: Post, message: WhatsAppMessage, why: str) -> Post:
	"""The same message, its file replaced by a line."""
	media = message.content
	line = missing_media(media, why) if isinstance(media, Media) else post.text
	return replace(post, text=_with_sender(message, line), files=())


def part_of(message: WhatsAppMessage) -> int:
	"""0, but 1 for what stands in for a message that could not be read: it may still come, under the same id."""
	return 1 if isinstance(message.content, Undecryptable) or message.content == Unknown(EMPTY) else 0


def _source_id(message: WhatsAppMessage) -> str:
	part = part_of(message)
	return f"{ECHO_MARK}{message.id}/{part}" if part else f"{ECHO_MARK}{message.id}"


def plain_text(message: WhatsAppMessage) -> str:
	"""What is kept of a message as its text."""
	if isinstance(message.content, Text):
		return message.content.body
	if isinstance(message.content, Media):
		return message.content.caption or ""
	return describe(message.content)


def _with_sender(message: WhatsAppMessage, text: str) -> str:
	"""In a group, everybody writes as one contact: say who it was."""
	if not message.chat.is_group or message.from_me:
		return text
	phone = message.sender.phone or (message.sender_alt.phone if message.sender_alt else None)
	name = message.push_name or (display(phone) if phone else "Somebody")
	return f"**{name}:**\n{text}" if text else f"**{name}:**"


def _media_parts(
	bridge: Bridge, session: Session, event: EventRow, media: Media
) -> tuple[str, tuple[OutgoingFile, ...]]:
	if media.size is not None and media.size > session.largest_file:
		return missing_media(media, f"too large to be relayed ({readable_size(media.size)})"), ()
	try:
		content = _bytes_of(bridge, session, media)
	except Permanent as error:
		return missing_media(media, f"could not be fetched ({error.reason})"), ()
	except BridgeError:
		if event.begun <= _DOWNLOAD_TRIES:
			raise
		return missing_media(media, "could not be fetched; open it on the phone"), ()
	if len(content) > session.largest_file:
		return missing_media(media, f"too large to be relayed ({readable_size(len(content))})"), ()
	return media.caption or "", (OutgoingFile(content, media.mime_type, _file_name(media)),)


def _bytes_of(bridge: Bridge, session: Session, media: Media) -> bytes:
	if media.file is not None:
		return bridge.files.read(media.file)
	if media.ticket is None:
		raise Permanent("the gateway delivered neither the file nor its keys")
	return bridge.gateway(session).download(media)


def _file_name(media: Media) -> str:
	if media.file_name:
		return media.file_name
	plain_type = media.mime_type.partition(";")[0].strip().lower()
	extension = _EXTENSIONS.get(plain_type) or mimetypes.guess_extension(plain_type) or ""
	return f"{_PLAIN_NAMES.get(media.kind, media.kind.value)}{extension}"


_PLAIN_NAMES = {
	MediaKind.VOICE: "voice-message",
	MediaKind.VIDEO_NOTE: "video-note",
	MediaKind.IMAGE: "picture",
}
