"""Gives due lanes to a pool of threads. The store is the truth; a wake-up only saves waiting."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from ..bridge.errors import StoreUnavailable
from ..bridge.ports import Bridge
from ..bridge.usecases.work_lane import work_lane

# Without any wake-up the store is asked this often, in seconds.
_LONGEST_WAIT = 5.0
# A burst of wake-ups is answered together, in seconds.
_SHORTEST_WAIT = 0.01
# A store that cannot be written is tried again after this, in seconds.
_STORE_PAUSE = 0.5


class Dispatcher:
	"""Starts with `start`, ends with `stop`, which waits for the events being worked."""

	def __init__(self, bridge: Bridge, owner: str, workers: int) -> None:
		self._bridge = bridge
		self._owner = owner
		self._workers = workers
		self._pool = ThreadPoolExecutor(max_workers=workers, thread_name_prefix="lane")
		self._thread = threading.Thread(target=self._run, name="dispatcher", daemon=True)
		self._woken = threading.Event()
		self._stopping = threading.Event()
		self._lock = threading.Lock()
		self._running: set[str] = set()
		self._abandoned: set[str] = set()
		"""Lanes whose worker could not write; their lease is still ours."""

	def start(self) -> None:
		self._thread.start()

	def wake(self, lane: str) -> None:
		self._woken.set()

	def stop(self, patience: float) -> bool:
		"""Begin nothing more and wait, at most `patience` seconds; true when nothing is left half done."""
		self._stopping.set()
		self._woken.set()
		self._thread.join(patience)
		self._pool.shutdown(wait=False, cancel_futures=True)
		deadline = threading.Event()
		waited = 0.0
		while self.busy and waited < patience:
			deadline.wait(0.02)
			waited += 0.02
		return not self.busy

	@property
	def alive(self) -> bool:
		return self._thread.is_alive()

	@property
	def busy(self) -> int:
		with self._lock:
			return len(self._running)

	def _run(self) -> None:
		while not self._stopping.is_set():
			self._woken.clear()
			try:
				wait = self._hand_out()
			except StoreUnavailable as error:
				self._bridge.observer.notice("the store cannot be read", error=error.reason)
				wait = _STORE_PAUSE
			except Exception as fault:  # noqa: BLE001 - a dispatcher that dies would stop all lanes without a word
				self._bridge.observer.notice("a fault in the dispatcher", error=type(fault).__name__)
				wait = _STORE_PAUSE
			self._woken.wait(wait)
			if not self._stopping.is_set():
				self._stopping.wait(_SHORTEST_WAIT)

	def _hand_out(self) -> float:
		"""Give due lanes to free workers; how long to wait for the next, in seconds."""
		free = self._workers - self.busy
		if free <= 0:
			return _LONGEST_WAIT  # a worker that gets free wakes us
		now = self._bridge.clock.now()
		with self._lock:
			abandoned = list(self._abandoned)[:free]
			self._abandoned.difference_update(abandoned)
		for lane in [*abandoned, *self._bridge.store.due_lanes(now, free)]:
			self._submit(lane)
		due = self._bridge.store.next_due()
		if due is None:
			return _LONGEST_WAIT
		return min(max((due - now).total_seconds(), 0.0), _LONGEST_WAIT)

	def _submit(self, lane: str) -> None:
		with self._lock:
			if lane in self._running:
				return
			self._running.add(lane)
		try:
			self._pool.submit(self._work, lane)
		except RuntimeError:
			# The pool is being shut down; the lane stays due.
			with self._lock:
				self._running.discard(lane)

	def _work(self, lane: str) -> None:
		try:
			work_lane(self._bridge, lane, self._owner, lambda: not self._stopping.is_set())
		except StoreUnavailable as error:
			self._bridge.observer.notice(
				"the store cannot be written; the lane waits", lane=lane, error=error.reason
			)
			self._stopping.wait(_STORE_PAUSE)
			with self._lock:
				self._abandoned.add(lane)
		except Exception as fault:  # noqa: BLE001 - recorded; the lane's lease runs out and it is worked again
			self._bridge.observer.notice(
				"a fault while working a lane", lane=lane, error=type(fault).__name__
			)
		finally:
			with self._lock:
				self._running.discard(lane)
			self._woken.set()
