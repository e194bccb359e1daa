"""A thread for what is worth showing at once or not at all: that somebody types. Keeps nothing; when busy, it drops."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable

from wuzapi_chatwoot.bridge.model.records import Source

# What waits longer than a few seconds is not true any more.
_MOST_WAITING = 50

Show = Callable[[str, Source, str], None]


class TypingRelay:
	"""`show` is called on the thread, with what `put` was given; what it raises is told to `on_fault`."""

	def __init__(self, show: Show, on_fault: Callable[[Exception], None]) -> None:
		self._show = show
		self._on_fault = on_fault
		self._waiting: queue.Queue[tuple[str, Source, str] | None] = queue.Queue(_MOST_WAITING)
		self._thread = threading.Thread(target=self._run, name="passing", daemon=True)

	def start(self) -> None:
		self._thread.start()

	def stop(self) -> None:
		"""What waits is dropped."""
		while not self._waiting.empty():
			try:
				self._waiting.get_nowait()
			except queue.Empty:
				break
		try:
			self._waiting.put_nowait(None)
		except queue.Full:
			return

	def put(self, session: str, source: Source, payload: str) -> None:
		try:
			self._waiting.put_nowait((session, source, payload))
		except queue.Full:
			return

	def _run(self) -> None:
		while (one := self._waiting.get()) is not None:
			try:
				self._show(*one)
			except Exception as error:  # noqa: BLE001 - one of many, and none is worth the thread
				self._on_fault(error)
