"""What is done by the clock: fetching what Chatwoot's webhooks did not bring, and trimming old events."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import timedelta

from ..bridge.errors import BridgeError
from ..bridge.ports import Bridge
from ..bridge.usecases.fetch_missed import fetch_missed
from ..bridge.usecases.sweep import sweep

# In seconds: between two trimmings, and before a failed fetch is tried again.
_SWEEP_EVERY = 3600.0
_FETCH_AGAIN = 15.0


class Housekeeping:
	"""One thread. `fetch_soon` asks for a fetch out of turn, as after an outage."""

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
		self._thread = threading.Thread(target=self._run, name="housekeeping", daemon=True)
		self._stopping = threading.Event()
		self._woken = threading.Event()
		self._asked: set[str] = set()
		"""Sessions to be fetched out of turn. Other threads add to it, which takes no lock."""
		self._caught_up: set[str] = set()
		self._fetch_at = dict.fromkeys(bridge.sessions(), now())
		self._sweep_at = now() + first_sweep

	def start(self) -> None:
		self._thread.start()

	def stop(self, patience: float) -> bool:
		"""Begin nothing more and wait, at most `patience` seconds; true when nothing goes on. May be repeated."""
		self._stopping.set()
		self._woken.set()
		if self._thread.ident is not None:
			self._thread.join(patience)
		return not self._thread.is_alive()

	@property
	def alive(self) -> bool:
		return self._thread.is_alive()

	def caught_up(self, session: str) -> bool:
		"""Has a fetch ended since the start? One that failed counts, and so does nobody being there to fetch."""
		return session in self._caught_up or not self.alive

	def sessions_changed(self) -> None:
		"""To be called after one has come, gone or changed."""
		self._woken.set()

	def fetch_soon(self, session: str) -> None:
		self._asked.add(session)
		self._woken.set()

	def _run(self) -> None:
		while True:
			# In this order: what wakes us from here on is seen by the next wait, and an end by the next line.
			self._woken.clear()
			if self._stopping.is_set():
				return
			self._follow_sessions()
			for session, due in list(self._fetch_at.items()):
				if (session in self._asked or due <= self._now()) and not self._stopping.is_set():
					self._fetch(session)
			if self._sweep_at <= self._now() and not self._stopping.is_set():
				self._sweep()
			self._woken.wait(max(min([*self._fetch_at.values(), self._sweep_at]) - self._now(), 0.0))

	def _follow_sessions(self) -> None:
		"""They come and go while we run; a new one is fetched at once."""
		sessions = self._bridge.sessions()
		self._fetch_at = {name: self._fetch_at.get(name, self._now()) for name in sessions}
		self._caught_up &= set(sessions)

	def _fetch(self, name: str) -> None:
		# Before the fetch: one that is asked for while this one is under way is a fetch of its own.
		self._asked.discard(name)
		pause = self._fetch_every
		session = self._bridge.sessions().get(name)
		if session is None:
			return
		try:
			found = fetch_missed(self._bridge, session)
			if found:
				self._bridge.observer.notice(
					"messages fetched that no webhook had brought", session=name, found=found
				)
		except BridgeError as error:
			pause = min(pause, _FETCH_AGAIN)
			self._bridge.observer.notice(
				"missed messages could not be fetched", session=name, error=error.reason
			)
		except Exception as fault:  # noqa: BLE001 - the thread must live on
			self._bridge.observer.notice("a fault while fetching", session=name, error=type(fault).__name__)
		self._caught_up.add(name)
		self._fetch_at[name] = self._now() + pause

	def _sweep(self) -> None:
		try:
			sweep(self._bridge, self._keep)
		except Exception as fault:  # noqa: BLE001 - tried again next time
			self._bridge.observer.notice("old events could not be trimmed", error=type(fault).__name__)
		self._sweep_at = self._now() + _SWEEP_EVERY
