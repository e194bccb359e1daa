"""What is done by the clock: fetching what Chatwoot's webhooks did not bring, and trimming old events."""

from __future__ import annotations

import threading
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

	def __init__(self, bridge: Bridge, fetch_every: float, keep: float, *, first_sweep: float = 60.0) -> None:
		"""All in seconds."""
		self._bridge = bridge
		self._fetch_every = fetch_every
		self._keep = timedelta(seconds=keep)
		self._thread = threading.Thread(target=self._run, name="housekeeping", daemon=True)
		self._stopping = threading.Event()
		self._woken = threading.Event()
		self._lock = threading.Lock()
		self._fetch_at = dict.fromkeys(bridge.sessions(), 0.0)
		"""Seconds from now, counted down, by session."""
		self._sweep_in = first_sweep

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

	def fetch_soon(self, session: str) -> None:
		with self._lock:
			self._fetch_at[session] = 0.0
		self._woken.set()

	def _run(self) -> None:
		while not self._stopping.is_set():
			started = self._bridge.clock.now()
			for session in self._due():
				if not self._stopping.is_set():
					self._fetch(session)
			if self._sweep_in <= 0 and not self._stopping.is_set():
				self._sweep()
			with self._lock:
				wait = max(min([*self._fetch_at.values(), self._sweep_in, 60.0]), 0.05)
			self._woken.wait(wait)
			self._woken.clear()
			self._pass_time((self._bridge.clock.now() - started).total_seconds())

	def _due(self) -> list[str]:
		with self._lock:
			return [name for name, left in self._fetch_at.items() if left <= 0]

	def _pass_time(self, seconds: float) -> None:
		if seconds <= 0:
			return  # a clock that was set back must not put everything off
		with self._lock:
			self._fetch_at = {name: left - seconds for name, left in self._fetch_at.items()}
			self._sweep_in -= seconds

	def _fetch(self, name: str) -> None:
		# Before the fetch, so that one asked for while this one is under way is not forgotten.
		with self._lock:
			self._fetch_at[name] = self._fetch_every
		try:
			found = fetch_missed(self._bridge, self._bridge.sessions()[name])
			if found:
				self._bridge.observer.notice(
					"messages fetched that no webhook had brought", session=name, found=found
				)
		except BridgeError as error:
			with self._lock:
				self._fetch_at[name] = min(self._fetch_at[name], _FETCH_AGAIN)
			self._bridge.observer.notice(
				"missed messages could not be fetched", session=name, error=error.reason
			)
		except Exception as fault:  # noqa: BLE001 - the thread must live on
			self._bridge.observer.notice("a fault while fetching", session=name, error=type(fault).__name__)

	def _sweep(self) -> None:
		self._sweep_in = _SWEEP_EVERY
		try:
			sweep(self._bridge, self._keep)
		except Exception as fault:  # noqa: BLE001 - tried again next time
			self._bridge.observer.notice("old events could not be trimmed", error=type(fault).__name__)
