"""JSON read without surprises: keys in any case, and a value of the wrong type is as good as absent.

WuzAPI's key case follows its libraries' structs and has changed between releases. Knows nothing of what the
keys mean.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from datetime import datetime, timezone

from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.display_names import tidy_name, without_controls
from wuzapi_chatwoot.bridge.model.message_ids import stored_id

_RFC3339 = re.compile(r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:\.\d+)?([Zz]|[+-]\d\d:\d\d)")
_LARGEST_WHOLE = 2**63 - 1
_LAST_YEAR = 9990


def load(text: str) -> object:
	"""Decode JSON; numbers that are none (`NaN`, `1e999`) become null. Raises `ValueError`, `RecursionError`."""
	return json.loads(text, parse_float=_finite, parse_constant=lambda _: None)


def _finite(text: str) -> float | None:
	number = float(text)
	return number if math.isfinite(number) else None


class Fields:
	"""One JSON object. Null and absent are the same; of two keys that differ only in case the first counts."""

	__slots__ = ("_values", "_words")

	def __init__(self, value: object) -> None:
		self._values: dict[str, object] = {}
		self._words: dict[str, str] = {}
		if not isinstance(value, dict):
			return
		for word, item in value.items():
			folded = str(word).lower()
			if item is not None and folded not in self._values:
				self._values[folded] = item
				self._words[folded] = str(word)

	def __bool__(self) -> bool:
		return bool(self._values)

	def __contains__(self, key: str) -> bool:
		return key.lower() in self._values

	def __iter__(self) -> Iterator[str]:
		"""The keys in lower case, sorted: the order of delivery differs between WuzAPI's formats."""
		return iter(sorted(self._values))

	def word(self, key: str) -> str:
		"""How the key is spelled in the object."""
		return self._words.get(key.lower(), key)

	def is_object(self, key: str) -> bool:
		return isinstance(self._values.get(key.lower()), dict)

	def text(self, *keys: str) -> str:
		"""The first of these texts that is not empty. Control characters but tabs and line breaks are dropped."""
		for key in keys:
			value = self._values.get(key.lower())
			if isinstance(value, str) and (text := without_controls(value)):
				return text
		return ""

	def name(self, *keys: str) -> str:
		"""The first of these names of which something can be seen, on one line."""
		return next((name for key in keys if (name := tidy_name(self.text(key)))), "")

	def id(self, *keys: str) -> str:
		"""The first of these ids that is not empty, fit to be stored."""
		return stored_id(self.text(*keys))

	def ids(self, key: str) -> tuple[str, ...]:
		"""The ids of a list, fit to be stored; anything else in it is left out."""
		return tuple(stored_id(text) for text in self.texts(key))

	def whole(self, key: str) -> int | None:
		"""An integer that fits 64 bits; WuzAPI's JSON mode may write one as `12.0`."""
		value = self._values.get(key.lower())
		if isinstance(value, float) and value.is_integer():
			value = int(value)
		if isinstance(value, bool) or not isinstance(value, int) or abs(value) > _LARGEST_WHOLE:
			return None
		return value

	def count(self, key: str) -> int | None:
		"""An integer that is not negative."""
		value = self.whole(key)
		return value if value is not None and value >= 0 else None

	def real(self, key: str) -> float | None:
		value = self._values.get(key.lower())
		if isinstance(value, bool) or not isinstance(value, (int, float)) or abs(value) > _LARGEST_WHOLE:
			return None
		return float(value)

	def flag(self, key: str) -> bool:
		return self._values.get(key.lower()) is True

	def inner(self, *keys: str) -> Fields:
		"""The first of these objects, or an empty one."""
		for key in keys:
			value = self._values.get(key.lower())
			if isinstance(value, dict):
				return Fields(value)
		return Fields(None)

	def rows(self, key: str) -> list[Fields]:
		"""The objects of a list; anything else in it is left out."""
		value = self._values.get(key.lower())
		return [Fields(item) for item in value if isinstance(item, dict)] if isinstance(value, list) else []

	def texts(self, key: str) -> tuple[str, ...]:
		"""The texts of a list; anything else in it is left out."""
		value = self._values.get(key.lower())
		if not isinstance(value, list):
			return ()
		texts = (without_controls(item) for item in value if isinstance(item, str))
		return tuple(text for text in texts if text)

	def address(self, *keys: str) -> Address | None:
		"""The first of these addresses that is one, without its device part."""
		for key in keys:
			address = Address.parse(self.text(key))
			if address is not None:
				return address
		return None

	def addresses(self, key: str) -> tuple[Address, ...]:
		"""The addresses of a list of texts; anything else in it is left out."""
		return tuple(address for text in self.texts(key) if (address := Address.parse(text)) is not None)

	def time(self, key: str) -> datetime | None:
		"""RFC 3339 in any zone, as aware UTC in whole seconds. Go's zero time (year 1) is no time."""
		match = _RFC3339.fullmatch(self.text(key))
		if match is None or match[1] < "1970-01-02":
			return None
		zone = "+00:00" if match[3] in "Zz" else match[3]
		try:
			time = datetime.fromisoformat(f"{match[1]}T{match[2]}{zone}").astimezone(timezone.utc)
			# In some zone, the last hours of the last year are in none any more.
			return time if time.year <= _LAST_YEAR else None
		except (ValueError, OverflowError):
			return None

	def unix_time(self, key: str) -> datetime | None:
		"""Seconds since 1970."""
		seconds = self.whole(key)
		if seconds is None or seconds <= 0:
			return None
		try:
			time = datetime.fromtimestamp(seconds, timezone.utc)
			return time if time.year <= _LAST_YEAR else None
		except (ValueError, OverflowError, OSError):
			return None
