"""A breaker per destination: when a Chatwoot or a gateway fails whoever asks, one call at a time asks it, the others wait.

What fails for one lane alone never opens it, however often it fails: the destination is then told apart from the
message by what others get from it. An open one is probed by the lanes in turn: who has just failed stands behind.

Keeps its state in the memory of one process; losing it costs one round of failures, never a message. No clock:
times are passed in.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from wuzapi_chatwoot.bridge.guards.callers import Caller
from wuzapi_chatwoot.bridge.model.errors import Blame, Fault

# Who waits behind another for the probe gives way for this long, and asks this often while one is under way. In seconds.
_GIVES_WAY = 2.5
# A lane that has not failed yet may try in spite of an open breaker, one after the other at this distance, in seconds:
# of failures that may be the requests' own, only another request can tell.
_BETWEEN_TRIALS = 0.1
# Nobody has asked for so long since an open breaker might be probed: no message waits for the destination. In seconds.
_NOBODY_WAITS = 60.0
# Of how many events the last failed try is remembered; of older ones only the present try is judged.
_REMEMBERED = 5000


@dataclass(frozen=True, slots=True)
class Try:
	"""One call that may be made. To be reported by `succeeded` or `failed`; or not at all, if it only asked and was
	answered: whether messages are taken, the call after it tells. `release` ends what was not reported.
	"""

	destination: str
	caller: Caller
	aside: str
	"""What of the destination is called, if not the messages' part; that has a breaker of its own."""
	seen: int
	"""How far the destination's answers to others had got when it began."""


@dataclass(frozen=True, slots=True)
class BreakerState:
	"""A breaker as people see it. `until` is when the next try is allowed; `None` while one is under way."""

	destination: str
	open: bool
	until: datetime | None


@dataclass(slots=True)
class _Answers:
	"""The latest answers, numbered: enough to say which the latest to somebody else was."""

	count: int = 0
	last: tuple[str, int] = ("", 0)
	before: tuple[str, int] = ("", 0)
	"""To another lane than `last`."""

	def add(self, lane: str) -> None:
		self.count += 1
		if self.last[0] != lane:
			self.before = self.last
		self.last = (lane, self.count)

	def to_others(self, lane: str) -> int:
		return self.last[1] if self.last[0] != lane else self.before[1]


@dataclass(slots=True)
class _Destination:
	answers: _Answers = field(default_factory=_Answers)
	tried: dict[tuple[str, int], int] = field(default_factory=dict)
	"""How far the answers had got when an event's last failed try began."""
	failures: dict[str, int] = field(default_factory=dict)
	"""By lane, since the last answer; who failed last stands last."""
	beyond_doubt: bool = False
	"""Some of them speak against the destination whatever was asked."""
	openings: int = 0
	open_until: datetime | None = None
	probing: str | None = None
	trying: set[str] = field(default_factory=set)
	"""Lanes that may ask in spite of an open breaker, until they have reported."""
	waiting: dict[str, None] = field(default_factory=dict)
	next_trial: datetime | None = None
	trials: dict[str, datetime] = field(default_factory=dict)

	def close(self) -> None:
		self.failures.clear()
		self.waiting.clear()
		self.trials.clear()
		self.beyond_doubt, self.openings, self.open_until = False, 0, None
		self.probing, self.next_trial = None, None
		self.trying.clear()

	def goes_before(self, lane: str) -> bool:
		"""Does another lane that waits have the probe before this one?"""
		if lane not in self.failures:
			return False
		for other in self.waiting:
			if other != lane and other not in self.failures:
				return True
		return next((each for each in self.failures if each in self.waiting or each == lane), lane) != lane


@dataclass(slots=True)
class Breakers:
	"""All destinations of one process. Thread-safe. Pauses are in seconds."""

	threshold: int = 5
	"""Failures without an answer between them that open a breaker …"""
	lanes: int = 3
	"""… if they are of so many lanes at least."""
	first_pause: float = 1.0
	longest_pause: float = 15.0
	_destinations: dict[tuple[str, str], _Destination] = field(default_factory=dict)
	_lock: threading.Lock = field(default_factory=threading.Lock)

	def begin(self, destination: str, caller: Caller, now: datetime, aside: str = "") -> Try | datetime:
		"""A try, which must be reported. Or the time before which this caller must leave the destination alone."""
		with self._lock:
			state = self._destinations.setdefault((destination, aside), _Destination())
			until = self._until(state, caller.lane, now)
			if until is not None:
				state.waiting[caller.lane] = None
				return until
			return Try(destination, caller, aside, state.answers.to_others(caller.lane))

	def closed_until(self, destination: str, now: datetime) -> datetime | None:
		"""When work that may be left out can ask again, if the messages' part is known to be down."""
		with self._lock:
			state = self._destinations.get((destination, ""))
			if state is None or state.open_until is None:
				return None
			if now > state.open_until + timedelta(seconds=_NOBODY_WAITS):
				return None
			return max(state.open_until, now + timedelta(seconds=self.first_pause))

	def succeeded(self, made: Try) -> bool:
		"""Note that the destination answered; true when that closed an open breaker."""
		with self._lock:
			state = self._destinations.setdefault((made.destination, made.aside), _Destination())
			was_open = state.open_until is not None
			state.answers.add(made.caller.lane)
			state.close()
			return was_open

	def failed(
		self,
		made: Try,
		now: datetime,
		fault: Fault = Fault.UNREACHABLE,
		*,
		pause: float | None = None,
		at_once: bool = False,
	) -> Blame:
		"""Note a failure that may speak against the destination, and say whom it speaks against.

		`at_once` opens the breaker whatever the count (a rate limit); `pause` is what the destination asked for.
		"""
		with self._lock:
			state = self._destinations.setdefault((made.destination, made.aside), _Destination())
			lane, key = made.caller.lane, (made.caller.lane, made.caller.event)
			was_probe = state.probing == lane
			if was_probe:
				state.probing = None
			state.trying.discard(lane)
			earlier = state.tried.pop(key, None)
			state.tried[key] = made.seen
			while len(state.tried) > _REMEMBERED:
				del state.tried[next(iter(state.tried))]
			since = made.seen if earlier is None else min(made.seen, earlier)
			# Who is told for the first time to come more slowly has not been told so for himself alone.
			if state.answers.to_others(lane) > since and not (at_once and earlier is None):
				return Blame.EVENT
			state.failures[lane] = state.failures.pop(lane, 0) + 1
			state.beyond_doubt = state.beyond_doubt or fault is Fault.UNREACHABLE
			many = sum(state.failures.values()) >= self.threshold and len(state.failures) >= self.lanes
			if state.open_until is None and not many and not at_once:
				return Blame.UNKNOWN
			# Calls that had begun before the breaker opened do not push its end further away.
			if state.open_until is None or was_probe:
				wait = min(self.first_pause * 2**state.openings, self.longest_pause)
				state.openings = min(state.openings + 1, 30)
				state.open_until = now + timedelta(seconds=wait if pause is None else pause)
			return Blame.DESTINATION

	def release(self, lane: str) -> None:
		"""This lane makes no more calls for now: a probe that came to nothing is another's."""
		with self._lock:
			for state in self._destinations.values():
				if state.probing == lane:
					state.probing = None
				state.trying.discard(lane)

	def clock_was_set_back(self, now: datetime) -> None:
		"""Whoever is left alone until a time that lies far ahead now may be asked."""
		with self._lock:
			for state in self._destinations.values():
				if state.open_until is not None:
					state.open_until = min(state.open_until, now)
				state.next_trial = None
				state.trials.clear()

	def states(self) -> list[BreakerState]:
		with self._lock:
			return [
				BreakerState(
					name, state.open_until is not None, state.open_until if state.probing is None else None
				)
				for (name, aside), state in sorted(self._destinations.items())
				if not aside and (state.failures or state.open_until is not None)
			]

	def _until(self, state: _Destination, lane: str, now: datetime) -> datetime | None:
		if state.open_until is None or state.probing == lane or lane in state.trying:
			return None
		if now >= state.open_until and state.probing is None:
			gives_way = state.open_until + timedelta(seconds=_GIVES_WAY)
			if now < gives_way and state.goes_before(lane):
				return gives_way
			# Whoever waits asks again; who does not is not waited for.
			state.waiting.clear()
			state.probing = lane
			return None
		if not state.beyond_doubt and lane not in state.failures:
			return self._trial(state, lane, now)
		if state.probing is not None:
			return now + timedelta(seconds=_GIVES_WAY if state.openings > 1 else self.first_pause)
		behind = state.goes_before(lane)
		return state.open_until + timedelta(seconds=_GIVES_WAY if behind else 0.0)

	def _trial(self, state: _Destination, lane: str, now: datetime) -> datetime | None:
		"""When this lane, which has not failed yet, may find out whether it would; `None`: now."""
		turn = state.trials.get(lane) or max(state.next_trial or now, now)
		if turn > now:
			if lane not in state.trials:
				state.next_trial = turn + timedelta(seconds=_BETWEEN_TRIALS)
			state.trials[lane] = turn
			return turn
		if state.trials.pop(lane, None) is None:
			state.next_trial = now + timedelta(seconds=_BETWEEN_TRIALS)
		state.trying.add(lane)
		return None
