"""Connections to the embedded database and its transactions. Knows no table.

SQLite has one writer at a time. Writers of this process queue up here, first come, first served, so that SQLite's own
waiting (which sleeps and polls) is left for other programs that look into the file. Readers have connections of their
own and, thanks to the write-ahead log, neither wait for the writer nor hold it up.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from wuzapi_chatwoot.bridge.model.errors import StoreUnavailable
from wuzapi_chatwoot.standalone_host.storage.database.fifo_lock import FifoLock

# Of the file:
_FILE_PRAGMAS = ("PRAGMA journal_mode=WAL",)
# Of each connection:
_CONNECTION_PRAGMAS = (
	"PRAGMA foreign_keys=OFF",
	"PRAGMA temp_store=MEMORY",
	"PRAGMA mmap_size=268435456",
	"PRAGMA journal_size_limit=67108864",
	"PRAGMA synchronous=FULL",
)
_LOCKED = "The database is locked by another program"
_SENTENCES = (
	("locked", _LOCKED),
	("full", "The disk is full"),
	("readonly", "The database may only be read, not written"),
	("i/o error", "The disk failed while the database was at work"),
	("unable to open", "The database file cannot be opened"),
	("malformed", "The database file is damaged"),
	("not a database", "The database file is damaged"),
	# Another program has taken them away, or an update has not got so far; nothing of it lies in a message.
	("no such table", "The database does not have this release's tables"),
	("no such column", "The database does not have this release's columns"),
	("has no column", "The database does not have this release's columns"),
)


class _Own(threading.local):
	"""The calling thread's transaction."""

	depth = 0
	failed = False
	"""SQLite may have rolled back by itself: nothing may be written until the outermost block is left."""


class SqliteDatabase:
	"""One file. All threads of the process share one instance; `close` when no thread uses it any more."""

	def __init__(self, url: str, *, turn_timeout: float = 30.0, busy_timeout: float = 5.0) -> None:
		"""In seconds: how long to wait for other writers of this process, and for other programs."""
		try:
			parsed = sa.make_url(url)
		except ArgumentError as error:
			raise StoreUnavailable("DATABASE_URL is no address of a database") from error
		if parsed.get_backend_name() != "sqlite" or parsed.database in (None, "", ":memory:"):
			raise StoreUnavailable("DATABASE_URL must name a SQLite file: sqlite:////path/to/file.db")
		self._engine = sa.create_engine(
			parsed,
			poolclass=NullPool,
			# The errors' texts go to logs, and the parameters are the customers' messages.
			hide_parameters=True,
			isolation_level="AUTOCOMMIT",
			connect_args={"check_same_thread": False, "timeout": busy_timeout},
		)
		self._turn = FifoLock()
		self._turn_timeout = turn_timeout
		self._locked_at = 0.0
		"""When last a lock of another program outlasted our patience; on the monotonic clock."""
		self._own = _Own()
		self._writer: sa.Connection | None = None
		self._writer_durable = True
		self._idle_readers: deque[sa.Connection] = deque()
		self._closed = False

	def close(self) -> None:
		"""Also puts the write-ahead log into the file, since the last connection goes."""
		self._closed = True
		while self._idle_readers:
			_discard(self._idle_readers.pop())
		if self._writer is not None:
			_discard(self._writer)
			self._writer = None
		self._engine.dispose()

	@contextmanager
	def reading(self) -> Iterator[sa.Connection]:
		"""A connection to read with: in a transaction of this thread its own, which sees what it wrote."""
		if self._own.depth:
			with self._inside() as connection:
				yield connection
			return
		try:
			connection = self._idle_readers.pop()
		except IndexError:
			connection = self._connect()
		try:
			yield connection
		except DBAPIError as error:
			_discard(connection)
			raise _unavailable(error) from error
		except BaseException:
			_discard(connection)
			raise
		if self._closed:
			_discard(connection)
		else:
			self._idle_readers.append(connection)

	@contextmanager
	def writing(self, *, durable: bool = True) -> Iterator[sa.Connection]:
		"""All or nothing; joins the thread's transaction if there is one.

		Not `durable`: a power cut may take it back, though only together with all that was written later by the
		same kind. For what a restart sets right anyway.
		"""
		if self._own.depth:
			with self._inside() as connection:
				yield connection
			return
		with self._transaction(durable) as connection:
			yield connection

	@contextmanager
	def atomic(self) -> Iterator[None]:
		"""All or nothing; inside another such block it takes back only its own part."""
		with self._savepoint() if self._own.depth else self._transaction(durable=True):
			yield

	def exclusive(self) -> AbstractContextManager[sa.Connection]:
		"""For changes of the schema."""
		return self._transaction(durable=True)

	@property
	def in_transaction(self) -> bool:
		return self._own.depth > 0

	# ---- transactions

	@contextmanager
	def _transaction(self, durable: bool) -> Iterator[sa.Connection]:
		asked = time.monotonic()
		if not self._turn.acquire(self._turn_timeout):
			raise StoreUnavailable("The database is busy", detail="waited too long for other writers")
		try:
			if self._locked_at > asked:
				# Whoever was before us waited for the same lock in vain, and we with him: no second wait.
				raise StoreUnavailable(_LOCKED, detail="others have waited for it already")
			connection = self._begin(durable)
			self._own.depth, self._own.failed = 1, False
			try:
				yield connection
				if self._own.failed:
					raise StoreUnavailable("The database refused an earlier part of the same work")
				connection.exec_driver_sql("COMMIT")
			except DBAPIError as error:
				self._roll_back()
				raise _unavailable(error) from error
			except BaseException:
				self._roll_back()
				raise
			finally:
				self._own.depth = 0
		finally:
			self._turn.release()

	@contextmanager
	def _inside(self) -> Iterator[sa.Connection]:
		"""The connection of the transaction that this thread is in."""
		if self._own.failed or self._writer is None:
			raise StoreUnavailable("The database refused an earlier part of the same work")
		try:
			yield self._writer
		except DBAPIError as error:
			self._own.failed = True
			raise _unavailable(error) from error

	@contextmanager
	def _savepoint(self) -> Iterator[sa.Connection]:
		name = f"inner_{self._own.depth}"
		with self._inside() as connection:
			connection.exec_driver_sql(f"SAVEPOINT {name}")
			self._own.depth += 1
			try:
				yield connection
			except BaseException:
				if not self._own.failed:
					connection.exec_driver_sql(f"ROLLBACK TO {name}")
					connection.exec_driver_sql(f"RELEASE {name}")
				raise
			else:
				if not self._own.failed:
					connection.exec_driver_sql(f"RELEASE {name}")
			finally:
				self._own.depth -= 1

	def _begin(self, durable: bool) -> sa.Connection:
		if self._closed:
			raise StoreUnavailable("The database is closed")
		if self._writer is None:
			self._writer, self._writer_durable = self._connect(), True
		try:
			if durable is not self._writer_durable:
				self._writer.exec_driver_sql(f"PRAGMA synchronous={'FULL' if durable else 'NORMAL'}")
				self._writer_durable = durable
			self._writer.exec_driver_sql("BEGIN IMMEDIATE")
		except DBAPIError as error:
			self._drop_writer()
			failure = _unavailable(error)
			if failure.reason == _LOCKED:
				self._locked_at = time.monotonic()
			raise failure from error
		return self._writer

	def _roll_back(self) -> None:
		"""Leave the writer without a transaction; if it cannot be had that way, take a new one next time."""
		if self._writer is None:
			return
		try:
			raw: Any = self._writer.connection.dbapi_connection
			if raw.in_transaction:
				self._writer.exec_driver_sql("ROLLBACK")
		except (SQLAlchemyError, sqlite3.Error):
			self._drop_writer()

	def _drop_writer(self) -> None:
		if self._writer is not None:
			_discard(self._writer)
			self._writer = None

	def _connect(self) -> sa.Connection:
		connection = None
		try:
			connection = self._engine.connect()
			for pragma in (*_CONNECTION_PRAGMAS, *_FILE_PRAGMAS):
				connection.exec_driver_sql(pragma)
		except DBAPIError as error:
			if connection is not None:
				_discard(connection)
			raise _unavailable(error) from error
		return connection


def _discard(connection: sa.Connection) -> None:
	with suppress(SQLAlchemyError, sqlite3.Error):
		connection.close()


def _unavailable(error: DBAPIError) -> StoreUnavailable:
	"""What went wrong, in a sentence; the driver's words for the operator, without the statement's values."""
	words = str(error.orig)
	lowered = words.lower()
	for sign, sentence in _SENTENCES:
		if sign in lowered:
			return StoreUnavailable(sentence, detail=words)
	return StoreUnavailable("The database refused the work", detail=words)
