"""The standalone host's `Store`: one SQLite file. Puts the parts together; each duty has a file of its own."""

from __future__ import annotations

from contextlib import AbstractContextManager

from wuzapi_chatwoot.standalone_host.storage.contacts import SqlContacts
from wuzapi_chatwoot.standalone_host.storage.conversations import (
	SqlConversations,
	settle_chatwoot_conversations,
)
from wuzapi_chatwoot.standalone_host.storage.database.schema import bring_up_to_date
from wuzapi_chatwoot.standalone_host.storage.database.sqlite_database import SqliteDatabase
from wuzapi_chatwoot.standalone_host.storage.database.tables import METADATA
from wuzapi_chatwoot.standalone_host.storage.events import SqlEvents
from wuzapi_chatwoot.standalone_host.storage.lanes import SqlLanes
from wuzapi_chatwoot.standalone_host.storage.merge import SqlMerge
from wuzapi_chatwoot.standalone_host.storage.messages import SqlMessages
from wuzapi_chatwoot.standalone_host.storage.sessions import SqlSessions

# Tells this program's files from other SQLite files; "WzCw".
_APPLICATION_ID = 0x577A4377
_KEY_OF_CHATWOOT_CONVERSATION = "tabWuzAPI Conversation.chatwoot_conversation_key"


class SqlStore(SqlEvents, SqlLanes, SqlContacts, SqlConversations, SqlMerge, SqlMessages, SqlSessions):
	"""Implements `Store`. One per process, for all its threads; to be closed when none uses it any more."""

	def __init__(self, database: SqliteDatabase) -> None:
		super().__init__(database)
		with database.exclusive() as connection:
			self.schema_changes = bring_up_to_date(connection, METADATA)
			if _KEY_OF_CHATWOOT_CONVERSATION in self.schema_changes:
				settle_chatwoot_conversations(connection)
			connection.exec_driver_sql(f"PRAGMA application_id={_APPLICATION_ID}")

	@classmethod
	def open(cls, database_url: str) -> SqlStore:
		"""Create the file if need be, and bring its tables up to date."""
		database = SqliteDatabase(database_url)
		try:
			return cls(database)
		except BaseException:
			database.close()
			raise

	def atomic(self) -> AbstractContextManager[None]:
		return self._database.atomic()

	def check_writable(self) -> None:
		with self._database.writing() as connection:
			# The value that is there already, but written, so that a full or read-only disk shows.
			connection.exec_driver_sql(f"PRAGMA application_id={_APPLICATION_ID}")

	def close(self) -> None:
		self._database.close()
