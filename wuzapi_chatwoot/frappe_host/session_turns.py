"""Which sessions the watchdog has not looked at for longest: remembered in Redis, since no row of a session is to be
written at every look. Without Redis chance decides, so that nobody is always the last.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterable

import frappe

from .session_memory import claim, tolerant

# Seconds. Shorter than a tick of the scheduler, longer than what two of them overlap by.
_ONCE_IN = 40
_KNOWN_FOR = 86_400


def _key() -> bytes:
	return frappe.cache().make_key("wuzapi_chatwoot_turns")


def longest_ago_first(names: Iterable[str]) -> list[str]:
	"""Those that were never looked at before all others."""
	seen = tolerant(lambda cache: cache.zrange(_key(), 0, -1)) or []
	place = {name.decode(): number for number, name in enumerate(seen)}
	shuffled = list(names)
	random.shuffle(shuffled)
	if gone := place.keys() - set(shuffled):
		tolerant(lambda cache: cache.zrem(_key(), *gone))
	return sorted(shuffled, key=lambda name: place.get(name, -1))


def take_turn(name: str) -> bool:
	"""False: it has just had one, at another tick. Noted when a look begins: one that never ends comes last, too."""
	if not claim(name, "turn", _ONCE_IN):
		return False
	tolerant(lambda cache: cache.zadd(_key(), {name: time.time()}))
	tolerant(lambda cache: cache.expire(_key(), _KNOWN_FOR))
	return True
