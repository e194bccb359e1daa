"""Turn a WhatsApp message into what is put into Chatwoot: text in Markdown, files, and a readable line for all the rest."""

from __future__ import annotations

from dataclasses import dataclass, replace

from wuzapi_chatwoot.bridge.contacts.referenced_message import ReferencedMessage
from wuzapi_chatwoot.bridge.context import Bridge
from wuzapi_chatwoot.bridge.model.addresses import AddressKind
from wuzapi_chatwoot.bridge.model.content import (
	EMPTY,
	ContactCards,
	Media,
	Text,
	Undecryptable,
	Unknown,
	files_of,
)
from wuzapi_chatwoot.bridge.model.events import WhatsAppMessage
from wuzapi_chatwoot.bridge.model.phone import display
from wuzapi_chatwoot.bridge.model.records import ECHO_MARK, EventRow, Session
from wuzapi_chatwoot.bridge.ports.chatwoot import Post
from wuzapi_chatwoot.bridge.ports.gateway import OutgoingFile
from wuzapi_chatwoot.bridge.text.describe import missing_media
from wuzapi_chatwoot.bridge.text.markup import escape, to_markdown
from wuzapi_chatwoot.bridge.text.split_text import split_text
from wuzapi_chatwoot.bridge.text.vcards import file_name_of
from wuzapi_chatwoot.bridge.to_chatwoot.chosen_option import ChosenOption
from wuzapi_chatwoot.bridge.to_chatwoot.media_file import media_file
from wuzapi_chatwoot.bridge.to_chatwoot.message_text import message_text, with_marks

# Chatwoot takes 150,000 characters. In Markdown a text may be twice as long; the rest is for the sender's name.
_LONGEST_TEXT = 70_000
_CARD_TYPE = "text/vcard"


@dataclass(frozen=True, slots=True)
class Composed:
	"""`posts`: one, and more only for a text that is longer than Chatwoot takes."""

	posts: tuple[Post, ...]
	text: str
	"""What is kept of the message here, in WhatsApp's marks."""
	answered: ReferencedMessage
	missing: tuple[Media, ...] = ()
	"""Files that could not be had now, and may be later."""
	carried: tuple[Media, ...] = ()
	"""Files that the first post bears."""


def compose_post(
	bridge: Bridge,
	session: Session,
	event: EventRow,
	message: WhatsAppMessage,
	answered: ReferencedMessage,
	part: int,
	chosen: ChosenOption | None = None,
) -> Composed:
	"""Reads or downloads the media; raises `Retriable` while that may still succeed. `part` it becomes here."""
	text = message_text(bridge, session, message, answered)
	if chosen is not None and isinstance(message.content, Text):
		# As the official WhatsApp channel of Chatwoot shows a choice, and as bots compare it.
		text = chosen.title
	media = files_of(message.content)
	found = [media_file(bridge, session, event, each) for each in media]
	files = tuple(each.file for each in found if each.file is not None)[:_MOST_FILES] or _cards(message)
	lines = [
		missing_media(replace(each, caption=None), what.why)
		for each, what in zip(media, found, strict=True)
		if what.file is None
	]
	shown = "\n".join(line for line in (*lines, text) if line)
	missing = tuple(each for each, what in zip(media, found, strict=True) if what.later)
	# Cut before it is translated: a cut in Markdown might fall into a mark.
	first, *more = split_text(with_marks(message, answered, shown), _LONGEST_TEXT)
	post = Post(
		text=_with_sender(message, to_markdown(first)),
		incoming=not message.from_me,
		source_id=mark_of(message.id, part),
		sent_at=event.occurred_at,
		files=files,
		from_phone=message.from_me,
		in_reply_to=answered.in_reply_to,
		chosen=(chosen.title, chosen.value) if chosen is not None else None,
	)
	going_on = (
		replace(
			post,
			text=to_markdown(piece),
			source_id=f"{post.source_id}/c{number}",
			files=(),
			in_reply_to=None,
			chosen=None,
		)
		for number, piece in enumerate(more, start=2)
	)
	carried = tuple(each for each, what in zip(media, found, strict=True) if what.file is not None)
	return Composed((post, *going_on), text, answered, missing, carried)


def without_files(composed: Composed, message: WhatsAppMessage, why: str) -> Composed:
	"""The same message, its file replaced by a line."""
	first, *more = composed.posts
	lines = [missing_media(replace(media, caption=None), why) for media in files_of(message.content)]
	shown = "\n".join(line for line in (*lines, composed.text) if line)
	shown = with_marks(message, composed.answered, shown)
	slim = replace(first, text=_with_sender(message, to_markdown(shown)), files=())
	return replace(composed, posts=(slim, *more))


def part_of(message: WhatsAppMessage) -> int:
	"""0, but 1 for what stands in for a message that could not be read: it may still come, under the same id."""
	return 1 if isinstance(message.content, Undecryptable) or message.content == Unknown(EMPTY) else 0


def mark_of(whatsapp_id: str, part: int) -> str:
	"""The `source_id` of a message that we put into Chatwoot."""
	return f"{ECHO_MARK}{whatsapp_id}/{part}" if part else f"{ECHO_MARK}{whatsapp_id}"


def _cards(message: WhatsAppMessage) -> tuple[OutgoingFile, ...]:
	"""Contact cards as files, so that an agent can save them."""
	if not isinstance(message.content, ContactCards):
		return ()
	return tuple(
		OutgoingFile(card.vcard.encode("utf-8", "replace"), _CARD_TYPE, file_name_of(card))
		for card in message.content.cards
		if card.vcard.strip()
	)[:_MOST_FILES]


# Chatwoot refuses a message with more.
_MOST_FILES = 15


def _with_sender(message: WhatsAppMessage, text: str) -> str:
	"""Where several people write as one contact, say who it was."""
	shared = message.chat.is_group or message.chat.kind is AddressKind.BROADCAST
	if not shared or message.from_me:
		return text
	phone = message.sender.phone or (message.sender_alt.phone if message.sender_alt else None)
	name = message.push_name or (display(phone) if phone else "Somebody")
	return f"**{escape(name)}:**\n{text}" if text else f"**{escape(name)}:**"
