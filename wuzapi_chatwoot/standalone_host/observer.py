"""Turns what happens into log lines and Prometheus metrics. Ids and causes only: no message text, no secret."""

from __future__ import annotations

import structlog
from prometheus_client import CollectorRegistry, Counter, Histogram

from ..bridge.records import EventRow, Source

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 90)


class LoggingObserver:
	"""Implements `Observer`. One per process."""

	def __init__(self, registry: CollectorRegistry) -> None:
		self._log = structlog.get_logger()
		self._webhooks = Counter(
			"wuzapi_chatwoot_webhooks_total",
			"Webhooks received, by sender and answer",
			["source", "status"],
			registry=registry,
		)
		self._attempts = Counter(
			"wuzapi_chatwoot_attempts_total",
			"Tries at events, by sender and outcome",
			["source", "outcome"],
			registry=registry,
		)
		self._seconds = Histogram(
			"wuzapi_chatwoot_attempt_seconds",
			"How long a try at an event took",
			["source"],
			buckets=_SECONDS,
			registry=registry,
		)
		self._notices = Counter(
			"wuzapi_chatwoot_notices_total", "Things an operator may want to know", registry=registry
		)

	def webhook(
		self, source: Source, session: str | None, status: int, reason: str, trace_id: str | None
	) -> None:
		self._webhooks.labels(source.value, str(status)).inc()
		write = self._log.info if status < 400 else self._log.warning
		write(
			"webhook", source=source.value, session=session, status=status, reason=reason, trace_id=trace_id
		)

	def attempt(self, event: EventRow, outcome: str, seconds: float, error: str | None) -> None:
		self._attempts.labels(event.source.value, outcome).inc()
		self._seconds.labels(event.source.value).observe(max(seconds, 0.0))
		write = self._log.error if outcome == "dead" else self._log.info
		write(
			"attempt",
			trace_id=event.trace_id,
			event_id=event.id,
			session=event.session,
			lane=event.lane,
			kind=event.kind,
			begun=event.begun,
			outcome=outcome,
			seconds=round(seconds, 4),
			error=error,
		)

	def notice(self, what: str, **ids: object) -> None:
		self._notices.inc()
		self._log.warning("notice", what=what, **ids)
