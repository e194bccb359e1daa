"""How many workers one gateway, or one Chatwoot, may keep busy. Starts nothing.

One that takes a call and never answers keeps each of its workers for a minute and more. With all of them waiting for it
nobody else would be served: so it gets one more only as long as it holds fewer than are free. Several that hang
then still leave some. Both directions of a session count: what comes in asks the gateway too, for files and pictures.
Which of the two hangs that a lane calls, nobody knows. So those who share one of them with a crowd, and have another
other one, do not pay for it: to them, the largest crowd at both does not count.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping

from wuzapi_chatwoot.bridge.model.lanes import session_of
from wuzapi_chatwoot.bridge.model.records import Session

Called = Mapping[str, tuple[str, ...]]
"""By session: its gateway and its Chatwoot, as far as others have another one."""


class WorkerShares:
	"""Of the workers at one moment. Where there is one gateway only, or one Chatwoot, it may have all."""

	def __init__(self, workers: int, running: Iterable[str], called: Called) -> None:
		"""`running`: the lanes being worked."""
		self._called = called
		self._running = set(running)
		self.free = workers - len(self._running)
		self._held: dict[str, Counter[tuple[str, ...]]] = {}
		"""By destination: how many workers, for whom it is called together with."""
		for lane in self._running:
			self._hold(lane)

	@property
	def crowded(self) -> set[str]:
		"""The sessions that get no worker now."""
		held = {each: (found.total(), found.most_common(2)) for each, found in self._held.items()}
		full = {
			called
			for called in set(self._called.values())
			if any(each in held and _weight(*held[each], called) >= self.free for each in called)
		}
		return {name for name, called in self._called.items() if called in full}

	def akin(self, lanes: Iterable[str]) -> set[str]:
		"""The sessions that call whom these lanes call. Where there is one gateway and one Chatwoot: all."""
		found = [self._called[session_of(lane)] for lane in lanes if session_of(lane) in self._called]
		if not all(found):
			return set(self._called)
		destinations = {each for called in found for each in called}
		return {name for name, called in self._called.items() if not destinations.isdisjoint(called)}

	def take(self, lane: str) -> bool:
		"""Give the lane a worker; false if it has one, or must wait for one."""
		if lane in self._running or self.free <= 0 or not self._has_room(self._destinations(lane)):
			return False
		self._running.add(lane)
		self._hold(lane)
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

	def _has_room(self, called: tuple[str, ...]) -> bool:
		held = [self._held[each] for each in called if each in self._held]
		return all(_weight(each.total(), each.most_common(2), called) < self.free for each in held)

	def _hold(self, lane: str) -> None:
		called = self._destinations(lane)
		for each in called:
			self._held.setdefault(each, Counter())[called] += 1

	def _destinations(self, lane: str) -> tuple[str, ...]:
		return self._called.get(session_of(lane), ())


def _weight(total: int, largest: list[tuple[tuple[str, ...], int]], called: tuple[str, ...]) -> int:
	"""How many workers one holds, to those who call `called`. `largest`: two at least, as far as there are."""
	return total - next((count for together, count in largest if together != called), 0)


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
