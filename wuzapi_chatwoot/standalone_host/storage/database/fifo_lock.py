"""A lock that serves in the order of asking. `threading.Lock` lets the luckiest in, and some writers starve."""

from __future__ import annotations

import threading
from collections import deque


class FifoLock:
	"""Not re-entrant. Held by whoever `acquire` answered with true."""

	def __init__(self) -> None:
		self._mutex = threading.Lock()
		self._waiting: deque[threading.Lock] = deque()
		self._held = False

	def acquire(self, timeout: float) -> bool:
		"""Wait for the turn, `timeout` seconds at the longest; false if it did not come."""
		with self._mutex:
			if not self._held:
				self._held = True
				return True
			turn = threading.Lock()
			turn.acquire()
			self._waiting.append(turn)
		try:
			came = turn.acquire(timeout=timeout)
		except BaseException:
			if self._too_late_to_leave(turn):
				self.release()
			raise
		return came or self._too_late_to_leave(turn)

	def release(self) -> None:
		with self._mutex:
			if self._waiting:
				self._waiting.popleft().release()
			else:
				self._held = False

	@property
	def waiting(self) -> int:
		"""How many wait for their turn."""
		with self._mutex:
			return len(self._waiting)

	def _too_late_to_leave(self, turn: threading.Lock) -> bool:
		"""Stop waiting; true if the turn came in that very moment."""
		with self._mutex:
			if turn in self._waiting:
				self._waiting.remove(turn)
				return False
		return True
