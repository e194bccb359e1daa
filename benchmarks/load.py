"""The load generator: ready-made requests over keep-alive connections, as bare asyncio protocols.

Two ways to send. `flood`: a fixed number of connections, each sending its next request as soon as the last one is
answered; tells the highest rate. `steady`: by a timetable, whether or not earlier ones have been answered, and each
latency counts from the time on the timetable, so that waiting in a queue is not hidden.
"""

from __future__ import annotations

import asyncio
import gc
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

# Servers close idle connections after some seconds; those idle for this long are not used any more.
_IDLE_SECONDS = 2.0
_MOST_CONNECTIONS = 1000
# How long the last answers are waited for.
_PATIENCE = 60.0


class LoadFailed(Exception):
	"""Something was not answered, or not with 200: the figures would mean nothing."""


@dataclass
class Outcome:
	"""What was sent and how it was answered. Times in seconds, `perf_counter`'s."""

	began: float = 0.0
	ended: float = 0.0
	statuses: Counter[int] = field(default_factory=Counter)
	latencies: list[float] = field(default_factory=list)
	times: list[float] = field(default_factory=list)
	"""When each was answered, in order."""
	lateness: list[float] = field(default_factory=list)
	"""How much later than on the timetable each was written: what the generator itself adds."""

	@property
	def answered(self) -> int:
		return sum(self.statuses.values())

	@property
	def rate(self) -> float:
		"""Answers a second."""
		return self.answered / max(self.ended - self.began, 1e-9)

	@property
	def middle_rate(self) -> float:
		"""The same of the middle 80 %: without the start, and without the end that not all connections reach."""
		first, last = len(self.times) // 10, len(self.times) * 9 // 10
		return (last - first) / max(self.times[last] - self.times[first], 1e-9)

	def add(self, status: int, due: float) -> None:
		"""Note an answer that comes now."""
		self.ended = time.perf_counter()
		self.statuses[status] += 1
		self.times.append(self.ended)
		self.latencies.append(self.ended - due)


def flood(url: str, requests: Iterable[bytes], connections: int, seconds: float | None = None) -> Outcome:
	"""Send as fast as is answered; no new ones after `seconds`."""
	with _undisturbed():
		return asyncio.run(_flood(url, iter(requests), connections, seconds))


def steady(url: str, requests: Sequence[bytes], rate: float) -> Outcome:
	"""Send `rate` a second."""
	with _undisturbed():
		return asyncio.run(_steady(url, requests, rate))


class _Connection(asyncio.Protocol):
	"""One request at a time; `answered` is told the status, 0 if the connection broke instead."""

	def __init__(self) -> None:
		self.transport: asyncio.Transport | None = None
		self.idle_since = 0.0
		self._buffer = b""
		self._answered: Callable[[_Connection, int], None] | None = None

	@property
	def usable(self) -> bool:
		return self.transport is not None and not self.transport.is_closing()

	def send(self, request: bytes, answered: Callable[[_Connection, int], None]) -> None:
		assert self.transport is not None
		self._answered = answered
		self.transport.write(request)

	def connection_made(self, transport: asyncio.BaseTransport) -> None:
		assert isinstance(transport, asyncio.Transport)
		self.transport = transport

	def data_received(self, data: bytes) -> None:
		self._buffer += data
		end = self._buffer.find(b"\r\n\r\n")
		if end < 0 or len(self._buffer) < end + 4 + _length(self._buffer[:end]):
			return
		status, self._buffer = int(self._buffer[9:12]), b""
		self._end(status)

	def connection_lost(self, error: Exception | None) -> None:
		self._end(0)

	def _end(self, status: int) -> None:
		answered, self._answered = self._answered, None
		if answered is not None:
			answered(self, status)


def _length(head: bytes) -> int:
	at = head.lower().find(b"\r\ncontent-length:")
	return int(head[at + 17 :].split(b"\r\n", 1)[0]) if at >= 0 else 0


async def _connect(url: str) -> _Connection:
	parts = urlsplit(url)
	loop = asyncio.get_running_loop()
	_, connection = await loop.create_connection(_Connection, parts.hostname, parts.port)
	return connection


async def _flood(url: str, requests: Iterator[bytes], connections: int, seconds: float | None) -> Outcome:
	outcome = Outcome()
	opened = [await _connect(url) for _ in range(connections)]
	finished = asyncio.Event()
	left = connections
	until = float("inf")
	sent_at: dict[_Connection, float] = {}

	def next_one(connection: _Connection) -> None:
		nonlocal left
		now = time.perf_counter()
		request = next(requests, None) if now < until and connection.usable else None
		if request is None:
			left -= 1
			if not left:
				finished.set()
			return
		sent_at[connection] = now
		connection.send(request, answered)

	def answered(connection: _Connection, status: int) -> None:
		outcome.add(status, sent_at[connection])
		next_one(connection)

	outcome.began = time.perf_counter()
	until = outcome.began + seconds if seconds is not None else until
	for connection in opened:
		next_one(connection)
	await finished.wait()
	_close(opened)
	return _checked(outcome)


async def _steady(url: str, requests: Sequence[bytes], rate: float) -> Outcome:
	outcome = Outcome()
	idle: list[_Connection] = []
	opened: list[_Connection] = []
	opening: set[asyncio.Task[None]] = set()
	all_answered = asyncio.Event()

	async def open_and_send(request: bytes, due: float) -> None:
		connection = await _connect(url)
		opened.append(connection)
		write(connection, request, due)

	def write(connection: _Connection, request: bytes, due: float) -> None:
		outcome.lateness.append(time.perf_counter() - due)

		def answered(connection: _Connection, status: int) -> None:
			outcome.add(status, due)
			connection.idle_since = outcome.ended
			idle.append(connection)
			if len(outcome.latencies) == len(requests):
				all_answered.set()

		connection.send(request, answered)

	def take() -> _Connection | None:
		while idle:
			connection = idle.pop()
			if connection.usable and time.perf_counter() - connection.idle_since < _IDLE_SECONDS:
				return connection
		return None

	def send(request: bytes, due: float) -> None:
		connection = take()
		if connection is not None:
			write(connection, request, due)
		elif len(opened) >= _MOST_CONNECTIONS:
			raise LoadFailed(f"{_MOST_CONNECTIONS} requests are unanswered; the bridge does not keep up")
		else:
			task = asyncio.ensure_future(open_and_send(request, due))
			opening.add(task)
			task.add_done_callback(opening.discard)

	outcome.began = time.perf_counter() + 0.1
	for number, request in enumerate(requests):
		due = outcome.began + number / rate
		while (pause := due - time.perf_counter()) > 0:
			await asyncio.sleep(pause)
		send(request, due)
		if not number % 20:
			await asyncio.sleep(0)
	try:
		await asyncio.wait_for(all_answered.wait(), _PATIENCE)
	except (TimeoutError, asyncio.TimeoutError) as error:
		raise LoadFailed(f"only {len(outcome.latencies)} of {len(requests)} were answered") from error
	_close(opened)
	return _checked(outcome)


def _close(connections: Iterable[_Connection]) -> None:
	for connection in connections:
		if connection.transport is not None:
			connection.transport.abort()


def _checked(outcome: Outcome) -> Outcome:
	if set(outcome.statuses) - {200}:
		raise LoadFailed(f"answers by status (0: none): {dict(outcome.statuses)}")
	return outcome


@contextmanager
def _undisturbed() -> Iterator[None]:
	"""No garbage collection while measuring: its pauses would count as the bridge's."""
	gc.collect()
	gc.disable()
	try:
		yield
	finally:
		gc.enable()
