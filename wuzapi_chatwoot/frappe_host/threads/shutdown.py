"""When a job that goes on and on has to end: its life is over, its worker is asked to stop (by a signal, or the job's
own process by one to its group), or somebody waits for another job.
"""

from __future__ import annotations

import contextlib
import signal
import threading
import time
from collections.abc import Iterator

from frappe.utils.background_jobs import generate_qname
from redis.exceptions import RedisError
from rq import Queue, get_current_job
from rq.job import Job

from wuzapi_chatwoot.frappe_host.task_state.enqueue import FOR_PEOPLE, QUEUE

# So many waiting jobs are looked through for one that somebody waits for: behind more, a pump's end helps nobody.
_NEXT_JOBS = 100


class End:
	"""Made in the job's main thread."""

	def __init__(self, life: float, longest: float = 0.0) -> None:
		"""In seconds. Until `longest`, if that is more, something else may be begun while the last calls are waited for."""
		self._ends = time.monotonic() + life
		self._over = time.monotonic() + max(life, longest)
		self._asked = threading.Event()
		self._job = get_current_job()
		self._queue = generate_qname(QUEUE)

	@property
	def near(self) -> bool:
		return self._asked.is_set() or time.monotonic() >= self._ends

	@property
	def over(self) -> bool:
		return time.monotonic() >= self._over

	def wait(self, seconds: float) -> bool:
		"""At most so long; is the end near?"""
		self._asked.wait(min(seconds, max(self._ends - time.monotonic(), 0.0)))
		return self.near

	def ask(self) -> None:
		self._asked.set()

	def look(self) -> None:
		"""In Redis, for what only Redis tells. To be called about once a second, and not before the job has done a bit:
		many who wait would starve it.
		"""
		if self._job is None or not self._job.worker_name:
			return
		with contextlib.suppress(RedisError):
			if self._is_stopped(self._job) or self._somebody_waits(self._job):
				self.ask()

	def _is_stopped(self, job: Job) -> bool:
		"""RQ lets a job go on when its worker is asked to stop."""
		return bool(job.connection.hexists(f"rq:worker:{job.worker_name}", "shutdown_requested_date"))

	def _somebody_waits(self, job: Job) -> bool:
		"""For a job that no worker has taken. What waits is asked of the queue itself: nothing can be out of step."""
		waiting = Queue(self._queue, connection=job.connection).get_job_ids(0, _NEXT_JOBS)
		# Whatever the site: those of a bench share its workers.
		return any(FOR_PEOPLE in id for id in waiting)

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
