"""An observer that remembers what it was told, for tests to look at."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..bridge.records import EventRow, Source


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


@dataclass(slots=True)
class RecordingObserver:
	"""Implements `Observer` with three lists."""

	webhooks: list[SeenWebhook] = field(default_factory=list)
	attempts: list[SeenAttempt] = field(default_factory=list)
	notices: list[SeenNotice] = field(default_factory=list)

	def webhook(
		self, source: Source, session: str | None, status: int, reason: str, trace_id: str | None
	) -> None:
		self.webhooks.append(SeenWebhook(source, session, status, reason, trace_id))

	def attempt(self, event: EventRow, outcome: str, seconds: float, error: str | None) -> None:
		self.attempts.append(SeenAttempt(event, outcome, seconds, error))

	def notice(self, what: str, **ids: object) -> None:
		self.notices.append(SeenNotice(what, ids))

	def outcomes(self) -> list[str]:
		"""The outcomes of all attempts, in order."""
		return [attempt.outcome for attempt in self.attempts]

	def noticed(self, what: str) -> list[dict[str, object]]:
		"""The ids of every notice of that name."""
		return [notice.ids for notice in self.notices if notice.what == what]
