"""Turns what happens into log lines and Prometheus metrics. Ids and causes only: no message text, no secret."""

from __future__ import annotations

from collections.abc import Mapping

import structlog
from prometheus_client import CollectorRegistry, Counter, Histogram

from wuzapi_chatwoot.bridge.model.records import EventRow, Source
from wuzapi_chatwoot.bridge.text.log_lines import LineObserver

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 90)


class LoggingObserver(LineObserver):
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

	def write(self, level: str, event: str, fields: Mapping[str, object]) -> None:
		getattr(self._log, level)(event, **fields)

	def count_webhook(self, source: Source, session: str | None, status: int, reason: str) -> None:
		self._webhooks.labels(source.value, str(status)).inc()

	def count_attempt(self, event: EventRow, outcome: str, seconds: float) -> None:
		self._attempts.labels(event.source.value, outcome).inc()
		self._seconds.labels(event.source.value).observe(max(seconds, 0.0))

	def count_notice(self) -> None:
		self._notices.inc()
