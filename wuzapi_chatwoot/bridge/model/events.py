"""What reaches the bridge, as values: the typed form of every webhook. Made by connectors, never raises."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.chatwoot_events import AgentTyping as AgentTyping
from wuzapi_chatwoot.bridge.model.chatwoot_events import Attachment as Attachment
from wuzapi_chatwoot.bridge.model.chatwoot_events import Author as Author
from wuzapi_chatwoot.bridge.model.chatwoot_events import ChatwootConversation as ChatwootConversation
from wuzapi_chatwoot.bridge.model.chatwoot_events import ChatwootDeletion as ChatwootDeletion
from wuzapi_chatwoot.bridge.model.chatwoot_events import ChatwootMessage as ChatwootMessage
from wuzapi_chatwoot.bridge.model.chatwoot_events import ConversationChanged as ConversationChanged
from wuzapi_chatwoot.bridge.model.chatwoot_events import Offer as Offer
from wuzapi_chatwoot.bridge.model.chatwoot_events import OfferedCard as OfferedCard
from wuzapi_chatwoot.bridge.model.chatwoot_events import OfferedField as OfferedField
from wuzapi_chatwoot.bridge.model.chatwoot_events import OfferedLink as OfferedLink
from wuzapi_chatwoot.bridge.model.chatwoot_events import OfferedOption as OfferedOption
from wuzapi_chatwoot.bridge.model.content import AdOrigin, Content, Quote
from wuzapi_chatwoot.bridge.model.internal_events import DeskMessage as DeskMessage
from wuzapi_chatwoot.bridge.model.internal_events import DeskReaction as DeskReaction
from wuzapi_chatwoot.bridge.model.internal_events import FetchMedia as FetchMedia
from wuzapi_chatwoot.bridge.model.internal_events import HeldChange as HeldChange
from wuzapi_chatwoot.bridge.model.internal_events import NoteToAgents as NoteToAgents
from wuzapi_chatwoot.bridge.model.internal_events import RefreshContact as RefreshContact
from wuzapi_chatwoot.bridge.model.internal_events import ShowFailure as ShowFailure
from wuzapi_chatwoot.bridge.model.internal_events import TellAgents as TellAgents
from wuzapi_chatwoot.bridge.model.internal_events import UnprovedEvent as UnprovedEvent


class Status(str, Enum):
	"""How far an outgoing message got. Only ever moves to a higher `rank`; a failure is told apart by `FAILED`."""

	PENDING = "pending"
	SENT = "sent"
	DELIVERED = "delivered"
	READ = "read"
	PLAYED = "played"
	FAILED = "failed"

	@property
	def rank(self) -> int:
		return _RANKS[self]


# A failed message may still turn out to have arrived; a delivered one can never turn out to have failed.
_RANKS = {
	Status.PENDING: 0,
	Status.FAILED: 1,
	Status.SENT: 2,
	Status.DELIVERED: 3,
	Status.READ: 4,
	Status.PLAYED: 5,
}


class SessionState(str, Enum):
	STARTING = "starting"
	SCAN_QR = "scan_qr"
	CONNECTED = "connected"
	RECONNECTING = "reconnecting"
	LOGGED_OUT = "logged_out"
	BANNED = "banned"
	FAILED = "failed"


# ---- from the gateway


@dataclass(frozen=True, slots=True)
class WhatsAppMessage:
	"""One message of a chat, whoever wrote it."""

	id: str
	chat: Address
	sender: Address
	content: Content
	sent_at: datetime
	"""Aware UTC, whole seconds: WhatsApp's own time stamp."""
	chat_alt: Address | None = None
	"""The chat partner's other address (phone for a LID and the reverse), when the gateway knew it."""
	sender_alt: Address | None = None
	from_me: bool = False
	"""Typed on the phone or another linked device of the session itself."""
	push_name: str = ""
	"""The name the *author* chose; the owner's own on `from_me` messages."""
	verified_name: str = ""
	quote: Quote | None = None
	forwarded: bool = False
	mentions: tuple[Address, ...] = ()
	ad: AdOrigin | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
	"""Somebody's device got or showed messages. `from_me`: a device of ours read the chat."""

	chat: Address
	message_ids: tuple[str, ...]
	status: Status
	by: Address
	at: datetime
	chat_alt: Address | None = None
	from_me: bool = False


@dataclass(frozen=True, slots=True)
class SessionChanged:
	"""The session's connection to WhatsApp changed. `detail` is the gateway's reason, if it named one."""

	state: SessionState
	detail: str = ""
	qr: str | None = None
	"""Data URL of the picture to scan."""
	address: Address | None = None
	lid: Address | None = None
	name: str = ""
	"""What the number is called on WhatsApp, if that was told."""
	banned_for_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Typing:
	"""The customer types or records (`recording`); `active` false: stopped."""

	chat: Address
	by: Address
	active: bool
	recording: bool = False
	chat_alt: Address | None = None


@dataclass(frozen=True, slots=True)
class Call:
	"""A voice or video call rang (`ended` false) or was over."""

	id: str
	caller: Address
	at: datetime
	ended: bool
	caller_alt: Address | None = None
	in_group: bool = False
	reason: str = ""
	video: bool = False

	@property
	def key(self) -> str:
		"""Tells the deliveries of one fact: that this call rings, or that it is over."""
		return f"call/{self.id}/{'end' if self.ended else 'offer'}"


@dataclass(frozen=True, slots=True)
class PictureChanged:
	"""A person or group has another picture, or none any more (`removed`)."""

	about: Address
	at: datetime
	removed: bool = False


@dataclass(frozen=True, slots=True)
class GroupChanged:
	"""Who came to a group and who left, and its new name. `id` tells two changes of one second apart."""

	group: Address
	id: str
	at: datetime
	by: Address | None = None
	by_alt: Address | None = None
	joined: tuple[Address, ...] = ()
	left: tuple[Address, ...] = ()
	name: str | None = None


@dataclass(frozen=True, slots=True)
class HistoryArrived:
	"""A batch of old messages. Counted here, imported by a use case of its own."""

	conversations: int
	messages: int
	progress: int | None = None
	"""Per cent."""


@dataclass(frozen=True, slots=True)
class GatewayNotice:
	"""Known, and of no consequence for conversations so far. `kind` is the gateway's word."""

	kind: str
	about: Address | None = None


@dataclass(frozen=True, slots=True)
class Nothing:
	"""Understood, and nothing to do: our own echo, a private note, noise. `reason` says which."""

	reason: str


@dataclass(frozen=True, slots=True)
class UnknownEvent:
	"""An event we do not know; `kind` is the sender's word for it.

	`is_message`: a message all the same, only whose it is cannot be read. Kept for people to look at.
	"""

	kind: str
	is_message: bool = False


GatewayEvent = (
	WhatsAppMessage
	| Receipt
	| SessionChanged
	| Typing
	| Call
	| PictureChanged
	| GroupChanged
	| HistoryArrived
	| GatewayNotice
	| Nothing
	| UnknownEvent
)
ChatwootEvent = (
	ChatwootMessage | ChatwootDeletion | AgentTyping | ConversationChanged | Nothing | UnknownEvent
)
DeskEvent = DeskMessage | DeskReaction
OwnEvent = RefreshContact | FetchMedia | TellAgents | NoteToAgents | HeldChange | ShowFailure | UnprovedEvent
Event = GatewayEvent | ChatwootEvent | DeskEvent | OwnEvent
