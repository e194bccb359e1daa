"""Who is asking: which event a call to a gateway or a Chatwoot is made for.

Goes along with the work, so that no call has to hand it on; what asks for nobody is work of the bridge's own.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Caller:
	"""`lane` names who waits for the answer; `event` which of its tries belong together."""

	lane: str
	event: int = 0
	own: bool = False
	"""The bridge itself: names, pictures, files that come late. No message waits for it."""


NOBODY = Caller("", own=True)
_calling: ContextVar[Caller] = ContextVar("calling", default=NOBODY)


def caller() -> Caller:
	return _calling.get()


@contextmanager
def calls_for(caller: Caller) -> Iterator[None]:
	"""What is called inside is asked for this one."""
	token = _calling.set(caller)
	try:
		yield
	finally:
		_calling.reset(token)
