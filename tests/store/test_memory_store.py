"""The in-memory store passes the contract, so that use cases may be tested on it."""

from __future__ import annotations

import unittest
from typing import cast

from wuzapi_chatwoot.bridge.ports import Store
from wuzapi_chatwoot.bridge.records import Session
from wuzapi_chatwoot.testkit.clock import START
from wuzapi_chatwoot.testkit.memory_store import MemoryStore
from wuzapi_chatwoot.testkit.store_contract import StoreContract


class TestMemoryStore(StoreContract, unittest.TestCase):
	def new_store(self) -> Store:
		return MemoryStore()

	def give_inbox(self, store: Store, session: Session) -> None:
		cast(MemoryStore, store).settle_in_inbox(session, START)
