"""What one Chatwoot message becomes on WhatsApp: one text, or one message for every file. Decides, and sends nothing."""

from __future__ import annotations

from dataclasses import dataclass

from wuzapi_chatwoot.bridge.model.content import Location
from wuzapi_chatwoot.bridge.model.errors import Permanent
from wuzapi_chatwoot.bridge.model.events import Attachment, Author, ChatwootMessage
from wuzapi_chatwoot.bridge.model.records import Session, Signature
from wuzapi_chatwoot.bridge.text.interactive_text import interactive_text
from wuzapi_chatwoot.bridge.text.map_links import location_of
from wuzapi_chatwoot.bridge.text.markup import to_whatsapp
from wuzapi_chatwoot.bridge.text.split_text import split_text

# In characters, as WhatsApp's own apps allow.
LONGEST_TEXT = 65_536
LONGEST_CAPTION = 1_024


@dataclass(frozen=True, slots=True)
class Part:
	"""A text, a place, or a file with its caption."""

	text: str | None = None
	attachment: Attachment | None = None
	location: Location | None = None
	voice: bool = False

	@property
	def kind(self) -> str:
		if self.location is not None:
			return "location"
		return self.attachment.kind if self.attachment else "text"


def parts_of(session: Session, message: ChatwootMessage) -> list[Part]:
	"""In order. The text is the first file's caption; where there can be none, or it is too long for one, it goes ahead."""
	shown = _shown(message)
	if not shown and not message.attachments:
		raise Permanent("there is nothing in this message that WhatsApp could show")
	place = location_of(message.text) if not message.attachments and message.offer is None else None
	if place is not None:
		return [Part(text=message.text.strip(), location=place)]
	text = signed(session, message, shown) if shown else None
	if not message.attachments:
		return [Part(text=piece) for piece in split_text(text or "", LONGEST_TEXT)]
	first, *more = message.attachments
	if text is None:
		return [Part(attachment=each, voice=is_sound(each)) for each in message.attachments]
	rest = [Part(attachment=each) for each in more]
	if _bears_no_caption(first) or len(text) > LONGEST_CAPTION:
		ahead = [Part(text=piece) for piece in split_text(text, LONGEST_TEXT)]
		return [*ahead, Part(attachment=first), *rest]
	return [Part(text=text, attachment=first), *rest]


def _shown(message: ChatwootMessage) -> str:
	"""In WhatsApp's marks: what was typed, and below it what is offered."""
	offered = interactive_text(message.offer) if message.offer is not None else ""
	typed = to_whatsapp(message.text) if message.text else ""
	return "\n\n".join(text for text in (typed, offered) if text)


def signed(session: Session, message: ChatwootMessage, text: str) -> str:
	"""With the agent's name, if the session wants it; what bots and automations write stays as it is."""
	if session.signature is Signature.OFF or message.author is not Author.AGENT or not message.author_name:
		return text
	template = "*{name}:*\n{text}" if session.signature is Signature.NAME else session.signature_template
	# Not `format`: a text may have braces, and a template that somebody typed may be wrong.
	before, found, after = template.partition("{text}")
	if not found:
		return text
	# A star in it would end the bold one around it.
	name = message.author_name.replace("*", "")
	return f"{before.replace('{name}', name)}{text}{after.replace('{name}', name)}"


def is_sound(attachment: Attachment) -> bool:
	return attachment.kind == "audio" or (attachment.mime_type or "").startswith("audio/")


def is_cards(attachment: Attachment) -> bool:
	"""A file of contact cards (vCard)."""
	type = (attachment.mime_type or "").partition(";")[0].strip().lower()
	return type in ("text/vcard", "text/x-vcard", "text/directory") or attachment.file_name.lower().endswith(
		".vcf"
	)


def _bears_no_caption(attachment: Attachment) -> bool:
	return is_sound(attachment) or is_cards(attachment)
