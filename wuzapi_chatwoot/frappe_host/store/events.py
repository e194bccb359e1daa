"""The durable inbox on DocTypes: events and their attempts. Lanes and leases are in `lanes`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from wuzapi_chatwoot.bridge.model.fair_scheduling import served_before
from wuzapi_chatwoot.bridge.model.records import (
	ATTEMPTS_KEPT,
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
from wuzapi_chatwoot.frappe_host.store.connection import tried_again
from wuzapi_chatwoot.frappe_host.store.part import StorePart
from wuzapi_chatwoot.frappe_host.store.times import from_site, from_utc, to_site, to_utc

_COLUMNS = (
	"name, event_key, session, source, kind, lane, payload, occurred_at, received_at, trace_id, state, file, "
	"attempts, begun, next_try_at, last_error"
)
_NOT_AFTER = (
	("Lane", "due_at", "now", ""),
	("Lane", "last_turn_at", "now", ""),
	("Lane", "lease_until", "until", ""),
	("Event", "next_try_at", "now", "AND state = 'waiting'"),
	# By state, and so by the index.
	("Event", "received_at", "site", "AND state IN ('waiting', 'done', 'ignored', 'dead')"),
)
_LANE_ORDER = "occurred_at, event_order, name"


class FrappeEvents(StorePart):
	"""Implements the part of `EventStore` that is about events."""

	@tried_again
	def add_event(self, event: NewEvent, *, due_at: datetime, received_at: datetime) -> bool:
		with self._connection.atomic():
			# A taken key changes nothing: no error to be undone, and nothing but duplicates is passed over.
			added = self._connection.write(
				"""INSERT INTO `tabWuzAPI Event`
				(name, creation, modified, owner, modified_by, event_key, session, source, kind, lane, payload,
				occurred_at, received_at, event_order, trace_id, file, state, attempts, begun)
				VALUES (NEXTVAL(`wuzapi_event_id_seq`), %(now)s, %(now)s, %(user)s, %(user)s, %(key)s, %(session)s,
				%(source)s, %(kind)s, %(lane)s, %(payload)s, %(occurred_at)s, %(now)s, %(order)s, %(trace_id)s,
				%(file)s, 'waiting', 0, 0)
				ON DUPLICATE KEY UPDATE event_key = event_key""",
				{
					"now": to_site(received_at),
					"user": self._user,
					"key": event.key,
					"session": event.session,
					"source": event.source.value,
					"kind": event.kind,
					"lane": event.lane,
					"payload": event.payload,
					"occurred_at": to_site(event.occurred_at),
					"order": event.order,
					"trace_id": event.trace_id,
					"file": event.file,
				},
			)
			if added != 1:
				return False
			self._add_lane_of(event, due_at, received_at)
			return True

	def begin_events(self, lane: str, limit: int, now: datetime, settle: timedelta) -> list[EventRow]:
		with self._connection.atomic():
			begun: list[EventRow] = []
			for row in self._connection.rows(
				f"""SELECT {_COLUMNS} FROM `tabWuzAPI Event` WHERE lane = %s AND state = 'waiting'
				ORDER BY {_LANE_ORDER} LIMIT %s""",  # noqa: S608 - constants only
				(lane, limit),
			):
				if ready_at(row, settle) > now:
					break
				begun.append(event_of(row, begun=row.begun + 1))
			for event in begun:
				self._connection.write(
					"UPDATE `tabWuzAPI Event` SET begun = begun + 1 WHERE name = %s", (event.id,)
				)
			return begun

	def finish_event(self, id: int, state: EventState, at: datetime, attempt: Attempt | None = None) -> None:
		with self._connection.atomic():
			changed = self._connection.write(
				"""UPDATE `tabWuzAPI Event` SET state = %s, finished_at = %s, modified = %s, next_try_at = NULL,
				last_error = COALESCE(%s, last_error) WHERE name = %s AND state = 'waiting'""",
				(state.value, to_site(at), to_site(at), attempt.error if attempt else None, id),
			)
			if changed and attempt:
				self._add_attempt(id, attempt)

	def postpone_event(self, id: int, next_try_at: datetime, attempt: Attempt, *, counted: bool) -> None:
		with self._connection.atomic():
			changed = self._connection.write(
				"""UPDATE `tabWuzAPI Event` SET next_try_at = %s, last_error = %s, modified = %s,
				attempts = attempts + %s WHERE name = %s AND state = 'waiting'""",
				(to_utc(next_try_at), attempt.error, to_site(attempt.at), int(counted), id),
			)
			if changed:
				self._add_attempt(id, attempt)

	def replay_event(self, id: int, now: datetime) -> EventRow | None:
		with self._connection.atomic():
			changed = self._connection.write(
				"""UPDATE `tabWuzAPI Event` SET state = 'waiting', attempts = 0, next_try_at = NULL,
				finished_at = NULL, modified = %s WHERE name = %s AND state IN ('dead', 'ignored')""",
				(to_site(now), id),
			)
			event = self.get_event(id) if changed else None
			if event is not None:
				self._add_lane_of(event, now, now)
				self._connection.write(
					"UPDATE `tabWuzAPI Lane` SET due_at = LEAST(due_at, %s) WHERE lane = %s",
					(to_utc(now), event.lane),
				)
			return event

	def get_event(self, id: int) -> EventRow | None:
		row = self._connection.one(
			f"SELECT {_COLUMNS} FROM `tabWuzAPI Event` WHERE name = %s",  # noqa: S608 - constants only
			(id,),
		)
		return event_of(row) if row else None

	def find_event(self, key: str) -> EventRow | None:
		row = self._connection.one(
			f"SELECT {_COLUMNS} FROM `tabWuzAPI Event` WHERE event_key = %s",  # noqa: S608 - constants only
			(key,),
		)
		return event_of(row) if row else None

	def events_of_lane(self, lane: str, since: datetime, limit: int) -> list[EventRow]:
		rows = self._connection.rows(
			f"""SELECT {_COLUMNS} FROM `tabWuzAPI Event` WHERE lane = %s AND received_at >= %s
			ORDER BY received_at, name LIMIT %s""",  # noqa: S608 - constants only
			(lane, to_site(since), limit),
		)
		return [event_of(row) for row in rows]

	def size_of_lane(self, lane: str, since: datetime) -> LaneSize:
		row = self._connection.one(
			"""SELECT COUNT(*) AS events, COALESCE(SUM(CHAR_LENGTH(payload)), 0) AS characters
			FROM `tabWuzAPI Event` WHERE lane = %s AND received_at >= %s""",
			(lane, to_site(since)),
		)
		return LaneSize(int(row.events), int(row.characters))

	def list_events(self, state: EventState, limit: int, before: int | None = None) -> list[EventRow]:
		rows = self._connection.rows(
			f"""SELECT {_COLUMNS} FROM `tabWuzAPI Event` WHERE state = %s AND name < %s
			ORDER BY name DESC LIMIT %s""",  # noqa: S608 - constants only
			(state.value, before if before is not None else 2**63 - 1, limit),
		)
		return [event_of(row) for row in rows]

	def attempts_of(self, id: int) -> list[Attempt]:
		rows = self._connection.rows(
			"""SELECT attempted_at, outcome, error FROM `tabWuzAPI Event Attempt`
			WHERE parent = %s AND parenttype = 'WuzAPI Event' ORDER BY idx""",
			(str(id),),
		)
		return [Attempt(from_site(row.attempted_at), row.outcome, row.error) for row in rows]

	def count_events(self) -> Mapping[EventState, int]:
		counts = {EventState.WAITING: 0, EventState.DEAD: 0}
		for row in self._connection.rows(
			"SELECT state, COUNT(*) AS events FROM `tabWuzAPI Event` WHERE state IN ('waiting', 'dead') GROUP BY state"
		):
			counts[EventState(row.state)] = row.events
		return counts

	def dead_events(self, session: str | None = None) -> Mapping[str, DeadEvents]:
		rows = self._connection.rows(
			"""SELECT dead.session, dead.events, dead.last, event.last_error FROM (
				SELECT session, COUNT(*) AS events, MAX(name) AS last FROM `tabWuzAPI Event`
				WHERE state = 'dead' AND (%(session)s IS NULL OR session = %(session)s) GROUP BY session
			) AS dead JOIN `tabWuzAPI Event` AS event ON event.name = dead.last""",
			{"session": session},
		)
		return {row.session: DeadEvents(row.events, row.last, row.last_error or "") for row in rows}

	def oldest_waiting(self) -> datetime | None:
		row = self._connection.one(
			"SELECT received_at FROM `tabWuzAPI Event` WHERE state = 'waiting' ORDER BY received_at LIMIT 1"
		)
		return from_site(row.received_at) if row else None

	def latest_arrival(self) -> datetime | None:
		row = self._connection.one("SELECT received_at FROM `tabWuzAPI Event` ORDER BY name DESC LIMIT 1")
		return from_site(row.received_at) if row else None

	@tried_again
	def clock_was_set_back(self, now: datetime, lease_until: datetime) -> None:
		values = {"now": to_utc(now), "until": to_utc(lease_until), "site": to_site(now)}
		with self._connection.atomic():
			for table, column, latest, where in _NOT_AFTER:
				self._connection.write(
					f"UPDATE `tabWuzAPI {table}` SET {column} = %({latest})s WHERE {column} > %({latest})s {where}",  # noqa: S608
					values,
				)

	def check_writable(self) -> None:
		with self._connection.atomic():
			self._connection.write("UPDATE `tabWuzAPI Lane` SET due_at = due_at WHERE lane = ''")

	def trim_events(self, before: datetime, limit: int) -> Trimmed:
		with self._connection.atomic():
			rows = self._connection.rows(
				"""SELECT name, file FROM `tabWuzAPI Event` WHERE state IN ('done', 'ignored') AND received_at < %s
				ORDER BY received_at, name LIMIT %s""",
				(to_site(before), limit),
			)
			if rows:
				ids = [row.name for row in rows]
				self._connection.write(
					"DELETE FROM `tabWuzAPI Event Attempt` WHERE parent IN %(ids)s",
					{"ids": [str(id) for id in ids]},
				)
				self._connection.write("DELETE FROM `tabWuzAPI Event` WHERE name IN %(ids)s", {"ids": ids})
			return Trimmed(len(rows), tuple(row.file for row in rows if row.file))

	def _add_lane_of(self, event: NewEvent | EventRow, due_at: datetime, now: datetime) -> None:
		direction, served = direction_of(event.source).value, served_before(event.source)
		self._add_lane(event.lane, event.session, direction, due_at, now, served)

	def _add_attempt(self, event: int, attempt: Attempt) -> None:
		at = to_site(attempt.at)
		self._connection.write(
			"""INSERT INTO `tabWuzAPI Event Attempt`
			(name, creation, modified, owner, modified_by, parent, parenttype, parentfield, idx, attempted_at, outcome,
			error)
			SELECT %(name)s, %(at)s, %(at)s, %(user)s, %(user)s, %(event)s,
			'WuzAPI Event', 'attempt_log', COALESCE(MAX(idx), 0) + 1, %(at)s, %(outcome)s, %(error)s
			FROM `tabWuzAPI Event Attempt` WHERE parent = %(event)s""",
			{
				"name": self._connection.next_id("WuzAPI Event Attempt"),
				"at": at,
				"user": self._user,
				"event": str(event),
				"outcome": attempt.outcome,
				"error": attempt.error,
			},
		)
		self._connection.write(
			"""DELETE FROM `tabWuzAPI Event Attempt` WHERE parent = %(event)s AND idx <=
			(SELECT newest FROM (SELECT MAX(idx) - %(kept)s AS newest FROM `tabWuzAPI Event Attempt`
			WHERE parent = %(event)s) AS limits)""",
			{"event": str(event), "kept": ATTEMPTS_KEPT},
		)


def ready_at(row: Any, settle: timedelta) -> datetime:
	"""When an event may be worked, as far as it is up to itself."""
	settled_at = from_site(row.received_at) + settle
	return max(settled_at, from_utc(row.next_try_at)) if row.next_try_at else settled_at


def event_of(row: Any, *, begun: int | None = None) -> EventRow:
	return EventRow(
		id=row.name,
		key=row.event_key,
		session=row.session,
		source=Source(row.source),
		kind=row.kind,
		lane=row.lane,
		payload=row.payload,
		occurred_at=from_site(row.occurred_at),
		received_at=from_site(row.received_at),
		trace_id=row.trace_id,
		state=EventState(row.state),
		file=row.file,
		attempts=row.attempts,
		begun=row.begun if begun is None else begun,
		next_try_at=from_utc(row.next_try_at) if row.next_try_at else None,
		last_error=row.last_error,
	)
