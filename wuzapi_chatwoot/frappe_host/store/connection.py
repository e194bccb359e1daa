"""The site's database connection as the store uses it: statements, savepoints, and who commits.

A request never commits here: Frappe does at its end. A job commits after every unit of work, since what it did outside
cannot be rolled back, and since other workers must see it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from typing import Any, TypeVar, cast

import frappe

from wuzapi_chatwoot.bridge.model.errors import DuplicateRow, StoreUnavailable


class Connection:
	"""`commits`: leave each outermost block committed. For jobs only."""

	def __init__(self, *, commits: bool) -> None:
		self._commits = commits
		self._depth = 0

	@property
	def nested(self) -> bool:
		"""Inside `atomic`: a failure belongs to the outer block."""
		return self._depth > 0

	def rows(self, query: str, values: Sequence[object] | dict[str, object] = ()) -> list[Any]:
		try:
			return frappe.db.sql(query, values, as_dict=True)
		except Exception as error:
			raise _translated(error) from error

	def one(self, query: str, values: Sequence[object] | dict[str, object] = ()) -> Any:
		rows = self.rows(query, values)
		return rows[0] if rows else None

	def write(self, query: str, values: Sequence[object] | dict[str, object] = ()) -> int:
		"""How many rows were changed. To be called inside `atomic`."""
		try:
			frappe.db.sql(query, values)
		except Exception as error:
			raise _translated(error) from error
		return int(frappe.db._cursor.rowcount)

	def write_unique(self, query: str, values: Sequence[object], taken: str) -> int:
		"""As `write`; raises `DuplicateRow` with the sentence `taken` where a unique key refuses it."""
		try:
			return self.write(query, values)
		except Exception as error:
			if _code(error) == _DUPLICATE:
				raise DuplicateRow(taken) from error
			raise

	def end_reading(self) -> None:
		"""Before a call to somebody outside: no transaction may stay open that long, a migration would wait for it."""
		if self._commits and not self.nested:
			self._commit()

	def next_id(self, doctype: str) -> int:
		return int(frappe.db.get_next_sequence_val(doctype))

	@contextmanager
	def atomic(self) -> Iterator[None]:
		"""All or nothing."""
		self._depth += 1
		name = f"wuzapi_chatwoot_{self._depth}"
		outermost = self._depth == 1 and self._commits
		try:
			if not outermost:
				self._savepoint(frappe.db.savepoint, name)
			yield
		except BaseException:
			self._undo(name, outermost)
			raise
		else:
			if outermost:
				self._commit()
			else:
				self._savepoint(frappe.db.release_savepoint, name)
		finally:
			self._depth -= 1

	def _savepoint(self, act: Callable[[str], object], name: str) -> None:
		try:
			act(name)
		except Exception as error:
			raise _translated(error) from error

	def _undo(self, name: str, outermost: bool) -> None:
		try:
			if outermost:
				frappe.db.rollback()
			else:
				frappe.db.rollback(save_point=name)
		except Exception as error:
			# The connection is gone, and with it everything that was not committed.
			if not is_trouble(error) and _code(error) != _NO_SAVEPOINT:
				raise

	def _commit(self) -> None:
		try:
			# A unit of a job's work is done, and has had effects outside that no rollback takes back.
			frappe.db.commit()  # nosemgrep
		except Exception as error:
			raise _translated(error) from error


# Server gone or going, connection lost or killed, lock wait timeout, deadlock, disk full, read-only.
_TROUBLE = {1021, 1037, 1040, 1041, 1053, 1114, 1158, 1159, 1160, 1161, 1205, 1213, 1290, 1317, 1836, 1927}
_TROUBLE |= {2002, 2003, 2006, 2013, 2055}
# No such column, no such table: between the new code of an update and its migration.
_NOT_MIGRATED = {1054, 1146}
# A deadlock takes the whole transaction back, savepoints included; then there is none to go back to.
_NO_SAVEPOINT = 1305
_DUPLICATE = 1062
_TRIES = 5


def is_trouble(error: BaseException) -> bool:
	"""Trouble of the database, not of the statement."""
	code = _code(error)
	return code in _TROUBLE or code in _NOT_MIGRATED or type(error).__name__ == "InterfaceError"


@contextmanager
def store_trouble() -> Iterator[None]:
	"""Around what uses the site's database without the store: its trouble is the store's, and no message's."""
	try:
		yield
	except Exception as error:
		if not is_trouble(error):
			raise
		raise _translated(error) from error


def _code(error: BaseException) -> object:
	inner = error.args[0] if error.args else None
	# Frappe wraps some of the driver's errors in its own.
	return _code(inner) if isinstance(inner, BaseException) else inner


def _translated(error: Exception) -> Exception:
	if _code(error) in _NOT_MIGRATED:
		return StoreUnavailable(
			"The site's database has not been migrated to this release yet", detail=str(_code(error))
		)
	if is_trouble(error):
		return StoreUnavailable("The site's database cannot be used at the moment", detail=str(_code(error)))
	return error


Method = TypeVar("Method", bound=Callable[..., Any])


def tried_again(method: Method) -> Method:
	"""For methods of a store that are whole units: workers that meet in a deadlock try once more, which is harmless."""

	@wraps(method)
	def trying(self: Any, *args: Any, **kwargs: Any) -> Any:
		for left in reversed(range(_TRIES)):
			try:
				return method(self, *args, **kwargs)
			except StoreUnavailable as error:
				if not left or self._connection.nested or error.detail not in ("1213", "1205"):
					raise
		return None

	return cast(Method, trying)
