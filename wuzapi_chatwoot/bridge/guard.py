"""Stands before a gateway or Chatwoot client and asks the destination's breaker before every call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .breaker import Breakers
from .errors import BridgeError, Deferred, Fault, Retriable, Uncertain
from .ports import Clock


class Guard:
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
			return self._call(method, args, kwargs)

		# Kept, so that the next call of the same method does not come here again.
		self.__dict__[name] = guarded
		return guarded

	def _call(self, method: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
		until = self._breakers.may_try(self._destination, self._clock.now())
		if until is not None:
			raise Deferred(f"{self._destination} is down; waiting before the next try", until)
		try:
			result = method(*args, **kwargs)
		except (Retriable, Uncertain) as error:
			self._note_failure(error)
			raise
		except BridgeError:
			# It answered, only not what we hoped for.
			self._note_answer()
			raise
		except BaseException:
			# A fault of ours. Reported as a failure, since a probe that never reports would keep the breaker open.
			self._breakers.failed(self._destination, self._clock.now())
			raise
		self._note_answer()
		return result

	def _note_answer(self) -> None:
		if self._breakers.succeeded(self._destination) and self._on_recovery is not None:
			self._on_recovery(self._destination)

	def _note_failure(self, error: Retriable | Uncertain) -> None:
		if error.fault is Fault.REQUEST:
			self._note_answer()
			return
		limited = isinstance(error, Retriable) and error.rate_limited
		pause = error.retry_after if isinstance(error, Retriable) else None
		self._breakers.failed(self._destination, self._clock.now(), pause=pause, at_once=limited)
