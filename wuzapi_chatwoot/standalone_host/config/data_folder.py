"""Makes sure that one process only works with a data folder and a database (embedded SQLite and its leases are made for one),
and that nobody else of this machine reads them: people's messages are in them.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError

_FOLDER, _FILE = 0o700, 0o600


class DataFolderUnusable(Exception):
	"""The text is a sentence for people."""


@contextmanager
def hold_data_folder(folder: Path) -> Iterator[None]:
	"""Create the folder if need be and keep it for this process. Raises `DataFolderUnusable`.

	Until the end, what this process makes is readable for its user only.
	"""
	with ExitStack() as held:
		held.callback(os.umask, os.umask(0o777 & ~_FOLDER))
		try:
			folder.mkdir(parents=True, exist_ok=True, mode=_FOLDER)
			_lock(held, folder / "lock")
		except BlockingIOError:
			raise DataFolderUnusable(f"DATA_DIR {folder} is in use by another running bridge.") from None
		except OSError as error:
			raise DataFolderUnusable(
				f"DATA_DIR {folder} must be a folder that the bridge may write ({error.strerror})."
			) from None
		_keep_private(folder, _FOLDER)
		for name, mode in (("files", _FOLDER), ("sessions.json", _FILE), ("lock", _FILE)):
			_keep_private(folder / name, mode)
		yield


@contextmanager
def hold_database(url: str) -> Iterator[None]:
	"""Keep the database for this process, wherever it is: two data folders may name the same. Raises `DataFolderUnusable`."""
	file = _file_of(url)
	if file is None or not file.parent.is_dir():
		# What is wrong with the address is told by whoever opens it.
		yield
		return
	with ExitStack() as held:
		try:
			# The file itself, whatever names lead to it. SQLite's own locks are of another kind.
			_lock(held, file.resolve().with_name(f".{file.resolve().name}.lock"))
		except BlockingIOError:
			raise DataFolderUnusable(
				f"The database {file} is in use by another running bridge; look at DATABASE_URL."
			) from None
		except OSError as error:
			raise DataFolderUnusable(
				f"The folder of the database {file} must be one that the bridge may write ({error.strerror}); "
				"look at DATABASE_URL."
			) from None
		# Those that an earlier release, or somebody by hand, made readable; new ones follow the main file.
		for ending in ("", "-wal", "-shm"):
			_keep_private(Path(f"{file}{ending}"), _FILE)
		yield


def _lock(held: ExitStack, path: Path) -> None:
	file = held.enter_context(path.open("w"))
	fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _keep_private(path: Path, mode: int) -> None:
	"""If it is ours; else it is for its owner to say."""
	with suppress(OSError):
		if path.stat().st_mode & 0o777 & ~mode:
			path.chmod(mode)


def _file_of(url: str) -> Path | None:
	try:
		parsed = sa.make_url(url)
	except ArgumentError:
		return None
	if parsed.get_backend_name() != "sqlite" or parsed.database in (None, "", ":memory:"):
		return None
	return Path(str(parsed.database))
