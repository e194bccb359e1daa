"""Puts the parts of the store together."""

from __future__ import annotations

from contextlib import AbstractContextManager

from wuzapi_chatwoot.frappe_host.store.connection import Connection
from wuzapi_chatwoot.frappe_host.store.contacts import FrappeContacts
from wuzapi_chatwoot.frappe_host.store.conversations import FrappeConversations
from wuzapi_chatwoot.frappe_host.store.events import FrappeEvents
from wuzapi_chatwoot.frappe_host.store.lanes import FrappeLanes
from wuzapi_chatwoot.frappe_host.store.merge import FrappeMerge
from wuzapi_chatwoot.frappe_host.store.messages import FrappeMessages
from wuzapi_chatwoot.frappe_host.store.sessions import FrappeSessions


class FrappeStore(
	FrappeEvents,
	FrappeLanes,
	FrappeContacts,
	FrappeConversations,
	FrappeMerge,
	FrappeMessages,
	FrappeSessions,
):
	"""Implements `Store`. One per request or job. `commits` only in jobs: see `connection`."""

	def __init__(self, *, commits: bool = False) -> None:
		super().__init__(Connection(commits=commits))

	def end_reading(self) -> None:
		"""Not part of the port: to be called before a call to somebody outside."""
		self._connection.end_reading()

	def atomic(self) -> AbstractContextManager[None]:
		return self._connection.atomic()
