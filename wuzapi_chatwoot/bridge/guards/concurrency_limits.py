"""Whose turn it is where many sessions are gone through side by side: in their order, a few at a time of one gateway (or
of one Chatwoot), so that where one hangs, those of others go on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from wuzapi_chatwoot.bridge.model.records import Session

AT_ONCE = 16
AT_ONCE_ON_ONE_GATEWAY = 4
AT_ONCE_ON_ONE_CHATWOOT = 2


def in_turn(waiting: Iterable[Session], under_way: Iterable[Session]) -> Iterator[Session]:
	"""Those of `waiting`, in their order, for whom their gateway has room beside those that are under way."""
	return _in_turn(waiting, under_way, lambda session: session.gateway_url, AT_ONCE_ON_ONE_GATEWAY)


def in_turn_at_chatwoot(waiting: Iterable[Session], under_way: Iterable[Session]) -> Iterator[Session]:
	"""The same for what is asked of their Chatwoot. By its address: accounts of one that hangs hang together."""
	return _in_turn(waiting, under_way, lambda session: session.chatwoot_url, AT_ONCE_ON_ONE_CHATWOOT)


def _in_turn(
	waiting: Iterable[Session], under_way: Iterable[Session], asked: Callable[[Session], str], at_once: int
) -> Iterator[Session]:
	busy = Counter(asked(session) for session in under_way)
	for session in waiting:
		if busy[asked(session)] < at_once:
			busy[asked(session)] += 1
			yield session
