"""What the bridge needs from the host it runs in: clock, ids, files, and somebody to tell. Times are aware UTC."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from wuzapi_chatwoot.bridge.model.records import Direction, EventRow, Source


class Clock(Protocol):
	def now(self) -> datetime:
		"""Aware UTC."""


class Ids(Protocol):
	def new(self) -> str:
		"""A fresh unguessable id, for traces and lease owners."""


class Files(Protocol):
	"""Private files by key. Saving the same key again replaces the content."""

	def save(self, key: str, content: bytes) -> None: ...

	def read(self, key: str) -> bytes:
		"""Raises `NotFound`."""

	def delete(self, key: str) -> None:
		"""No error when it is gone already."""


class Observer(Protocol):
	"""Told what happens, for logs and metrics. Never raises (`log_lines.py`). Never gets message text or secrets."""

	def webhook(
		self, source: Source, session: str | None, status: int, reason: str, trace_id: str | None
	) -> None: ...

	def attempt(self, event: EventRow, outcome: str, seconds: float, error: str | None) -> None: ...

	def notice(self, what: str, /, **ids: object) -> None:
		"""Something an operator may want to know: a best-effort step failed, a breaker closed, …"""


def direction_of(source: Source) -> Direction:
	return Direction.IN if source in (Source.GATEWAY, Source.BRIDGE) else Direction.OUT
