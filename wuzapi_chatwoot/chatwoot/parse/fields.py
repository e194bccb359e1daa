"""Reading single values out of JSON that others wrote. A value of the wrong type counts as absent; never raises."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from typing import Any

from wuzapi_chatwoot.bridge.model.display_names import tidy_name, without_controls
from wuzapi_chatwoot.bridge.model.message_ids import stored_id

EPOCH = datetime.fromtimestamp(0, timezone.utc)
_LARGEST_ID = 2**63 - 1
# Less than any column for such a word holds, as an address of WhatsApp has at most.
_LONGEST_WORD = 60
_LAST_YEAR = 9990
_NOTHING: Mapping[str, Any] = {}


def mapping(value: object) -> Mapping[str, Any]:
	return value if isinstance(value, dict) else _NOTHING


def sequence(value: object) -> Sequence[Any]:
	return value if isinstance(value, list) else ()


def text(value: object) -> str | None:
	"""`None` for an empty text too. Without what no database takes."""
	return (without_controls(value) or None) if isinstance(value, str) else None


def word(value: object) -> str | None:
	"""One of Chatwoot's words, a number's digits, a name for machines. One that is longer than any of these is none."""
	found = text(value)
	return found if found is not None and len(found) <= _LONGEST_WORD else None


def name(value: object) -> str:
	"""Fit to be shown and stored; empty if there is none."""
	return tidy_name(text(value) or "")


def marked_id(value: object, mark: str) -> str | None:
	"""A `source_id`, with a WhatsApp id behind the mark that says whose it is."""
	found = text(value)
	if found is None or not found.startswith(mark):
		return found and stored_id(found)
	return mark + stored_id(found.removeprefix(mark))


def whole(value: object) -> int | None:
	"""A positive whole number that any database can hold."""
	if isinstance(value, bool) or not isinstance(value, int):
		return None
	return value if 0 < value <= _LARGEST_ID else None


def moment(value: object) -> datetime | None:
	"""ISO text or epoch seconds as aware UTC. 0 is Chatwoot's word for never."""
	if isinstance(value, str):
		return _from_iso(value)
	if isinstance(value, bool) or not isinstance(value, (int, float)):
		return None
	try:
		if not math.isfinite(value) or value <= 0:
			return None
		return _told(datetime.fromtimestamp(value, timezone.utc))
	except (ValueError, OverflowError, OSError):
		return None


def _from_iso(value: str) -> datetime | None:
	try:
		parsed = datetime.fromisoformat(value[:-1] + "+00:00" if value.endswith("Z") else value)
		if parsed.tzinfo is None:
			return _told(parsed.replace(tzinfo=timezone.utc))
		return _told(parsed.astimezone(timezone.utc))
	except (ValueError, OverflowError):
		return None


def _told(time: datetime) -> datetime | None:
	"""In some zone, the last hours of the last year are in none any more."""
	return time if time.year <= _LAST_YEAR else None


def printable(value: str) -> str:
	"""The text without what UTF-8 cannot hold (lone surrogates), and without control characters but tabs and line breaks."""
	return without_controls(value)
