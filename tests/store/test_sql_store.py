"""The SQLite store passes the contract."""

from __future__ import annotations

import tempfile
import unittest
from pathlib import Path
from typing import cast

from wuzapi_chatwoot.bridge.ports import Store
from wuzapi_chatwoot.bridge.records import Session
from wuzapi_chatwoot.standalone_host.store import SqlStore
from wuzapi_chatwoot.testkit.clock import START
from wuzapi_chatwoot.testkit.store_contract import StoreContract


class TestSqlStore(StoreContract, unittest.TestCase):
	def new_store(self) -> Store:
		folder = tempfile.TemporaryDirectory()
		self.addCleanup(folder.cleanup)
		store = SqlStore.open(f"sqlite:///{Path(folder.name) / 'bridge.sqlite'}")
		self.addCleanup(store.close)
		return store

	def give_inbox(self, store: Store, session: Session) -> None:
		cast(SqlStore, store).settle_in_inbox(session, START)
