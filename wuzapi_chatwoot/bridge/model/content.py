"""What a WhatsApp message says, as values. The kind of a message is its class; nothing stores it beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.line_kinds import Button as Button
from wuzapi_chatwoot.bridge.model.line_kinds import ButtonKind as ButtonKind
from wuzapi_chatwoot.bridge.model.line_kinds import CallState as CallState
from wuzapi_chatwoot.bridge.model.line_kinds import ChannelInvite as ChannelInvite
from wuzapi_chatwoot.bridge.model.line_kinds import Comment as Comment
from wuzapi_chatwoot.bridge.model.line_kinds import Hidden as Hidden
from wuzapi_chatwoot.bridge.model.line_kinds import Kept as Kept
from wuzapi_chatwoot.bridge.model.line_kinds import ListRow as ListRow
from wuzapi_chatwoot.bridge.model.line_kinds import ListSection as ListSection
from wuzapi_chatwoot.bridge.model.line_kinds import LottieSticker as LottieSticker
from wuzapi_chatwoot.bridge.model.line_kinds import Payment as Payment
from wuzapi_chatwoot.bridge.model.line_kinds import PaymentStep as PaymentStep
from wuzapi_chatwoot.bridge.model.line_kinds import PhoneCall as PhoneCall
from wuzapi_chatwoot.bridge.model.line_kinds import PhoneNumber as PhoneNumber
from wuzapi_chatwoot.bridge.model.line_kinds import Pin as Pin
from wuzapi_chatwoot.bridge.model.line_kinds import PollOption as PollOption
from wuzapi_chatwoot.bridge.model.line_kinds import PollResult as PollResult
from wuzapi_chatwoot.bridge.model.line_kinds import StatusMention as StatusMention
from wuzapi_chatwoot.bridge.model.line_kinds import StickerPack as StickerPack
from wuzapi_chatwoot.bridge.model.line_kinds import Undecryptable as Undecryptable


class MediaKind(str, Enum):
	IMAGE = "image"
	VIDEO = "video"
	VIDEO_NOTE = "video_note"
	GIF = "gif"
	AUDIO = "audio"
	VOICE = "voice"
	DOCUMENT = "document"
	STICKER = "sticker"


@dataclass(frozen=True, slots=True)
class LinkPreview:
	"""What the sender's phone shows of the first link in a text."""

	url: str
	title: str = ""
	description: str = ""


@dataclass(frozen=True, slots=True)
class Text:
	body: str
	preview: LinkPreview | None = None


@dataclass(frozen=True, slots=True)
class Media:
	"""A file. Its bytes are in `Files` under `file`, or still at the gateway, to be had by `ticket`."""

	kind: MediaKind
	mime_type: str
	"""As the sender declared it, parameters included: `audio/ogg; codecs=opus`."""
	file_name: str | None = None
	caption: str | None = None
	file: str | None = None
	"""Key in the `Files` port, when the bytes came with the event."""
	ticket: str | None = None
	"""Opaque to all but the gateway's connector: what it needs to download the bytes later."""
	size: int | None = None
	"""Bytes."""
	seconds: int | None = None
	animated: bool = False
	view_once: bool = False


@dataclass(frozen=True, slots=True)
class Location:
	latitude: float
	longitude: float
	name: str | None = None
	address: str | None = None
	caption: str | None = None
	live: bool = False


@dataclass(frozen=True, slots=True)
class ContactCard:
	name: str
	vcard: str


@dataclass(frozen=True, slots=True)
class ContactCards:
	cards: tuple[ContactCard, ...]


@dataclass(frozen=True, slots=True)
class Poll:
	question: str
	options: tuple[str, ...]
	choices_allowed: int = 1
	"""0: any number."""


@dataclass(frozen=True, slots=True)
class PollVote:
	poll_id: str
	options: tuple[str, ...]
	option_hashes: tuple[str, ...] = ()
	"""Base64 of SHA-256 over the option's text, when the gateway does not know the texts."""


@dataclass(frozen=True, slots=True)
class Choice:
	"""An answer to buttons, a list, a template or an interactive message."""

	text: str
	id: str | None = None


@dataclass(frozen=True, slots=True)
class Reaction:
	"""`emoji` empty: the reaction was taken back."""

	target_id: str
	emoji: str


@dataclass(frozen=True, slots=True)
class Edit:
	"""`content` is `None` when the new text could not be decrypted."""

	target_id: str
	content: Content | None


@dataclass(frozen=True, slots=True)
class Revoke:
	"""A deletion for everyone; `by_admin`: by a group's administrator."""

	target_id: str
	by_admin: bool = False


@dataclass(frozen=True, slots=True)
class GroupInvite:
	group: Address | None
	group_name: str
	code: str
	caption: str | None = None


@dataclass(frozen=True, slots=True)
class Order:
	title: str
	item_count: int | None = None
	price: str = ""
	"""The total as people read it, `12.50 EUR`."""


@dataclass(frozen=True, slots=True)
class Product:
	"""Something from a catalogue. `price` as people read it, `12.50 EUR`."""

	title: str
	description: str = ""
	price: str = ""
	url: str = ""


@dataclass(frozen=True, slots=True)
class AlbumStart:
	"""Announces pictures that follow as messages of their own. Shows nothing itself."""

	images: int
	videos: int


# ---- what businesses send


@dataclass(frozen=True, slots=True)
class BusinessMessage:
	"""A template, a message with buttons, a list or a carousel; and each card of a carousel."""

	title: str = ""
	body: str = ""
	footer: str = ""
	files: tuple[Media, ...] = ()
	"""Of its header and footer, not those of its cards."""
	place: Location | None = None
	product: Product | None = None
	sections: tuple[ListSection, ...] = ()
	buttons: tuple[Button, ...] = ()
	cards: tuple[BusinessMessage, ...] = ()


@dataclass(frozen=True, slots=True)
class CalendarEvent:
	"""An event to which people are invited, or a call that is planned. Times are aware UTC."""

	name: str
	starts_at: datetime | None = None
	ends_at: datetime | None = None
	description: str = ""
	place: Location | None = None
	link: str = ""
	canceled: bool = False
	is_call: bool = False
	target_id: str = ""
	"""The message that announced it, if this one is about that."""


EMPTY = "empty"
"""`kind` of a message of which nothing reached us but that it was written."""


@dataclass(frozen=True, slots=True)
class Unknown:
	"""A kind of message we do not know; `kind` is the gateway's word for it."""

	kind: str


Content = (
	Text
	| Media
	| Location
	| ContactCards
	| Poll
	| PollVote
	| Choice
	| Reaction
	| Edit
	| Revoke
	| GroupInvite
	| ChannelInvite
	| Order
	| Product
	| BusinessMessage
	| CalendarEvent
	| Payment
	| PollResult
	| PollOption
	| Comment
	| StickerPack
	| LottieSticker
	| StatusMention
	| PhoneNumber
	| PhoneCall
	| Pin
	| Kept
	| Undecryptable
	| AlbumStart
	| Unknown
)


@dataclass(frozen=True, slots=True)
class AdOrigin:
	"""The advertisement whose button began the chat. Texts as the platform gave them; empty if it did not."""

	title: str = ""
	body: str = ""
	url: str = ""
	source_id: str = ""
	click_id: str = ""


@dataclass(frozen=True, slots=True)
class Quote:
	"""What a message answers to."""

	message_id: str
	author: Address | None = None
	text: str | None = None
	"""What is quoted, in words, as the sender's phone copied it, when it did."""
	of_status: bool = False
	"""It is no message of this chat but a status (story)."""


def files_of(content: Content) -> tuple[Media, ...]:
	"""The files of a message, those of its cards included, in the order in which they are shown."""
	match content:
		case Media():
			return (content,)
		case BusinessMessage():
			return (*content.files, *(file for card in content.cards for file in files_of(card)))
	return ()
