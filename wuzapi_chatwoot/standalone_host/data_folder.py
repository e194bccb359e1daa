"""Makes sure that one process only works with a data folder: embedded SQLite and its leases are made for one."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path


class DataFolderUnusable(Exception):
	"""The text is a sentence for people."""


@contextmanager
def hold_data_folder(folder: Path) -> Iterator[None]:
	"""Create the folder if need be and keep it for this process. Raises `DataFolderUnusable`."""
	with ExitStack() as held:
		try:
			folder.mkdir(parents=True, exist_ok=True, mode=0o700)
			lock = held.enter_context((folder / "lock").open("w"))
			fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
		except BlockingIOError:
			raise DataFolderUnusable(f"DATA_DIR {folder} is in use by another running bridge.") from None
		except OSError as error:
			raise DataFolderUnusable(
				f"DATA_DIR {folder} must be a folder that the bridge may write ({error.strerror})."
			) from None
		yield
