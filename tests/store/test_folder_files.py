"""Private files: whole or not at all, found by key only, never outside their folder. The in-memory twin likewise."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from wuzapi_chatwoot.bridge.model.errors import NotFound, StoreUnavailable
from wuzapi_chatwoot.bridge.ports.host import Files
from wuzapi_chatwoot.standalone_host.storage.files import FolderFiles
from wuzapi_chatwoot.testkit.twins.memory.files import MemoryFiles

DIGEST = hashlib.sha256(b"one").hexdigest()


@pytest.fixture(params=["folder", "memory"])
def files(request: pytest.FixtureRequest, tmp_path: Path) -> Files:
	return FolderFiles(tmp_path / "files") if request.param == "folder" else MemoryFiles()


def every_file(folder: Path) -> list[Path]:
	return [path for path in folder.rglob("*") if path.is_file()]


def test_a_file_comes_back_as_it_was_saved(files: Files) -> None:
	for key, content in ((DIGEST, b"\x00\xff binary"), ("event-1.ogg", b""), ("A_b-C.9", b"x" * 3_000_000)):
		files.save(key, content)
		assert files.read(key) == content


def test_saving_again_replaces(files: Files) -> None:
	files.save(DIGEST, b"a long first version")
	files.save(DIGEST, b"second")
	assert files.read(DIGEST) == b"second"


def test_a_missing_file_is_not_found(files: Files) -> None:
	with pytest.raises(NotFound):
		files.read(DIGEST)


def test_deleting_twice_is_no_error(files: Files) -> None:
	files.save(DIGEST, b"x")
	files.delete(DIGEST)
	files.delete(DIGEST)
	with pytest.raises(NotFound):
		files.read(DIGEST)


def test_files_are_spread_over_two_levels_of_folders(tmp_path: Path) -> None:
	files = FolderFiles(tmp_path)
	files.save(DIGEST, b"x")
	assert every_file(tmp_path) == [tmp_path / DIGEST[:2] / DIGEST[2:4] / DIGEST]
	files.save("plain", b"x")
	assert len(every_file(tmp_path)) == 2
	assert all(len(path.relative_to(tmp_path).parts) == 3 for path in every_file(tmp_path))


@pytest.mark.parametrize(
	"key",
	[
		"",
		".",
		"..",
		"../x",
		"a/b",
		"/etc/passwd",
		"a\\b",
		".hidden",
		"a\x00b",
		"a\n",
		"-x",
		"x" * 201,
		"ä",
		"a b",
	],
)
def test_keys_that_are_paths_are_refused(tmp_path: Path, key: str) -> None:
	files = FolderFiles(tmp_path)
	for use in (files.read, files.delete, lambda key: files.save(key, b"x")):
		with pytest.raises(NotFound):
			use(key)
	assert every_file(tmp_path) == []


def test_files_are_private(tmp_path: Path) -> None:
	files = FolderFiles(tmp_path / "files")
	files.save(DIGEST, b"x")
	for path in [tmp_path / "files" / DIGEST[:2], *every_file(tmp_path)]:
		assert path.stat().st_mode & 0o077 == 0


def test_a_failed_save_leaves_the_old_content_and_no_rubbish(
	tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
	files = FolderFiles(tmp_path)
	files.save(DIGEST, b"old")

	def no_space(descriptor: int) -> None:
		raise OSError(28, "No space left on device")

	with monkeypatch.context() as patched:
		patched.setattr(os, "fsync", no_space)
		with pytest.raises(StoreUnavailable, match="No space left on device"):
			files.save(DIGEST, b"new")
	assert files.read(DIGEST) == b"old"
	assert len(every_file(tmp_path)) == 1


def test_what_a_dead_process_left_unfinished_is_removed(tmp_path: Path) -> None:
	FolderFiles(tmp_path)
	(tmp_path / "unfinished" / "draft").write_bytes(b"half")
	FolderFiles(tmp_path)
	assert every_file(tmp_path) == []


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
	(tmp_path / "files").write_bytes(b"in the way")
	with pytest.raises(StoreUnavailable, match="could not be written"):
		FolderFiles(tmp_path / "files")
