"""What a WhatsApp message says, as values. The kind of a message is its class; nothing stores it beside it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from .addresses import Address


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


@dataclass(frozen=True, slots=True)
class Product:
	"""Something from a catalogue. `price` as people read it, `12.50 EUR`."""

	title: str
	description: str = ""
	price: str = ""
	url: str = ""


class CallState(str, Enum):
	RINGING = "ringing"
	MISSED = "missed"
	REJECTED = "rejected"
	OVER = "over"


@dataclass(frozen=True, slots=True)
class PhoneCall:
	"""A call as a line of the conversation."""

	state: CallState
	video: bool = False


@dataclass(frozen=True, slots=True)
class Pin:
	target_id: str
	pinned: bool


@dataclass(frozen=True, slots=True)
class Undecryptable:
	"""WhatsApp could not be read here. `view_once`: it can be opened on the phone only."""

	view_once: bool = False


@dataclass(frozen=True, slots=True)
class AlbumStart:
	"""Announces pictures that follow as messages of their own. Shows nothing itself."""

	images: int
	videos: int


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
	| Order
	| Product
	| PhoneCall
	| Pin
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
	"""The quoted text as the sender's phone copied it, when it did."""
