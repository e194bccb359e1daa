"""The durable inbox in SQLite: events and their attempts. Lanes and leases are in `lanes.py`.

Flushed to disk before they return: that an event came, and that work on it has begun. That it ended need not be: after
a power cut the event is worked again, and since it is known to have been begun, the worker looks before it repeats.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from wuzapi_chatwoot.bridge.model.fair_scheduling import served_before
from wuzapi_chatwoot.bridge.model.records import (
	Attempt,
	DeadEvents,
	EventRow,
	EventState,
	LaneSize,
	NewEvent,
	Source,
)
from wuzapi_chatwoot.bridge.ports.host import direction_of
from wuzapi_chatwoot.bridge.ports.store import Trimmed
from wuzapi_chatwoot.standalone_host.storage.database.group_commit import GroupCommit
from wuzapi_chatwoot.standalone_host.storage.database.sqlite_database import SqliteDatabase
from wuzapi_chatwoot.standalone_host.storage.part import StorePart
from wuzapi_chatwoot.standalone_host.storage.statements import events as sql

_LAST_ID = 2**63 - 1

_New = tuple[NewEvent, datetime, datetime]
"""The event, when its lane is due, and when the event was received."""


class SqlEvents(StorePart):
	"""Implements the part of `EventStore` that is about events."""

	def __init__(self, database: SqliteDatabase) -> None:
		super().__init__(database)
		self._arrivals: GroupCommit[_New, bool] = GroupCommit(database, _insert_events)

	def add_event(self, event: NewEvent, *, due_at: datetime, received_at: datetime) -> bool:
		return self._arrivals.add((event, due_at, received_at))

	def begin_events(self, lane: str, limit: int, now: datetime, settle: timedelta) -> list[EventRow]:
		with self._database.writing() as connection:
			begun: list[EventRow] = []
			for row in connection.execute(sql.FIRST_EVENTS, {"lane": lane, "limit": limit}).all():
				if ready_at(row.received_at, row.next_try_at, settle) > now:
					break
				begun.append(_event(row, begun=row.begun + 1))
			if begun:
				connection.execute(sql.BEGIN_EVENT, [{"id": event.id} for event in begun])
			return begun

	def finish_event(self, id: int, state: EventState, at: datetime, attempt: Attempt | None = None) -> None:
		values = {
			"id": id,
			"new_state": state.value,
			"at": at,
			"error": attempt.error if attempt else None,
		}
		with self._database.writing(durable=False) as connection:
			if connection.execute(sql.FINISH_EVENT, values).rowcount and attempt:
				_add_attempt(connection, id, attempt)

	def postpone_event(self, id: int, next_try_at: datetime, attempt: Attempt, *, counted: bool) -> None:
		values = {"id": id, "next_try": next_try_at, "error": attempt.error, "counted": int(counted)}
		with self._database.writing(durable=False) as connection:
			if connection.execute(sql.POSTPONE_EVENT, values).rowcount:
				_add_attempt(connection, id, attempt)

	def replay_event(self, id: int, now: datetime) -> EventRow | None:
		with self._database.writing() as connection:
			if not connection.execute(sql.REPLAY_EVENT, {"id": id}).rowcount:
				return None
			event = _event(connection.execute(sql.GET_EVENT, {"id": id}).one())
			connection.execute(sql.ADD_LANE, _lane_values(event, now))
			connection.execute(sql.WAKE_LANE, {"lane_name": event.lane, "now": now})
			return event

	def get_event(self, id: int) -> EventRow | None:
		with self._database.reading() as connection:
			row = connection.execute(sql.GET_EVENT, {"id": id}).one_or_none()
			return None if row is None else _event(row)

	def find_event(self, key: str) -> EventRow | None:
		with self._database.reading() as connection:
			row = connection.execute(sql.FIND_EVENT, {"key": key}).one_or_none()
			return None if row is None else _event(row)

	def events_of_lane(self, lane: str, since: datetime, limit: int) -> list[EventRow]:
		values = {"lane": lane, "since": since, "limit": limit}
		with self._database.reading() as connection:
			return [_event(row) for row in connection.execute(sql.EVENTS_OF_LANE, values)]

	def size_of_lane(self, lane: str, since: datetime) -> LaneSize:
		with self._database.reading() as connection:
			row = connection.execute(sql.SIZE_OF_LANE, {"lane": lane, "since": since}).one()
			return LaneSize(row.events, row.characters)

	def list_events(self, state: EventState, limit: int, before: int | None = None) -> list[EventRow]:
		values = {"state": state.value, "limit": limit, "before": _LAST_ID if before is None else before}
		with self._database.reading() as connection:
			return [_event(row) for row in connection.execute(sql.LIST_EVENTS, values)]

	def attempts_of(self, id: int) -> list[Attempt]:
		with self._database.reading() as connection:
			rows = connection.execute(sql.ATTEMPTS_OF, {"id": id}).all()
			return [Attempt(row.attempted_at, row.outcome, row.error) for row in rows]

	def count_events(self) -> Mapping[EventState, int]:
		with self._database.reading() as connection:
			counts = {EventState.WAITING: 0, EventState.DEAD: 0}
			for row in connection.execute(sql.COUNT_EVENTS):
				counts[EventState(row.state)] = row.events
			return counts

	def dead_events(self, session: str | None = None) -> Mapping[str, DeadEvents]:
		statement = sql.DEAD_EVENTS if session is None else sql.DEAD_EVENTS_OF_SESSION
		with self._database.reading() as connection:
			rows = connection.execute(statement, {} if session is None else {"session": session}).all()
		return {row.session: DeadEvents(row.events, row.last, row.last_error or "") for row in rows}

	def oldest_waiting(self) -> datetime | None:
		with self._database.reading() as connection:
			return connection.execute(sql.OLDEST_WAITING).scalar_one_or_none()

	def latest_arrival(self) -> datetime | None:
		with self._database.reading() as connection:
			return connection.execute(sql.LATEST_ARRIVAL).scalar_one_or_none()

	def clock_was_set_back(self, now: datetime, lease_until: datetime) -> None:
		with self._database.writing() as connection:
			for statement in sql.CLOCK_WAS_SET_BACK:
				connection.execute(statement, {"now": now, "until": lease_until})

	def trim_events(self, before: datetime, limit: int) -> Trimmed:
		with self._database.writing() as connection:
			rows = connection.execute(sql.OLD_EVENTS, {"before": before, "limit": limit}).all()
			if rows:
				ids = [{"id": row.name} for row in rows]
				connection.execute(sql.DELETE_ATTEMPTS, ids)
				connection.execute(sql.DELETE_EVENT, ids)
			return Trimmed(len(rows), tuple(row.file for row in rows if row.file is not None))


def ready_at(received_at: datetime, next_try_at: datetime | None, settle: timedelta) -> datetime:
	"""When an event may be worked, as far as it is up to itself."""
	settled_at = received_at + settle
	return max(settled_at, next_try_at or settled_at)


def _insert_events(connection: sa.Connection, arrivals: Sequence[_New]) -> list[bool]:
	"""Insert those that are new, and their lanes; true for each that was new."""
	outcomes = []
	lanes: dict[str, dict[str, object]] = {}
	for event, due_at, received_at in arrivals:
		values = {
			"event_key": event.key,
			"session": event.session,
			"source": event.source.value,
			"kind": event.kind,
			"lane": event.lane,
			"payload": event.payload,
			"occurred_at": event.occurred_at,
			"received_at": received_at,
			"event_order": event.order,
			"trace_id": event.trace_id,
			"file": event.file,
		}
		new = connection.execute(sql.ADD_EVENT, values).rowcount == 1
		if new:
			lanes.setdefault(event.lane, _lane_values(event, due_at))
		outcomes.append(new)
	if lanes:
		connection.execute(sql.ADD_LANE, list(lanes.values()))
	return outcomes


def _lane_values(event: NewEvent | EventRow, due_at: datetime) -> dict[str, object]:
	return {
		"lane": event.lane,
		"session": event.session,
		"direction": direction_of(event.source).value,
		"due_at": due_at,
		"served": served_before(event.source),
	}


def _add_attempt(connection: sa.Connection, event: int, attempt: Attempt) -> None:
	values = {"id": event, "attempted": attempt.at, "outcome": attempt.outcome, "error": attempt.error}
	connection.execute(sql.ADD_ATTEMPT, values)
	connection.execute(sql.FORGET_ATTEMPTS, {"id": event})


def _event(row: Any, *, begun: int | None = None) -> EventRow:
	return EventRow(
		id=row.name,
		key=row.event_key,
		session=row.session,
		source=Source(row.source),
		kind=row.kind,
		lane=row.lane,
		payload=row.payload,
		occurred_at=row.occurred_at,
		received_at=row.received_at,
		trace_id=row.trace_id,
		state=EventState(row.state),
		file=row.file,
		attempts=row.attempts,
		begun=row.begun if begun is None else begun,
		next_try_at=row.next_try_at,
		last_error=row.last_error,
	)
