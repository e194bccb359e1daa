"""What the bridge needs from outside, as protocols. Hosts and connectors implement them; nothing here does.

Times are aware UTC. Every method may raise the errors of `errors.py`, and of those only the ones it names or, for
`Gateway` and `Chatwoot`, any `BridgeError`; stores raise `StoreUnavailable` when they cannot write.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from .breaker import Breakers
from .chatwoot_port import ActiveConversation as ActiveConversation
from .chatwoot_port import Chatwoot as Chatwoot
from .chatwoot_port import ChatwootContact as ChatwootContact
from .chatwoot_port import Post as Post
from .chatwoot_port import Posted as Posted
from .chatwoot_port import SeenMessage as SeenMessage
from .events import Event
from .gateway_port import Avatar as Avatar
from .gateway_port import FilmMaker as FilmMaker
from .gateway_port import Gateway as Gateway
from .gateway_port import OutgoingFile as OutgoingFile
from .gateway_port import Reply as Reply
from .gateway_port import StickerMaker as StickerMaker
from .gateway_port import VoiceMaker as VoiceMaker
from .gateway_port import VoiceNote as VoiceNote
from .gateway_setup_port import GatewaySetup
from .own_faults import OwnFaults
from .records import (
	Direction,
	EventRow,
	MessageRow,
	Secret,
	Session,
	Source,
)
from .retry import RetrySchedule
from .room import Room
from .signers import Signers
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


# ---- receiving


Body = bytes | memoryview
"""Bytes in memory or, of a large body, in a file that is mapped into memory."""


@dataclass(frozen=True, slots=True)
class WebhookRequest:
	"""One POST as it arrived. Header names in lower case; `query` holds the first value of each key."""

	body: Body
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
	token: str = ""
	"""The sender's own token, if the payload bears it (old releases of WuzAPI). Unlike an id, nobody else knows it."""


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
	"""Told what happens, for logs and metrics. Never raises (`log_lines.py`). Never gets message text or secrets."""

	def webhook(
		self, source: Source, session: str | None, status: int, reason: str, trace_id: str | None
	) -> None: ...

	def attempt(self, event: EventRow, outcome: str, seconds: float, error: str | None) -> None: ...

	def notice(self, what: str, /, **ids: object) -> None:
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
	message_key: Callable[[], Secret]
	"""Of this installation, always the same: what the WhatsApp ids of our messages are derived with."""
	own_faults: OwnFaults = field(default_factory=OwnFaults)
	signers: Signers = field(default_factory=Signers)
	"""Who has signed before, kept as long as the process lives."""
	room: Room = field(default_factory=Room)
	"""For the large files that are carried at a time."""
	retries: RetrySchedule = field(default_factory=RetrySchedule)
	lease_seconds: float = 180.0
	gateway_setup: Callable[[Session], GatewaySetup] | None = None
	"""How a session's gateway is set up and paired; `None`: this host does not."""
	voice_note: VoiceMaker | None = None
	"""`None`: this host cannot make voice notes; sound goes as it is."""
	film_of_gif: FilmMaker | None = None
	"""`None`: this host cannot make films; a GIF goes as a picture that does not move."""
	sticker_of: StickerMaker | None = None
	"""`None`: stickers go as they are; the gateway converts what is no WebP, if it can."""
	keep_media: Callable[[MessageRow, OutgoingFile], None] = lambda message, file: None
	"""Told of every file of a stored message, in the step that stores it; a repeat must do no harm."""
	caught_up: Callable[[str], bool] = lambda session: True
	"""Has Chatwoot been asked, since the start, for what its webhooks could not bring while we were away?"""
	secret_changes: Callable[[str], bool] = lambda session: False
	"""Does Chatwoot sign, at this moment, with a secret of the session that we do not know yet?"""
	first_time: Callable[[str], bool] = lambda key: True
	"""Was this not told to the operator within a day? From now on it was (`told_once.py`)."""
	status_known: set[str] = field(default_factory=set)
	"""Sessions whose connection has been told of at least once; kept so that not every message asks."""
	wake: Callable[[str], None] = lambda lane: None
	"""Hint that a lane has work. May be lost."""
	in_passing: Callable[[str, Source, str], None] = lambda session, source, payload: None
	"""Hand on what is worth showing at once or not at all (typing), for `show_in_passing`. May be lost."""


def direction_of(source: Source) -> Direction:
	return Direction.IN if source in (Source.GATEWAY, Source.BRIDGE) else Direction.OUT
