"""What all parts of the store's contract share: the store under test, examples, and threads without sleeping."""

# bench runs this with unittest alone
# ruff: noqa: PT009

from __future__ import annotations

import hashlib
import threading
import unittest
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.events import Status
from wuzapi_chatwoot.bridge.model.records import (
	ContactRow,
	ConversationRow,
	Direction,
	EventRow,
	EventState,
	MessageRow,
	NewEvent,
	Secret,
	Session,
	Source,
)
from wuzapi_chatwoot.bridge.ports.store import Store
from wuzapi_chatwoot.testkit.twins.clock import START

if TYPE_CHECKING:
	_Case = unittest.TestCase
else:
	_Case = object

Answer = TypeVar("Answer")

SESSION = "main"
LANE = "in|main|447700900001@s.whatsapp.net"
CHAT = Address("447700900001", "s.whatsapp.net")
LID = Address("199900000000001", "lid")
GROUP = Address("120363000000000001", "g.us")
SETTLE = timedelta(seconds=0.5)
NO_WAIT = timedelta(0)


def at(seconds: float) -> datetime:
	"""A time, in seconds after the tests' beginning."""
	return START + timedelta(seconds=seconds)


class ContractCase(_Case):
	"""Mixin for a `unittest.TestCase`; a host's test fills in `new_store` and, if it must, the hooks below."""

	def new_store(self) -> Store:
		"""An empty store."""
		raise NotImplementedError

	def commit(self) -> None:
		"""Make what was written visible to other workers, where writes do not do so by themselves."""

	def another_worker(self) -> AbstractContextManager[Store]:
		"""The store as another thread uses it; entered and left in that thread."""
		return nullcontext(self.store)

	def give_inbox(self, store: Store, session: Session) -> None:
		"""As the host does it when somebody gives a session an inbox, or another one. Visible to others at its end."""
		raise NotImplementedError

	def setUp(self) -> None:
		super().setUp()
		self.store = self.new_store()

	# ---- examples

	def new_event(
		self,
		name: str,
		*,
		lane: str = LANE,
		session: str = SESSION,
		source: Source = Source.GATEWAY,
		payload: str = "{}",
		occurred_at: datetime = START,
		order: int = 0,
		file: str | None = None,
	) -> NewEvent:
		return NewEvent(
			key=hashlib.sha256(name.encode()).hexdigest(),
			session=session,
			source=source,
			kind="Message",
			lane=lane,
			payload=payload,
			occurred_at=occurred_at,
			order=order,
			trace_id=f"trace-{name}",
			file=file,
		)

	def add(self, event: NewEvent, *, due_at: datetime = START, received_at: datetime = START) -> bool:
		return self.store.add_event(event, due_at=due_at, received_at=received_at)

	def added(
		self, name: str, *, received_at: datetime = START, file: str | None = None, payload: str = "{}"
	) -> EventRow:
		"""A waiting event, stored."""
		event = self.new_event(name, file=file, payload=payload)
		self.assertTrue(self.add(event, received_at=received_at))
		row = self.row_of(event)
		assert row is not None
		return row

	def row_of(self, event: NewEvent) -> EventRow | None:
		return next((row for row in self.every_event() if row.key == event.key), None)

	def every_event(self) -> list[EventRow]:
		return [row for state in EventState for row in self.store.list_events(state, 1000)]

	def begin(self, *, lane: str = LANE, limit: int = 100, now: datetime | None = None) -> list[EventRow]:
		return self.store.begin_events(lane, limit, now or at(3600), NO_WAIT)

	def a_contact(self, *addresses: Address, session: str = SESSION, name: str = "Ada") -> ContactRow:
		return self.store.add_contact(session, name, addresses or (CHAT,))

	def a_conversation(self, chat: Address = CHAT, session: str = SESSION) -> ConversationRow:
		return self.store.add_conversation(session, chat, self.a_contact(chat, session=session).id)

	def a_session(self, inbox_id: int, *, account_id: int = 1, url: str = "http://chat.example") -> Session:
		return Session(
			name=SESSION,
			gateway_url="http://gateway.example",
			gateway_token=Secret("t"),
			chatwoot_url=url,
			chatwoot_token=Secret("c"),
			account_id=account_id,
			inbox_id=inbox_id,
		)

	def new_message(
		self,
		whatsapp_id: str,
		*,
		part: int = 0,
		conversation: int = 1,
		session: str = SESSION,
		chat: Address = CHAT,
		status: Status = Status.PENDING,
		chatwoot_message_id: int | None = None,
		text: str = "Hello",
	) -> MessageRow:
		return MessageRow(
			id=0,
			session=session,
			conversation=conversation,
			chat=chat,
			whatsapp_id=whatsapp_id,
			part=part,
			direction=Direction.OUT,
			status=status,
			sent_at=START,
			status_at=START,
			chatwoot_message_id=chatwoot_message_id,
			text=text,
		)

	# ---- threads

	def together(self, works: Sequence[Callable[[Store], Answer]]) -> list[Answer]:
		"""Do them at the same time, each in a thread of its own; their answers in the order given."""
		self.commit()
		start = threading.Barrier(len(works))
		answers: dict[int, Answer] = {}
		errors: list[BaseException] = []

		def run(place: int, work: Callable[[Store], Answer]) -> None:
			try:
				with self.another_worker() as store:
					start.wait(30)
					answers[place] = work(store)
			except BaseException as error:  # noqa: BLE001 - raised again in the test's thread
				start.abort()
				errors.append(error)

		threads = [threading.Thread(target=run, args=each) for each in enumerate(works)]
		for thread in threads:
			thread.start()
		for thread in threads:
			thread.join(60)
		if errors:
			raise errors[0]
		return [answers[place] for place in range(len(works))]
