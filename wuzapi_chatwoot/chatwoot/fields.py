"""Reading single values out of JSON that others wrote. A value of the wrong type counts as absent; never raises."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from typing import Any

from ..bridge.names import without_controls

EPOCH = datetime.fromtimestamp(0, timezone.utc)
_LARGEST_ID = 2**63 - 1
_NOTHING: Mapping[str, Any] = {}


def mapping(value: object) -> Mapping[str, Any]:
	return value if isinstance(value, dict) else _NOTHING


def sequence(value: object) -> Sequence[Any]:
	return value if isinstance(value, list) else ()


def text(value: object) -> str | None:
	"""`None` for an empty text too."""
	return value if isinstance(value, str) and value else None


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
		return datetime.fromtimestamp(value, timezone.utc)
	except (ValueError, OverflowError, OSError):
		return None


def _from_iso(value: str) -> datetime | None:
	try:
		parsed = datetime.fromisoformat(value[:-1] + "+00:00" if value.endswith("Z") else value)
		if parsed.tzinfo is None:
			return parsed.replace(tzinfo=timezone.utc)
		return parsed.astimezone(timezone.utc)
	except (ValueError, OverflowError):
		return None


def printable(value: str) -> str:
	"""The text without what UTF-8 cannot hold (lone surrogates), and without control characters but tabs and line breaks."""
	return without_controls(value.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))
