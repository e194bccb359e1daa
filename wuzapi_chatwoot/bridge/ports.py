"""What the bridge needs from outside, as protocols. Hosts and connectors implement them; nothing here does.

Times are aware UTC. Every method may raise the errors of `errors.py`, and of those only the ones it names or, for
`Gateway` and `Chatwoot`, any `BridgeError`; stores raise `StoreUnavailable` when they cannot write.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from .addresses import Address
from .breaker import Breakers
from .content import Media
from .events import ChatwootConversation, ChatwootMessage, Event, Status
from .records import (
	Direction,
	EventRow,
	MessageRow,
	Secret,
	Session,
	Source,
)
from .retry import RetrySchedule
from .store_ports import Store as Store
from .store_ports import Trimmed as Trimmed


class Clock(Protocol):
	def now(self) -> datetime:
		"""Aware UTC."""


class Ids(Protocol):
	def new(self) -> str:
		"""A fresh unguessable id, for traces and lease owners."""


class Files(Protocol):
	"""Private files by key. Saving the same key again replaces the content."""

	def save(self, key: str, content: bytes) -> None: ...

	def read(self, key: str) -> bytes:
		"""Raises `NotFound`."""

	def delete(self, key: str) -> None:
		"""No error when it is gone already."""


# ---- the two sides


@dataclass(frozen=True, slots=True)
class OutgoingFile:
	"""A file on its way to the other side."""

	content: bytes
	mime_type: str
	file_name: str


class Gateway(Protocol):
	"""One session's WhatsApp gateway. `message_id` is ours: the same id again is the same message."""

	def send_text(self, to: Address, text: str, message_id: str) -> None: ...

	def send_file(self, to: Address, file: OutgoingFile, message_id: str, caption: str | None = None) -> None:
		"""Picks image, video, audio, sticker or document by the file's type."""

	def mark_read(self, chat: Address, message_ids: Sequence[str], sender: Address) -> None: ...

	def download(self, media: Media) -> bytes:
		"""Fetch bytes that did not come with the event, by `media.ticket`."""

	def group_name(self, group: Address) -> str | None: ...

	def check(self) -> None:
		"""Raise what is wrong between us and WhatsApp (gateway down, token refused, not logged in)."""


@dataclass(frozen=True, slots=True)
class ChatwootContact:
	id: int
	name: str = ""
	identifier: str | None = None
	phone: str | None = None
	source_ids: tuple[str, ...] = ()
	"""Of its links to *this* inbox."""


@dataclass(frozen=True, slots=True)
class Post:
	"""A message to be put into a Chatwoot conversation."""

	text: str
	incoming: bool
	source_id: str
	"""Our mark on it: comes back in every webhook and read."""
	sent_at: datetime
	files: tuple[OutgoingFile, ...] = ()
	from_phone: bool = False
	"""Outgoing, but typed on the phone: shown so, and counted as a human answer."""


@dataclass(frozen=True, slots=True)
class Posted:
	message_id: int
	conversation_id: int


@dataclass(frozen=True, slots=True)
class SeenMessage:
	"""A message as read from Chatwoot. `to_send` is set when it is one that belongs on WhatsApp."""

	id: int
	source_id: str | None
	created_at: datetime
	failed: bool
	to_send: ChatwootMessage | None
	payload: str
	"""A webhook-shaped JSON text from which the connector can read the same message again."""


@dataclass(frozen=True, slots=True)
class ActiveConversation:
	conversation: ChatwootConversation
	last_activity_at: datetime
	last_message_id: int | None


class Chatwoot(Protocol):
	"""One session's inbox in Chatwoot."""

	def find_contacts(self, identifier: str, phones: Sequence[str]) -> list[ChatwootContact]:
		"""Exact matches only: by identifier first, then by the phones in their order."""

	def find_taken_contact(self, identifier: str) -> ChatwootContact | None:
		"""Whoever holds this address, by link of this inbox or as identifier, wherever `find_contacts` is blind."""

	def create_contact(
		self, name: str, identifier: str, phone: str | None, source_id: str
	) -> ChatwootContact:
		"""Raises `DuplicateRow` when phone, identifier or source id is taken."""

	def latest_conversation(self, source_id: str) -> ChatwootConversation | None:
		"""The conversation of that link with the newest activity, whatever its status."""

	def create_conversation(self, contact_id: int, source_id: str, post: Post) -> Posted:
		"""With its first message. With files they follow in a second call."""

	def post_message(self, conversation_id: int, post: Post) -> Posted:
		"""Raises `NotFound` if the conversation is gone."""

	def find_post(self, conversation_id: int, source_id: str, since: datetime) -> Posted | None:
		"""Look for a message of ours by its mark among those created at or after `since`, newest first."""

	def set_status(
		self, conversation_id: int, message_id: int, status: Status, error: str | None = None
	) -> None:
		"""`PENDING` and `SENT` show as sent, `PLAYED` as read. `error` only with `FAILED`."""

	def fetch_attachment(self, url: str, largest: int) -> bytes:
		"""Raises `Permanent` when larger than `largest` bytes or at an address that is not allowed."""

	def active_conversations(self, since: datetime) -> list[ActiveConversation]: ...

	def messages_after(
		self, conversation: ChatwootConversation, message_id: int | None, since: datetime
	) -> list[SeenMessage]:
		"""All messages above `message_id` (or, without one, those created since), oldest first."""

	def check(self) -> None:
		"""Raise what is wrong (unreachable, token refused, inbox missing or of the wrong type)."""


# ---- receiving


@dataclass(frozen=True, slots=True)
class WebhookRequest:
	"""One POST as it arrived. Header names in lower case; `query` holds the first value of each key."""

	body: bytes
	headers: Mapping[str, str]
	query: Mapping[str, str] = field(default_factory=dict)
	session: str | None = None
	"""From the URL's path."""


@dataclass(frozen=True, slots=True)
class Reading:
	"""A webhook's body, read."""

	event: Event
	kind: str
	"""The sender's word, for people and logs."""
	payload: str
	"""JSON text from which `Connector.parse` gives the same event again. Without the media."""
	key: str
	"""What makes this event the same as one told before. Readable; stores keep a digest."""
	media: bytes | None = None
	instance: tuple[str, ...] = ()
	"""The ids by which the payload says whose it is."""


class Malformed(Exception):
	"""The body is not what this sender sends. The text says in one sentence what is wrong with it."""


class Connector(Protocol):
	"""How one sender's webhooks are proved and read. Stateless."""

	source: Source

	def signed(self, request: WebhookRequest) -> bool:
		"""Does the request bear a signature at all?"""

	def verify(self, request: WebhookRequest, secrets: Sequence[Secret], now: datetime) -> bool:
		"""Is it signed with one of these, over these very bytes, and (where time is signed) lately?"""

	def read(self, request: WebhookRequest) -> Reading:
		"""Raises `Malformed`."""

	def parse(self, payload: str) -> Event: ...


class Observer(Protocol):
	"""Told what happens, for logs and metrics. Must not raise. Never gets message text or secrets."""

	def webhook(
		self, source: Source, session: str | None, status: int, reason: str, trace_id: str | None
	) -> None: ...

	def attempt(self, event: EventRow, outcome: str, seconds: float, error: str | None) -> None: ...

	def notice(self, what: str, **ids: object) -> None:
		"""Something an operator may want to know: a best-effort step failed, a breaker closed, …"""


@dataclass(frozen=True, slots=True)
class Bridge:
	"""All ports together: what a host wires once and every use case takes."""

	store: Store
	files: Files
	clock: Clock
	ids: Ids
	observer: Observer
	breakers: Breakers
	sessions: Callable[[], Mapping[str, Session]]
	gateway: Callable[[Session], Gateway]
	chatwoot: Callable[[Session], Chatwoot]
	connectors: Mapping[Source, Connector]
	retries: RetrySchedule = field(default_factory=RetrySchedule)
	lease_seconds: float = 180.0
	keep_media: Callable[[MessageRow, OutgoingFile], None] = lambda message, file: None
	"""Told of every file of a stored message, in the step that stores it; a repeat must do no harm."""
	caught_up: Callable[[str], bool] = lambda session: True
	"""Has Chatwoot been asked, since the start, for what its webhooks could not bring while we were away?"""
	wake: Callable[[str], None] = lambda lane: None
	"""Hint that a lane has work. May be lost."""


def direction_of(source: Source) -> Direction:
	return Direction.IN if source is Source.GATEWAY else Direction.OUT
