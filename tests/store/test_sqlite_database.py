"""Transactions of the embedded database: failures become sentences and leave it usable."""

# what is refused is the transaction as a whole
# ruff: noqa: PT012

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from wuzapi_chatwoot.bridge.model.errors import StoreUnavailable
from wuzapi_chatwoot.standalone_host.storage.database.sqlite_database import SqliteDatabase


@pytest.fixture
def file(tmp_path: Path) -> Path:
	return tmp_path / "x.sqlite"


@pytest.fixture
def database(file: Path) -> Iterator[SqliteDatabase]:
	database = SqliteDatabase(f"sqlite:///{file}", turn_timeout=0.05, busy_timeout=0)
	with database.writing() as connection:
		connection.exec_driver_sql("CREATE TABLE things (name INTEGER PRIMARY KEY, text)")
	yield database
	database.close()


def add(database: SqliteDatabase, text: str) -> None:
	with database.writing() as connection:
		connection.exec_driver_sql("INSERT INTO things (text) VALUES (?)", (text,))


def things(database: SqliteDatabase) -> list[str]:
	with database.reading() as connection:
		return [row[0] for row in connection.exec_driver_sql("SELECT text FROM things ORDER BY name")]


def pragma(database: SqliteDatabase, name: str, *, durable: bool = True) -> object:
	with database.writing(durable=durable) as connection:
		return connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()


def test_commits_are_flushed_unless_they_need_not_be(database: SqliteDatabase) -> None:
	assert pragma(database, "journal_mode") == "wal"
	assert pragma(database, "synchronous") == 2
	assert pragma(database, "synchronous", durable=False) == 1
	assert pragma(database, "synchronous") == 2
	assert pragma(database, "foreign_keys") == 0


def test_another_programs_lock_is_a_sentence_and_passes(database: SqliteDatabase, file: Path) -> None:
	with closing(sqlite3.connect(file, isolation_level=None)) as other:
		other.execute("BEGIN IMMEDIATE")
		with pytest.raises(StoreUnavailable) as caught:
			add(database, "now")
		other.execute("ROLLBACK")
	assert caught.value.reason == "The database is locked by another program"
	assert caught.value.detail == "database is locked"
	add(database, "later")
	assert things(database) == ["later"]


def test_a_full_disk_is_a_sentence_and_takes_all_back(database: SqliteDatabase) -> None:
	with database.writing() as connection:
		connection.exec_driver_sql("PRAGMA max_page_count=10")
	with pytest.raises(StoreUnavailable, match="The disk is full"), database.atomic():
		add(database, "small")
		add(database, "large" * 100_000)
	assert things(database) == []
	add(database, "small again")
	assert things(database) == ["small again"]


@pytest.mark.parametrize(
	("statement", "sentence"),
	[
		("SELECT text FROM others", "does not have this release's tables"),
		("SELECT others FROM things", "does not have this release's columns"),
		("INSERT INTO things (others) VALUES (1)", "does not have this release's columns"),
	],
)
def test_a_database_of_another_release_is_trouble_of_the_store(
	database: SqliteDatabase, statement: str, sentence: str
) -> None:
	"""And so of no message: whatever is refused for it waits."""
	with pytest.raises(StoreUnavailable, match=sentence), database.writing() as connection:
		connection.exec_driver_sql(statement)
	with pytest.raises(StoreUnavailable, match=sentence), database.reading() as connection:
		connection.exec_driver_sql(statement)
	add(database, "later")
	assert things(database) == ["later"]


def test_after_a_failure_nothing_more_of_the_same_work_is_written(database: SqliteDatabase) -> None:
	with database.writing() as connection:
		connection.exec_driver_sql("PRAGMA max_page_count=10")
	with pytest.raises(StoreUnavailable, match="refused an earlier part"), database.atomic():
		with pytest.raises(StoreUnavailable, match="full"):
			add(database, "large" * 100_000)
		with pytest.raises(StoreUnavailable, match="refused an earlier part"):
			add(database, "after")
		with pytest.raises(StoreUnavailable, match="refused an earlier part"), database.atomic():
			add(database, "inside")
	assert things(database) == []
	add(database, "anew")
	assert things(database) == ["anew"]


def test_a_failure_in_an_inner_block_fails_the_outer_one(database: SqliteDatabase) -> None:
	with database.writing() as connection:
		connection.exec_driver_sql("PRAGMA max_page_count=10")
	with pytest.raises(StoreUnavailable, match="refused an earlier part"), database.atomic():
		add(database, "before")
		with pytest.raises(StoreUnavailable, match="full"), database.atomic():
			add(database, "large" * 100_000)
	assert things(database) == []


def test_errors_do_not_tell_the_customers_words(database: SqliteDatabase) -> None:
	with database.writing() as connection:
		connection.exec_driver_sql("PRAGMA max_page_count=10")
	with pytest.raises(StoreUnavailable) as caught:
		add(database, "my secret" * 100_000)
	error: BaseException | None = caught.value
	while error is not None:
		assert "my secret" not in str(error)
		error = error.__cause__


def test_a_read_only_file_is_a_sentence(database: SqliteDatabase, file: Path) -> None:
	add(database, "before")
	read_only = SqliteDatabase(f"sqlite:///file:{file}?mode=ro&uri=true")
	with pytest.raises(StoreUnavailable, match="may only be read"):
		add(read_only, "anything")
	assert things(read_only) == ["before"]
	read_only.close()


def test_a_file_that_is_no_database_is_a_sentence(tmp_path: Path) -> None:
	file = tmp_path / "letter.txt"
	file.write_text("Dear Ada, " * 1000)
	database = SqliteDatabase(f"sqlite:///{file}")
	with pytest.raises(StoreUnavailable, match="damaged"):
		things(database)
	database.close()


def test_a_folder_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
	database = SqliteDatabase(f"sqlite:///{tmp_path / 'missing' / 'x.sqlite'}")
	with pytest.raises(StoreUnavailable, match="cannot be opened"):
		add(database, "anything")
	database.close()


@pytest.mark.parametrize(
	"url", ["postgresql://localhost/x", "sqlite://", "sqlite:///:memory:", "nonsense", ""]
)
def test_only_a_sqlite_file_will_do(url: str) -> None:
	with pytest.raises(StoreUnavailable, match="DATABASE_URL"):
		SqliteDatabase(url)


def test_a_failed_statement_of_a_reader_leaves_it_usable(database: SqliteDatabase) -> None:
	with pytest.raises(StoreUnavailable), database.reading() as connection:
		connection.exec_driver_sql("SELECT * FROM nothing")
	add(database, "something")
	assert things(database) == ["something"]


def test_readers_do_not_wait_for_a_writer(database: SqliteDatabase) -> None:
	add(database, "before")
	seen: list[list[str]] = []
	with database.atomic():
		add(database, "inside")
		reader = threading.Thread(target=lambda: seen.append(things(database)))
		reader.start()
		reader.join(10)
		assert things(database) == ["before", "inside"]
	assert seen == [["before"]]


def test_a_writer_that_waits_too_long_is_told(database: SqliteDatabase) -> None:
	errors: list[StoreUnavailable] = []

	def write() -> None:
		try:
			add(database, "impatient")
		except StoreUnavailable as error:
			errors.append(error)

	with database.atomic():
		writer = threading.Thread(target=write)
		writer.start()
		writer.join(10)
	assert [error.reason for error in errors] == ["The database is busy"]
	add(database, "patient")
	assert things(database) == ["patient"]


def test_a_closed_database_takes_nothing(database: SqliteDatabase) -> None:
	database.close()
	with pytest.raises(StoreUnavailable, match="closed"):
		add(database, "late")
