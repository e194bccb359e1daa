"""Nothing is written of one inbox into a session that has got another meanwhile: ids of the old one would be taken for the
new one's, and an answer would reach whoever has that number there. Pure; the store says which inbox it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, cast

from wuzapi_chatwoot.bridge.context import Bridge
from wuzapi_chatwoot.bridge.model.errors import Fault, Retriable
from wuzapi_chatwoot.bridge.model.records import Session
from wuzapi_chatwoot.bridge.ports.store import Store


class InboxChanged(Retriable):
	"""What was begun for one inbox is not written for another."""

	def __init__(self) -> None:
		super().__init__("the session has got another inbox meanwhile", fault=Fault.REQUEST)


def refuse_changed_inbox(store: Store, session: Session) -> None:
	"""To be called inside `atomic`, before what is written there."""
	if not store.keeps_inbox(session):
		raise InboxChanged


def inbox_fence(bridge: Bridge, session: Session) -> Bridge:
	"""The bridge for work on `session` as it is now: what is written inside `atomic` is written for its inbox or not at all."""
	return replace(bridge, store=cast(Store, _InOneInbox(bridge.store, session)))


class _InOneInbox:
	"""A store's stand-in."""

	def __init__(self, store: Store, session: Session) -> None:
		self._store = store
		self._session = session

	def __getattr__(self, name: str) -> Any:
		return getattr(self._store, name)

	@contextmanager
	def atomic(self) -> Iterator[None]:
		with self._store.atomic():
			refuse_changed_inbox(self._store, self._session)
			yield
