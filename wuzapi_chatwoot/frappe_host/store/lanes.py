"""Lanes and their leases on a site: one worker per lane, however many workers and machines there are."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from wuzapi_chatwoot.bridge.model.fair_scheduling import Claim, Turn
from wuzapi_chatwoot.bridge.model.records import Direction, LaneState
from wuzapi_chatwoot.frappe_host.store.connection import tried_again
from wuzapi_chatwoot.frappe_host.store.events import ready_at
from wuzapi_chatwoot.frappe_host.store.part import StorePart
from wuzapi_chatwoot.frappe_host.store.times import from_utc, to_utc


class FrappeLanes(StorePart):
	"""Implements the part of `EventStore` that is about lanes. Their times are in UTC."""

	def due_lanes(
		self, now: datetime, limit: int, without: Collection[str] = (), *, by_last_turn: bool = False
	) -> list[str]:
		order = "last_turn_at" if by_last_turn else "served, last_turn_at"
		rows = self._connection.rows(
			f"""SELECT lane FROM `tabWuzAPI Lane`
			WHERE due_at <= %(now)s AND (lease_until IS NULL OR lease_until <= %(now)s)
			AND session NOT IN %(without)s
			ORDER BY {order} LIMIT %(limit)s""",  # noqa: S608 - constants only
			# A list may not be empty there, and no session has an empty name.
			{"now": to_utc(now), "limit": limit, "without": ("", *without)},
		)
		return [row.lane for row in rows]

	def next_due(self, without: Collection[str] = ()) -> datetime | None:
		row = self._connection.one(
			"""SELECT MIN(at) AS at FROM (
			(SELECT due_at AS at FROM `tabWuzAPI Lane` WHERE lease_until IS NULL AND lane NOT IN %(without)s
				ORDER BY due_at LIMIT 1)
			UNION ALL
			(SELECT GREATEST(due_at, lease_until) AS at FROM `tabWuzAPI Lane`
				WHERE lease_until IS NOT NULL AND lane NOT IN %(without)s)
			) AS times""",
			{"without": ("", *without)},
		)
		return from_utc(row.at) if row and row.at else None

	@tried_again
	def claim_lane(self, lane: str, owner: str, now: datetime, until: datetime) -> Claim | None:
		with self._connection.atomic():
			free = self._connection.one(
				"""SELECT name, served FROM `tabWuzAPI Lane` WHERE lane = %(lane)s
				AND (lease_until IS NULL OR lease_until <= %(now)s OR lease_owner = %(owner)s)
				FOR UPDATE SKIP LOCKED""",
				{"lane": lane, "now": to_utc(now), "owner": owner},
			)
			if free is None:
				return None
			self._connection.write(
				"UPDATE `tabWuzAPI Lane` SET lease_owner = %s, lease_until = %s WHERE name = %s",
				(owner, to_utc(until), free.name),
			)
			return Claim(free.served or 0)

	def renew_lane(self, lane: str, owner: str, until: datetime) -> bool:
		with self._connection.atomic():
			ours = self._ours(lane, owner)
			if ours:
				self._connection.write(
					"UPDATE `tabWuzAPI Lane` SET lease_until = %s WHERE name = %s", (to_utc(until), ours)
				)
			return bool(ours)

	@tried_again
	def renew_leases(self, owner: str, lanes: Sequence[str], until: datetime) -> None:
		if not lanes:
			return
		with self._connection.atomic():
			self._connection.write(
				"UPDATE `tabWuzAPI Lane` SET lease_until = %(until)s WHERE lane IN %(lanes)s AND lease_owner = %(owner)s",
				{"until": to_utc(until), "lanes": list(lanes), "owner": owner},
			)

	@tried_again
	def release_lane(self, lane: str, owner: str, settle: timedelta, turn: Turn | None = None) -> None:
		with self._connection.atomic():
			# The row is locked first. Whoever added an event before has committed then, and it is seen (a job reads
			# what is committed); whoever adds one now waits for the row, and makes it anew if it is gone by then.
			ours = self._ours(lane, owner)
			if not ours:
				return
			first = self._connection.one(
				"""SELECT received_at, next_try_at FROM `tabWuzAPI Event` WHERE lane = %s AND state = 'waiting'
				ORDER BY occurred_at, event_order, name LIMIT 1""",
				(lane,),
			)
			if first is None:
				self._connection.write("DELETE FROM `tabWuzAPI Lane` WHERE name = %s", (ours,))
			else:
				self._connection.write(
					"""UPDATE `tabWuzAPI Lane` SET lease_owner = NULL, lease_until = NULL, due_at = %s,
					last_turn_at = COALESCE(%s, last_turn_at), served = COALESCE(%s, served) WHERE name = %s""",
					(
						to_utc(ready_at(first, settle)),
						to_utc(turn.at) if turn else None,
						turn.served if turn else None,
						ours,
					),
				)

	def _ours(self, lane: str, owner: str) -> int | None:
		row = self._connection.one(
			"SELECT name FROM `tabWuzAPI Lane` WHERE lane = %s AND lease_owner = %s FOR UPDATE", (lane, owner)
		)
		return row.name if row else None

	def release_all_leases(self) -> int:
		with self._connection.atomic():
			return self._connection.write(
				"UPDATE `tabWuzAPI Lane` SET lease_owner = NULL, lease_until = NULL WHERE lease_until IS NOT NULL"
			)

	def list_lanes(self, limit: int) -> list[LaneState]:
		rows = self._connection.rows(
			"""SELECT lanes.lane, lanes.session, lanes.direction, lanes.due_at, lanes.lease_until,
			(SELECT COUNT(*) FROM `tabWuzAPI Event` AS event
				WHERE event.lane = lanes.lane AND event.state = 'waiting') AS waiting,
			(SELECT event.last_error FROM `tabWuzAPI Event` AS event
				WHERE event.lane = lanes.lane AND event.state = 'waiting'
				ORDER BY event.occurred_at, event.event_order, event.name LIMIT 1) AS last_error
			FROM `tabWuzAPI Lane` AS lanes ORDER BY lanes.due_at LIMIT %s""",
			(limit,),
		)
		return [
			LaneState(
				lane=row.lane,
				session=row.session,
				direction=Direction(row.direction),
				due_at=from_utc(row.due_at),
				waiting=row.waiting,
				working=row.lease_until is not None,
				last_error=row.last_error,
			)
			for row in rows
		]
