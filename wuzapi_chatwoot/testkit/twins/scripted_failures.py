"""Failures that tests order in advance from a fake, and the list of calls it got."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Call:
	"""One call as it came, failed ones included."""

	method: str
	arguments: dict[str, object]


@dataclass(frozen=True, slots=True)
class _Failure:
	error: Exception
	after_doing: bool


@dataclass(slots=True)
class ScriptedFailures:
	"""Base of the fakes."""

	calls: list[Call] = field(default_factory=list)
	_failures: dict[str, list[_Failure | None]] = field(default_factory=dict)
	_refusals: list[tuple[str, Callable[[Mapping[str, object]], Exception | None]]] = field(
		default_factory=list
	)

	def fail_next(
		self, method: str, error: Exception, *, after_doing: bool = False, times: int = 1, after: int = 0
	) -> None:
		"""Let the next calls of the method raise, after so many that do not.

		`after_doing`: it happens all the same (a lost answer).
		"""
		if not callable(getattr(self, method, None)):
			raise ValueError(f"{type(self).__name__} has no method {method}")
		plan = [None] * after + [_Failure(error, after_doing)] * times
		self._failures.setdefault(method, []).extend(plan)

	def refuse(self, method: str, refusal: Callable[[Mapping[str, object]], Exception | None]) -> None:
		"""Let every call of the method raise what the function makes of its arguments, if anything."""
		if not callable(getattr(self, method, None)):
			raise ValueError(f"{type(self).__name__} has no method {method}")
		self._refusals.append((method, refusal))

	def accept_all(self) -> None:
		"""Forget what `refuse` ordered."""
		self._refusals.clear()

	def calls_of(self, *methods: str) -> list[Call]:
		return [call for call in self.calls if call.method in methods]

	def count(self, *methods: str) -> int:
		"""How often these were called; without a name, how many calls there were at all."""
		return len(self.calls_of(*methods)) if methods else len(self.calls)

	@contextmanager
	def _called(self, method: str, **arguments: object) -> Iterator[None]:
		self.calls.append(Call(method, arguments))
		for refused, refusal in self._refusals:
			error = refusal(arguments) if refused == method else None
			if error is not None:
				raise error
		ordered = self._failures.get(method)
		failure = ordered.pop(0) if ordered else None
		if failure is not None and not failure.after_doing:
			raise failure.error
		yield
		if failure is not None:
			raise failure.error
