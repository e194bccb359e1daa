"""Combines the writes of threads that come at the same time into one transaction, so that they share one flush to disk.

The first to come leads: it waits for its turn to write and then takes along whatever has gathered meanwhile. Each caller
is answered only after the commit. Knows no table; what writing means is given to it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

import sqlalchemy as sa

from wuzapi_chatwoot.bridge.model.errors import StoreUnavailable
from wuzapi_chatwoot.standalone_host.storage.database.sqlite_database import SqliteDatabase

Item = TypeVar("Item")
Outcome = TypeVar("Outcome")


class _Entry(Generic[Item, Outcome]):
	__slots__ = ("answered", "error", "item", "outcome")

	def __init__(self, item: Item) -> None:
		self.item = item
		self.outcome: Outcome | None = None
		self.error: BaseException | None = None
		self.answered = threading.Lock()
		self.answered.acquire()


class GroupCommit(Generic[Item, Outcome]):
	"""`write` gets some items and returns their outcomes in the same order; it may be asked again for the same."""

	def __init__(
		self,
		database: SqliteDatabase,
		write: Callable[[sa.Connection, Sequence[Item]], list[Outcome]],
	) -> None:
		self._database = database
		self._write = write
		self._mutex = threading.Lock()
		self._gathering: list[_Entry[Item, Outcome]] = []

	def add(self, item: Item) -> Outcome:
		"""Write the item, together with others; in a transaction of this thread, as part of it."""
		if self._database.in_transaction:
			with self._database.writing() as connection:
				return self._write(connection, [item])[0]
		entry: _Entry[Item, Outcome] = _Entry(item)
		with self._mutex:
			leads = not self._gathering
			self._gathering.append(entry)
		if leads:
			self._lead()
		else:
			entry.answered.acquire()
		if entry.error is not None:
			raise entry.error
		assert entry.outcome is not None  # noqa: S101
		return entry.outcome

	@property
	def gathered(self) -> int:
		"""How many wait to be taken along."""
		with self._mutex:
			return len(self._gathering)

	def _lead(self) -> None:
		group: list[_Entry[Item, Outcome]] = []
		try:
			self._write_group(group)
		finally:
			# Nobody may wait for ever, whatever happened to the leader.
			for entry in group or self._take_gathered():
				if entry.outcome is None and entry.error is None:
					entry.error = StoreUnavailable("The writing was interrupted")
				entry.answered.release()

	def _write_group(self, group: list[_Entry[Item, Outcome]]) -> None:
		try:
			with self._database.writing() as connection:
				group += self._take_gathered()
				outcomes = self._write(connection, [entry.item for entry in group])
		except Exception as error:  # noqa: BLE001 - every caller gets its own
			if not group:
				# Not even begun: no use in trying one by one.
				group += self._take_gathered()
				for entry in group:
					entry.error = _copy(error)
			elif len(group) == 1:
				group[0].error = error
			else:
				for entry in group:
					self._write_single(entry)
		else:
			for entry, outcome in zip(group, outcomes, strict=True):
				entry.outcome = outcome

	def _write_single(self, entry: _Entry[Item, Outcome]) -> None:
		try:
			with self._database.writing() as connection:
				outcome = self._write(connection, [entry.item])[0]
		except Exception as error:  # noqa: BLE001 - every caller gets its own
			entry.error = error
		else:
			entry.outcome = outcome

	def _take_gathered(self) -> list[_Entry[Item, Outcome]]:
		"""Take what has gathered; the next to come will lead."""
		with self._mutex:
			gathered, self._gathering = self._gathering, []
		return gathered


def _copy(error: Exception) -> Exception:
	"""Each thread raises an error of its own: a shared one would collect everybody's traceback."""
	if isinstance(error, StoreUnavailable):
		return StoreUnavailable(error.reason, detail=error.detail)
	return error
