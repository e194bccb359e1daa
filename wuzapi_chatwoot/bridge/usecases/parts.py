"""What one Chatwoot message becomes on WhatsApp: one text, or one message for every file."""

from __future__ import annotations

from dataclasses import dataclass

from ..events import Attachment, ChatwootMessage


@dataclass(frozen=True, slots=True)
class Part:
	"""Text alone, or a file with its caption."""

	text: str | None = None
	attachment: Attachment | None = None


def parts_of(message: ChatwootMessage) -> list[Part]:
	"""In order. The text is the first file's caption; sound has no captions, so there it goes ahead."""
	text = message.text or None
	if not message.attachments:
		return [Part(text=text)]
	first = message.attachments[0]
	if text is not None and _is_sound(first):
		return [Part(text=text), *(Part(attachment=each) for each in message.attachments)]
	return [
		Part(text=text, attachment=first),
		*(Part(attachment=each) for each in message.attachments[1:]),
	]


def _is_sound(attachment: Attachment) -> bool:
	return attachment.kind == "audio" or (attachment.mime_type or "").startswith("audio/")
