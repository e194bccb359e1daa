"""Which sessions have had no turn for longest, for each kind of round: remembered in Redis, since no row of a session is
to be written at every look. Without Redis chance decides, so that nobody is always the last.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterable

import frappe

from wuzapi_chatwoot.frappe_host.task_state.task_state import tolerant

# Seconds.
_KNOWN_FOR = 86_400


def _key(what: str) -> bytes:
	return frappe.cache().make_key(f"wuzapi_chatwoot_turns:{what}")


def longest_ago_first(what: str, names: Iterable[str]) -> list[str]:
	"""Those that never had a turn before all others. `what`: the kind of round."""
	seen = tolerant(lambda cache: cache.zrange(_key(what), 0, -1)) or []
	place = {name.decode(): number for number, name in enumerate(seen)}
	shuffled = list(names)
	random.shuffle(shuffled)
	if gone := place.keys() - set(shuffled):
		tolerant(lambda cache: cache.zrem(_key(what), *gone))
	return sorted(shuffled, key=lambda name: place.get(name, -1))


def note_turn(what: str, name: str) -> None:
	"""When it begins: one that never ends comes last, too."""
	tolerant(lambda cache: cache.zadd(_key(what), {name: time.time()}))
	tolerant(lambda cache: cache.expire(_key(what), _KNOWN_FOR))
