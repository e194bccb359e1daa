"""Cost per message must not grow with history: every statement of the hot path finds its rows by an index."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.events import SessionChanged, SessionState, Status
from wuzapi_chatwoot.bridge.model.fair_scheduling import Turn
from wuzapi_chatwoot.bridge.model.records import Attempt, Direction, EventState, MessageRow, NewEvent, Source
from wuzapi_chatwoot.standalone_host.storage.database.sqlite_database import SqliteDatabase
from wuzapi_chatwoot.standalone_host.storage.store import SqlStore
from wuzapi_chatwoot.testkit.twins.clock import START

CHAT = Address("447700900001", "s.whatsapp.net")
LANE = "in|main|447700900001@s.whatsapp.net"
LATER = START + timedelta(hours=1)

Statement = tuple[str, Any]


def new_event(name: str) -> NewEvent:
	key = hashlib.sha256(name.encode()).hexdigest()
	return NewEvent(key, "main", Source.GATEWAY, "Message", LANE, "{}", START, 0, "trace")


def message(id: str, conversation: int) -> MessageRow:
	return MessageRow(
		0,
		"main",
		conversation,
		CHAT,
		id,
		0,
		Direction.IN,
		Status.PENDING,
		START,
		START,
		chatwoot_message_id=5,
	)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
	store = SqlStore.open(f"sqlite:///{tmp_path / 'bridge.sqlite'}")
	yield store
	store.close()


@pytest.fixture
def statements() -> Iterator[list[Statement]]:
	"""Every statement executed from here on, with one row of its parameters."""
	seen: list[Statement] = []

	def note(
		connection: object, cursor: object, statement: str, parameters: Any, context: object, many: bool
	) -> None:
		seen.append((statement, parameters[0] if many else parameters))

	sa.event.listen(sa.Engine, "before_cursor_execute", note)
	yield seen
	sa.event.remove(sa.Engine, "before_cursor_execute", note)


def use_every_method(store: SqlStore) -> None:
	for name in ("first", "second", "third"):
		store.add_event(new_event(name), due_at=START, received_at=START)
	store.due_lanes(LATER, 10)
	store.due_lanes(LATER, 10, ["other"])
	store.due_lanes(LATER, 10, by_last_turn=True)
	store.next_due(["another lane"])
	store.claim_lane(LANE, "worker", START, LATER)
	store.renew_lane(LANE, "worker", LATER)
	store.renew_leases("worker", [LANE], LATER)
	first, second, third = store.begin_events(LANE, 10, LATER, timedelta(0))
	attempt = Attempt(START, "retry", "No answer")
	store.postpone_event(first.id, LATER, attempt, counted=True)
	store.finish_event(second.id, EventState.DEAD, START, attempt)
	store.finish_event(third.id, EventState.DONE, START)
	store.release_lane(LANE, "worker", timedelta(0), Turn(LATER, 3))
	store.release_all_leases()
	store.replay_event(second.id, START)
	store.get_event(first.id)
	store.find_event(first.key)
	store.events_of_lane(LANE, START, 10)
	store.size_of_lane(LANE, START)
	store.list_events(EventState.DEAD, 10, before=99)
	store.attempts_of(first.id)
	store.list_lanes(10)
	store.count_events()
	store.oldest_waiting()
	store.check_writable()
	store.latest_arrival()
	store.clock_was_set_back(LATER, LATER)
	store.trim_events(LATER, 10)

	contact = store.add_contact("main", "Ada", [CHAT])
	store.find_contact("main", [CHAT, Address("1", "lid")])
	store.add_addresses(contact.id, [Address("1", "lid")])
	store.set_chatwoot_contact(contact.id, 5)
	store.find_contacts("main", [Address("1", "lid"), CHAT])
	store.get_contact(contact.id)
	store.update_contact(contact.id, {"name": "Ada Lovelace", "avatar_id": "1"})
	conversation = store.add_conversation("main", CHAT, contact.id)
	store.find_conversation("main", CHAT)
	store.find_conversation_of_contact(contact.id)
	store.find_conversation_by_chatwoot_id("main", 5)
	store.update_conversation(conversation.id, {"chatwoot_conversation_id": 5})
	store.get_conversation(conversation.id)

	row = store.add_message(message("A", conversation.id))
	store.find_messages("main", CHAT, ["A", "B"])
	store.find_messages_by_chatwoot_id("main", 5)
	store.advance_status(row.id, Status.READ, START)
	store.note_in_chatwoot(row.id, 5, 5, Status.SENT)
	store.get_message(row.id)
	store.latest_messages(conversation.id, Direction.IN, 50)
	store.change_message(row.id, {"text": "New", "earlier_texts": ("Old",)})
	store.change_message(row.id, {"conversation": conversation.id, "chat": CHAT})
	store.conversations_in_chatwoot("main", 5)
	store.others_wrote_in("main", 5, conversation.id, START)

	merge_two(store)

	store.reconcile_marks("main", START)
	store.set_fetched_to("main", START)
	store.note_session_change("main", SessionChanged(SessionState.CONNECTED), START)
	store.session_changes("main", 10)
	store.own_addresses("main")


def merge_two(store: SqlStore) -> None:
	"""Contacts with a conversation each, and one has a group's."""
	keep, gone = (store.add_contact("main", "Bob", [Address(user, "lid")]) for user in ("2", "3"))
	store.set_chatwoot_contact(gone.id, 6)
	into = store.add_conversation("main", keep.addresses[0], keep.id)
	for chat in (gone.addresses[0], Address("120363000000000001", "g.us")):
		conversation = store.add_conversation("main", chat, gone.id)
		store.update_conversation(conversation.id, {"last_incoming_at": START})
		store.add_message(replace(message("B", conversation.id), chat=chat))
	store.merge_contacts(keep.id, gone.id)
	assert store.get_conversation(into.id) == replace(
		into, last_incoming_at=START, reply_to=gone.addresses[0]
	)


def plan_of(connection: sa.Connection, statement: Statement) -> str:
	sql, parameters = statement
	rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", parameters).all()
	return "\n".join(str(row[3]) for row in rows)


def test_no_statement_scans_a_table(store: SqlStore, statements: list[Statement], tmp_path: Path) -> None:
	use_every_method(store)
	worked = [each for each in statements if each[0].split()[0] in ("SELECT", "INSERT", "UPDATE", "DELETE")]
	assert len({sql for sql, _ in worked}) > 45
	database = SqliteDatabase(f"sqlite:///{tmp_path / 'bridge.sqlite'}")
	with database.reading() as connection:
		plans = {sql: plan_of(connection, (sql, parameters)) for sql, parameters in list(worked)}
	database.close()
	for sql, plan in plans.items():
		scans = [
			line
			for line in plan.splitlines()
			if line.startswith("SCAN") and not may_scan(line) and "CONSTANT ROW" not in line
		]
		assert not scans, f"{sql}\n{plan}"


def may_scan(line: str) -> bool:
	"""Lanes exist only where work waits; a walk along their index stops at the limit. Else: results, no tables."""
	return line.startswith(("SCAN tabWuzAPI Lane USING INDEX", "SCAN anon", "SCAN (subquery")) or (
		line.startswith("SCAN tabWuzAPI Lane USING COVERING INDEX")
	)


@pytest.mark.parametrize(
	("call", "index"),
	[
		(lambda store: store.begin_events(LANE, 10, LATER, timedelta(0)), "wuzapi_event_lane_order"),
		(lambda store: store.list_events(EventState.DEAD, 10), "wuzapi_event_state_page"),
		(lambda store: store.oldest_waiting(), "wuzapi_event_state_received"),
		(lambda store: store.due_lanes(LATER, 10), "wuzapi_lane_served"),
		(lambda store: store.due_lanes(LATER, 10, ["other"]), "wuzapi_lane_served"),
		(lambda store: store.due_lanes(LATER, 10, by_last_turn=True), "wuzapi_lane_last_turn"),
		(lambda store: store.due_lanes(LATER, 10, ["other"], by_last_turn=True), "wuzapi_lane_last_turn"),
		(lambda store: store.session_changes("main", 10), "wuzapi_session_change_session"),
	],
)
def test_ordered_statements_follow_their_index_without_sorting(
	store: SqlStore, statements: list[Statement], tmp_path: Path, call: Any, index: str
) -> None:
	use_every_method(store)
	statements.clear()
	call(store)
	(query,) = [each for each in statements if each[0].startswith("SELECT")]
	database = SqliteDatabase(f"sqlite:///{tmp_path / 'bridge.sqlite'}")
	with database.reading() as connection:
		plan = plan_of(connection, query)
	database.close()
	assert index in plan
	assert "TEMP B-TREE" not in plan
