"""Tells whether a fault of our own lies in one event, or hits every event of its kind.

A fault that hits all (a site between the new code and its migration, a mistake in a release) says nothing about the
event: it waits. What others of its kind came through since its last try lies in the event.

Keeps its state in the memory of one process; losing it costs one more try. No clock.
"""

from __future__ import annotations

import threading
from collections import defaultdict

from wuzapi_chatwoot.bridge.model.records import EventRow, Source

# Of how many events the last try is remembered.
_REMEMBERED = 5000

_Kind = tuple[Source, str]


class FaultScope:
	"""Thread-safe; lives as long as the process."""

	def __init__(self) -> None:
		self._worked: dict[_Kind, int] = defaultdict(int)
		"""How many events of a kind were worked without a fault."""
		self._tried: dict[int, int] = {}
		"""By event: how far that was when it met its last fault."""
		self._lock = threading.Lock()

	def worked(self, event: EventRow) -> None:
		with self._lock:
			self._worked[event.source, event.kind] += 1
			self._tried.pop(event.id, None)

	def lies_in(self, event: EventRow) -> bool:
		"""It has met a fault again. Were others of its kind worked since it met the last one?"""
		with self._lock:
			worked = self._worked[event.source, event.kind]
			earlier = self._tried.pop(event.id, None)
			self._tried[event.id] = worked
			while len(self._tried) > _REMEMBERED:
				del self._tried[next(iter(self._tried))]
			return earlier is not None and worked > earlier
