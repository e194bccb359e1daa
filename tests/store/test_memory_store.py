"""The in-memory store passes the contract, so that use cases may be tested on it."""

from __future__ import annotations

import unittest
from typing import cast

from wuzapi_chatwoot.bridge.model.records import Session
from wuzapi_chatwoot.bridge.ports.store import Store
from wuzapi_chatwoot.testkit.contracts.store_contract import StoreContract
from wuzapi_chatwoot.testkit.twins.clock import START
from wuzapi_chatwoot.testkit.twins.memory.store import MemoryStore


class TestMemoryStore(StoreContract, unittest.TestCase):
	def new_store(self) -> Store:
		return MemoryStore()

	def give_inbox(self, store: Store, session: Session) -> None:
		cast(MemoryStore, store).settle_in_inbox(session, START)
