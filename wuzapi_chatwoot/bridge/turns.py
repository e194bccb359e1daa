"""Whose turn it is where many sessions are looked at side by side: in their order, a few at a time of one gateway, so
that where one hangs, those of others go on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from .records import Session

AT_ONCE = 16
AT_ONCE_ON_ONE_GATEWAY = 4


def in_turn(waiting: Iterable[Session], looked_at: Iterable[Session]) -> Iterator[Session]:
	"""Those of `waiting`, in their order, for whom their gateway has room beside those that are being looked at."""
	busy = Counter(session.gateway_url for session in looked_at)
	for session in waiting:
		if busy[session.gateway_url] < AT_ONCE_ON_ONE_GATEWAY:
			busy[session.gateway_url] += 1
			yield session
