"""What is done by the clock: fetching what Chatwoot's webhooks did not bring, and trimming old events."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice

from wuzapi_chatwoot.bridge.context import Bridge
from wuzapi_chatwoot.bridge.guards.concurrency_limits import AT_ONCE, in_turn_at_chatwoot
from wuzapi_chatwoot.bridge.inbox.sweep import sweep
from wuzapi_chatwoot.bridge.model.errors import BridgeError
from wuzapi_chatwoot.bridge.model.records import Session
from wuzapi_chatwoot.bridge.worker.fetch_missed import fetch_missed

# In seconds: between two trimmings, and before a failed fetch is tried again.
_SWEEP_EVERY = 3600.0
_FETCH_AGAIN = 15.0


@dataclass(slots=True)
class _Known:
	"""What is known of one session. One that comes back after it was gone is another."""

	due: float
	session: Session
	running: bool = False
	asked: bool = False
	"""Since the last fetch began."""
	caught_up: bool = False


class Housekeeping:
	"""One thread, and a pool for the fetches: a Chatwoot that hangs delays its own sessions only. `fetch_soon` asks for a
	fetch out of turn, as after an outage.
	"""

	def __init__(
		self,
		bridge: Bridge,
		fetch_every: float,
		keep: float,
		*,
		first_sweep: float = 60.0,
		now: Callable[[], float] = time.monotonic,
	) -> None:
		"""All in seconds. `now` is no time of day: a clock that is set must not put everything off."""
		self._bridge = bridge
		self._fetch_every = fetch_every
		self._keep = timedelta(seconds=keep)
		self._now = now
		self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="fetch")
		self._thread = threading.Thread(target=self._run, name="housekeeping", daemon=True)
		self._stopping = threading.Event()
		self._woken = threading.Event()
		self._changed = threading.Condition()
		"""Guards what is known; notified when a fetch has ended."""
		self._known: dict[str, _Known] = {}
		self._running = 0
		"""Also fetches of sessions that are gone by now."""
		self._follow(bridge.sessions())
		self._sweep_at = now() + first_sweep

	def start(self) -> None:
		self._thread.start()

	def stop(self, patience: float) -> bool:
		"""Begin nothing more and wait, at most `patience` seconds; true when nothing goes on. May be repeated."""
		deadline = time.monotonic() + patience
		self._stopping.set()
		self._woken.set()
		if self._thread.ident is not None:
			self._thread.join(patience)
		self._pool.shutdown(wait=False)
		with self._changed:
			self._changed.wait_for(lambda: not self._running, max(deadline - time.monotonic(), 0.0))
		return not self.busy

	@property
	def alive(self) -> bool:
		return self._thread.is_alive()

	@property
	def busy(self) -> bool:
		"""Something goes on, be it the last fetch after the end."""
		with self._changed:
			return self.alive or self._running > 0

	def caught_up(self, session: str) -> bool:
		"""Has a fetch ended since the start? One that failed counts, and so does nobody being there to fetch."""
		with self._changed:
			known = self._known.get(session)
			return (known is not None and known.caught_up) or not self.alive

	def sessions_changed(self) -> None:
		"""To be called after one has come, gone or changed."""
		self._woken.set()

	def fetch_soon(self, session: str) -> None:
		with self._changed:
			known = self._known.get(session)
			if known is not None:
				known.asked = True
				known.due = min(known.due, self._now())
		self._woken.set()

	def _run(self) -> None:
		while True:
			# In this order: what wakes us from here on is seen by the next wait, and an end by the next line.
			self._woken.clear()
			if self._stopping.is_set():
				return
			with self._changed:
				self._follow(self._bridge.sessions())
				next_fetch = self._hand_out()
			if self._sweep_at <= self._now() and not self._stopping.is_set():
				self._sweep()
			self._woken.wait(max(min(next_fetch, self._sweep_at) - self._now(), 0.0))

	def _follow(self, sessions: Mapping[str, Session]) -> None:
		"""They come and go while we run; a new one is fetched at once."""
		before, now = self._known, self._now()
		self._known = {name: before.get(name) or _Known(now, session) for name, session in sessions.items()}
		for name, known in self._known.items():
			known.session = sessions[name]

	def _hand_out(self) -> float:
		"""Begin the fetches whose turn it is, those first that have waited longest; when the next one is due.

		Those that have no room wait for one of their Chatwoot to end, which wakes us.
		"""
		now = self._now()
		running = [known.session for known in self._known.values() if known.running]
		idle = [known for known in self._known.values() if not known.running]
		waiting = sorted((each for each in idle if each.due <= now), key=lambda each: each.due)
		turns = in_turn_at_chatwoot((each.session for each in waiting), running)
		for session in list(islice(turns, max(AT_ONCE - self._running, 0))):
			self._submit(self._known[session.name])
		return min((each.due for each in idle if each.due > now), default=now + self._fetch_every)

	def _submit(self, known: _Known) -> None:
		# Before the fetch: one that is asked for while this one is under way is a fetch of its own.
		known.asked = False
		known.running = True
		self._running += 1
		try:
			self._pool.submit(self._work, known)
		except RuntimeError:
			# The pool is being shut down.
			known.running = False
			self._running -= 1

	def _work(self, known: _Known) -> None:
		fetched, pause = False, self._fetch_every
		try:
			if not self._stopping.is_set():
				pause = self._fetch(known.session)
				fetched = True
		finally:
			with self._changed:
				known.running = False
				known.caught_up |= fetched
				known.due = self._now() + (0.0 if known.asked else pause)
				self._running -= 1
				self._changed.notify_all()
			self._woken.set()

	def _fetch(self, session: Session) -> float:
		"""How long until the next one, in seconds."""
		try:
			found = fetch_missed(self._bridge, session)
			if found:
				self._bridge.observer.notice(
					"messages fetched that no webhook had brought", session=session.name, found=found
				)
		except BridgeError as error:
			self._bridge.observer.notice(
				"missed messages could not be fetched", session=session.name, error=error.reason
			)
			return min(self._fetch_every, _FETCH_AGAIN)
		except Exception as fault:  # noqa: BLE001 - the thread must live on
			self._bridge.observer.notice(
				"a fault while fetching", session=session.name, error=type(fault).__name__
			)
		return self._fetch_every

	def _sweep(self) -> None:
		try:
			sweep(self._bridge, self._keep)
		except Exception as fault:  # noqa: BLE001 - tried again next time
			self._bridge.observer.notice("old events could not be trimmed", error=type(fault).__name__)
		self._sweep_at = self._now() + _SWEEP_EVERY
