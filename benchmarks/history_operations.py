"""Operations of the store, one after the other on each of several files, by turns."""

from __future__ import annotations

import itertools
import random
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from datetime import datetime, timedelta, timezone
from pathlib import Path
from statistics import median

from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.events import Status
from wuzapi_chatwoot.bridge.model.records import Direction, EventState, MessageRow, NewEvent, Source
from wuzapi_chatwoot.standalone_host.storage.store import SqlStore

from .history_fill import SESSION, chat_of, conversations_for, some_messages, whatsapp_id
from .webhooks import filled, text_template

_OWNER = "benchmark"
_NO_TIME = timedelta(0)


def measure(files: Sequence[tuple[Path, int]], rounds: int, calls: int) -> dict[str, tuple[float, ...]]:
	"""Median seconds of each operation on each file; `files` with how many messages they hold."""
	taken: dict[str, list[list[float]]] = defaultdict(lambda: [[] for _ in files])
	with ExitStack() as stack:
		works = []
		for file, messages in files:
			store = stack.enter_context(closing(SqlStore.open(f"sqlite:///{file}")))
			works.append(_Work(store, messages))
		for _ in range(rounds):
			for place, work in enumerate(works):
				for name, operation in work.operations().items():
					taken[name][place] += [_seconds(operation) for _ in range(calls)]
	return {name: tuple(median(each) for each in by_file) for name, by_file in taken.items()}


def _seconds(operation: Callable[[], object]) -> float:
	started = time.perf_counter()
	operation()
	return time.perf_counter() - started


class _Work:
	"""The operations on one store, with people and messages drawn at random from all of it."""

	def __init__(self, store: SqlStore, messages: int) -> None:
		self._store = store
		self._messages = messages
		self._people = conversations_for(messages)
		self._chance = random.Random(2)
		self._written = some_messages(messages, self._people)
		self._numbers = itertools.count(time.time_ns())
		self._template = text_template()
		self._lanes: list[str] = []

	def operations(self) -> dict[str, Callable[[], object]]:
		"""In the order in which they need each other: what was added is worked afterwards."""
		return {
			"add_event": self._add_event,
			"due_lanes, next_due": self._look,
			"claim_lane, begin, add_message, finish, release": self._work,
			"add_message alone": self._add_message,
			"find_messages by WhatsApp's id": self._find_messages,
			"find_messages by Chatwoot's id": self._find_by_chatwoot_id,
			"find_contact, its conversation": self._find_conversation,
		}

	def _add_event(self) -> None:
		person, number, now = self._person(), next(self._numbers), _now()
		lane = f"in|{SESSION}|{chat_of(person)}"
		event = NewEvent(
			key=f"{number:064x}",
			session=SESSION,
			source=Source.GATEWAY,
			kind="Message",
			lane=lane,
			payload=filled(self._template, person, number, now.timestamp()),
			occurred_at=now,
			order=0,
			trace_id=f"{number:024x}",
		)
		assert self._store.add_event(event, due_at=now, received_at=now)
		self._lanes.append(lane)

	def _look(self) -> None:
		self._store.due_lanes(_now(), 64)
		self._store.next_due()

	def _work(self) -> None:
		"""What a worker does for a lane with one event, as in `work_lane`."""
		store, lane, now = self._store, self._lanes.pop(0), _now()
		with store.atomic():
			assert store.claim_lane(lane, _OWNER, now, now + timedelta(seconds=60))
			events = store.begin_events(lane, 1, now, _NO_TIME)
		with store.atomic():
			# Of two events of one person, the first turn takes the older; either way each turn ends one.
			for event in events:
				self._add_message()
				store.finish_event(event.id, EventState.DONE, now)
			store.release_lane(lane, _OWNER, _NO_TIME)

	def _add_message(self) -> None:
		person, now = self._person(), _now()
		row = MessageRow(
			id=0,
			session=SESSION,
			conversation=person + 1,
			chat=Address.parse(chat_of(person)) or Address("", ""),
			whatsapp_id=f"3C{next(self._numbers):018X}",
			part=0,
			direction=Direction.IN,
			status=Status.DELIVERED,
			sent_at=now,
			status_at=now,
			chatwoot_message_id=1,
			chatwoot_conversation_id=1,
			chatwoot_status=Status.SENT,
			origin="customer",
			text="Hello, is the shop open today?",
		)
		self._store.add_message(row)

	def _find_messages(self) -> None:
		number, person = self._chance.choice(self._written)
		chat = Address.parse(chat_of(person))
		assert chat is not None
		assert self._store.find_messages(SESSION, chat, [whatsapp_id(number)])

	def _find_by_chatwoot_id(self) -> None:
		assert self._store.find_messages_by_chatwoot_id(
			SESSION, 1_000_000 + self._chance.randrange(self._messages)
		)

	def _find_conversation(self) -> None:
		address = Address.parse(chat_of(self._person()))
		assert address is not None
		contact = self._store.find_contact(SESSION, [address])
		assert contact is not None
		assert self._store.find_conversation_of_contact(contact.id)

	def _person(self) -> int:
		return int(self._people * self._chance.random() ** 2)


def _now() -> datetime:
	return datetime.now(timezone.utc)
