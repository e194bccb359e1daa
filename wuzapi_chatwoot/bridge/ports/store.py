"""What the bridge remembers, as protocols: the part of the ports that hosts implement on their database.

Times are aware UTC. Every method may raise `StoreUnavailable`, and then has written nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.events import SessionChanged, Status
from wuzapi_chatwoot.bridge.model.fair_scheduling import Claim, Turn
from wuzapi_chatwoot.bridge.model.records import (
	Attempt,
	ContactChanges,
	ContactRow,
	ConversationChanges,
	ConversationRow,
	DeadEvents,
	Direction,
	EventRow,
	EventState,
	LaneSize,
	LaneState,
	MessageChanges,
	MessageRow,
	NameSource,
	NewChats,
	NewEvent,
	ReconcileMarks,
	Session,
	SessionChange,
	SessionStatus,
	Signing,
	Source,
)


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

	def due_lanes(
		self, now: datetime, limit: int, without: Collection[str] = (), *, by_last_turn: bool = False
	) -> list[str]:
		"""Lanes that are due and not leased; none of the sessions `without`.

		First those that were served least, and among equals by their last turn, the earliest first (of one that had
		none: since when it is due). `by_last_turn`: by that alone. See `fair_scheduling.py`.
		"""

	def next_due(self, without: Collection[str] = ()) -> datetime | None:
		"""When the next lane becomes due or its lease runs out; `None` without waiting events.

		`without`: lanes that are left out, for they are being worked.
		"""

	def claim_lane(self, lane: str, owner: str, now: datetime, until: datetime) -> Claim | None:
		"""Lease the lane to `owner`; `None` if somebody else holds an unexpired lease or the lane is gone."""

	def renew_lane(self, lane: str, owner: str, until: datetime) -> bool:
		"""Extend the lease; false if it was lost."""

	def renew_leases(self, owner: str, lanes: Sequence[str], until: datetime) -> None:
		"""Extend the leases of those of the lanes that the owner still holds."""

	def begin_events(self, lane: str, limit: int, now: datetime, settle: timedelta) -> list[EventRow]:
		"""The lane's first events that may be worked now, their `begun` raised by one (already so in the answer).

		In order, and only up to the first that must wait: one received less than `settle` ago (an earlier one
		may still be under way), or with `next_try_at` in the future.
		"""

	def finish_event(self, id: int, state: EventState, at: datetime, attempt: Attempt | None = None) -> None:
		"""Move an event to a final state."""

	def postpone_event(self, id: int, next_try_at: datetime, attempt: Attempt, *, counted: bool) -> None:
		"""Keep an event waiting; `counted` raises `attempts`."""

	def release_lane(self, lane: str, owner: str, settle: timedelta, turn: Turn | None = None) -> None:
		"""Give the lease back. Without waiting events the lane is forgotten, else it is due when its first one is:
		`settle` after it was received, and not before its `next_try_at`. `turn`: the one that it had; `None`: none.

		An event added at the same moment keeps its lane. Nothing happens if the lease was lost.
		"""

	def release_all_leases(self) -> int:
		"""Free every lease; only for a host that knows no other worker runs. Returns how many."""

	def replay_event(self, id: int, now: datetime) -> EventRow | None:
		"""Make a dead or ignored event wait again, attempts 0, its lane due now; `None` if there is none such."""

	def get_event(self, id: int) -> EventRow | None: ...

	def find_event(self, key: str) -> EventRow | None: ...

	def events_of_lane(self, lane: str, since: datetime, limit: int) -> list[EventRow]:
		"""In whatever state, received then or later, oldest arrival first."""

	def size_of_lane(self, lane: str, since: datetime) -> LaneSize:
		"""Of the same events. Counted by the store: none of them is read."""

	def list_events(self, state: EventState, limit: int, before: int | None = None) -> list[EventRow]:
		"""Newest first; `before` is an id, for paging."""

	def attempts_of(self, id: int) -> list[Attempt]:
		"""The latest `ATTEMPTS_KEPT`, oldest first; earlier ones are forgotten."""

	def list_lanes(self, limit: int) -> list[LaneState]: ...

	def count_events(self) -> Mapping[EventState, int]:
		"""Waiting and dead events; the others may be left out."""

	def dead_events(self, session: str | None = None) -> Mapping[str, DeadEvents]:
		"""By session, of those that have any."""

	def oldest_waiting(self) -> datetime | None:
		"""When the oldest waiting event was received."""

	def latest_arrival(self) -> datetime | None:
		"""When the newest event was received, by the clock of that moment."""

	def clock_was_set_back(self, now: datetime, lease_until: datetime) -> None:
		"""No time may lie ahead but those that are meant to: lanes and events that wait for a later one than `now` wait no
		longer, what was received later was received now, and leases end at `lease_until` at the latest.
		"""

	def check_writable(self) -> None:
		"""Raise `StoreUnavailable` if nothing can be written at the moment. Leaves no trace."""

	def trim_events(self, before: datetime, limit: int) -> Trimmed:
		"""Delete done and ignored events received before that time, with their attempts, at most `limit`."""


class ConversationStore(Protocol):
	"""Contacts and conversations. Keys are per session."""

	def find_contact(self, session: str, addresses: Sequence[Address]) -> ContactRow | None:
		"""The contact that has any of the addresses; with several hits, the one of the earliest address given."""

	def add_contact(
		self,
		session: str,
		name: str,
		addresses: Sequence[Address],
		name_source: NameSource = NameSource.ADDRESS,
	) -> ContactRow:
		"""Find or create: if one of the addresses is taken by then, that contact is returned."""

	def get_contact(self, id: int) -> ContactRow | None: ...

	def find_contacts(self, session: str, addresses: Sequence[Address]) -> list[ContactRow]:
		"""Every contact that has one of the addresses, each once, in the order of the addresses."""

	def update_contact(self, id: int, changes: ContactChanges) -> None:
		"""Write the named fields only."""

	def merge_contacts(self, keep: int, gone: int) -> None:
		"""Two contacts of one session turn out to be one person: `gone` is deleted, what it had goes to `keep`.

		Its addresses; its Chatwoot contact if `keep` has none; its own conversation, if `keep` has none, as it is.
		If both have one, the messages go to `keep`'s (those that are there too, by WhatsApp id and part, are dropped)
		and the other is deleted; `keep`'s takes over its Chatwoot ids where it has none, and the reply address and
		last-incoming fields if the other's `last_incoming_at` is the later one (`merged_conversations.py`); a group
		only changes its contact. Nothing happens if one is unknown, if both are one, or two sessions'.
		"""

	def add_addresses(self, contact: int, addresses: Sequence[Address]) -> None:
		"""Addresses another contact holds stay there."""

	def set_chatwoot_contact(self, contact: int, chatwoot_contact_id: int | None) -> None: ...

	def find_conversation(self, session: str, chat: Address) -> ConversationRow | None: ...

	def find_conversation_of_contact(self, contact: int) -> ConversationRow | None:
		"""The contact's own conversation (not a group's)."""

	def find_conversation_by_chatwoot_id(
		self, session: str, chatwoot_conversation_id: int
	) -> ConversationRow | None:
		"""The only one that has it: see `update_conversation`."""

	def add_conversation(self, session: str, chat: Address, contact: int) -> ConversationRow:
		"""Find or create by (session, chat)."""

	def update_conversation(self, id: int, changes: ConversationChanges) -> None:
		"""Write the named fields only: the two directions of a conversation write at the same time.

		Raises `DuplicateRow` (and writes nothing) if another conversation of the session has that conversation in
		Chatwoot: an answer would reach the wrong person.
		"""

	def get_conversation(self, id: int) -> ConversationRow | None: ...


class MessageStore(Protocol):
	def add_message(self, message: MessageRow) -> MessageRow:
		"""Insert (its `id` is ignored). Raises `DuplicateRow` if (session, chat, whatsapp_id, part) is taken."""

	def find_messages(self, session: str, chat: Address, whatsapp_ids: Sequence[str]) -> list[MessageRow]:
		"""Every part of these messages of one conversation, in the order of the ids given, then by part.

		`chat` is the conversation's own: an id says nothing outside its chat, for others may choose the same.
		"""

	def find_messages_by_chatwoot_id(self, session: str, chatwoot_message_id: int) -> list[MessageRow]:
		"""The parts, in order."""

	def conversations_in_chatwoot(self, session: str, chatwoot_conversation_id: int) -> list[int]:
		"""Of which conversations messages stand in that conversation in Chatwoot; each once, in order."""

	def others_wrote_in(
		self, session: str, chatwoot_conversation_id: int, conversation: int, since: datetime
	) -> bool:
		"""Have customers of other conversations than this one written into it since then? By `sent_at`."""

	def latest_messages(self, conversation: int, direction: Direction, limit: int) -> list[MessageRow]:
		"""Those that came from WhatsApp, or those that went there, newest first by `sent_at`, then `id`."""

	def get_message(self, id: int) -> MessageRow | None: ...

	def change_message(self, id: int, changes: MessageChanges) -> None:
		"""Write the named fields only. Raises `DuplicateRow` if the chat it shall go to has such a part already."""

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

	def forget_chatwoot(self, session: str, now: datetime) -> None:
		"""The session has another inbox from now on: forget where its contacts, conversations and messages are in
		Chatwoot, and leave alone what is older than `now` there. What was said stays.
		"""

	def inbox_since(self, session: str) -> datetime | None:
		"""When that was the last time; `None`: it has had one inbox only."""

	def keeps_inbox(self, session: Session) -> bool:
		"""Is the inbox that it names the one that the session has, as far as that is known here?

		Inside `atomic` it stays so until the end: whoever gives the session another inbox waits that long.
		"""

	def set_fetched_to(self, session: str, at: datetime) -> None: ...

	def note_session_change(self, session: str, change: SessionChanged, at: datetime) -> None:
		"""Keep how it stands now, and a line of its history if its state was another one before.

		A line without a reason takes the first that is told of the same state: what is told of one loss comes in any order.
		That WhatsApp lets the session begin no new chats is forgotten when it is another number than before.
		"""

	def note_new_chat(self, session: str, refused_at: datetime | None) -> None:
		"""WhatsApp has refused to let the number begin a chat; `None`: it has let it begin one."""

	def new_chats(self, session: str) -> NewChats: ...

	def session_changes(self, session: str, limit: int) -> list[SessionChange]:
		"""Its history, the latest first: the last `SESSION_CHANGES_KEPT` are kept, in the order in which they were noted."""

	def session_status(self, session: str) -> SessionStatus | None:
		"""`since`: when the present state began. `None`: the gateway has not told of it yet."""

	def signing(self, session: str) -> Signing:
		"""Which senders have signed, and when the gateway was given its key. Empty for what is not known."""

	def note_signed(self, session: str, source: Source, at: datetime) -> None:
		"""Remember that this sender has signed validly. The first time counts."""

	def note_key_posted(self, session: str, at: datetime) -> None:
		"""Remember when the gateway was given its signing key. The last time counts."""

	def own_addresses(self, session: str) -> tuple[Address, ...]:
		"""The session's own phone address and LID, as far as pairing told them."""


class Store(EventStore, ConversationStore, MessageStore, SessionStore, Protocol):
	def atomic(self) -> AbstractContextManager[None]:
		"""All or nothing for what is written inside. May be nested; commit belongs to the host."""
