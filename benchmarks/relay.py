"""Sends messages through the bridge and follows them to their destination: what several sections have in common."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from .load import Outcome, flood
from .world import World

# Connections of the sender: as many as keep the bridge busy, few enough not to be a flood of their own.
CONNECTIONS = 16
_EVERY = 0.25


@dataclass
class Progress:
	"""How many had arrived when: (`perf_counter` seconds, number) pairs."""

	points: list[tuple[float, int]] = field(default_factory=list)

	def rate(self, low: float = 0.1, high: float = 0.9) -> float:
		"""Arrivals a second between these shares of all: without the start and without the tail."""
		total = self.points[-1][1]
		inside = [point for point in self.points if low * total <= point[1] <= high * total]
		if len(inside) < 2:
			inside = self.points
		(began, first), (ended, last) = inside[0], inside[-1]
		return (last - first) / max(ended - began, 1e-9)


@dataclass
class Relayed:
	"""One load and what became of it."""

	messages: int
	sent: Outcome
	seconds: float
	"""From the first request until the last arrival was seen."""
	progress: Progress
	bridge_cpu: float
	sandbox_cpu: float
	"""Processor seconds used meanwhile, echoes and all."""

	@property
	def bridge_share(self) -> str:
		return f"{100 * self.bridge_cpu / self.seconds:.0f} %"

	@property
	def sandbox_share(self) -> str:
		return f"{100 * self.sandbox_cpu / self.seconds:.0f} %"


def warm_up(world: World, people: int) -> None:
	"""First contact of everybody: afterwards the world is in its steady state."""
	before = world.in_chatwoot()
	flood(world.bridge_url, world.webhooks.texts(people, people), CONNECTIONS)
	world.wait_for(world.in_chatwoot, before + people)
	world.settle()


def flood_and_follow(world: World, people: int, messages: int) -> Relayed:
	"""Customers' messages as fast as the bridge acknowledges them, until all are in Chatwoot."""
	texts = list(world.webhooks.texts(people, messages))
	return follow(world, world.in_chatwoot, messages, lambda: flood(world.bridge_url, texts, CONNECTIONS))


def follow(world: World, count: Callable[[], int], messages: int, send: Callable[[], Outcome]) -> Relayed:
	"""Send, and watch `count` until all messages have arrived."""
	bridge, sandbox = world.busy()
	before = count()
	with watched(count, before) as progress:
		sent = send()
		world.wait_for(count, before + messages, every=0.05)
		ended = time.perf_counter()
		progress.points.append((ended, messages))
	bridge_after, sandbox_after = world.busy()
	return Relayed(
		messages, sent, ended - sent.began, progress, bridge_after - bridge, sandbox_after - sandbox
	)


@contextmanager
def watched(count: Callable[[], int], before: int) -> Iterator[Progress]:
	"""Note every quarter of a second how far `count` is."""
	progress = Progress()
	over = threading.Event()

	def watch() -> None:
		while not over.wait(_EVERY):
			progress.points.append((time.perf_counter(), count() - before))

	thread = threading.Thread(target=watch, daemon=True)
	thread.start()
	try:
		yield progress
	finally:
		over.set()
		thread.join()
		progress.points.sort()
