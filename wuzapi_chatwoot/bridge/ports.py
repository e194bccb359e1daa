"""What the bridge needs from outside, as protocols. Hosts and connectors implement them; nothing here does.

Times are aware UTC. Every method may raise the errors of `errors.py`, and of those only the ones it names or, for
`Gateway` and `Chatwoot`, any `BridgeError`; stores raise `StoreUnavailable` when they cannot write.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from .addresses import Address
from .breaker import Breakers
from .content import Media
from .events import ChatwootConversation, ChatwootMessage, Event, SessionChanged, Status
from .records import (
	Attempt,
	ContactRow,
	ConversationChanges,
	ConversationRow,
	Direction,
	EventRow,
	EventState,
	LaneState,
	MessageRow,
	NewEvent,
	ReconcileMarks,
	Secret,
	Session,
	Source,
)
from .retry import RetrySchedule


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


# ---- store


@dataclass(frozen=True, slots=True)
class Trimmed:
	"""How many events were deleted, and the keys of the files they leave behind."""

	events: int
	files: tuple[str, ...]


class EventStore(Protocol):
	"""The durable inbox. Order inside a lane: `occurred_at`, `order`, `id` (arrival)."""

	def add_event(self, event: NewEvent, *, due_at: datetime, received_at: datetime) -> bool:
		"""Write the event and make sure its lane is known, atomically and durably, before returning.

		The lane becomes due at `due_at` unless it is known already. False: the key was there, nothing written.
		"""

	def due_lanes(self, now: datetime, limit: int) -> list[str]:
		"""Lanes that are due and not leased, longest due first."""

	def next_due(self) -> datetime | None:
		"""When the next lane becomes due or its lease runs out; `None` without waiting events."""

	def claim_lane(self, lane: str, owner: str, now: datetime, until: datetime) -> bool:
		"""Lease the lane to `owner`; false if somebody else holds an unexpired lease or the lane is gone."""

	def renew_lane(self, lane: str, owner: str, until: datetime) -> bool:
		"""Extend the lease; false if it was lost."""

	def begin_events(self, lane: str, limit: int, now: datetime, settle: timedelta) -> list[EventRow]:
		"""The lane's first events that may be worked now, their `begun` raised by one (already so in the answer).

		In order, and only up to the first that must wait: one received less than `settle` ago (an earlier one
		may still be under way), or with `next_try_at` in the future.
		"""

	def finish_event(self, id: int, state: EventState, at: datetime, attempt: Attempt | None = None) -> None:
		"""Move an event to a final state."""

	def postpone_event(self, id: int, next_try_at: datetime, attempt: Attempt, *, counted: bool) -> None:
		"""Keep an event waiting; `counted` raises `attempts`."""

	def release_lane(self, lane: str, owner: str, settle: timedelta) -> None:
		"""Give the lease back. Without waiting events the lane is forgotten, else it is due when its first one is:
		`settle` after it was received, and not before its `next_try_at`.

		An event added at the same moment keeps its lane. Nothing happens if the lease was lost.
		"""

	def release_all_leases(self) -> int:
		"""Free every lease; only for a host that knows no other worker runs. Returns how many."""

	def replay_event(self, id: int, now: datetime) -> EventRow | None:
		"""Make a dead or ignored event wait again, attempts 0, its lane due now; `None` if there is none such."""

	def get_event(self, id: int) -> EventRow | None: ...

	def list_events(self, state: EventState, limit: int, before: int | None = None) -> list[EventRow]:
		"""Newest first; `before` is an id, for paging."""

	def attempts_of(self, id: int) -> list[Attempt]:
		"""The latest `ATTEMPTS_KEPT`, oldest first; earlier ones are forgotten."""

	def list_lanes(self, limit: int) -> list[LaneState]: ...

	def count_events(self) -> Mapping[EventState, int]:
		"""Waiting and dead events; the others may be left out."""

	def oldest_waiting(self) -> datetime | None:
		"""When the oldest waiting event was received."""

	def check_writable(self) -> None:
		"""Raise `StoreUnavailable` if nothing can be written at the moment. Leaves no trace."""

	def trim_events(self, before: datetime, limit: int) -> Trimmed:
		"""Delete done and ignored events received before that time, with their attempts, at most `limit`."""


class ConversationStore(Protocol):
	"""Contacts and conversations. Keys are per session."""

	def find_contact(self, session: str, addresses: Sequence[Address]) -> ContactRow | None:
		"""The contact that has any of the addresses; with several hits, the one of the earliest address given."""

	def add_contact(self, session: str, name: str, addresses: Sequence[Address]) -> ContactRow:
		"""Find or create: if one of the addresses is taken by then, that contact is returned."""

	def add_addresses(self, contact: int, addresses: Sequence[Address]) -> None:
		"""Addresses another contact holds stay there."""

	def set_chatwoot_contact(self, contact: int, chatwoot_contact_id: int | None) -> None: ...

	def find_conversation(self, session: str, chat: Address) -> ConversationRow | None: ...

	def find_conversation_of_contact(self, contact: int) -> ConversationRow | None:
		"""The contact's own conversation (not a group's)."""

	def find_conversation_by_chatwoot_id(
		self, session: str, chatwoot_conversation_id: int
	) -> ConversationRow | None: ...

	def add_conversation(self, session: str, chat: Address, contact: int) -> ConversationRow:
		"""Find or create by (session, chat)."""

	def update_conversation(self, id: int, changes: ConversationChanges) -> None:
		"""Write the named fields only: the two directions of a conversation write at the same time."""

	def get_conversation(self, id: int) -> ConversationRow | None: ...


class MessageStore(Protocol):
	def add_message(self, message: MessageRow) -> MessageRow:
		"""Insert (its `id` is ignored). Raises `DuplicateRow` if (session, chat, whatsapp_id, part) is taken."""

	def find_messages(self, session: str, whatsapp_ids: Sequence[str]) -> list[MessageRow]:
		"""Every part of these messages, in the order of the ids given, then by part."""

	def find_messages_by_chatwoot_id(self, session: str, chatwoot_message_id: int) -> list[MessageRow]:
		"""The parts, in order."""

	def advance_status(self, id: int, status: Status, at: datetime, error: str | None = None) -> bool:
		"""Move a message to a status of higher rank and keep `at` and `error`; false (nothing written) otherwise.

		One exception to the rank: `FAILED` on `FAILED` is written again, with its new cause.
		"""

	def note_in_chatwoot(self, id: int, message_id: int, conversation_id: int, status: Status) -> None:
		"""Keep where the message is in Chatwoot and which status Chatwoot shows for it."""


class SessionStore(Protocol):
	"""What the bridge remembers of a session by itself. What people set is in `Session`."""

	def reconcile_marks(self, session: str, now: datetime) -> ReconcileMarks:
		"""How far Chatwoot has been read; both times are `now` when first asked, and kept."""

	def set_fetched_to(self, session: str, at: datetime) -> None: ...

	def note_session_change(self, session: str, change: SessionChanged, at: datetime) -> None: ...


class Store(EventStore, ConversationStore, MessageStore, SessionStore, Protocol):
	def atomic(self) -> AbstractContextManager[None]:
		"""All or nothing for what is written inside. May be nested; commit belongs to the host."""


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
