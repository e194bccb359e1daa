"""What happened in Chatwoot, as values. Part of `events.py`, which is where to import them from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum


class Author(str, Enum):
	"""Who wrote a message in Chatwoot. Automations, greetings and CSAT have no author."""

	AGENT = "agent"
	BOT = "bot"
	CONTACT = "contact"
	NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Attachment:
	id: int
	url: str
	kind: str
	"""`image`, `video`, `audio` or `file`: what Chatwoot shows it as."""
	file_name: str
	mime_type: str | None = None
	size: int | None = None


@dataclass(frozen=True, slots=True)
class OfferedOption:
	"""Something to choose. `value`: what bots call it."""

	title: str
	value: str = ""


@dataclass(frozen=True, slots=True)
class OfferedLink:
	label: str
	url: str


@dataclass(frozen=True, slots=True)
class OfferedCard:
	"""A card, or an article."""

	title: str
	description: str = ""
	links: tuple[OfferedLink, ...] = ()
	options: tuple[OfferedOption, ...] = ()


@dataclass(frozen=True, slots=True)
class OfferedField:
	"""A question of a form."""

	label: str
	options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Offer:
	"""What an interactive message shows below its text: options to choose from, cards, a form."""

	options: tuple[OfferedOption, ...] = ()
	cards: tuple[OfferedCard, ...] = ()
	fields: tuple[OfferedField, ...] = ()

	@property
	def all_options(self) -> tuple[OfferedOption, ...]:
		"""In the order of the numbers by which the customer chooses."""
		return (*self.options, *(option for card in self.cards for option in card.options))


@dataclass(frozen=True, slots=True)
class ChatwootConversation:
	"""The conversation an event belongs to, as far as it was told."""

	id: int
	"""The account-wide display id, which all calls take."""
	inbox_id: int | None = None
	contact_id: int | None = None
	source_id: str | None = None
	"""Of the link contact ⇄ inbox: our address, or a random UUID if an agent began the conversation."""
	identifier: str | None = None
	phone: str | None = None
	name: str | None = None
	status: str | None = None
	agent_last_seen_at: datetime | None = None
	last_activity_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ChatwootMessage:
	"""A public message for the customer. `attempt` tells a new message from a press of the Retry button."""

	id: int
	conversation: ChatwootConversation
	text: str
	created_at: datetime
	author: Author = Author.AGENT
	author_name: str = ""
	author_email: str = ""
	"""Of agents only, and only if a webhook told of it."""
	attachments: tuple[Attachment, ...] = ()
	offer: Offer | None = None
	"""`None`: it is no interactive message."""
	in_reply_to: int | None = None
	"""Chatwoot's id of the message answered to."""
	in_reply_to_source: str | None = None
	retried: bool = False
	"""An update of an old message that may be a press of the Retry button."""
	retry_certain: bool = False
	"""The update bears the mark that only a Retry leaves (its error was just cleared)."""
	account_id: int | None = None


@dataclass(frozen=True, slots=True)
class ChatwootDeletion:
	"""Somebody deleted a message in Chatwoot, whoever had written it."""

	id: int
	conversation: ChatwootConversation
	at: datetime
	account_id: int | None = None


@dataclass(frozen=True, slots=True)
class AgentTyping:
	"""An agent types an answer (never: a private note), or stopped."""

	conversation: ChatwootConversation
	active: bool


@dataclass(frozen=True, slots=True)
class ConversationChanged:
	"""`status_changed` false: something else about it did, and perhaps an agent has looked at it."""

	conversation: ChatwootConversation
	at: datetime
	status_changed: bool = True
