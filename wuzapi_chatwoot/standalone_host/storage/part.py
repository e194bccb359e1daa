"""What the parts of the store have in common: the database."""

from __future__ import annotations

from wuzapi_chatwoot.standalone_host.storage.database.sqlite_database import SqliteDatabase


class StorePart:
	def __init__(self, database: SqliteDatabase) -> None:
		self._database = database
