"""The four kinds of failure the engine knows. Connectors raise them; use cases decide by them.

BridgeError
├── Retriable    nothing happened on the other side, or it asked us to come back: try again later
│   ├── Deferred     it is known that nothing can come of it yet; waits as long as that takes
│   ├── TokenRefused the token, or its owner's rights, do not suffice: worth waiting for, as it can be mended
│   └── NotThereYet  told of before it can be had: comes within moments, or never
├── Uncertain    it may have happened (time-out, broken connection, 5xx on a create): look before trying again
├── Permanent    it never will: tell the person concerned
│   ├── NotFound     the thing we addressed is gone; the caller may recreate it
│   └── TooLarge     the files are more than the other side takes; the text may still go
├── Ignored      nothing to do, and why
├── DuplicateRow      a store's unique key is taken
└── StoreUnavailable  a store could not write
"""

from __future__ import annotations

from datetime import datetime
from enum import Enum


class Fault(str, Enum):
	"""Whom a failed call speaks against."""

	UNREACHABLE = "unreachable"
	"""The whole destination (refused, time-out, 502 to 504, 429, bad token): does not count as an attempt."""
	UNWELL = "unwell"
	"""Perhaps the destination, perhaps this request (a 500): counts, and feeds the breaker."""
	REQUEST = "request"
	"""Only this request or conversation: counts, the breaker is not told."""


class BridgeError(Exception):
	"""Base of all failures. `reason` is a short sentence for people: no secret, no message text.

	`detail` is what the other side answered, shortened, for the operator.
	"""

	def __init__(self, reason: str, *, detail: str = "") -> None:
		super().__init__(reason)
		self.reason = reason
		self.detail = detail

	def __str__(self) -> str:
		return f"{self.reason} ({self.detail})" if self.detail else self.reason


class Retriable(BridgeError):
	"""`retry_after` is in seconds, when the other side named a pause."""

	def __init__(
		self,
		reason: str,
		*,
		detail: str = "",
		fault: Fault = Fault.UNREACHABLE,
		retry_after: float | None = None,
		rate_limited: bool = False,
	) -> None:
		super().__init__(reason, detail=detail)
		self.fault = fault
		self.retry_after = retry_after
		self.rate_limited = rate_limited


class Deferred(Retriable):
	"""Nothing can come of it at the moment, and that is nobody's fault who waits (a breaker is open, the session is off,
	its inbox gone); `until` is when to come back."""

	def __init__(self, reason: str, until: datetime) -> None:
		super().__init__(reason)
		self.until = until


class TokenRefused(Retriable):
	pass


class NotThereYet(Retriable):
	pass


class Uncertain(BridgeError):
	"""The outcome is unknown."""

	def __init__(self, reason: str, *, detail: str = "", fault: Fault = Fault.UNREACHABLE) -> None:
		super().__init__(reason, detail=detail)
		self.fault = fault


class Permanent(BridgeError):
	pass


class NotFound(Permanent):
	pass


class TooLarge(Permanent):
	pass


class Ignored(BridgeError):
	pass


class DuplicateRow(BridgeError):
	"""Somebody wrote the row first; the caller reads it."""


class StoreUnavailable(BridgeError):
	"""Disk full, locked, connection lost. Nothing was stored."""
