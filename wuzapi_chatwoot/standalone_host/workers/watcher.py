"""Looks at every session's connection about once a minute, some at a time. What a look does is `watch_session`'s."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime

from wuzapi_chatwoot.bridge.context import Bridge
from wuzapi_chatwoot.bridge.guards.concurrency_limits import AT_ONCE, in_turn
from wuzapi_chatwoot.bridge.model.errors import BridgeError
from wuzapi_chatwoot.bridge.model.records import Session
from wuzapi_chatwoot.bridge.sessions.watch_session import Watched

Look = Callable[[Session, Watched], Watched]

# An unsigned webhook is answered this soon, in seconds: whoever sends many of them shall not make us as busy.
_SOON = 5.0


@dataclass(slots=True)
class _Known:
	"""What is known of one session between two looks."""

	due: float
	watched: Watched = field(default_factory=Watched)
	running: bool = False
	unsigned: bool = False
	"""Told since the last look began; and so is `again`, that somebody has paired it or set it up."""
	again: bool = False
	hands: threading.Lock = field(default_factory=threading.Lock)
	"""Held while somebody acts at its gateway: two connects at once would cut each other off."""


class Watcher:
	"""One thread, and a pool for the looks. A session in `resting` is left alone."""

	def __init__(
		self,
		bridge: Bridge,
		look: Look,
		resting: Callable[[str], bool],
		every: float,
		*,
		now: Callable[[], float] = time.monotonic,
		chance: Callable[[], float] = random.random,
	) -> None:
		"""`every` in seconds; `chance` from 0 to 1, so that not all are looked at in the same moment."""
		self._bridge = bridge
		self._look = look
		self._resting = resting
		self._every = every
		self._now = now
		self._chance = chance
		self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="watch")
		self._thread = threading.Thread(target=self._run, name="watcher", daemon=True)
		self._stopping = threading.Event()
		self._woken = threading.Event()
		self._changing = threading.Condition()
		self._known: dict[str, _Known] = {}

	def start(self) -> None:
		self._thread.start()

	def stop(self, patience: float) -> bool:
		"""Begin nothing more and wait, at most `patience` seconds; true when no look goes on. May be repeated."""
		deadline = time.monotonic() + patience
		self._stopping.set()
		self._woken.set()
		if self._thread.ident is not None:
			self._thread.join(patience)
		# Nothing is cancelled: those that wait end by themselves as soon as their turn comes.
		self._pool.shutdown(wait=False)
		with self._changing:
			self._changing.wait_for(lambda: not self._running, max(deadline - time.monotonic(), 0.0))
		return not self.busy

	@property
	def alive(self) -> bool:
		return self._thread.is_alive()

	@property
	def busy(self) -> int:
		with self._changing:
			return self._running

	@contextmanager
	def hands_on(self, session: str, patience: float) -> Iterator[bool]:
		"""Around whatever connects or disconnects it. False: somebody else was at it for `patience` seconds."""
		hands = self._of(session).hands
		held = hands.acquire(timeout=patience)
		try:
			yield held
		finally:
			if held:
				hands.release()

	def sessions_changed(self) -> None:
		"""To be called after one has come, gone or changed."""
		self._woken.set()

	def unsigned(self, session: str) -> None:
		"""A webhook of its gateway came unsigned, though there is a key."""
		with self._changing:
			known = self._get(session)
			known.unsigned = True
			known.due = min(known.due, self._now() + _SOON)
		self._woken.set()

	def connect_asked(self, session: str) -> None:
		"""To be called with `hands_on`, before connecting it: it is given time until we would."""
		with self._changing:
			known = self._get(session)
			known.watched = Watched(alerted=known.watched.alerted, connect_asked_at=self._bridge.clock.now())

	def connect_asked_at(self, session: str) -> datetime | None:
		"""When it was last connected, by us or by somebody."""
		return self._of(session).watched.connect_asked_at

	def rests(self, session: str) -> bool:
		return self._resting(session)

	def look_soon(self, session: str) -> None:
		"""It has just been paired or set up: the settings are posted once more, and its state is noted."""
		with self._changing:
			known = self._get(session)
			known.again = True
			known.due = min(known.due, self._now())
		self._woken.set()

	# ---- inside

	@property
	def _running(self) -> int:
		return sum(known.running for known in self._known.values())

	def _of(self, session: str) -> _Known:
		with self._changing:
			return self._get(session)

	def _get(self, session: str) -> _Known:
		if session not in self._known:
			self._known[session] = _Known(self._now() + self._chance() * self._every)
		return self._known[session]

	def _run(self) -> None:
		while True:
			# In this order: what wakes us from here on is seen by the next wait, and an end by the next line.
			self._woken.clear()
			if self._stopping.is_set():
				return
			self._woken.wait(self._hand_out())

	def _hand_out(self) -> float:
		"""Begin the looks that are due; how long to wait for the next, in seconds."""
		sessions = self._bridge.sessions()
		now = self._now()
		next_due = now + self._every
		with self._changing:
			self._known = {
				name: known for name, known in self._known.items() if name in sessions or known.hands.locked()
			}
			running = [session for name, session in sessions.items() if self._get(name).running]
			waiting = [session for name, session in sessions.items() if not self._get(name).running]
			next_due = min([next_due, *(due for each in waiting if (due := self._get(each.name).due) > now)])
			# Those that have no room wait for one of their gateway to end, which wakes us.
			for session in in_turn((each for each in waiting if self._get(each.name).due <= now), running):
				self._submit(session, self._get(session.name))
		return max(next_due - now, 0.0)

	def _submit(self, session: Session, known: _Known) -> None:
		known.running = True
		try:
			self._pool.submit(self._work, session, known)
		except RuntimeError:
			# The pool is being shut down.
			known.running = False

	def _work(self, session: Session, known: _Known) -> None:
		try:
			if not self._stopping.is_set() and not self._resting(session.name):
				with known.hands:
					self._look_at(session, known)
		finally:
			with self._changing:
				known.running = False
				known.due = self._now() + self._pause(known)
				self._changing.notify_all()
			self._woken.set()

	def _pause(self, known: _Known) -> float:
		if known.again:
			return 0.0
		return _SOON if known.unsigned else self._every * (0.8 + 0.4 * self._chance())

	def _look_at(self, session: Session, known: _Known) -> None:
		with self._changing:
			before = replace(known.watched, unsigned=known.watched.unsigned or known.unsigned)
			if known.again:
				before = replace(before, posted_at=None)
			known.unsigned = known.again = False
		try:
			known.watched = self._look(session, before)
		except BridgeError as error:
			self._bridge.observer.notice(
				"a session could not be looked at", session=session.name, error=error.reason
			)
		except Exception as fault:  # noqa: BLE001 - the others must be looked at, and this one again
			self._bridge.observer.notice(
				"a fault while watching", session=session.name, error=type(fault).__name__
			)
