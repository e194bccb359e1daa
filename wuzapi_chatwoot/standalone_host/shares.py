"""How many workers one gateway, or one Chatwoot, may keep busy. Starts nothing.

One that takes a call and never answers keeps each of its workers for a minute and more. With all of them waiting for it
nobody else would be served: so it gets one more only as long as it holds fewer than are free. Several that hang
then still leave some.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from ..bridge.lanes import direction_of, session_of, side
from ..bridge.records import Direction, Session

Destination = tuple[Direction, str]


class Shares:
	"""Of the workers at one moment. Where there is one gateway only, or one Chatwoot, it may have all."""

	def __init__(self, workers: int, running: Iterable[str], sessions: Mapping[str, Session]) -> None:
		"""`running`: the lanes being worked."""
		self._sessions = sessions
		lanes = list(running)
		self.free = workers - len(lanes)
		self._held = Counter(self._destination(lane) for lane in lanes)
		known = [(way, session) for session in sessions.values() for way in Direction]
		self._by_side = {side(session.name, way): _called(session, way) for way, session in known}
		kinds = Counter(way for way, _ in set(self._by_side.values()))
		self._several = {way for way, count in kinds.items() if count > 1}

	@property
	def crowded(self) -> set[str]:
		"""The sides that get no worker now."""
		full = {each for each, held in self._held.items() if each[0] in self._several and held >= self.free}
		return {name for name, each in self._by_side.items() if each in full} if full else set()

	def take(self, lane: str) -> bool:
		"""Give the lane a worker; false if it must wait for one."""
		destination = self._destination(lane)
		if self.free <= 0 or (destination[0] in self._several and self._held[destination] >= self.free):
			return False
		self._held[destination] += 1
		self.free -= 1
		return True

	def _destination(self, lane: str) -> Destination:
		session = self._sessions.get(session_of(lane))
		way = direction_of(lane)
		return _called(session, way) if session is not None else (way, "")


def _called(session: Session, way: Direction) -> Destination:
	if way is Direction.OUT:
		return way, session.gateway_url
	return way, f"{session.chatwoot_url} {session.account_id}"
