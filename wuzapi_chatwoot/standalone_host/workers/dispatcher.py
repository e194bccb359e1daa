"""Gives due lanes to a pool of threads. The store is the truth; a wake-up only saves waiting."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

from wuzapi_chatwoot.bridge.context import Bridge
from wuzapi_chatwoot.bridge.guards.worker_shares import Destinations, WorkerShares
from wuzapi_chatwoot.bridge.model.errors import StoreUnavailable
from wuzapi_chatwoot.bridge.model.fair_scheduling import FairScheduling
from wuzapi_chatwoot.bridge.worker.clock_watch import ClockWatch
from wuzapi_chatwoot.bridge.worker.work_lane import work_lane
from wuzapi_chatwoot.runtime.lease_renewal import LeaseRenewal

# Without any wake-up the store is asked this often, in seconds.
_LONGEST_WAIT = 5.0
# A burst of wake-ups is answered together, in seconds.
_SHORTEST_WAIT = 0.01
# A store that cannot be written is tried again after this, in seconds.
_STORE_PAUSE = 0.5
# And so often while lanes of a gateway that hangs are due and get no worker, in seconds.
_CROWDED_WAIT = 0.05


class Dispatcher:
	"""Starts with `start`, ends with `stop`, which waits for the events being worked. Times are in seconds."""

	def __init__(
		self,
		bridge: Bridge,
		owner: str,
		workers: int,
		*,
		longest_wait: float = _LONGEST_WAIT,
		store_pause: float = _STORE_PAUSE,
	) -> None:
		self._bridge = bridge
		self._leases = LeaseRenewal(owner, bridge.lease_seconds, time.monotonic())
		self._turns = FairScheduling()
		self._clock = ClockWatch()
		self._workers = workers
		self._longest_wait = longest_wait
		self._store_pause = store_pause
		self._pool = ThreadPoolExecutor(max_workers=workers, thread_name_prefix="lane")
		self._thread = threading.Thread(target=self._run, name="dispatcher", daemon=True)
		self._renewal = threading.Thread(target=self._renew, name="leases", daemon=True)
		self._woken = threading.Event()
		self._stopping = threading.Event()
		self._over = threading.Event()
		self._destinations = Destinations(bridge.sessions)
		self._changed = threading.Condition()
		"""Guards the two sets; notified when a worker gets free."""
		self._running: set[str] = set()
		self._abandoned: set[str] = set()
		"""Lanes whose worker could not write; their lease is still ours."""

	def start(self) -> None:
		self._thread.start()
		self._renewal.start()

	def wake(self, lane: str) -> None:
		self._woken.set()

	def stop(self, patience: float) -> bool:
		"""Begin nothing more and wait, at most `patience` seconds; true when nothing is left half done."""
		deadline = time.monotonic() + patience
		self._stopping.set()
		self._woken.set()
		if self._thread.ident is not None:
			self._thread.join(patience)
		self._pool.shutdown(wait=False)
		with self._changed:
			idle = self._changed.wait_for(lambda: not self._running, max(deadline - time.monotonic(), 0.0))
		self._over.set()
		if self._renewal.ident is not None:
			self._renewal.join(max(deadline - time.monotonic(), 0.0))
		return idle and self.ended

	@property
	def alive(self) -> bool:
		"""All of it: without one thread nothing starts, without the other leases run out under the work."""
		return self._thread.is_alive() and self._renewal.is_alive()

	@property
	def ended(self) -> bool:
		return not (self._thread.is_alive() or self._renewal.is_alive())

	@property
	def busy(self) -> int:
		with self._changed:
			return len(self._running)

	def _run(self) -> None:
		while True:
			# In this order: what wakes us from here on is seen by the next wait, and an end by the next line.
			self._woken.clear()
			if self._stopping.is_set():
				return
			try:
				wait = self._hand_out()
			except StoreUnavailable as error:
				self._bridge.observer.notice("the store cannot be read", error=error.reason)
				wait = self._store_pause
			except Exception as fault:  # noqa: BLE001 - a dispatcher that dies would stop all lanes without a word
				self._bridge.observer.notice("a fault in the dispatcher", error=type(fault).__name__)
				wait = self._store_pause
			self._woken.wait(wait)
			self._stopping.wait(_SHORTEST_WAIT)

	def _renew(self) -> None:
		"""Of lanes in a call that takes longer than a lease."""
		while not self._over.wait(self._leases.pause):
			try:
				self._leases.renew_if_due(self._bridge, time.monotonic())
			except Exception as fault:  # noqa: BLE001 - tried again; the lanes are not handed out twice meanwhile
				self._bridge.observer.notice("leases could not be renewed", error=type(fault).__name__)

	def _hand_out(self) -> float:
		"""Give due lanes to free workers; how long to wait for the next, in seconds."""
		self._clock.look(self._bridge)
		with self._changed:
			running = set(self._running)
		shares = WorkerShares(self._workers, running, self._destinations.called())
		if shares.free <= 0:
			return self._longest_wait  # a worker that gets free wakes us
		now, most = self._bridge.clock.now(), shares.free
		store = self._bridge.store
		lanes = shares.take_due(lambda crowded: self._turns.due(store, now, most, crowded, running))
		# Taken off the list only when nothing more can fail before they are handed out.
		with self._changed:
			abandoned = list(self._abandoned)[: self._workers - len(self._running)]
			self._abandoned.difference_update(abandoned)
		for lane in [*abandoned, *lanes]:
			self._submit(lane)
		# What is at work now says by its end when it is due again.
		due = store.next_due({*running, *abandoned, *lanes})
		if due is None:
			return self._longest_wait
		shortest = _CROWDED_WAIT if shares.crowded else 0.0
		return min(max((due - now).total_seconds(), shortest), self._longest_wait)

	def _submit(self, lane: str) -> None:
		with self._changed:
			if lane in self._running:
				return
			self._running.add(lane)
		try:
			self._pool.submit(self._work, lane)
		except RuntimeError:
			# The pool is being shut down; the lane stays due.
			self._leave(lane, abandoned=False)

	def _work(self, lane: str) -> None:
		abandoned = False
		try:
			if not self._stopping.is_set():
				with self._leases.renewed(lane):
					work_lane(self._bridge, lane, self._leases.owner, lambda: not self._stopping.is_set())
		except StoreUnavailable as error:
			self._bridge.observer.notice(
				"the store cannot be written; the lane waits", lane=lane, error=error.reason
			)
			self._stopping.wait(self._store_pause)
			abandoned = True
		except Exception as fault:  # noqa: BLE001 - recorded; the lane's lease runs out and it is worked again
			self._bridge.observer.notice(
				"a fault while working a lane", lane=lane, error=type(fault).__name__
			)
		finally:
			self._leave(lane, abandoned=abandoned)

	def _leave(self, lane: str, *, abandoned: bool) -> None:
		"""One step: a lane that is taken up again while it still counts as running would be forgotten."""
		with self._changed:
			self._running.discard(lane)
			if abandoned:
				self._abandoned.add(lane)
			self._changed.notify_all()
		self._woken.set()
