"""The rows the bridge keeps, as values. One class per DocType (`WuzAPI …`); stores turn rows into these and back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import TypedDict

from .addresses import Address
from .events import Status


@dataclass(frozen=True, slots=True)
class Secret:
	"""A secret that does not show in logs, tracebacks and reprs."""

	value: str

	def __repr__(self) -> str:
		return "Secret('***')" if self.value else "Secret('')"

	__str__ = __repr__

	def __bool__(self) -> bool:
		return bool(self.value)


ECHO_MARK = "WAID:"
"""Before every `source_id` we give a message in Chatwoot: what bears it was put there by us."""


class ConversationPolicy(str, Enum):
	"""What a message does when the last conversation is resolved."""

	REOPEN = "reopen"
	NEW = "new"


@dataclass(frozen=True, slots=True)
class Session:
	"""One WhatsApp number on a gateway, paired with one Chatwoot inbox. Secrets: several values allow rotation."""

	name: str
	gateway_url: str
	gateway_token: Secret
	chatwoot_url: str
	chatwoot_token: Secret
	account_id: int
	inbox_id: int
	gateway_secrets: tuple[Secret, ...] = ()
	chatwoot_secrets: tuple[Secret, ...] = ()
	webhook_tokens: tuple[Secret, ...] = ()
	gateway_instance: Secret = Secret("")
	"""What the gateway's `token` or `userID` in a payload must be, when set."""
	conversation_policy: ConversationPolicy = ConversationPolicy.REOPEN
	settle_seconds: float = 0.5
	default_region: str | None = None
	groups: bool = True
	mark_read_on_reply: bool = False
	largest_file: int = 100 * 1024 * 1024
	"""Bytes; a larger one becomes a line of text."""


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


@dataclass(frozen=True, slots=True)
class ContactRow:
	id: int
	session: str
	name: str
	addresses: tuple[Address, ...]
	chatwoot_contact_id: int | None = None


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
	read_up_to_id: str
	reconciled_up_to: int


@dataclass(frozen=True, slots=True)
class ReconcileMarks:
	"""How far a session's inbox in Chatwoot has been read for messages whose webhooks did not reach us."""

	baseline: datetime
	"""Messages older than this are none of our business: they were there before us."""
	fetched_to: datetime
	"""Everything before this has been looked at."""


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
