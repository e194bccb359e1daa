"""The data folder and the database are one process's, and nobody else's of the machine."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from wuzapi_chatwoot.standalone_host.config.data_folder import (
	DataFolderUnusable,
	hold_data_folder,
	hold_database,
)
from wuzapi_chatwoot.standalone_host.storage.store import SqlStore
from wuzapi_chatwoot.testkit.twins.clock import START


def mode(path: Path) -> int:
	return path.stat().st_mode & 0o777


def url(path: Path) -> str:
	return f"sqlite:///{path}"


@pytest.fixture(autouse=True)
def usual_umask():
	before = os.umask(0o022)
	yield
	assert os.umask(before) == 0o022


def test_what_is_made_is_readable_for_its_user_only(tmp_path):
	folder = tmp_path / "data"
	file = folder / "bridge.db"
	with hold_data_folder(folder), hold_database(url(file)):
		store = SqlStore.open(url(file))
		store.reconcile_marks("main", START)
		made = [path for path in folder.rglob("*") if path.is_file()]
		assert {path.name for path in made} >= {"bridge.db", "bridge.db-wal", "lock"}
		assert {mode(path) for path in made} == {0o600}
		assert mode(folder) == 0o700
		store.close()


def test_what_was_readable_for_others_is_so_no_more(tmp_path):
	folder, file = tmp_path / "data", tmp_path / "elsewhere" / "bridge.db"
	for each in (folder / "files", file.parent):
		each.mkdir(parents=True, mode=0o755)
	for each in (file, Path(f"{file}-wal"), folder / "sessions.json"):
		each.touch(0o644)
	with hold_data_folder(folder), hold_database(url(file)):
		assert [mode(each) for each in (folder, folder / "files")] == [0o700, 0o700]
		assert [mode(each) for each in (file, Path(f"{file}-wal"), folder / "sessions.json")] == [0o600] * 3
		# The folder of the database may be shared with others.
		assert mode(file.parent) == 0o755


@pytest.mark.parametrize("name", ["bridge.db", "link.db"])
def test_two_services_on_one_database(tmp_path, name):
	"""From data folders of their own, and by whatever name."""
	file = tmp_path / "bridge.db"
	file.touch()
	(tmp_path / "link.db").symlink_to(file)
	with hold_data_folder(tmp_path / "one"), hold_database(url(file)):
		with (
			hold_data_folder(tmp_path / "two"),
			pytest.raises(DataFolderUnusable, match="in use by another running bridge"),
			hold_database(url(tmp_path / name)),
		):
			pass
		with hold_database(url(tmp_path / "other.db")):
			pass
	with hold_database(url(file)):
		pass


def test_a_database_in_a_folder_that_cannot_be_written(tmp_path):
	# Root may write anywhere, but not into a folder as if it were a file.
	(tmp_path / ".bridge.db.lock").mkdir()
	with (
		pytest.raises(DataFolderUnusable, match="must be one that the bridge may write"),
		hold_database(url(tmp_path / "bridge.db")),
	):
		pass


@pytest.mark.parametrize("address", ["nonsense", "sqlite://", "sqlite:///no/where.db", "postgresql://u@h/db"])
def test_what_is_no_file_is_for_others_to_complain_of(address):
	with hold_database(address):
		pass
