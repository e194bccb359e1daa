"""Files of events on a site: whole or not there, and nothing half-written stays behind."""

# bench runs this with unittest alone
# ruff: noqa: PT009, PT027

from __future__ import annotations

import os
from pathlib import Path
from unittest.mock import patch

from wuzapi_chatwoot.bridge.model.errors import NotFound, StoreUnavailable
from wuzapi_chatwoot.frappe_host.files.webhook_files import SiteFiles
from wuzapi_chatwoot.frappe_host.tests.site_case import SiteCase

_KEY = "ab" * 32


class TestSiteFiles(SiteCase):
	def setUp(self) -> None:
		super().setUp()
		self.files = SiteFiles()
		self.addCleanup(self.files.delete, _KEY)

	def test_a_full_disk_leaves_nothing_behind(self) -> None:
		self.files.save(_KEY, b"first")
		folder = self.files._path(_KEY).parent
		before = sorted(path.name for path in folder.iterdir())
		with patch.object(os, "fsync", side_effect=OSError(28, "No space left on device")):
			for _ in range(3):
				with self.assertRaises(StoreUnavailable):
					self.files.save(_KEY, b"second")
		self.assertEqual(sorted(path.name for path in folder.iterdir()), before)
		self.assertEqual(self.files.read(_KEY), b"first")

	def test_a_file_that_cannot_be_read_is_trouble_of_the_store(self) -> None:
		"""The next try may do, and its message does not wait for hours."""
		self.files.save(_KEY, b"first")
		with (
			patch.object(Path, "read_bytes", side_effect=OSError(5, "Input/output error")),
			self.assertRaises(StoreUnavailable),
		):
			self.files.read(_KEY)
		self.files.delete(_KEY)
		with self.assertRaises(NotFound):
			self.files.read(_KEY)
