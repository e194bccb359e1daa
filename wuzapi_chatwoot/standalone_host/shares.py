"""How many workers one gateway, or one Chatwoot, may keep busy. Starts nothing.

One that takes a call and never answers keeps each of its workers for a minute and more. With all of them waiting for it
nobody else would be served: so it gets one more only as long as it holds fewer than are free. Several that hang
then still leave some. Both directions of a session count: what comes in asks the gateway too, for files and pictures.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from ..bridge.lanes import session_of
from ..bridge.records import Session


class Shares:
	"""Of the workers at one moment. Where there is one gateway only, or one Chatwoot, it may have all."""

	def __init__(self, workers: int, running: Iterable[str], called: Mapping[str, tuple[str, ...]]) -> None:
		"""`running`: the lanes being worked; `called`: see `shared`."""
		self._called = called
		lanes = list(running)
		self.free = workers - len(lanes)
		self._held = Counter(each for lane in lanes for each in self._destinations(lane))

	@property
	def crowded(self) -> set[str]:
		"""The sessions that get no worker now."""
		full = {each for each, held in self._held.items() if held >= self.free}
		if not full:
			return set()
		return {name for name, called in self._called.items() if not full.isdisjoint(called)}

	def take(self, lane: str) -> bool:
		"""Give the lane a worker; false if it must wait for one."""
		called = self._destinations(lane)
		if self.free <= 0 or any(self._held[each] >= self.free for each in called):
			return False
		self._held.update(called)
		self.free -= 1
		return True

	def _destinations(self, lane: str) -> tuple[str, ...]:
		return self._called.get(session_of(lane), ())


def shared(sessions: Mapping[str, Session]) -> Mapping[str, tuple[str, ...]]:
	"""By session: its gateway and its Chatwoot, as far as others have another one."""
	gateways = {name: f"gateway {session.gateway_url}" for name, session in sessions.items()}
	chatwoots = {
		name: f"Chatwoot {session.chatwoot_url} {session.account_id}" for name, session in sessions.items()
	}
	kinds = [each for each in (gateways, chatwoots) if len(set(each.values())) > 1]
	return {name: tuple(kind[name] for kind in kinds) for name in sessions}
