"""Makes sure that one process only works with a data folder: embedded SQLite and its leases are made for one."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class DataFolderBusy(Exception):
	pass


@contextmanager
def hold_data_folder(folder: Path) -> Iterator[None]:
	"""Create the folder if need be and keep it for this process. Raises `DataFolderBusy` or `OSError`."""
	folder.mkdir(parents=True, exist_ok=True, mode=0o700)
	with (folder / "lock").open("w") as lock:
		try:
			fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
		except BlockingIOError as error:
			raise DataFolderBusy(f"DATA_DIR {folder} is in use by another running bridge.") from error
		yield
