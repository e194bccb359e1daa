"""Events that come together are committed together, and one that cannot be written harms no other."""

# what is refused is the transaction as a whole
# ruff: noqa: PT012

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
import sqlalchemy as sa

from wuzapi_chatwoot.bridge.model.errors import StoreUnavailable
from wuzapi_chatwoot.standalone_host.storage.database.group_commit import GroupCommit
from wuzapi_chatwoot.standalone_host.storage.database.sqlite_database import SqliteDatabase


class Poison(Exception):
	pass


class Numbers:
	"""Writes numbers; remembers in which groups."""

	def __init__(self, database: SqliteDatabase) -> None:
		self.database = database
		self.groups: list[list[int]] = []
		self.commit = GroupCommit(database, self.write)

	def write(self, connection: sa.Connection, numbers: Sequence[int]) -> list[bool]:
		self.groups.append(list(numbers))
		outcomes = []
		for number in numbers:
			result = connection.exec_driver_sql("INSERT OR IGNORE INTO numbers VALUES (?)", (number,))
			outcomes.append(result.rowcount == 1)
			if number < 0:
				raise Poison
		return outcomes

	def stored(self) -> list[int]:
		with self.database.reading() as connection:
			return list(connection.exec_driver_sql("SELECT number FROM numbers ORDER BY 1").scalars())

	def add_together(self, numbers: Sequence[int], before: Callable[[], None] = lambda: None) -> list[object]:
		"""Add them by threads that all come while another writes; their outcomes in order."""
		outcomes: dict[int, object] = {}

		def add(place: int, number: int) -> None:
			try:
				outcomes[place] = self.commit.add(number)
			except Exception as error:  # noqa: BLE001 - it is the outcome
				outcomes[place] = error

		threads = [threading.Thread(target=add, args=each) for each in enumerate(numbers)]
		with self.database.writing():
			for thread in threads:
				thread.start()
			while self.commit.gathered < len(threads):
				threads[0].join(0.001)
			before()
		for thread in threads:
			thread.join(30)
		return [outcomes[place] for place in range(len(numbers))]


@pytest.fixture
def numbers(tmp_path: Path) -> Iterator[Numbers]:
	database = SqliteDatabase(f"sqlite:///{tmp_path / 'x.sqlite'}", busy_timeout=0)
	with database.writing() as connection:
		connection.exec_driver_sql("CREATE TABLE numbers (number INTEGER PRIMARY KEY)")
	yield Numbers(database)
	database.close()


def test_alone_it_writes_at_once(numbers: Numbers) -> None:
	assert numbers.commit.add(1) is True
	assert numbers.commit.add(1) is False
	assert numbers.groups == [[1], [1]]


def test_those_who_come_together_share_a_transaction(numbers: Numbers) -> None:
	numbers.commit.add(3)
	outcomes = numbers.add_together([1, 2, 3, 4])
	assert outcomes == [True, True, False, True]
	assert len(numbers.groups) == 2
	assert sorted(numbers.groups[1]) == [1, 2, 3, 4]
	assert numbers.stored() == [1, 2, 3, 4]


def test_of_the_same_twice_in_a_group_one_is_new(numbers: Numbers) -> None:
	outcomes = numbers.add_together([7, 7, 7])
	assert sorted(str(outcome) for outcome in outcomes) == ["False", "False", "True"]


def test_one_that_cannot_be_written_harms_no_other(numbers: Numbers) -> None:
	outcomes = numbers.add_together([1, -1, 2])
	assert [outcomes[0], outcomes[2]] == [True, True]
	assert isinstance(outcomes[1], Poison)
	assert numbers.stored() == [1, 2]
	assert sorted(len(group) for group in numbers.groups) == [1, 1, 1, 3]


def test_when_nothing_can_be_written_everybody_is_told(numbers: Numbers) -> None:
	numbers.database.close()
	with pytest.raises(StoreUnavailable, match="closed"):
		numbers.commit.add(1)


def test_a_group_that_cannot_begin_is_told_once_each(numbers: Numbers) -> None:
	outcomes = numbers.add_together([1, 2, 3], before=lambda: setattr(numbers.database, "_closed", True))
	assert all(isinstance(outcome, StoreUnavailable) for outcome in outcomes)
	assert len({id(outcome) for outcome in outcomes}) == 3
	assert numbers.groups == []


def test_in_a_transaction_it_is_part_of_it(numbers: Numbers) -> None:
	with pytest.raises(Poison), numbers.database.atomic():
		assert numbers.commit.add(1) is True
		raise Poison
	assert numbers.stored() == []
	assert numbers.commit.add(1) is True
