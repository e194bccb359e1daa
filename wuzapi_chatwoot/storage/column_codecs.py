"""How lists and addresses stand in a text column, and back, for every store. Knows no store and no table.

Written as JSON that people can read: `["Tea", "Coffee"]`, `[{"by": "…@lid", "emoji": "👍", "name": "Ada"}]`. An empty
list is no text at all. What nobody here could have written reads as what is left of it without the odd parts: a message
must not stop because of a damaged list.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.records import Reacted

_HALF_CHARACTER = re.compile("[\ud800-\udfff]")


def stored_address(text: str) -> Address:
	"""Read back what `str(address)` wrote, without `Address.parse`'s corrections."""
	user, _, server = text.rpartition("@")
	return Address(user, server)


def stored_texts(texts: Sequence[str]) -> str | None:
	return _json(list(texts))


def texts_of(stored: str | None) -> tuple[str, ...]:
	return tuple(each for each in _list(stored) if isinstance(each, str))


def stored_reactions(reactions: Sequence[Reacted]) -> str | None:
	return _json([{"by": str(each.by), "emoji": each.emoji, "name": each.name} for each in reactions])


def reactions_of(stored: str | None) -> tuple[Reacted, ...]:
	return tuple(reaction for each in _list(stored) if (reaction := _reaction(each)) is not None)


def _reaction(each: object) -> Reacted | None:
	if not isinstance(each, dict):
		return None
	by, emoji, name = (each.get(key) for key in ("by", "emoji", "name"))
	if not isinstance(by, str) or not isinstance(emoji, str):
		return None
	return Reacted(stored_address(by), emoji, name if isinstance(name, str) else "")


def _json(values: list[object]) -> str | None:
	if not values:
		return None
	# Databases refuse half a character (a lone surrogate); as an escape it passes, and comes back as it was.
	return _HALF_CHARACTER.sub(
		lambda match: f"\\u{ord(match.group()):04x}", json.dumps(values, ensure_ascii=False)
	)


def _list(stored: str | None) -> list[object]:
	try:
		values = json.loads(stored or "[]")
	except ValueError:
		return []
	return values if isinstance(values, list) else []
