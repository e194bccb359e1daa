"""The files that an agent attaches without having one at hand: sound as the dashboard records it, a contact card."""

from __future__ import annotations

import uuid

from wuzapi_chatwoot.sandbox import pictures
from wuzapi_chatwoot.sandbox.chatwoot.recording import recorded_mp3
from wuzapi_chatwoot.sandbox.files import File, made

VOICE_SECONDS = 3
CARD = (
	"BEGIN:VCARD\r\nVERSION:3.0\r\nN:Sample;Cara;;;\r\nFN:Cara Sample\r\nORG:Sample Bakery\r\n"
	"TEL;TYPE=CELL;waid=447700900789:+44 7700 900789\r\nEMAIL:cara@example.com\r\nEND:VCARD\r\n"
)


def agents_file(kind: str, number: int, name: str = "") -> File:
	"""Make a file of a kind: voice, audio, contact, webp, text, or any of those that phones send; else ValueError."""
	match kind:
		case "voice" | "audio":
			# The dashboard names a recording after nothing.
			return File(name or f"{uuid.uuid4()}.mp3", "audio/mpeg", recorded_mp3(VOICE_SECONDS))
		case "contact":
			return File(name or "Cara Sample.vcf", "text/vcard", CARD.encode())
		case "webp":
			return File(name or f"picture-{number}.webp", "image/webp", pictures.sticker())
		case "text":
			return File(name or f"note-{number}.txt", "text/plain", b"A short note.\n")
	return made(kind, number, name)
