"""What a host remembers of the connects of one session, in memory: a twin of `ConnectMemory`."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime

from wuzapi_chatwoot.testkit.twins.clock import FixedClock


@dataclass(slots=True)
class MemoryConnects:
	clock: FixedClock
	asked: datetime | None = None
	held: bool = False
	busy: bool = False
	"""Somebody else is at it."""

	def alone(self) -> AbstractContextManager[bool]:
		return nullcontext(not self.busy)

	def asked_at(self) -> datetime | None:
		return self.asked

	def note_asked(self) -> None:
		self.asked = self.clock.now()

	def is_held(self) -> bool:
		return self.held

	def release(self) -> None:
		self.held = False
