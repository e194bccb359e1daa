"""The lines of the log, the same on every host: which fields a webhook, an attempt, a notice has.

What is reported must not fail because it is reported: nothing here raises, whatever the host's log does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress

from wuzapi_chatwoot.bridge.model.records import EventRow, Source

# Names that a log or its library gives something of its own. Whoever reports such an id gets a field beside it.
_TAKEN = frozenset(
	("event", "level", "timestamp", "what", "self", "logger", "exc_info", "stack_info", "exception", "stack")
)


class LineObserver:
	"""Implements `Observer`. A host fills in `write`, and what it does beside it; all three may raise."""

	def write(self, level: str, event: str, fields: Mapping[str, object]) -> None:
		"""One line. `level`: info, warning or error. `fields`: text, numbers, true, false and `None`, none called as
		something that the log has of its own.
		"""
		raise NotImplementedError

	def count_webhook(self, source: Source, session: str | None, status: int, reason: str) -> None:
		"""What the host does beside the line."""

	def count_attempt(self, event: EventRow, outcome: str, seconds: float) -> None:
		"""What the host does beside the line. `seconds` may be negative: clocks are set back."""

	def count_notice(self) -> None:
		"""What the host does beside the line."""

	def webhook(
		self, source: Source, session: str | None, status: int, reason: str, trace_id: str | None
	) -> None:
		self._line(
			"info" if status < 400 else "warning",
			"webhook",
			lambda: {
				"source": source.value,
				"session": session,
				"status": status,
				"reason": reason,
				"trace_id": trace_id,
			},
		)
		self._quietly(lambda: self.count_webhook(source, session, status, reason))

	def attempt(self, event: EventRow, outcome: str, seconds: float, error: str | None) -> None:
		self._line(
			"error" if outcome == "dead" else "info",
			"attempt",
			lambda: {
				"trace_id": event.trace_id,
				"event_id": event.id,
				"session": event.session,
				"lane": event.lane,
				"kind": event.kind,
				"begun": event.begun,
				"outcome": outcome,
				"seconds": round(seconds, 4),
				"error": error,
			},
		)
		self._quietly(lambda: self.count_attempt(event, outcome, seconds))

	def notice(self, what: str, /, **ids: object) -> None:
		self._line(
			# A site's log keeps errors only, unless it is asked for more.
			"error" if what.startswith("a fault") else "warning",
			"notice",
			lambda: {"what": what, **{_free(name): value for name, value in ids.items()}},
		)
		self._quietly(self.count_notice)

	def _line(self, level: str, event: str, fields: Callable[[], Mapping[str, object]]) -> None:
		def write() -> None:
			self.write(level, event, {name: _plain(value) for name, value in fields().items()})

		self._quietly(write)

	def _quietly(self, act: Callable[[], None]) -> None:
		try:
			act()
		except Exception as fault:  # noqa: BLE001 - a report that fails would break what it reports
			with suppress(Exception):
				self.write("error", "a report failed", {"error": type(fault).__name__})


def _free(name: str) -> str:
	return f"{name}_id" if name in _TAKEN else name


def _plain(value: object) -> str | int | float | bool | None:
	"""What every log can write."""
	if value is None or isinstance(value, (int, float)):
		return value
	try:
		return str(value)
	except Exception:  # noqa: BLE001 - the rest of the line is worth having
		return type(value).__name__
