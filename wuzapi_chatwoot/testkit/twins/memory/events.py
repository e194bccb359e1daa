"""The durable inbox, in memory: events and lanes. Written to be obviously right, not fast."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from wuzapi_chatwoot.bridge.model.fair_scheduling import Claim, Turn, served_before
from wuzapi_chatwoot.bridge.model.records import (
	ATTEMPTS_KEPT,
	Attempt,
	DeadEvents,
	EventRow,
	EventState,
	LaneSize,
	LaneState,
	NewEvent,
)
from wuzapi_chatwoot.bridge.ports.host import direction_of
from wuzapi_chatwoot.bridge.ports.store import Trimmed
from wuzapi_chatwoot.testkit.twins.memory.tables import MemoryTables, StoredEvent, StoredLane, Tables

_REPLAYABLE = (EventState.DEAD, EventState.IGNORED)
_TRIMMABLE = (EventState.DONE, EventState.IGNORED)


def _waiting(tables: Tables, lane: str) -> list[StoredEvent]:
	"""The lane's waiting events in order."""
	return sorted(
		(
			event
			for event in tables.events.values()
			if event.row.lane == lane and event.row.state is EventState.WAITING
		),
		key=lambda event: event.place,
	)


def _remember(tables: Tables, event: int, attempt: Attempt) -> None:
	tables.attempts[event] = (*tables.attempts.get(event, ()), attempt)[-ATTEMPTS_KEPT:]


def _ready_at(row: EventRow, settle: timedelta) -> datetime:
	"""When an event may be worked, as far as it is up to itself."""
	settled_at = row.received_at + settle
	return max(settled_at, row.next_try_at or settled_at)


def _new_lane(event: NewEvent | EventRow, due_at: datetime) -> StoredLane:
	served = served_before(event.source)
	return StoredLane(event.lane, event.session, direction_of(event.source), due_at, due_at, served)


class MemoryEvents(MemoryTables):
	"""Implements `EventStore`."""

	def add_event(self, event: NewEvent, *, due_at: datetime, received_at: datetime) -> bool:
		with self._writing() as tables:
			if event.key in tables.event_ids:
				return False
			row = EventRow(
				id=self._new_id(),
				key=event.key,
				session=event.session,
				source=event.source,
				kind=event.kind,
				lane=event.lane,
				payload=event.payload,
				occurred_at=event.occurred_at,
				received_at=received_at,
				trace_id=event.trace_id,
				state=EventState.WAITING,
				file=event.file,
			)
			tables.event_ids[event.key] = row.id
			tables.events[row.id] = StoredEvent(row, event.order)
			tables.lanes.setdefault(
				event.lane,
				_new_lane(event, due_at),
			)
			return True

	def due_lanes(
		self, now: datetime, limit: int, without: Collection[str] = (), *, by_last_turn: bool = False
	) -> list[str]:
		with self._reading() as tables:
			due = [
				lane
				for lane in tables.lanes.values()
				if lane.due_at <= now
				and (lane.lease_until is None or lane.lease_until <= now)
				and lane.session not in without
			]
			due.sort(key=lambda lane: lane.last_turn_at)
			if not by_last_turn:
				due.sort(key=lambda lane: lane.served)
			return [lane.lane for lane in due[:limit]]

	def next_due(self, without: Collection[str] = ()) -> datetime | None:
		with self._reading() as tables:
			return min(
				(
					max(lane.due_at, lane.lease_until or lane.due_at)
					for lane in tables.lanes.values()
					if lane.lane not in without
				),
				default=None,
			)

	def claim_lane(self, lane: str, owner: str, now: datetime, until: datetime) -> Claim | None:
		with self._writing() as tables:
			known = tables.lanes.get(lane)
			if known is None:
				return None
			if known.owner != owner and known.lease_until is not None and known.lease_until > now:
				return None
			tables.lanes[lane] = replace(known, owner=owner, lease_until=until)
			return Claim(known.served)

	def renew_lane(self, lane: str, owner: str, until: datetime) -> bool:
		with self._writing() as tables:
			known = tables.lanes.get(lane)
			if known is None or known.owner != owner:
				return False
			tables.lanes[lane] = replace(known, lease_until=until)
			return True

	def renew_leases(self, owner: str, lanes: Sequence[str], until: datetime) -> None:
		with self._writing():
			for lane in lanes:
				self.renew_lane(lane, owner, until)

	def begin_events(self, lane: str, limit: int, now: datetime, settle: timedelta) -> list[EventRow]:
		with self._writing() as tables:
			begun: list[EventRow] = []
			for event in _waiting(tables, lane)[:limit]:
				if _ready_at(event.row, settle) > now:
					break
				row = replace(event.row, begun=event.row.begun + 1)
				tables.events[row.id] = replace(event, row=row)
				begun.append(row)
			return begun

	def finish_event(self, id: int, state: EventState, at: datetime, attempt: Attempt | None = None) -> None:
		with self._writing() as tables:
			event = tables.events.get(id)
			if event is None or event.row.state is not EventState.WAITING:
				return
			error = attempt.error if attempt else event.row.last_error
			row = replace(event.row, state=state, next_try_at=None, last_error=error)
			tables.events[id] = replace(event, row=row)
			if attempt:
				_remember(tables, id, attempt)

	def postpone_event(self, id: int, next_try_at: datetime, attempt: Attempt, *, counted: bool) -> None:
		with self._writing() as tables:
			event = tables.events.get(id)
			if event is None or event.row.state is not EventState.WAITING:
				return
			row = replace(
				event.row,
				next_try_at=next_try_at,
				last_error=attempt.error,
				attempts=event.row.attempts + (1 if counted else 0),
			)
			tables.events[id] = replace(event, row=row)
			_remember(tables, id, attempt)

	def release_lane(self, lane: str, owner: str, settle: timedelta, turn: Turn | None = None) -> None:
		with self._writing() as tables:
			known = tables.lanes.get(lane)
			if known is None or known.owner != owner:
				return
			waiting = _waiting(tables, lane)
			if waiting:
				due_at = _ready_at(waiting[0].row, settle)
				if turn is not None:
					known = replace(known, last_turn_at=turn.at, served=turn.served)
				tables.lanes[lane] = replace(known, due_at=due_at, owner=None, lease_until=None)
			else:
				del tables.lanes[lane]

	def release_all_leases(self) -> int:
		with self._writing() as tables:
			leased = [lane for lane in tables.lanes.values() if lane.owner is not None]
			for lane in leased:
				tables.lanes[lane.lane] = replace(lane, owner=None, lease_until=None)
			return len(leased)

	def replay_event(self, id: int, now: datetime) -> EventRow | None:
		with self._writing() as tables:
			event = tables.events.get(id)
			if event is None or event.row.state not in _REPLAYABLE:
				return None
			row = replace(event.row, state=EventState.WAITING, attempts=0, next_try_at=None)
			tables.events[id] = replace(event, row=row)
			known = tables.lanes.get(row.lane)
			if known is None:
				known = _new_lane(row, now)
			tables.lanes[row.lane] = replace(known, due_at=min(known.due_at, now))
			return row

	def get_event(self, id: int) -> EventRow | None:
		with self._reading() as tables:
			event = tables.events.get(id)
			return event.row if event else None

	def find_event(self, key: str) -> EventRow | None:
		with self._reading() as tables:
			id = tables.event_ids.get(key)
			return tables.events[id].row if id is not None else None

	def events_of_lane(self, lane: str, since: datetime, limit: int) -> list[EventRow]:
		with self._reading() as tables:
			rows = [event.row for event in tables.events.values() if event.row.lane == lane]
			found = [row for row in rows if row.received_at >= since]
			return sorted(found, key=lambda row: (row.received_at, row.id))[:limit]

	def size_of_lane(self, lane: str, since: datetime) -> LaneSize:
		with self._reading() as tables:
			rows = [event.row for event in tables.events.values() if event.row.lane == lane]
			sizes = [len(row.payload) for row in rows if row.received_at >= since]
			return LaneSize(len(sizes), sum(sizes))

	def list_events(self, state: EventState, limit: int, before: int | None = None) -> list[EventRow]:
		with self._reading() as tables:
			rows = [
				event.row
				for event in tables.events.values()
				if event.row.state is state and (before is None or event.row.id < before)
			]
			return sorted(rows, key=lambda row: row.id, reverse=True)[:limit]

	def attempts_of(self, id: int) -> list[Attempt]:
		with self._reading() as tables:
			return list(tables.attempts.get(id, ()))

	def list_lanes(self, limit: int) -> list[LaneState]:
		with self._reading() as tables:
			states = []
			for lane in sorted(tables.lanes.values(), key=lambda lane: lane.due_at)[:limit]:
				waiting = _waiting(tables, lane.lane)
				states.append(
					LaneState(
						lane=lane.lane,
						session=lane.session,
						direction=lane.direction,
						due_at=lane.due_at,
						waiting=len(waiting),
						working=lane.owner is not None,
						last_error=waiting[0].row.last_error if waiting else None,
					)
				)
			return states

	def count_events(self) -> Mapping[EventState, int]:
		with self._reading() as tables:
			counts = Counter(event.row.state for event in tables.events.values())
			return {state: counts[state] for state in (EventState.WAITING, EventState.DEAD)}

	def dead_events(self, session: str | None = None) -> Mapping[str, DeadEvents]:
		with self._reading() as tables:
			found: dict[str, DeadEvents] = {}
			for row in sorted((event.row for event in tables.events.values()), key=lambda row: row.id):
				if row.state is EventState.DEAD and session in (None, row.session):
					before = found[row.session].count if row.session in found else 0
					found[row.session] = DeadEvents(before + 1, row.id, row.last_error or "")
			return found

	def oldest_waiting(self) -> datetime | None:
		with self._reading() as tables:
			return min(
				(
					event.row.received_at
					for event in tables.events.values()
					if event.row.state is EventState.WAITING
				),
				default=None,
			)

	def latest_arrival(self) -> datetime | None:
		with self._reading() as tables:
			newest = max(tables.events, default=None)
			return tables.events[newest].row.received_at if newest is not None else None

	def clock_was_set_back(self, now: datetime, lease_until: datetime) -> None:
		with self._writing() as tables:
			for lane in list(tables.lanes.values()):
				tables.lanes[lane.lane] = replace(
					lane,
					due_at=min(lane.due_at, now),
					last_turn_at=min(lane.last_turn_at, now),
					lease_until=min(lane.lease_until, lease_until) if lane.lease_until else None,
				)
			for event in list(tables.events.values()):
				row = replace(event.row, received_at=min(event.row.received_at, now))
				if row.next_try_at is not None:
					row = replace(row, next_try_at=min(row.next_try_at, now))
				tables.events[row.id] = replace(event, row=row)

	def check_writable(self) -> None:
		with self._writing():
			pass

	def trim_events(self, before: datetime, limit: int) -> Trimmed:
		with self._writing() as tables:
			old = sorted(
				(
					event.row
					for event in tables.events.values()
					if event.row.state in _TRIMMABLE and event.row.received_at < before
				),
				key=lambda row: (row.received_at, row.id),
			)[:limit]
			for row in old:
				del tables.events[row.id]
				del tables.event_ids[row.key]
				tables.attempts.pop(row.id, None)
			return Trimmed(len(old), tuple(row.file for row in old if row.file is not None))
