"""The four kinds of failure the engine knows. Connectors raise them; use cases decide by them.

BridgeError
├── Retriable    nothing happened on the other side, or it asked us to come back: try again later
│   ├── Deferred     it is known that nothing can come of it yet; waits as long as that takes
│   ├── TokenRefused the token, or its owner's rights, do not suffice: worth waiting for, as it can be mended
│   └── NotThereYet  told of before it can be had: comes within moments, or never
├── Uncertain    it may have happened (time-out, broken connection, 5xx on a create): look before trying again
├── Permanent    it never will: tell the person concerned
│   ├── NotFound     the thing we addressed is gone; the caller may recreate it
│   ├── TooLarge     the files are more than the other side takes; the text may still go
│   └── NewChatRefused   WhatsApp does not let the number begin this chat at the moment
├── Ignored      nothing to do, and why
├── DuplicateRow      a store's unique key is taken
└── StoreUnavailable  a store could not write
"""

from __future__ import annotations

from datetime import datetime
from enum import Enum


class Fault(str, Enum):
	"""Whom a failed call speaks against, by itself. What others get from the destination decides where it may be both
	(`Blame`)."""

	UNREACHABLE = "unreachable"
	"""The whole destination, beyond doubt (refused, 429, bad token, not paired): never counts as an attempt."""
	UNANSWERED = "unanswered"
	"""No answer of its own (time-out, reset, 502 to 504, a proxy's page): counts if others are answered meanwhile."""
	UNWELL = "unwell"
	"""An error of its own without a reason (a 500): counts unless it fails for everybody."""
	REQUEST = "request"
	"""Only this request or conversation: counts, and the destination is known to answer."""


class Blame(str, Enum):
	"""Whom a failed call speaks against, as far as the destination's answers to others tell."""

	UNKNOWN = "unknown"
	"""Nobody else has asked."""
	EVENT = "event"
	"""Others have been answered since this event was tried before."""
	DESTINATION = "destination"
	"""It fails for several, and has answered nobody since."""


class BridgeError(Exception):
	"""Base of all failures. `reason` is a short sentence for people: no secret, no message text.

	`detail` is what the other side answered, shortened, for the operator.
	"""

	blame: Blame = Blame.UNKNOWN
	"""Set by whoever keeps count of the destination's answers."""

	def __init__(self, reason: str, *, detail: str = "") -> None:
		super().__init__(reason)
		self.reason = reason
		self.detail = detail

	def __str__(self) -> str:
		return f"{self.reason} ({self.detail})" if self.detail else self.reason


class Retriable(BridgeError):
	"""`retry_after` is in seconds, when the other side named a pause. `tries`: more than so many help nothing."""

	def __init__(
		self,
		reason: str,
		*,
		detail: str = "",
		fault: Fault = Fault.UNREACHABLE,
		retry_after: float | None = None,
		rate_limited: bool = False,
		tries: int | None = None,
	) -> None:
		super().__init__(reason, detail=detail)
		self.fault = fault
		self.retry_after = retry_after
		self.rate_limited = rate_limited
		self.tries = tries


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

	def __init__(self, reason: str, *, detail: str = "", fault: Fault = Fault.UNANSWERED) -> None:
		super().__init__(reason, detail=detail)
		self.fault = fault


class Permanent(BridgeError):
	pass


class NotFound(Permanent):
	pass


class TooLarge(Permanent):
	pass


class NewChatRefused(Permanent):
	"""It has this for all chats that the number would begin, until WhatsApp lifts it."""


class Ignored(BridgeError):
	pass


class DuplicateRow(BridgeError):
	"""Somebody wrote the row first; the caller reads it."""


class StoreUnavailable(BridgeError):
	"""Disk full, locked, connection lost. Nothing was stored."""
