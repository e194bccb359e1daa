"""Whatever is done to the SQLite store and to its in-memory twin, both tell the same afterwards."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule
from store.twin_stores import TwinStores

from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.errors import DuplicateRow
from wuzapi_chatwoot.bridge.model.events import Status
from wuzapi_chatwoot.bridge.model.fair_scheduling import Turn
from wuzapi_chatwoot.bridge.model.records import (
	Attempt,
	Direction,
	EventState,
	MessageRow,
	NameSource,
	NewEvent,
	Reacted,
	Source,
)
from wuzapi_chatwoot.bridge.ports.store import Store
from wuzapi_chatwoot.testkit.twins.clock import START

ADDRESSES = [
	Address("447700900001", "s.whatsapp.net"),
	Address("447700900002", "s.whatsapp.net"),
	Address("199900000000001", "lid"),
	Address("120363000000000001", "g.us"),
]
LANES = ["in|a|1", "in|a|2", "out|a|1"]
FINAL = [EventState.DONE, EventState.IGNORED, EventState.DEAD]

sessions = st.sampled_from(["a", "b"])
addresses = st.lists(st.sampled_from(ADDRESSES), max_size=3)
lanes = st.sampled_from(LANES)
owners = st.sampled_from(["x", "y"])
small = st.integers(0, 9)
odd = st.text(max_size=5)
avatars = st.sampled_from([None, "", "1", "2"])
settles = st.sampled_from([timedelta(0), timedelta(seconds=0.5)])


class Cancelled(Exception):
	pass


class Twins(TwinStores):
	# ---- events

	@rule(name=small, lane=lanes, occurred=small, order=st.integers(0, 2), due=small)
	def add_event(self, name: int, lane: str, occurred: int, order: int, due: int) -> None:
		key = hashlib.sha256(str(name).encode()).hexdigest()
		source = Source.GATEWAY if lane.startswith("in") else Source.CHATWOOT
		event = NewEvent(
			key, "a", source, "M", lane, f"{name}", self.moment(occurred), order, f"{name}", file=f"f{name}"
		)
		new, _ = self.both("add_event", event, due_at=self.moment(due), received_at=self.now)
		if new:
			rows = [
				next(row for row in store.list_events(EventState.WAITING, 99) if row.key == key)
				for store in (self.sql, self.memory)
			]
			self.remember("event", rows)

	@rule(seconds=st.integers(1, 5))
	def wait(self, seconds: int) -> None:
		self.now += timedelta(seconds=seconds)

	@rule(lane=lanes, owner=owners, seconds=small)
	def claim(self, lane: str, owner: str, seconds: int) -> None:
		self.both("claim_lane", lane, owner, self.now, self.now + timedelta(seconds=seconds))

	@rule(lane=lanes, owner=owners, seconds=small)
	def renew(self, lane: str, owner: str, seconds: int) -> None:
		self.both("renew_lane", lane, owner, self.now + timedelta(seconds=seconds))

	@rule(lane=lanes, limit=st.integers(1, 3), settle=settles)
	def begin(self, lane: str, limit: int, settle: timedelta) -> None:
		self.both("begin_events", lane, limit, self.now, settle)

	@rule(place=small, state=st.sampled_from(FINAL), told=st.booleans())
	def finish(self, place: int, state: EventState, told: bool) -> None:
		attempt = Attempt(self.now, state.value, "why") if told else None
		self.on("event", place, "finish_event", state, self.now, attempt)

	@rule(place=small, seconds=small, counted=st.booleans())
	def postpone(self, place: int, seconds: int, counted: bool) -> None:
		attempt = Attempt(self.now, "retry", "later")
		self.on("event", place, "postpone_event", self.moment(seconds), attempt, counted=counted)

	@rule(lane=lanes, owner=owners, settle=settles, served=st.one_of(st.none(), small))
	def release(self, lane: str, owner: str, settle: timedelta, served: int | None) -> None:
		turn = None if served is None else Turn(self.now, served)
		self.both("release_lane", lane, owner, settle, turn)

	@rule(owner=owners, some=st.lists(lanes, max_size=2), seconds=small)
	def renew_some(self, owner: str, some: list[str], seconds: int) -> None:
		self.both("renew_leases", owner, some, self.now + timedelta(seconds=seconds))

	@rule()
	def free_all(self) -> None:
		self.both("release_all_leases")

	@rule(place=small)
	def replay(self, place: int) -> None:
		self.on("event", place, "replay_event", self.now)

	@rule(limit=st.integers(1, 3))
	def trim(self, limit: int) -> None:
		self.both("trim_events", self.now, limit)

	# ---- contacts, conversations, messages

	@rule(session=sessions, addresses=addresses)
	def add_contact(self, session: str, addresses: list[Address]) -> None:
		self.remember("contact", self.both("add_contact", session, "Ada", addresses))

	@rule(place=small, addresses=addresses)
	def add_addresses(self, place: int, addresses: list[Address]) -> None:
		self.on("contact", place, "add_addresses", addresses)

	@rule(place=small, chatwoot=st.one_of(st.none(), small))
	def set_chatwoot_contact(self, place: int, chatwoot: int | None) -> None:
		self.on("contact", place, "set_chatwoot_contact", chatwoot)

	@rule(session=sessions, chat=st.sampled_from(ADDRESSES), place=small)
	def add_conversation(self, session: str, chat: Address, place: int) -> None:
		if self.ids["contact"]:
			contacts = self.ids["contact"][place % len(self.ids["contact"])]
			rows = [
				store.add_conversation(session, chat, contact)
				for store, contact in zip((self.sql, self.memory), contacts, strict=True)
			]
			self.remember("conversation", rows)

	@rule(place=small, chatwoot=st.one_of(st.none(), small), sender=st.sampled_from(ADDRESSES))
	def update_conversation(self, place: int, chatwoot: int | None, sender: Address) -> None:
		changes = {"chatwoot_conversation_id": chatwoot, "last_incoming_sender": sender}
		self.on("conversation", place, "update_conversation", changes, refused=DuplicateRow)

	@rule(place=small, other=small)
	def merge_contacts(self, place: int, other: int) -> None:
		if self.ids["contact"]:
			keep, gone = (self.ids["contact"][each % len(self.ids["contact"])] for each in (place, other))
			for number, store in enumerate((self.sql, self.memory)):
				store.merge_contacts(keep[number], gone[number])

	@rule(place=small, name=st.text(max_size=5), source=st.sampled_from(NameSource), avatar=avatars)
	def update_contact(self, place: int, name: str, source: NameSource, avatar: str | None) -> None:
		changes = {"name": name, "name_source": source, "avatar_id": avatar}
		self.on("contact", place, "update_contact", changes)

	@rule(place=small, incoming=small, last=small, sender=st.sampled_from(ADDRESSES))
	def note_times(self, place: int, incoming: int, last: int, sender: Address) -> None:
		changes = {
			"reply_to": sender,
			"last_incoming_at": self.moment(incoming),
			"last_message_at": self.moment(last),
		}
		self.on("conversation", place, "update_conversation", changes)

	@rule(place=small, id=st.sampled_from("AaB"), part=st.integers(0, 1), cancelled=st.booleans())
	def add_message(self, place: int, id: str, part: int, cancelled: bool) -> None:
		if not self.ids["conversation"]:
			return
		ids = self.ids["conversation"][place % len(self.ids["conversation"])]
		outcomes = []
		for store, conversation in zip((self.sql, self.memory), ids, strict=True):
			row = store.get_conversation(conversation)
			if row is None:
				outcomes.append(None)
				continue
			message = MessageRow(
				0,
				row.session,
				row.id,
				row.chat,
				id,
				part,
				Direction.IN if id == "B" else Direction.OUT,
				Status.PENDING,
				self.now,
				self.now,
			)
			outcomes.append(self.try_to_add(store, message, cancelled))
		assert (outcomes[0] is None) is (outcomes[1] is None)
		if outcomes[0] and outcomes[1]:
			self.remember("message", outcomes)

	@rule(place=small, text=odd, earlier=st.lists(odd, max_size=3), emoji=odd, deleted=small)
	def change_message(self, place: int, text: str, earlier: list[str], emoji: str, deleted: int) -> None:
		changes = {
			"text": text,
			"earlier_texts": tuple(earlier),
			"reactions": tuple(Reacted(address, emoji, text) for address in ADDRESSES[:deleted]),
			"deleted_at": self.moment(deleted) if deleted else None,
		}
		self.on("message", place, "change_message", changes)

	@rule(place=small, into=small)
	def move_message(self, place: int, into: int) -> None:
		if not (self.ids["message"] and self.ids["conversation"]):
			return
		ids = self.ids["message"][place % len(self.ids["message"])]
		targets = self.ids["conversation"][into % len(self.ids["conversation"])]
		outcomes = []
		for store, id, target in zip((self.sql, self.memory), ids, targets, strict=True):
			row, conversation = store.get_message(id), store.get_conversation(target)
			if row is None or conversation is None or row.session != conversation.session:
				outcomes.append("nothing")
				continue
			try:
				store.change_message(id, {"conversation": conversation.id, "chat": conversation.chat})
				outcomes.append("moved")
			except DuplicateRow:
				outcomes.append("taken")
		assert outcomes[0] == outcomes[1]

	def try_to_add(self, store: Store, message: MessageRow, cancelled: bool) -> MessageRow | None:
		try:
			with store.atomic():
				row = store.add_message(message)
				if cancelled:
					raise Cancelled
				return row
		except (DuplicateRow, Cancelled):
			return None

	@rule(place=small, status=st.sampled_from(Status), error=st.one_of(st.none(), st.just("why")))
	def advance(self, place: int, status: Status, error: str | None) -> None:
		self.on("message", place, "advance_status", status, self.now, error)

	@rule(place=small, chatwoot=small, status=st.sampled_from(Status))
	def note_in_chatwoot(self, place: int, chatwoot: int, status: Status) -> None:
		self.on("message", place, "note_in_chatwoot", chatwoot, 1, status)

	@rule(session=sessions)
	def marks(self, session: str) -> None:
		self.both("reconcile_marks", session, self.now)

	@rule(session=sessions)
	def fetched(self, session: str) -> None:
		self.both("set_fetched_to", session, self.now)

	def others_wrote(self, place: int) -> None:
		ids = self.ids["conversation"][place]
		answers = [
			store.others_wrote_in("a", 1, id, START)
			for store, id in zip((self.sql, self.memory), ids, strict=True)
		]
		assert answers[0] == answers[1]

	# ---- what both tell

	@invariant()
	def the_inbox_is_the_same(self) -> None:
		for state in EventState:
			self.both("list_events", state, 99)
		self.both("count_events")
		self.both("oldest_waiting")
		self.both("next_due")
		self.both("next_due", LANES[:1])
		by_lane = [
			sorted(store.list_lanes(99), key=lambda lane: lane.lane) for store in (self.sql, self.memory)
		]
		assert by_lane[0] == by_lane[1]
		due = [sorted(store.due_lanes(self.now, 99)) for store in (self.sql, self.memory)]
		assert due[0] == due[1]
		for place in range(len(self.ids["event"])):
			self.on("event", place, "attempts_of")

	@invariant()
	def the_conversations_are_the_same(self) -> None:
		for session in ("a", "b"):
			for address in ADDRESSES:
				self.both("find_contact", session, [address])
				self.both("find_conversation", session, address)
			self.both("find_contact", session, ADDRESSES)
			self.both("find_contacts", session, ADDRESSES[::-1])
			for chat in ADDRESSES:
				self.both("find_messages", session, chat, ["B", "A", "a"])
			for chatwoot in (1, 2):
				self.both_places("conversations_in_chatwoot", session, chatwoot)
				self.both("find_conversation_by_chatwoot_id", session, chatwoot)
				self.both("find_messages_by_chatwoot_id", session, chatwoot)
		for place in range(len(self.ids["contact"])):
			self.on("contact", place, "get_contact")
			self.on("contact", place, "find_conversation_of_contact")
		for place in range(len(self.ids["conversation"])):
			self.on("conversation", place, "get_conversation")
			self.others_wrote(place)
		for place in range(len(self.ids["message"])):
			self.on("message", place, "get_message")


TestTwins = Twins.TestCase
TestTwins.settings = settings(
	max_examples=12, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
)
