"""The observers of the standalone host and of the tests pass one contract; that of a site does so on a bench."""

from __future__ import annotations

import contextlib
import io
import json
import unittest

import structlog
from prometheus_client import CollectorRegistry

from wuzapi_chatwoot.bridge.text.log_lines import LineObserver
from wuzapi_chatwoot.standalone_host.telemetry.logs import set_up_logs
from wuzapi_chatwoot.standalone_host.telemetry.observer import LoggingObserver
from wuzapi_chatwoot.testkit.contracts.observer_contract import ObserverContract
from wuzapi_chatwoot.testkit.twins.observer import RecordingObserver


class TestLoggingObserver(ObserverContract, unittest.TestCase):
	"""With the log of the service, as JSON on standard output."""

	def setUp(self) -> None:
		self.addCleanup(structlog.reset_defaults)
		self.output = io.StringIO()
		redirected = contextlib.redirect_stdout(self.output)
		redirected.__enter__()
		self.addCleanup(redirected.__exit__, None, None, None)
		set_up_logs("debug", "json")
		super().setUp()

	def new_observer(self) -> LineObserver:
		return LoggingObserver(CollectorRegistry())

	def lines(self) -> list[dict[str, object]]:
		return [json.loads(line) for line in self.output.getvalue().splitlines()]


class TestLoggingObserverInATerminal(TestLoggingObserver):
	"""With readable lines: of these the contract only asks that they come."""

	def setUp(self) -> None:
		super().setUp()
		structlog.reset_defaults()
		set_up_logs("debug", "console")
		self.observer = self.new_observer()
		self.told: list[dict[str, object]] = []
		write = self.observer.write

		def told(level: str, event: str, fields: dict[str, object]) -> None:
			write(level, event, fields)
			self.told.append({"event": event, **fields})

		self.observer.write = told

	def lines(self) -> list[dict[str, object]]:
		assert self.output.getvalue().count("\n") == len(self.told)
		return self.told


class TestRecordingObserver(ObserverContract, unittest.TestCase):
	def new_observer(self) -> LineObserver:
		return RecordingObserver()

	def lines(self) -> list[dict[str, object]]:
		return self.observer.lines


def test_the_counters_count_what_is_reported():
	registry = CollectorRegistry()
	observer = LoggingObserver(registry)
	observer.notice("something", event=1)
	assert registry.get_sample_value("wuzapi_chatwoot_notices_total") == 1
