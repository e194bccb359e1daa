"""What the webhooks of both sides have in common: each on its own task, late or repeated when switched so."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable

from wuzapi_chatwoot.sandbox.switches import SwitchBoard

# Both real senders would open any number of connections. A few hundred at once are more than a bridge on two
# cores can answer, and enough to hit it hard.
MOST_AT_ONCE = 200
_CANCELLED_AGAIN = 0.1
"""Seconds."""


class Deliveries:
	"""Starts one task for each delivery and holds them to a common limit."""

	def __init__(self, board: SwitchBoard, chance: random.Random) -> None:
		self._board = board
		self._chance = chance
		self._tasks: set[asyncio.Task[None]] = set()
		self.slots = asyncio.Semaphore(MOST_AT_ONCE)

	def start(self, delivery: Callable[[], Awaitable[None]]) -> None:
		"""Run a delivery on its own task, as often and as late as the switches say."""
		switches = self._board.now
		window = switches.shuffle_window_ms / 1000
		for _ in range(max(1, switches.duplicate_webhooks)):
			pause = self._chance.uniform(0, window) if window else 0.0
			self._spawn(_later(pause, delivery))

	def later(self, pause: float, action: Callable[[], Awaitable[None]]) -> None:
		"""Run something once after a pause."""
		self._spawn(_later(pause, action))

	async def stop(self) -> None:
		"""Give up everything that is under way."""
		while tasks := [task for task in self._tasks if not task.done()]:
			for task in tasks:
				task.cancel()
			# Not once: `asyncio.wait_for` may swallow a cancellation, and the delivery would go on to its next try.
			await asyncio.wait(tasks, timeout=_CANCELLED_AGAIN)

	def _spawn(self, work: Awaitable[None]) -> None:
		task = asyncio.ensure_future(work)
		self._tasks.add(task)
		task.add_done_callback(self._tasks.discard)


async def _later(pause: float, action: Callable[[], Awaitable[None]]) -> None:
	if pause:
		await asyncio.sleep(pause)
	await action()
