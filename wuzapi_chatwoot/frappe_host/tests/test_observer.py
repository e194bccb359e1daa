"""What is reported on a site has its line, and a report never breaks what it reports."""

from __future__ import annotations

import json
import logging
from unittest import mock

from wuzapi_chatwoot.bridge.text.log_lines import LineObserver
from wuzapi_chatwoot.frappe_host.telemetry.observer import SiteObserver
from wuzapi_chatwoot.frappe_host.tests.site_case import SiteCase
from wuzapi_chatwoot.testkit.contracts.observer_contract import ObserverContract


class TestSiteObserver(ObserverContract, SiteCase):
	def setUp(self) -> None:
		self.written: list[str] = []
		logger = logging.Logger("wuzapi_chatwoot", logging.DEBUG)
		logger.addHandler(_Kept(self.written))
		patched = mock.patch("frappe.logger", return_value=logger)
		patched.start()
		self.addCleanup(patched.stop)
		super().setUp()

	def new_observer(self) -> LineObserver:
		return SiteObserver()

	def lines(self) -> list[dict[str, object]]:
		return [json.loads(line) for line in self.written]


class _Kept(logging.Handler):
	def __init__(self, written: list[str]) -> None:
		super().__init__()
		self._written = written

	def emit(self, record: logging.LogRecord) -> None:
		self._written.append(record.getMessage())
