"""One pump: hands due lanes to threads, each with a database connection of its own, until nothing is due.

It lives shorter than its job may, ends early when the worker is asked to, and outlives a lost database connection: a
lane whose end could not be written is taken up again by the same owner.
"""

from __future__ import annotations

import contextlib
import queue
import random
import threading
import time
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from wuzapi_chatwoot.bridge.context import Bridge
from wuzapi_chatwoot.bridge.guards.worker_shares import Destinations, WorkerShares
from wuzapi_chatwoot.bridge.model.errors import StoreUnavailable
from wuzapi_chatwoot.bridge.model.fair_scheduling import FairScheduling
from wuzapi_chatwoot.bridge.model.lanes import session_of
from wuzapi_chatwoot.bridge.worker.clock_watch import ClockWatch
from wuzapi_chatwoot.bridge.worker.work_lane import work_lane
from wuzapi_chatwoot.frappe_host.settings import sessions
from wuzapi_chatwoot.frappe_host.threads.shutdown import End
from wuzapi_chatwoot.frappe_host.threads.site_connection import connect_again, notice, site_connection
from wuzapi_chatwoot.frappe_host.wiring.bridge import bridge_of_site, bridge_of_thread
from wuzapi_chatwoot.runtime.lease_renewal import LeaseRenewal

# In seconds. New events are looked for every `_LOOK_EVERY`. A pump waits at most `_LINGER` for what is due within
# `_SOON`, and lets the queue's other jobs go first then; what is due later, the sweep finds.
_LOOK_EVERY = 0.1
_LINGER = 5.0
_SOON = timedelta(seconds=60)
_STORE_PAUSE = 0.5


class Pump:
	"""For one job. `threads`: how many lanes are worked side by side."""

	def __init__(self, site: str, end: End, threads: int) -> None:
		self._site = site
		self._end = end
		self._most = threads
		self._bridge = bridge_of_site(in_job=True)
		self._leases = LeaseRenewal(self._bridge.ids.new(), self._bridge.lease_seconds, time.monotonic())
		self._turns = FairScheduling()
		self._clock = ClockWatch()
		self._destinations = Destinations(sessions)
		self._threads: list[threading.Thread] = []
		self._handed_out: queue.SimpleQueue[str | None] = queue.SimpleQueue()
		self._last_work = time.monotonic()
		self._over = threading.Event()
		self._changed = threading.Condition()
		"""Guards the two sets; notified when a thread gets free."""
		self._running: set[str] = set()
		self._abandoned: set[str] = set()
		"""Lanes whose thread could not write; their lease is still ours."""

	def run(self) -> bool:
		"""Is there more to do soon?"""
		renewal = threading.Thread(target=self._live, name="signs-of-life", daemon=True)
		renewal.start()
		try:
			while not self._end.near and self._round():
				pass
			self._see_out()
		finally:
			for _ in self._threads:
				self._handed_out.put(None)
			for thread in self._threads:
				thread.join()
			self._over.set()
			renewal.join()
		return self._give_back()

	def _see_out(self) -> None:
		"""A call to a gateway that hangs is waited for, a minute and more: serve others meanwhile."""
		with self._changed:
			last = set(self._running)
		while not self._end.over:
			with self._changed:
				last &= self._running
			if not last or not self._round(last):
				return

	def _round(self, last: Collection[str] = ()) -> bool:
		"""Hand out what is due and wait a little; false: there is nothing to wait for. `last`: lanes at whose end we go;
		nobody is begun that calls whom they call.
		"""
		try:
			wait = self._hand_out(last)
			# A migration would wait for what we have read.
			store: Any = self._bridge.store
			store.end_reading()
		except StoreUnavailable as error:
			notice("the store cannot be read", error=str(error))
			self._reconnect()
			return not last
		except Exception as fault:  # noqa: BLE001 - the lanes wait; nothing may end the pump
			notice("a fault while handing out lanes", error=type(fault).__name__)
			self._reconnect()
			return not last
		if wait is None:
			return False
		with self._changed:
			self._changed.wait(wait)
		return True

	def _hand_out(self, last: Collection[str] = ()) -> float | None:
		"""Give due lanes to free threads; how long to wait for more, in seconds. `None`: this pump is done."""
		self._clock.look(self._bridge)
		with self._changed:
			busy, abandoned = set(self._running), sorted(self._abandoned)
		again = [] if last else abandoned[: self._most - len(busy)]
		shares = WorkerShares(self._most, [*busy, *again], self._destinations.called())
		now, akin = self._bridge.clock.now(), shares.akin(last)
		running = {*busy, *again}
		lanes = shares.take_due(lambda crowded: self._due(now, {*crowded, *akin}, running))
		for lane in [*again, *lanes]:
			self._give_to_thread(lane)
		if lanes or abandoned or busy:
			self._last_work = time.monotonic()
			return _LOOK_EVERY
		due = self._bridge.store.next_due()
		if due is None or due - now > _SOON or time.monotonic() - self._last_work > _LINGER:
			return None
		return min(max((due - now).total_seconds(), 0.01), _LOOK_EVERY)

	def _due(self, now: datetime, crowded: Collection[str], running: Collection[str]) -> list[str]:
		lanes = self._turns.due(self._bridge.store, now, 4 * self._most, crowded, running)
		# Several pumps see the same lanes: each begins with others.
		random.shuffle(lanes)
		return lanes

	def _give_to_thread(self, lane: str) -> None:
		with self._changed:
			self._abandoned.discard(lane)
			self._running.add(lane)
			all_busy = len(self._running) > len(self._threads)
		if all_busy:
			thread = threading.Thread(target=self._work, name=f"lane-{len(self._threads)}", daemon=True)
			self._threads.append(thread)
			thread.start()
		self._handed_out.put(lane)

	def _work(self) -> None:
		with site_connection(self._site):
			bridge = bridge_of_thread(self._bridge)
			for lane in iter(self._handed_out.get, None):
				self._work_lane(bridge, lane)

	def _work_lane(self, bridge: Bridge, lane: str) -> None:
		abandoned = False
		try:
			with self._leases.renewed(lane):
				work_lane(bridge, lane, self._leases.owner, lambda: not self._end.near)
		except StoreUnavailable as error:
			notice("the store cannot be written; the lane waits", lane=lane, error=str(error))
			abandoned = True
			self._reconnect()
		except Exception as fault:  # noqa: BLE001 - recorded; the lane's lease runs out and it is worked again
			notice("a fault while working a lane", lane=lane, error=type(fault).__name__)
			self._reconnect()
		finally:
			with self._changed:
				self._running.discard(lane)
				if abandoned:
					self._abandoned.add(lane)
				self._changed.notify_all()

	def _reconnect(self) -> None:
		"""Until it succeeds or the end is near."""
		self._end.wait(_STORE_PAUSE)
		while not connect_again() and not self._end.wait(_STORE_PAUSE):
			pass

	def _live(self) -> None:
		"""Signs of life, until the last thread is done: it may be in a call that takes longer than a lease."""
		with site_connection(self._site):
			bridge = bridge_of_thread(self._bridge)
			while not self._over.wait(1.0):
				self._end.look()
				try:
					self._leases.renew_if_due(bridge, time.monotonic())
				except StoreUnavailable:
					connect_again()

	def _give_back(self) -> bool:
		"""Leave what is abandoned to the next pump, if the database lets us say so; is there more to do soon?"""
		with contextlib.suppress(StoreUnavailable):
			store = self._bridge.store
			for lane in self._abandoned:
				session = self._bridge.sessions().get(session_of(lane))
				settle = timedelta(seconds=session.settle_seconds if session else 0.0)
				store.release_lane(lane, self._leases.owner, settle)
			due = store.next_due()
			return due is not None and due - self._bridge.clock.now() <= _SOON
		return True
