"""How many workers one gateway, or one Chatwoot, may keep busy. Starts nothing.

One that takes a call and never answers keeps each of its workers for a minute and more. With all of them waiting for it
nobody else would be served: so it gets one more only as long as it holds fewer than are free. Several that hang
then still leave some. Both directions of a session count: what comes in asks the gateway too, for files and pictures.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping

from .lanes import session_of
from .records import Session

Called = Mapping[str, tuple[str, ...]]
"""By session: its gateway and its Chatwoot, as far as others have another one."""


class Shares:
	"""Of the workers at one moment. Where there is one gateway only, or one Chatwoot, it may have all."""

	def __init__(self, workers: int, running: Iterable[str], called: Called) -> None:
		"""`running`: the lanes being worked."""
		self._called = called
		self._running = set(running)
		self.free = workers - len(self._running)
		self._held = Counter(each for lane in self._running for each in self._destinations(lane))

	@property
	def crowded(self) -> set[str]:
		"""The sessions that get no worker now."""
		full = {each for each, held in self._held.items() if held >= self.free}
		if not full:
			return set()
		return {name for name, called in self._called.items() if not full.isdisjoint(called)}

	def akin(self, lanes: Iterable[str]) -> set[str]:
		"""The sessions that call whom these lanes call. Where there is one gateway and one Chatwoot: all."""
		found = [self._called[session_of(lane)] for lane in lanes if session_of(lane) in self._called]
		if not all(found):
			return set(self._called)
		destinations = {each for called in found for each in called}
		return {name for name, called in self._called.items() if not destinations.isdisjoint(called)}

	def take(self, lane: str) -> bool:
		"""Give the lane a worker; false if it has one, or must wait for one."""
		called = self._destinations(lane)
		if lane in self._running or self.free <= 0 or any(self._held[each] >= self.free for each in called):
			return False
		self._running.add(lane)
		self._held.update(called)
		self.free -= 1
		return True

	def take_due(self, due: Callable[[Collection[str]], Iterable[str]]) -> list[str]:
		"""What gets a worker now of that which is due. `due` is told whose lanes to leave out, and may be asked again:
		those of the crowded stand before those of others.
		"""
		taken: list[str] = []
		crowded = self.crowded
		while self.free > 0:
			taken += [lane for lane in due(crowded) if self.take(lane)]
			before, crowded = crowded, self.crowded
			if crowded == before:
				break
		return taken

	def _destinations(self, lane: str) -> tuple[str, ...]:
		return self._called.get(session_of(lane), ())


class Destinations:
	"""Whom the sessions call. Put together once for each change of them: of hundreds it would be felt, as often as due
	lanes are looked for.
	"""

	def __init__(self, sessions: Callable[[], Mapping[str, Session]]) -> None:
		self._sessions = sessions
		self._known: tuple[Mapping[str, Session], Called] = ({}, {})

	def called(self) -> Called:
		sessions = self._sessions()
		if self._known[0] is not sessions:
			self._known = (sessions, shared(sessions))
		return self._known[1]


def shared(sessions: Mapping[str, Session]) -> Called:
	gateways = {name: f"gateway {session.gateway_url}" for name, session in sessions.items()}
	chatwoots = {
		name: f"Chatwoot {session.chatwoot_url} {session.account_id}" for name, session in sessions.items()
	}
	kinds = [each for each in (gateways, chatwoots) if len(set(each.values())) > 1]
	return {name: tuple(kind[name] for kind in kinds) for name in sessions}
