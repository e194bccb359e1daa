"""Media on its way in: private files of the site, by the event's key, below `private/wuzapi_chatwoot`.

Not the `File` documents that people see: those are made when the message is stored.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

import frappe

from wuzapi_chatwoot.bridge.model.errors import NotFound, StoreUnavailable


class SiteFiles:
	"""Implements `Files`. Keys are hex digests."""

	def __init__(self) -> None:
		self._folder = Path(frappe.get_site_path("private", "wuzapi_chatwoot"))

	def save(self, key: str, content: bytes) -> None:
		path, draft = self._path(key), None
		try:
			path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
			with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
				draft = Path(file.name)
				file.write(content)
				file.flush()
				os.fsync(file.fileno())
			draft.replace(path)
		except BaseException as error:
			# On a full disk, half a file would make it fuller with every repeat.
			if draft is not None:
				with suppress(OSError):
					draft.unlink(missing_ok=True)
			if not isinstance(error, OSError):
				raise
			raise StoreUnavailable("A file cannot be written", detail=error.strerror or "") from error

	def read(self, key: str) -> bytes:
		try:
			return self._path(key).read_bytes()
		except FileNotFoundError:
			raise NotFound("The file is not there any more", detail=key) from None
		except OSError as error:
			raise StoreUnavailable("A file cannot be read", detail=error.strerror or "") from error

	def delete(self, key: str) -> None:
		self._path(key).unlink(missing_ok=True)

	def _path(self, key: str) -> Path:
		if not key.isalnum():
			raise ValueError("a file's key has letters and digits only")
		return self._folder / key[:2] / key
