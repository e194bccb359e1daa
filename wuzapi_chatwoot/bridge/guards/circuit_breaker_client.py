"""Stands before a gateway or Chatwoot client and asks the destination's breaker before every call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from wuzapi_chatwoot.bridge.guards.callers import Caller, caller
from wuzapi_chatwoot.bridge.guards.circuit_breaker import Breakers, Try
from wuzapi_chatwoot.bridge.model.errors import Blame, BridgeError, Deferred, Fault, Retriable, Uncertain
from wuzapi_chatwoot.bridge.ports.chatwoot import Post
from wuzapi_chatwoot.bridge.ports.host import Clock

# A message goes on without these: what becomes of them neither stops a message nor speaks for its destination.
_MAY_BE_LEFT_OUT = frozenset(
	{
		*("mark_read", "show_typing", "saved_name", "avatar", "group_name", "own_address", "check"),
		"add_attributes",
	}
)
# What has a breaker of its own. Files come from elsewhere: WhatsApp's and Chatwoot's storage may fail while messages pass,
# and pass while they fail. What webhooks missed is read by the clock, and answers at the start wait for it. Who a group's
# administrators are is asked of WhatsApp, which may not tell of one group; a deletion goes on without.
_ASIDE = {
	"download": "files",
	"fetch_attachment": "files",
	"active_conversations": "fetching",
	"messages_after": "fetching",
	"is_group_admin": "administrators",
}
# Chatwoot may be unable to store files and take messages all the same: so has what bears files.
_UPLOADS = "uploads"
# They change nothing, and what follows depends on them: one that fails is repeated at once, so many times. That they
# are answered says little: a Chatwoot that cannot write may still read.
_READS = frozenset({"find_post", "find_contacts", "find_taken_contact", "latest_conversation"})
_REPEATS = 2


class CircuitBreakerClient:
	"""A client's stand-in: same methods, but a call to a destination known to be down raises `Deferred`.

	`on_recovery` is called with the destination when a call has closed an open breaker.
	"""

	def __init__(
		self,
		client: Any,
		destination: str,
		breakers: Breakers,
		clock: Clock,
		on_recovery: Callable[[str], None] | None = None,
	) -> None:
		self._client = client
		self._destination = destination
		self._breakers = breakers
		self._clock = clock
		self._on_recovery = on_recovery

	def __getattr__(self, name: str) -> Any:
		method = getattr(self._client, name)
		if not callable(method):
			return method

		def guarded(*args: Any, **kwargs: Any) -> Any:
			return self._repeated(name, lambda: method(*args, **kwargs), _bears_files(args, kwargs))

		# Kept, so that the next call of the same method does not come here again.
		self.__dict__[name] = guarded
		return guarded

	def _repeated(self, name: str, call: Callable[[], Any], uploads: bool) -> Any:
		for _ in range(_REPEATS if name in _READS else 0):
			try:
				return self._call(name, call, uploads)
			except Retriable as error:
				# Not where nobody is answered, and not what has been waited for in vain.
				if error.fault is not Fault.UNWELL or error.blame is Blame.DESTINATION:
					raise
		return self._call(name, call, uploads)

	def _call(self, name: str, call: Callable[[], Any], uploads: bool) -> Any:
		made = self._begin(name, caller(), uploads)
		try:
			result = call()
		except (Retriable, Uncertain) as error:
			self._note_failure(made, error)
			raise
		except BridgeError:
			# It answered, only not what we hoped for.
			self._note_answer(made)
			raise
		except BaseException:
			# A fault of ours. Reported as a failure, since a probe that never reports would keep the breaker open.
			self._breakers.failed(made, self._clock.now(), Fault.UNWELL)
			raise
		if name not in _READS:
			self._note_answer(made)
		return result

	def _begin(self, name: str, asks: Caller, uploads: bool) -> Try:
		aside = _ASIDE.get(name, "own work" if asks.own or name in _MAY_BE_LEFT_OUT else "")
		aside = aside or (_UPLOADS if uploads else "")
		now = self._clock.now()
		# Its own work does not press a destination that messages wait for, and takes no probe from them.
		until = self._breakers.closed_until(self._destination, now) if aside == "own work" else None
		made = self._breakers.begin(self._destination, asks, now, aside) if until is None else until
		if isinstance(made, Try):
			return made
		raise Deferred(f"{self._destination} is down; waiting before the next try", made)

	def _note_answer(self, made: Try) -> None:
		if self._breakers.succeeded(made) and self._on_recovery is not None and not made.aside:
			self._on_recovery(self._destination)

	def _note_failure(self, made: Try, error: Retriable | Uncertain) -> None:
		if error.fault is Fault.REQUEST:
			self._note_answer(made)
			return
		limited = isinstance(error, Retriable) and error.rate_limited
		pause = error.retry_after if isinstance(error, Retriable) else None
		now = self._clock.now()
		error.blame = self._breakers.failed(made, now, error.fault, pause=pause, at_once=limited)


def _bears_files(args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
	return any(isinstance(each, Post) and each.files for each in (*args, *kwargs.values()))
