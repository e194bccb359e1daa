"""Get the file of a WhatsApp message: from where its webhook left it, or from the gateway. Says why, if there is none."""

from __future__ import annotations

import mimetypes
from dataclasses import dataclass

from wuzapi_chatwoot.bridge.context import Bridge
from wuzapi_chatwoot.bridge.model.content import Media, MediaKind
from wuzapi_chatwoot.bridge.model.errors import BridgeError, Permanent, TooLarge
from wuzapi_chatwoot.bridge.model.records import EventRow, Session
from wuzapi_chatwoot.bridge.ports.gateway import OutgoingFile
from wuzapi_chatwoot.bridge.text.describe import readable_size

# A file that cannot be downloaded holds its conversation up for this many tries; then a line stands in for it.
_DOWNLOAD_TRIES = 2

_EXTENSIONS = {
	"audio/ogg": ".ogg",
	"audio/mpeg": ".mp3",
	"audio/mp4": ".m4a",
	"image/jpeg": ".jpg",
	"image/webp": ".webp",
	"video/3gpp": ".3gp",
}


@dataclass(frozen=True, slots=True)
class Found:
	"""Without a file: `why`, and whether it may be had `later`."""

	file: OutgoingFile | None = None
	why: str = ""
	later: bool = False


def media_file(bridge: Bridge, session: Session, event: EventRow, media: Media) -> Found:
	"""Raises `Retriable` while another try soon may bring it."""
	if media.size is not None and media.size > session.largest_file:
		return Found(why=f"too large to be relayed ({readable_size(media.size)})")
	try:
		return Found(fetch_media_file(bridge, session, media))
	except TooLarge as error:
		return Found(why=error.reason)
	except Permanent as error:
		return Found(why=f"could not be fetched ({error.reason})")
	except BridgeError:
		if event.begun <= _DOWNLOAD_TRIES:
			raise
		return Found(why="could not be fetched yet; open it on the phone", later=True)


def fetch_media_file(bridge: Bridge, session: Session, media: Media) -> OutgoingFile:
	"""Raises what the gateway's port raises, `TooLarge`, and `Permanent` for a file of no bytes, which nobody can show."""
	content = _bytes_of(bridge, session, media)
	if not content:
		raise Permanent("the file is empty")
	if len(content) > session.largest_file:
		raise TooLarge(f"too large to be relayed ({readable_size(len(content))})")
	return OutgoingFile(content, media.mime_type, _file_name(media))


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
