"""Fair turns between lanes: which due lane gets the next worker, and how many events it may have for its turn.

A lane is served the sooner, the fewer events it has had since it began to wait (`served`), and among equals the longer
its last turn is past. So a new conversation goes before a backlog, however old the events of the backlog are, and the
lanes of a backlog take turns. A turn grows with what a lane has had: one event at first, twenty at most.

One worker in four goes by the last turn alone, whatever a lane has had: many new conversations cannot stop an old one.

A lane whose turn ended by a failure, or because a breaker holds its destination back, counts as one that has had plenty:
it goes behind all others that wait, and those that fail take turns. So a probe of an open breaker is made by the lane
that has waited longest for one.

The bridge's own work begins as one that has had plenty: a message always goes before it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from wuzapi_chatwoot.bridge.model.records import Source

# Events of one turn: enough to save claims on a long lane, few enough to let others have the worker.
_LONGEST_TURN = 20
# Beyond this, what a lane has had makes no difference any more.
PLENTY = 64
# Every so many hand-outs, one goes by the last turn alone.
_SHARE = 4


@dataclass(frozen=True, slots=True)
class Claim:
	"""A lane that was claimed. `served`: events that it has had since it began to wait."""

	served: int = 0

	@property
	def most(self) -> int:
		"""How many events it may have now."""
		return max(1, min(self.served, _LONGEST_TURN))

	def ended(self, at: datetime, events: int, *, held_back: bool) -> Turn:
		"""`events`: that came to an end. `held_back`: the last one did not, and waits."""
		return Turn(at, PLENTY if held_back else min(self.served + events, PLENTY))


@dataclass(frozen=True, slots=True)
class Turn:
	"""What a store keeps of a lane's turn: when it ended, and how many events the lane has had by then."""

	at: datetime
	served: int


def served_before(source: Source) -> int:
	"""How much a lane counts as having had when it begins to wait, by where its first event is from.

	The bridge's own work (names, pictures, late files) stands behind every message from its start, as if it had had
	plenty: no customer's first word waits for a picture.
	"""
	return PLENTY if source is Source.BRIDGE else 0


class DueLanes(Protocol):
	"""The part of the store that is asked."""

	def due_lanes(
		self, now: datetime, limit: int, without: Collection[str] = (), *, by_last_turn: bool = False
	) -> list[str]: ...


class FairScheduling:
	"""For one who hands lanes out. Not thread-safe."""

	def __init__(self) -> None:
		self._given = 0

	def due(
		self,
		store: DueLanes,
		now: datetime,
		limit: int,
		without: Collection[str] = (),
		running: Collection[str] = (),
	) -> list[str]:
		"""At most `limit` due lanes in the order in which they shall be served. `without`: sessions, and `running`: lanes,
		that are left out (a lane that is being worked may count as due, when its lease ran out).
		"""
		most = limit + len(running)
		least = store.due_lanes(now, most, without)
		everything = len(least) < most
		least = [lane for lane in least if lane not in running]
		if everything and len(least) <= limit:
			return least
		longest = store.due_lanes(now, most, without, by_last_turn=True)
		chosen = self._merge(least, [lane for lane in longest if lane not in running])[:limit]
		self._given += len(chosen)
		return chosen

	def _merge(self, least: list[str], longest: list[str]) -> list[str]:
		chosen: dict[str, None] = {}
		queues = {False: iter(least), True: iter(longest)}
		for place in range(len(least) + len(longest)):
			queue = queues[(self._given + place) % _SHARE == _SHARE - 1]
			lane = next((lane for lane in queue if lane not in chosen), None)
			if lane is not None:
				chosen[lane] = None
		return list(chosen)
