"""Every SQL statement about events and lanes, built once. No logic: `storage/events.py` and `storage/lanes.py` say when."""

from __future__ import annotations

from datetime import datetime, timezone

import sqlalchemy as sa
from sqlalchemy import bindparam, func, select
from sqlalchemy.dialects.sqlite import insert

from wuzapi_chatwoot.bridge.model.records import ATTEMPTS_KEPT, EventState
from wuzapi_chatwoot.standalone_host.storage.database.tables import EVENT, EVENT_ATTEMPT, LANE

_e = EVENT.c
_a = EVENT_ATTEMPT.c
_l = LANE.c

WAITING = EventState.WAITING.value
_DONE, _IGNORED, _DEAD = EventState.DONE.value, EventState.IGNORED.value, EventState.DEAD.value

# Literal states let SQLite see at once which part of an index is meant.
_is_waiting = _e.state == sa.literal_column(f"'{WAITING}'")

EVENT_COLUMNS = (
	_e.name,
	_e.event_key,
	_e.session,
	_e.source,
	_e.kind,
	_e.lane,
	_e.payload,
	_e.occurred_at,
	_e.received_at,
	_e.trace_id,
	_e.state,
	_e.file,
	_e.attempts,
	_e.begun,
	_e.next_try_at,
	_e.last_error,
)
_in_lane_order = (_e.occurred_at, _e.event_order, _e.name)

# ---- events

ADD_EVENT = (
	insert(EVENT)
	.values(
		{
			column: bindparam(column)
			for column in (
				"event_key",
				"session",
				"source",
				"kind",
				"lane",
				"payload",
				"occurred_at",
				"received_at",
				"event_order",
				"trace_id",
				"file",
			)
		}
		| {"state": WAITING, "attempts": 0, "begun": 0}
	)
	.on_conflict_do_nothing(index_elements=[_e.event_key])
	.inline()
)
FIRST_EVENTS = (
	select(*EVENT_COLUMNS)
	.where(_e.lane == bindparam("lane"), _is_waiting)
	.order_by(*_in_lane_order)
	.limit(bindparam("limit"))
)
FIRST_EVENT_TIMES = (
	select(_e.received_at, _e.next_try_at)
	.where(_e.lane == bindparam("lane"), _is_waiting)
	.order_by(*_in_lane_order)
	.limit(1)
)
BEGIN_EVENT = sa.update(EVENT).where(_e.name == bindparam("id")).values(begun=_e.begun + 1)
FINISH_EVENT = (
	sa.update(EVENT)
	.where(_e.name == bindparam("id"), _is_waiting)
	.values(
		state=bindparam("new_state"),
		finished_at=bindparam("at"),
		next_try_at=None,
		last_error=func.coalesce(bindparam("error", type_=sa.Text()), _e.last_error),
	)
)
POSTPONE_EVENT = (
	sa.update(EVENT)
	.where(_e.name == bindparam("id"), _is_waiting)
	.values(
		next_try_at=bindparam("next_try"),
		last_error=bindparam("error"),
		attempts=_e.attempts + bindparam("counted", type_=sa.Integer()),
	)
)
REPLAY_EVENT = (
	sa.update(EVENT)
	.where(_e.name == bindparam("id"), _e.state.in_((_DEAD, _IGNORED)))
	.values(state=WAITING, attempts=0, next_try_at=None, finished_at=None)
)
GET_EVENT = select(*EVENT_COLUMNS).where(_e.name == bindparam("id"))
FIND_EVENT = select(*EVENT_COLUMNS).where(_e.event_key == bindparam("key"))
EVENTS_OF_LANE = (
	select(*EVENT_COLUMNS)
	.where(_e.lane == bindparam("lane"), _e.received_at >= bindparam("since"))
	.order_by(_e.received_at, _e.name)
	.limit(bindparam("limit"))
)
SIZE_OF_LANE = select(
	func.count().label("events"), func.coalesce(func.sum(func.length(_e.payload)), 0).label("characters")
).where(_e.lane == bindparam("lane"), _e.received_at >= bindparam("since"))
LIST_EVENTS = (
	select(*EVENT_COLUMNS)
	.where(_e.state == bindparam("state"), _e.name < bindparam("before"))
	.order_by(_e.name.desc())
	.limit(bindparam("limit"))
)
COUNT_EVENTS = (
	select(_e.state, func.count().label("events")).where(_e.state.in_((WAITING, _DEAD))).group_by(_e.state)
)
# Few rows, and together: the index knows the state.
_dead = (
	select(_e.session, func.count().label("events"), func.max(_e.name).label("last"))
	.where(_e.state == sa.literal_column(f"'{_DEAD}'"))
	.group_by(_e.session)
)


def _with_last_error(dead: sa.Select[tuple[str, int, int]]) -> sa.Select[tuple[str, int, int, str]]:
	counted = dead.subquery()
	return select(counted.c.session, counted.c.events, counted.c.last, _e.last_error).join(
		EVENT, _e.name == counted.c.last
	)


DEAD_EVENTS = _with_last_error(_dead)
DEAD_EVENTS_OF_SESSION = _with_last_error(_dead.where(_e.session == bindparam("session")))
OLDEST_WAITING = select(_e.received_at).where(_is_waiting).order_by(_e.received_at).limit(1)


def _old(state: str) -> sa.Select[tuple[int, str | None, object]]:
	"""A query for each state, so that each walks its own part of the index and stops at the limit."""
	oldest = (
		select(_e.name, _e.file, _e.received_at)
		.where(_e.state == sa.literal_column(f"'{state}'"), _e.received_at < bindparam("before"))
		.order_by(_e.received_at)
		.limit(bindparam("limit"))
	)
	return select(oldest.subquery())


OLD_EVENTS = (
	sa.union_all(_old(_DONE), _old(_IGNORED)).order_by("received_at", "name").limit(bindparam("limit"))
)
DELETE_EVENT = sa.delete(EVENT).where(_e.name == bindparam("id"))

# ---- attempts

ADD_ATTEMPT = (
	insert(EVENT_ATTEMPT)
	.from_select(
		["parent", "parenttype", "parentfield", "idx", "attempted_at", "outcome", "error"],
		select(
			bindparam("id", type_=sa.BigInteger()),
			sa.literal_column("'WuzAPI Event'"),
			sa.literal_column("'attempt_log'"),
			func.coalesce(func.max(_a.idx), 0) + 1,
			bindparam("attempted", type_=_a.attempted_at.type),
			bindparam("outcome", type_=sa.Text()),
			bindparam("error", type_=sa.Text()),
		).where(_a.parent == bindparam("id", type_=sa.BigInteger())),
	)
	.inline()
)
_latest = EVENT_ATTEMPT.alias("latest")
ATTEMPTS_OF = (
	select(_a.attempted_at, _a.outcome, _a.error).where(_a.parent == bindparam("id")).order_by(_a.idx)
)
FORGET_ATTEMPTS = sa.delete(EVENT_ATTEMPT).where(
	_a.parent == bindparam("id"),
	_a.idx
	<= select(func.max(_latest.c.idx) - ATTEMPTS_KEPT)
	.where(_latest.c.parent == bindparam("id"))
	.scalar_subquery(),
)
DELETE_ATTEMPTS = sa.delete(EVENT_ATTEMPT).where(_a.parent == bindparam("id"))

# ---- lanes

ADD_LANE = (
	insert(LANE)
	.values(
		{
			**{column: bindparam(column) for column in ("lane", "session", "direction", "due_at", "served")},
			"last_turn_at": bindparam("due_at"),
		}
	)
	.on_conflict_do_nothing(index_elements=[_l.lane])
	.inline()
)
WAKE_LANE = (
	sa.update(LANE)
	.where(_l.lane == bindparam("lane_name"), _l.due_at > bindparam("now"))
	.values(due_at=bindparam("now"))
)
_due_lanes = (
	select(_l.lane)
	.where(
		_l.due_at <= bindparam("now"), sa.or_(_l.lease_until.is_(None), _l.lease_until <= bindparam("now"))
	)
	.limit(bindparam("limit"))
)
_due_lanes_of_others = _due_lanes.where(_l.session.not_in(bindparam("without", expanding=True)))
DUE_LANES = _due_lanes.order_by(_l.served, _l.last_turn_at)
DUE_LANES_BY_LAST_TURN = _due_lanes.order_by(_l.last_turn_at)
DUE_LANES_OF_OTHERS = _due_lanes_of_others.order_by(_l.served, _l.last_turn_at)
DUE_LANES_OF_OTHERS_BY_LAST_TURN = _due_lanes_of_others.order_by(_l.last_turn_at)
FREE_LANES = (
	select(_l.lane, _l.due_at).where(_l.lease_until.is_(None)).order_by(_l.due_at).limit(bindparam("limit"))
)
# A range, where "is not null" would be looked for in the whole table.
LEASED_LANES = select(_l.lane, _l.due_at, _l.lease_until).where(
	_l.lease_until >= datetime.min.replace(tzinfo=timezone.utc)
)
CLAIM_LANE = (
	sa.update(LANE)
	.where(
		_l.lane == bindparam("lane_name"),
		sa.or_(
			_l.lease_until.is_(None),
			_l.lease_until <= bindparam("now"),
			_l.lease_owner == bindparam("owner"),
		),
	)
	.values(lease_owner=bindparam("owner"), lease_until=bindparam("until"))
)
SERVED = select(_l.served).where(_l.lane == bindparam("lane_name"))
RENEW_LANE = (
	sa.update(LANE)
	.where(_l.lane == bindparam("lane_name"), _l.lease_owner == bindparam("owner"))
	.values(lease_until=bindparam("until"))
)
GIVE_BACK_LANE = (
	sa.update(LANE)
	.where(_l.lane == bindparam("lane_name"), _l.lease_owner == bindparam("owner"))
	.values(lease_owner=None, lease_until=None, due_at=bindparam("due"))
)
END_TURN = GIVE_BACK_LANE.values(last_turn_at=bindparam("turn_at"), served=bindparam("turn_served"))
FORGET_LANE = sa.delete(LANE).where(_l.lane == bindparam("lane_name"), _l.lease_owner == bindparam("owner"))
FREE_ALL_LANES = sa.update(LANE).where(_l.lease_until.is_not(None)).values(lease_owner=None, lease_until=None)
LIST_LANES = (
	select(
		_l.lane,
		_l.session,
		_l.direction,
		_l.due_at,
		_l.lease_until,
		select(func.count())
		.select_from(EVENT)
		.where(_e.lane == _l.lane, _is_waiting)
		.scalar_subquery()
		.label("waiting"),
		select(_e.last_error)
		.where(_e.lane == _l.lane, _is_waiting)
		.order_by(*_in_lane_order)
		.limit(1)
		.scalar_subquery()
		.label("last_error"),
	)
	.order_by(_l.due_at, _l.name)
	.limit(bindparam("limit"))
)

# ---- the clock was set back

# A range, where a walk from the end would look like one through the whole table.
LATEST_ARRIVAL = select(_e.received_at).where(_e.name > 0).order_by(_e.name.desc()).limit(1)


def _not_after(column: sa.Column[object], latest: str) -> sa.Update:
	limit = bindparam(latest, type_=column.type)
	return sa.update(column.table).where(column > limit).values({column.name: limit})


CLOCK_WAS_SET_BACK = (
	_not_after(_l.due_at, "now"),
	_not_after(_l.last_turn_at, "now"),
	_not_after(_l.lease_until, "until"),
	_not_after(_e.next_try_at, "now").where(_is_waiting),
	# By state, and so by the index.
	*(
		_not_after(_e.received_at, "now").where(_e.state == sa.literal_column(f"'{state.value}'"))
		for state in EventState
	),
)
