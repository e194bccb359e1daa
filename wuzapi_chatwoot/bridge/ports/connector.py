"""How one sender's webhooks are verified and read: the port that each connector implements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from wuzapi_chatwoot.bridge.model.events import Event
from wuzapi_chatwoot.bridge.model.records import Secret, Source

Body = bytes | memoryview
"""Bytes in memory or, of a large body, in a file that is mapped into memory."""


@dataclass(frozen=True, slots=True)
class WebhookRequest:
	"""One POST as it arrived. Header names in lower case; `query` holds the first value of each key."""

	body: Body
	headers: Mapping[str, str]
	query: Mapping[str, str] = field(default_factory=dict)
	session: str | None = None
	"""From the URL's path."""


@dataclass(frozen=True, slots=True)
class Reading:
	"""A webhook's body, read."""

	event: Event
	kind: str
	"""The sender's word, for people and logs."""
	payload: str
	"""JSON text from which `Connector.parse` gives the same event again. Without the media."""
	key: str
	"""What makes this event the same as one told before. Readable; stores keep a digest."""
	media: bytes | None = None
	instance: tuple[str, ...] = ()
	"""The ids by which the payload says whose it is."""
	token: str = ""
	"""The sender's own token, if the payload bears it (old releases of WuzAPI). Unlike an id, nobody else knows it."""


class Malformed(Exception):
	"""The body is not what this sender sends. The text says in one sentence what is wrong with it."""


class Connector(Protocol):
	"""How one sender's webhooks are proved and read. Stateless."""

	source: Source

	def signed(self, request: WebhookRequest) -> bool:
		"""Does the request bear a signature at all?"""

	def verify(self, request: WebhookRequest, secrets: Sequence[Secret], now: datetime) -> bool:
		"""Is it signed with one of these, over these very bytes, and (where time is signed) lately?"""

	def read(self, request: WebhookRequest) -> Reading:
		"""Raises `Malformed`."""

	def parse(self, payload: str) -> Event: ...
