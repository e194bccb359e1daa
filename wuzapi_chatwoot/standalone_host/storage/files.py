"""Private files in folders below the data folder. No names from outside: the key alone says where a file is."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from wuzapi_chatwoot.bridge.model.errors import NotFound, StoreUnavailable

_SAFE_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,199}")
_DIGEST = re.compile(r"[0-9a-f]{32,128}")


class FolderFiles:
	"""Implements `Files`. A file is there whole or not at all, also after a power cut."""

	def __init__(self, folder: Path) -> None:
		"""The folder belongs to this process alone: what an earlier one left half-written is removed."""
		self._folder = folder
		self._unfinished = folder / "unfinished"
		with _storing():
			self._unfinished.mkdir(parents=True, exist_ok=True, mode=0o700)
			for leftover in self._unfinished.iterdir():
				leftover.unlink()

	def save(self, key: str, content: bytes) -> None:
		path = self._path(key)
		draft = self._unfinished / secrets.token_hex(16)
		with _storing():
			try:
				self._make_folders(path.parent)
				with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
					file.write(content)
					file.flush()
					os.fsync(file.fileno())
				os.replace(draft, path)
				_flush_folder(path.parent)
			except BaseException:
				with suppress(OSError):
					draft.unlink(missing_ok=True)
				raise

	def read(self, key: str) -> bytes:
		try:
			return self._path(key).read_bytes()
		except FileNotFoundError:
			raise NotFound("The file is not there any more", detail=key) from None
		except OSError as error:
			raise StoreUnavailable("A file could not be read", detail=str(error)) from error

	def delete(self, key: str) -> None:
		with _storing():
			self._path(key).unlink(missing_ok=True)

	def _path(self, key: str) -> Path:
		"""Two levels of folders, so that none of them gets large."""
		if not _SAFE_KEY.fullmatch(key):
			raise NotFound("There is no file with such a key")
		spread = key if _DIGEST.fullmatch(key) else hashlib.sha256(key.encode()).hexdigest()
		return self._folder / spread[:2] / spread[2:4] / key

	def _make_folders(self, folder: Path) -> None:
		if folder.is_dir():
			return
		for level in (folder.parent, folder):
			level.mkdir(exist_ok=True, mode=0o700)
			_flush_folder(level.parent)


@contextmanager
def _storing() -> Iterator[None]:
	"""Turn the system's errors into the bridge's."""
	try:
		yield
	except OSError as error:
		reason = error.strerror or type(error).__name__
		raise StoreUnavailable("A file could not be written", detail=reason) from error


def _flush_folder(folder: Path) -> None:
	"""Make the folder's list of names durable."""
	descriptor = os.open(folder, os.O_RDONLY)
	try:
		os.fsync(descriptor)
	finally:
		os.close(descriptor)
