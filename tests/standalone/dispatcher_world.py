"""A dispatcher with real threads, and gates that hold them: tests wait for what must happen, and nothing sleeps.

Test files import its fixtures.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from standalone_world import SESSION, StandaloneWorld, customer_message

from wuzapi_chatwoot.standalone_host.workers.dispatcher import Dispatcher
from wuzapi_chatwoot.testkit.twins.fake_chatwoot import FakeChatwoot

SOON = 20.0
"""Seconds after which a test gives up. None takes that long."""


class Threads:
	"""A dispatcher over a world's bridge, and a way to wait for what its threads do."""

	def __init__(self, world: StandaloneWorld, workers: int = 4, longest_wait: float = 60.0) -> None:
		self.world = world
		self.changed = threading.Condition()
		observer = world.observer
		for name in ("attempt", "notice"):
			setattr(observer, name, self._tell_after(getattr(observer, name)))
		self.dispatcher = Dispatcher(
			world.bridge, "this process", workers, longest_wait=longest_wait, store_pause=0.001
		)

	def _tell_after(self, method: Callable[..., None]) -> Callable[..., None]:
		def told(*args: object, **kwargs: object) -> None:
			method(*args, **kwargs)
			with self.changed:
				self.changed.notify_all()

		return told

	def wait_until(self, condition: Callable[[], object]) -> None:
		with self.changed:
			assert self.changed.wait_for(condition, SOON)

	def wait_for_attempts(self, count: int) -> None:
		self.wait_until(lambda: len(self.world.observer.attempts) >= count)

	def customer_writes(self, customer: int, number: int, session: str = SESSION.name) -> None:
		hook = customer_message(f"message {number}", f"3A{customer:04}{number:04}")
		address = f"4477009{customer:05}@s.whatsapp.net"
		hook["event"]["Info"] |= {"Chat": address, "Sender": address, "SenderAlt": ""}
		answer = self.world.told_by_gateway(hook, f"/webhook/wuzapi/{session}")
		assert answer.json()["status"] == "stored"
		self.world.clock.advance(1)

	def wake(self) -> None:
		self.dispatcher.wake("any")


@pytest.fixture
def threads(world: StandaloneWorld) -> Iterator[Threads]:
	threads = Threads(world)
	yield threads
	assert threads.dispatcher.stop(SOON)


class Gate:
	"""Holds everybody who wants something of Chatwoot until it is opened; knows how many came."""

	def __init__(self, threads: Threads) -> None:
		self.inside: list[str] = []
		self.most = 0
		self.came = threading.Condition()
		self.opened = threading.Event()
		gate = self

		class Chatwoot(FakeChatwoot):
			__slots__ = ()

			def find_contacts(self, *args: Any) -> Any:
				gate.pass_through(str(args[0]))
				return super().find_contacts(*args)

			def post_message(self, *args: Any) -> Any:
				gate.pass_through("post")
				return super().post_message(*args)

		threads.world.chatwoot.__class__ = Chatwoot

	def pass_through(self, name: str) -> None:
		with self.came:
			self.inside.append(name)
			self.most = max(self.most, len(self.inside))
			self.came.notify_all()
		self.opened.wait(SOON)
		with self.came:
			self.inside.remove(name)

	def wait_for(self, count: int) -> None:
		with self.came:
			assert self.came.wait_for(lambda: len(self.inside) >= count, SOON)


@pytest.fixture
def gate(threads: Threads) -> Iterator[Gate]:
	gate = Gate(threads)
	yield gate
	gate.opened.set()
