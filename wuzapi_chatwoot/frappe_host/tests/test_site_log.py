"""The lines that the guide promises are written on a site as it is: Frappe's own level is ERROR."""

# bench runs this with unittest alone
# ruff: noqa: PT009

from __future__ import annotations

import logging

import frappe

from wuzapi_chatwoot.frappe_host.telemetry.observer import SiteObserver
from wuzapi_chatwoot.frappe_host.telemetry.site_log import forget_level, site_log
from wuzapi_chatwoot.frappe_host.tests.site_case import SiteCase


class _Kept(logging.Handler):
	def __init__(self) -> None:
		super().__init__()
		self.lines: list[str] = []

	def emit(self, record: logging.LogRecord) -> None:
		self.lines.append(record.getMessage())


class TestSiteLog(SiteCase):
	def setUp(self) -> None:
		super().setUp()
		self.addCleanup(forget_level)
		self.addCleanup(lambda: frappe.clear_document_cache("WuzAPI Settings", "WuzAPI Settings"))
		logger = frappe.logger("wuzapi_chatwoot", allow_site=True)
		before = logger.level
		# As Frappe makes it.
		logger.setLevel(logging.ERROR)
		self.addCleanup(lambda: logger.setLevel(before))
		self.kept = _Kept()
		logger.addHandler(self.kept)
		self.addCleanup(lambda: logger.removeHandler(self.kept))

	def choose(self, level: str) -> None:
		doc = frappe.get_doc("WuzAPI Settings")
		doc.log_level = level
		doc.save()

	def test_a_line_is_written_for_what_happens(self) -> None:
		forget_level()
		SiteObserver().notice("a thing happened", session="alpha")
		self.assertEqual(len(self.kept.lines), 1)
		self.assertIn("a thing happened", self.kept.lines[0])

	def test_the_settings_say_how_much(self) -> None:
		for level, lines in (("ERROR", 0), ("WARNING", 1), ("INFO", 2), ("DEBUG", 3)):
			with self.subTest(level):
				self.choose(level)
				self.kept.lines.clear()
				for write in (site_log().warning, site_log().info, site_log().debug):
					write("a line")
				self.assertEqual(len(self.kept.lines), lines)

	def test_a_level_that_is_not_set_yet_is_info(self) -> None:
		frappe.db.delete("Singles", {"doctype": "WuzAPI Settings", "field": "log_level"})
		frappe.clear_document_cache("WuzAPI Settings", "WuzAPI Settings")
		forget_level()
		self.assertEqual(site_log().level, logging.INFO)
