"""Lanes and their leases in SQLite. A lane is a row as long as events wait in it, so this table stays small.

Claims, renewals and releases are not durable: after a power cut every lease is freed anyway, and a lane without
events is forgotten by the first worker that looks at it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from wuzapi_chatwoot.bridge.model.fair_scheduling import Claim, Turn
from wuzapi_chatwoot.bridge.model.records import Direction, LaneState
from wuzapi_chatwoot.standalone_host.storage.events import ready_at
from wuzapi_chatwoot.standalone_host.storage.part import StorePart
from wuzapi_chatwoot.standalone_host.storage.statements import events as sql


class SqlLanes(StorePart):
	"""Implements the part of `EventStore` that is about lanes."""

	def due_lanes(
		self, now: datetime, limit: int, without: Collection[str] = (), *, by_last_turn: bool = False
	) -> list[str]:
		values: dict[str, object] = {"now": now, "limit": limit}
		query = sql.DUE_LANES_BY_LAST_TURN if by_last_turn else sql.DUE_LANES
		if without:
			values["without"] = sorted(without)
			query = sql.DUE_LANES_OF_OTHERS_BY_LAST_TURN if by_last_turn else sql.DUE_LANES_OF_OTHERS
		with self._database.reading() as connection:
			return list(connection.execute(query, values).scalars())

	def next_due(self, without: Collection[str] = ()) -> datetime | None:
		with self._database.reading() as connection:
			free = connection.execute(sql.FREE_LANES, {"limit": len(without) + 1})
			times = [row.due_at for row in free if row.lane not in without]
			times += [
				max(row.due_at, row.lease_until)
				for row in connection.execute(sql.LEASED_LANES)
				if row.lane not in without
			]
			return min(times, default=None)

	def claim_lane(self, lane: str, owner: str, now: datetime, until: datetime) -> Claim | None:
		values = {"lane_name": lane, "owner": owner, "now": now, "until": until}
		with self._database.writing(durable=False) as connection:
			if connection.execute(sql.CLAIM_LANE, values).rowcount != 1:
				return None
			return Claim(connection.execute(sql.SERVED, {"lane_name": lane}).scalar_one() or 0)

	def renew_lane(self, lane: str, owner: str, until: datetime) -> bool:
		values = {"lane_name": lane, "owner": owner, "until": until}
		with self._database.writing(durable=False) as connection:
			return connection.execute(sql.RENEW_LANE, values).rowcount == 1

	def renew_leases(self, owner: str, lanes: Sequence[str], until: datetime) -> None:
		values = [{"lane_name": lane, "owner": owner, "until": until} for lane in lanes]
		if values:
			with self._database.writing(durable=False) as connection:
				connection.execute(sql.RENEW_LANE, values)

	def release_lane(self, lane: str, owner: str, settle: timedelta, turn: Turn | None = None) -> None:
		values: dict[str, object] = {"lane_name": lane, "owner": owner}
		with self._database.writing(durable=False) as connection:
			first = connection.execute(sql.FIRST_EVENT_TIMES, {"lane": lane}).one_or_none()
			if first is None:
				connection.execute(sql.FORGET_LANE, values)
			else:
				due_at = ready_at(first.received_at, first.next_try_at, settle)
				values["due"] = due_at
				if turn is None:
					connection.execute(sql.GIVE_BACK_LANE, values)
				else:
					values |= {"turn_at": turn.at, "turn_served": turn.served}
					connection.execute(sql.END_TURN, values)

	def release_all_leases(self) -> int:
		with self._database.writing(durable=False) as connection:
			return connection.execute(sql.FREE_ALL_LANES).rowcount

	def list_lanes(self, limit: int) -> list[LaneState]:
		with self._database.reading() as connection:
			return [
				LaneState(
					lane=row.lane,
					session=row.session,
					direction=Direction(row.direction),
					due_at=row.due_at,
					waiting=row.waiting,
					working=row.lease_until is not None,
					last_error=row.last_error,
				)
				for row in connection.execute(sql.LIST_LANES, {"limit": limit})
			]
