"""An observer that remembers what it was told, for tests to look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from wuzapi_chatwoot.bridge.model.records import EventRow, Source
from wuzapi_chatwoot.bridge.text.log_lines import LineObserver


@dataclass(frozen=True, slots=True)
class SeenWebhook:
	source: Source
	session: str | None
	status: int
	reason: str
	trace_id: str | None


@dataclass(frozen=True, slots=True)
class SeenAttempt:
	event: EventRow
	outcome: str
	seconds: float
	error: str | None


@dataclass(frozen=True, slots=True)
class SeenNotice:
	what: str
	ids: dict[str, object]


@dataclass
class RecordingObserver(LineObserver):
	"""Implements `Observer` with three lists, and the lines that a log would have."""

	webhooks: list[SeenWebhook] = field(default_factory=list)
	attempts: list[SeenAttempt] = field(default_factory=list)
	notices: list[SeenNotice] = field(default_factory=list)
	lines: list[dict[str, object]] = field(default_factory=list)

	def write(self, level: str, event: str, fields: Mapping[str, object]) -> None:
		self.lines.append({"level": level, "event": event, **fields})

	def webhook(
		self, source: Source, session: str | None, status: int, reason: str, trace_id: str | None
	) -> None:
		super().webhook(source, session, status, reason, trace_id)
		self.webhooks.append(SeenWebhook(source, session, status, reason, trace_id))

	def attempt(self, event: EventRow, outcome: str, seconds: float, error: str | None) -> None:
		super().attempt(event, outcome, seconds, error)
		self.attempts.append(SeenAttempt(event, outcome, seconds, error))

	def notice(self, what: str, /, **ids: object) -> None:
		super().notice(what, **ids)
		self.notices.append(SeenNotice(what, ids))

	def outcomes(self) -> list[str]:
		"""The outcomes of all attempts, in order."""
		return [attempt.outcome for attempt in self.attempts]

	def noticed(self, what: str) -> list[dict[str, object]]:
		"""The ids of every notice of that name."""
		return [notice.ids for notice in self.notices if notice.what == what]
