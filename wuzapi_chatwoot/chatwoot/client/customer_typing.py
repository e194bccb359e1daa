"""That the customer types, shown to agents through Chatwoot's public API. Best effort: nobody waits for it."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from urllib.parse import quote

import requests

from wuzapi_chatwoot.bridge.model.errors import NotFound, Permanent
from wuzapi_chatwoot.bridge.model.records import Session
from wuzapi_chatwoot.chatwoot.client.inbox_calls import InboxCalls
from wuzapi_chatwoot.chatwoot.client.public_calls import PublicCalls
from wuzapi_chatwoot.chatwoot.parse import fields

InboxKey = tuple[str, int, int]
"""Chatwoot's URL, account and inbox."""

_MOST_IDENTIFIERS = 1000


class InboxIdentifiers:
	"""Inboxes' identifiers for the public API, which never change unless an inbox is made anew. Thread-safe, bounded."""

	def __init__(self, most: int = _MOST_IDENTIFIERS) -> None:
		self._most = most
		self._known: OrderedDict[InboxKey, str] = OrderedDict()
		self._lock = Lock()

	def get(self, key: InboxKey) -> str | None:
		with self._lock:
			if key in self._known:
				self._known.move_to_end(key)
			return self._known.get(key)

	def keep(self, key: InboxKey, identifier: str) -> None:
		with self._lock:
			self._known[key] = identifier
			self._known.move_to_end(key)
			while len(self._known) > self._most:
				self._known.popitem(last=False)

	def __len__(self) -> int:
		return len(self._known)


_identifiers = InboxIdentifiers()


class TypingCalls(InboxCalls):
	"""`identifiers` is shared by all inboxes of the process unless another one is given."""

	def __init__(
		self, session: Session, http: requests.Session, identifiers: InboxIdentifiers | None = None
	) -> None:
		super().__init__(session, http)
		self._public = PublicCalls(http, self._url)
		self._identifiers = _identifiers if identifiers is None else identifiers
		self._key = (self._url, self._account_id, self._inbox_id)

	def show_typing(self, conversation_id: int, source_id: str, active: bool) -> None:
		"""Raises `NotFound` if that link has no such conversation."""
		known = self._identifiers.get(self._key)
		identifier = known or self._fetch_identifier()
		try:
			self._show_typing(identifier, conversation_id, source_id, active)
		except NotFound:
			# Perhaps the inbox was made anew since.
			fresh = self._fetch_identifier() if known else identifier
			if fresh == identifier:
				raise
			self._show_typing(fresh, conversation_id, source_id, active)

	def _show_typing(self, identifier: str, conversation_id: int, source_id: str, active: bool) -> None:
		path = (
			f"inboxes/{_segment(identifier)}/contacts/{_segment(source_id)}"
			f"/conversations/{conversation_id}/toggle_typing"
		)
		self._public.post(path, {"typing_status": "on" if active else "off"})

	def _fetch_identifier(self) -> str:
		inbox = fields.mapping(self._calls.get(f"inboxes/{self._inbox_id}"))
		identifier = fields.text(inbox.get("inbox_identifier"))
		if identifier is None:
			raise Permanent("the inbox has no identifier for Chatwoot's public API")
		self._identifiers.keep(self._key, identifier)
		return identifier


def _segment(value: str) -> str:
	"""A piece of a path. Chatwoot's routes take no dot inside one, and every address of WhatsApp has some."""
	return quote(value, safe="").replace(".", "%2E")
