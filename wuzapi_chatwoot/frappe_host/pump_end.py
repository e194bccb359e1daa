"""When a pump has to end: its life is over, or its worker is asked to stop (by a signal, or the job's own process by
one to its group).
"""

from __future__ import annotations

import contextlib
import signal
import threading
import time
from collections.abc import Iterator

from redis.exceptions import RedisError
from rq import get_current_job


class End:
	"""`life` is in seconds. Made in the job's main thread."""

	def __init__(self, life: float) -> None:
		self._ends = time.monotonic() + life
		self._asked = threading.Event()
		self._job = get_current_job()

	@property
	def near(self) -> bool:
		return self._asked.is_set() or time.monotonic() >= self._ends

	def wait(self, seconds: float) -> bool:
		"""At most so long; is the end near?"""
		self._asked.wait(min(seconds, max(self._ends - time.monotonic(), 0.0)))
		return self.near

	def ask(self) -> None:
		self._asked.set()

	def look(self) -> None:
		"""RQ lets a job go on when its worker is asked to stop, and tells of it in Redis only."""
		if self._job is None or not self._job.worker_name:
			return
		with contextlib.suppress(RedisError):
			if self._job.connection.hexists(f"rq:worker:{self._job.worker_name}", "shutdown_requested_date"):
				self.ask()

	@contextlib.contextmanager
	def on_signal(self) -> Iterator[None]:
		"""RQ would let SIGTERM kill the job in the midst of a call."""
		if threading.current_thread() is not threading.main_thread():
			yield
			return
		before = signal.signal(signal.SIGTERM, lambda *_: self.ask())
		try:
			yield
		finally:
			signal.signal(signal.SIGTERM, before)
