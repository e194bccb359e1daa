"""One round through the sessions, of the watchdog or of fetching: hands them in turn to threads, each with a database
connection of its own, until all have been visited or the end is near. What is left has its turn in the next round,
before all others.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import islice

import frappe

from wuzapi_chatwoot.bridge.guards.concurrency_limits import AT_ONCE
from wuzapi_chatwoot.bridge.model.records import Session
from wuzapi_chatwoot.frappe_host.threads.shutdown import End
from wuzapi_chatwoot.frappe_host.threads.site_connection import connect_again, notice, site_connection

# Seconds.
_LOOK_EVERY = 1.0


class SessionPool:
	def __init__(
		self,
		site: str,
		end: End,
		visit: Callable[[str], object],
		turns: Callable[[Iterable[Session], Iterable[Session]], Iterator[Session]],
	) -> None:
		"""`visit` gets a session's name. `turns`: one of `bridge.turns`."""
		self._site = site
		self._end = end
		self._visit = visit
		self._turns = turns
		self._handed_out: queue.SimpleQueue[Session | None] = queue.SimpleQueue()
		self._threads: list[threading.Thread] = []
		self._changed = threading.Condition()
		"""Guards `_running`; notified when a thread gets free."""
		self._running: dict[str, Session] = {}

	def run(self, sessions: Iterable[Session]) -> None:
		waiting = {session.name: session for session in sessions}
		looked_for_end = time.monotonic()
		# A migration would wait for what has been read.
		frappe.db.commit()  # nosemgrep - a job
		try:
			while waiting and not self._end.near:
				self._hand_out(waiting)
				if time.monotonic() - looked_for_end >= _LOOK_EVERY:
					self._end.look()
					looked_for_end = time.monotonic()
		finally:
			for _ in self._threads:
				self._handed_out.put(None)
			for thread in self._threads:
				thread.join()

	def _hand_out(self, waiting: dict[str, Session]) -> None:
		"""Give those whose turn it is to free threads, and wait a little until more may be."""
		with self._changed:
			turns = self._turns(waiting.values(), self._running.values())
			for session in list(islice(turns, AT_ONCE - len(self._running))):
				del waiting[session.name]
				self._running[session.name] = session
				if len(self._running) > len(self._threads):
					thread = threading.Thread(
						target=self._work, name=f"round-{len(self._threads)}", daemon=True
					)
					self._threads.append(thread)
					thread.start()
				self._handed_out.put(session)
			if waiting:
				self._changed.wait(_LOOK_EVERY)

	def _work(self) -> None:
		with site_connection(self._site):
			for session in iter(self._handed_out.get, None):
				try:
					self._visit(session.name)
					# The thread may wait long for the next one.
					frappe.db.commit()  # nosemgrep - a job
				except Exception as fault:  # noqa: BLE001 - recorded; the others have their turn all the same
					notice(
						"a fault in a session's turn",
						session=session.name,
						error=type(fault).__name__,
					)
					connect_again()
				finally:
					with self._changed:
						del self._running[session.name]
						self._changed.notify_all()
