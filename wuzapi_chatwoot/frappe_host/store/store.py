"""Puts the parts of the store together."""

from __future__ import annotations

from contextlib import AbstractContextManager

from .connection import Connection
from .contacts import FrappeContacts
from .conversations import FrappeConversations
from .events import FrappeEvents
from .lanes import FrappeLanes
from .merge import FrappeMerge
from .messages import FrappeMessages
from .sessions import FrappeSessions


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
