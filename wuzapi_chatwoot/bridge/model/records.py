"""The rows the bridge keeps, as values. One class per DocType (`WuzAPI …`); stores turn rows into these and back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import TypedDict

from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.events import SessionState, Status
from wuzapi_chatwoot.bridge.model.session import ConversationPolicy as ConversationPolicy
from wuzapi_chatwoot.bridge.model.session import Deletions as Deletions
from wuzapi_chatwoot.bridge.model.session import Secret as Secret
from wuzapi_chatwoot.bridge.model.session import Session as Session
from wuzapi_chatwoot.bridge.model.session import Signature as Signature

ECHO_MARK = "WAID:"
"""Before every `source_id` we give a message in Chatwoot: what bears it was put there by us."""


class Direction(str, Enum):
	"""Seen from the company: `IN` from WhatsApp to Chatwoot, `OUT` from Chatwoot to WhatsApp."""

	IN = "in"
	OUT = "out"


class Source(str, Enum):
	"""Who told us of an event."""

	GATEWAY = "gateway"
	CHATWOOT = "chatwoot"
	DESK = "desk"
	"""Somebody in the host's own desk."""
	BRIDGE = "bridge"
	"""The bridge itself: work that must not hold up a message."""


class EventState(str, Enum):
	WAITING = "waiting"
	DONE = "done"
	IGNORED = "ignored"
	DEAD = "dead"


@dataclass(frozen=True, slots=True)
class NewEvent:
	"""What reached us, before it is stored."""

	key: str
	"""Same key: same event, told twice. Hex digest."""
	session: str
	source: Source
	kind: str
	lane: str
	payload: str
	"""As it came (media taken out), JSON text."""
	occurred_at: datetime
	order: int
	"""Breaks ties of `occurred_at` where the sender numbers its events; else 0."""
	trace_id: str
	file: str | None = None
	"""Key in `Files` of the media that came inside the payload."""


@dataclass(frozen=True, slots=True)
class EventRow:
	id: int
	key: str
	session: str
	source: Source
	kind: str
	lane: str
	payload: str
	occurred_at: datetime
	received_at: datetime
	trace_id: str
	state: EventState
	file: str | None = None
	attempts: int = 0
	"""Failed attempts that count towards giving up."""
	begun: int = 0
	"""How often work on it has begun; above 1, an earlier worker may have got half-way."""
	next_try_at: datetime | None = None
	last_error: str | None = None


ATTEMPTS_KEPT = 100
"""Of one event. While a destination is down for days, its events are tried thousands of times."""


@dataclass(frozen=True, slots=True)
class Attempt:
	"""One failed try at an event, kept for the operator."""

	at: datetime
	outcome: str
	"""`retry`, `deferred`, `dead`, `ignored`."""
	error: str


@dataclass(frozen=True, slots=True)
class LaneState:
	"""A lane with work in it."""

	lane: str
	session: str
	direction: Direction
	due_at: datetime
	waiting: int
	working: bool
	last_error: str | None = None


class NameSource(str, Enum):
	"""Where a contact's name is from, the later the better."""

	ADDRESS = "address"
	PUSH = "push"
	VERIFIED = "verified"
	SAVED = "saved"
	"""In the address book of the phone."""

	@property
	def rank(self) -> int:
		return list(NameSource).index(self)


@dataclass(frozen=True, slots=True)
class ContactRow:
	id: int
	session: str
	name: str
	addresses: tuple[Address, ...]
	chatwoot_contact_id: int | None = None
	name_source: NameSource = NameSource.ADDRESS
	avatar_id: str | None = None
	"""WhatsApp's id of the picture that Chatwoot has; empty: WhatsApp has none."""


class ContactChanges(TypedDict, total=False):
	"""Fields of a `ContactRow` to be written."""

	name: str
	name_source: NameSource
	avatar_id: str | None
	chatwoot_contact_id: int | None


@dataclass(frozen=True, slots=True)
class ConversationRow:
	id: int
	session: str
	chat: Address
	"""Canonical: names the conversation."""
	reply_to: Address
	"""Where answers go: the address WhatsApp last used."""
	contact: int
	chatwoot_contact_id: int | None = None
	chatwoot_conversation_id: int | None = None
	chatwoot_status: str | None = None
	last_incoming_id: str | None = None
	last_incoming_sender: Address | None = None
	last_incoming_at: datetime | None = None
	last_message_at: datetime | None = None
	read_up_to_id: str | None = None
	reconciled_up_to: int | None = None
	"""Chatwoot message id up to which every message has been looked at."""


class ConversationChanges(TypedDict, total=False):
	"""Fields of a `ConversationRow` to be written."""

	reply_to: Address
	chatwoot_contact_id: int | None
	chatwoot_conversation_id: int | None
	chatwoot_status: str | None
	last_incoming_id: str
	last_incoming_sender: Address
	last_incoming_at: datetime
	last_message_at: datetime
	read_up_to_id: str
	reconciled_up_to: int | None


@dataclass(frozen=True, slots=True)
class SessionStatus:
	"""A session's connection to WhatsApp, as the gateway last told."""

	session: str
	state: SessionState
	detail: str
	since: datetime
	address: Address | None
	lid: Address | None
	banned_until: datetime | None
	name: str = ""
	"""What the number is called on WhatsApp, if that was told."""


@dataclass(frozen=True, slots=True)
class NewChats:
	"""Does WhatsApp let the session's number write to people who never wrote to it? Locked since then, if it is."""

	locked_since: datetime | None = None
	refused_at: datetime | None = None
	"""The last time."""


@dataclass(frozen=True, slots=True)
class DeadEvents:
	"""A session's events that were given up and nobody has tried again."""

	count: int
	last_id: int
	last_error: str


@dataclass(frozen=True, slots=True)
class LaneSize:
	"""Of events of one lane, in whatever state: how many, and the characters of their payloads together."""

	events: int
	characters: int


SESSION_CHANGES_KEPT = 200
"""Of one session."""


@dataclass(frozen=True, slots=True)
class SessionChange:
	"""In a session's history: its state became another one."""

	at: datetime
	state: SessionState
	detail: str
	"""The reason, if one is known."""


@dataclass(frozen=True, slots=True)
class ReconcileMarks:
	"""How far a session's inbox in Chatwoot has been read for messages whose webhooks did not reach us."""

	baseline: datetime
	"""Messages older than this are none of our business: they were there before us."""
	fetched_to: datetime
	"""Everything before this has been looked at."""


@dataclass(frozen=True, slots=True)
class Signing:
	"""What is known of the signatures of a session's senders. `None`: not yet."""

	gateway_since: datetime | None = None
	"""When its gateway first signed validly."""
	chatwoot_since: datetime | None = None
	key_posted_at: datetime | None = None
	"""When the gateway was last given the key that it signs with."""

	def since(self, source: Source) -> datetime | None:
		return self.gateway_since if source is Source.GATEWAY else self.chatwoot_since


@dataclass(frozen=True, slots=True)
class Reacted:
	"""One person's reaction to a message. WhatsApp keeps one each."""

	by: Address
	emoji: str
	name: str = ""


@dataclass(frozen=True, slots=True)
class MessageRow:
	"""One part of a message on both sides."""

	id: int
	session: str
	conversation: int
	chat: Address
	whatsapp_id: str
	part: int
	direction: Direction
	status: Status
	sent_at: datetime
	status_at: datetime
	chatwoot_message_id: int | None = None
	chatwoot_conversation_id: int | None = None
	"""Not always the conversation's present one: a resolved one may have been followed by a new one."""
	chatwoot_status: Status | None = None
	"""The status last pushed to Chatwoot (or implied by creating it there)."""
	origin: str = ""
	"""`customer`, `phone`, `chatwoot`, `desk`."""
	kind: str = "text"
	text: str = ""
	file: str | None = None
	sender_name: str = ""
	error: str | None = None
	sender: Address | None = None
	"""Who wrote it on WhatsApp; `None` for what we sent."""
	reply_to_id: str | None = None
	"""WhatsApp id of the message answered to."""
	options: tuple[str, ...] = ()
	option_values: tuple[str, ...] = ()
	"""What bots call each of the `options` that Chatwoot offered; empty for polls."""
	"""Of a poll."""
	reactions: tuple[Reacted, ...] = ()
	earlier_texts: tuple[str, ...] = ()
	"""What it said before it was edited, oldest first."""
	deleted_at: datetime | None = None


class MessageChanges(TypedDict, total=False):
	"""Fields of a `MessageRow` to be written."""

	conversation: int
	"""Together with `chat`: the message belongs to another conversation."""
	chat: Address
	text: str
	file: str | None
	reactions: tuple[Reacted, ...]
	earlier_texts: tuple[str, ...]
	deleted_at: datetime | None
