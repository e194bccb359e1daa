"""The SQLite store passes the contract."""

from __future__ import annotations

import tempfile
import unittest
from pathlib import Path
from typing import cast

from wuzapi_chatwoot.bridge.model.records import Session
from wuzapi_chatwoot.bridge.ports.store import Store
from wuzapi_chatwoot.standalone_host.storage.store import SqlStore
from wuzapi_chatwoot.testkit.contracts.store_contract import StoreContract
from wuzapi_chatwoot.testkit.twins.clock import START


class TestSqlStore(StoreContract, unittest.TestCase):
	def new_store(self) -> Store:
		folder = tempfile.TemporaryDirectory()
		self.addCleanup(folder.cleanup)
		store = SqlStore.open(f"sqlite:///{Path(folder.name) / 'bridge.sqlite'}")
		self.addCleanup(store.close)
		return store

	def give_inbox(self, store: Store, session: Session) -> None:
		cast(SqlStore, store).settle_in_inbox(session, START)
