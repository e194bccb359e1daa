"""What the in-memory store keeps, its lock, and how it takes everything back. Knows no rule of the bridge."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from datetime import datetime

from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.errors import StoreUnavailable
from wuzapi_chatwoot.bridge.model.events import SessionChanged
from wuzapi_chatwoot.bridge.model.records import (
	Attempt,
	ContactRow,
	ConversationRow,
	Direction,
	EventRow,
	MessageRow,
	NewChats,
	Signing,
)


@dataclass(frozen=True, slots=True)
class StoredEvent:
	row: EventRow
	order: int

	@property
	def place(self) -> tuple[datetime, int, int]:
		"""Where it stands in its lane."""
		return (self.row.occurred_at, self.order, self.row.id)


@dataclass(frozen=True, slots=True)
class StoredLane:
	lane: str
	session: str
	direction: Direction
	due_at: datetime
	last_turn_at: datetime
	served: int = 0
	owner: str | None = None
	lease_until: datetime | None = None


@dataclass(slots=True)
class Tables:
	"""Every value is immutable, so a shallow copy of the containers is a full copy."""

	events: dict[int, StoredEvent] = field(default_factory=dict)
	event_ids: dict[str, int] = field(default_factory=dict)
	attempts: dict[int, tuple[Attempt, ...]] = field(default_factory=dict)
	lanes: dict[str, StoredLane] = field(default_factory=dict)
	contacts: dict[int, ContactRow] = field(default_factory=dict)
	holders: dict[tuple[str, Address], int] = field(default_factory=dict)
	conversations: dict[int, ConversationRow] = field(default_factory=dict)
	messages: dict[int, MessageRow] = field(default_factory=dict)
	baselines: dict[str, datetime] = field(default_factory=dict)
	fetched_to: dict[str, datetime] = field(default_factory=dict)
	inbox_since: dict[str, datetime] = field(default_factory=dict)
	new_chats: dict[str, NewChats] = field(default_factory=dict)
	inboxes: dict[str, tuple[str, int, int]] = field(default_factory=dict)
	signing: dict[str, Signing] = field(default_factory=dict)
	noted_changes: list[tuple[str, SessionChanged, datetime]] = field(default_factory=list)

	def copy(self) -> Tables:
		return Tables(**{each.name: getattr(self, each.name).copy() for each in fields(self)})


class MemoryTables:
	"""Base of the store's parts: one lock for all, rollback by putting the copy back."""

	def __init__(self) -> None:
		self.tables = Tables()
		self.broken: StoreUnavailable | None = None
		"""While set, every write raises it."""
		self._lock = threading.RLock()
		self._last_id = 0

	@contextmanager
	def atomic(self) -> Iterator[None]:
		with self._lock:
			before = self.tables.copy()
			try:
				yield
			except BaseException:
				self.tables = before
				raise

	@contextmanager
	def _writing(self) -> Iterator[Tables]:
		with self._lock:
			if self.broken is not None:
				raise self.broken
			yield self.tables

	@contextmanager
	def _reading(self) -> Iterator[Tables]:
		with self._lock:
			yield self.tables

	def _new_id(self) -> int:
		"""Never given twice, not even after a rollback."""
		self._last_id += 1
		return self._last_id
