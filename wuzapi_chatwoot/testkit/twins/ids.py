"""Ids that tests can foresee. Not unguessable, which real ones must be."""

from __future__ import annotations

import itertools


class CountingIds:
	"""Implements `Ids`: `id-1`, `id-2`, …"""

	def __init__(self, prefix: str = "id") -> None:
		self._prefix = prefix
		self._numbers = itertools.count(1)

	def new(self) -> str:
		return f"{self._prefix}-{next(self._numbers)}"
