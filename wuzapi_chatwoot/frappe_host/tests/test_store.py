"""The store on DocTypes passes the contract of every store. Run by bench, on a real site."""

from __future__ import annotations

import unittest
from collections.abc import Iterator
from contextlib import contextmanager

import frappe

from wuzapi_chatwoot.bridge.model.records import Session
from wuzapi_chatwoot.bridge.ports.store import Store
from wuzapi_chatwoot.frappe_host.store import FrappeStore
from wuzapi_chatwoot.frappe_host.threads.site_connection import as_machine
from wuzapi_chatwoot.testkit.contracts.store_contract import StoreContract
from wuzapi_chatwoot.testkit.twins.clock import START

_TABLES = (
	"Event",
	"Event Attempt",
	"Lane",
	"Contact",
	"Contact Address",
	"Conversation",
	"Message",
	"Session Change",
)


# Those that the contract speaks of.
_SESSIONS = ("main", "other")


class TestFrappeStore(StoreContract, unittest.TestCase):
	"""As in a job: each outermost block is committed."""

	def new_store(self) -> Store:
		as_machine()
		_empty()
		self.site = frappe.local.site
		for name in _SESSIONS:
			frappe.db.sql(
				"INSERT INTO `tabWuzAPI Session` (name, session_name, enabled) VALUES (%s, %s, 1)",
				(name, name),
			)
		frappe.db.commit()  # nosemgrep - other connections must see them
		return FrappeStore(commits=True)

	def give_inbox(self, store: Store, session: Session) -> None:
		frappe.db.sql(
			"UPDATE `tabWuzAPI Session` SET chatwoot_url = %s, account_id = %s, inbox_id = %s WHERE name = %s",
			(session.chatwoot_url, session.account_id, session.inbox_id, session.name),
		)
		store.forget_chatwoot(session.name, START)
		frappe.db.commit()  # nosemgrep - as the request does that saves it

	@contextmanager
	def another_worker(self) -> Iterator[Store]:
		frappe.init(site=self.site)
		frappe.connect()
		as_machine()
		try:
			yield FrappeStore(commits=True)
		finally:
			frappe.destroy()

	def tearDown(self) -> None:
		_empty()


def _empty() -> None:
	frappe.db.rollback()
	for table in _TABLES:
		frappe.db.sql(f"DELETE FROM `tabWuzAPI {table}`")  # noqa: S608 - constants only
	frappe.db.sql("DELETE FROM `tabWuzAPI Session` WHERE name IN %s", (_SESSIONS,))
	frappe.db.commit()  # nosemgrep - tests clean up what the store has committed
