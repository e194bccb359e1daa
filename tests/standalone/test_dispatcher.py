"""Lanes and threads: side by side, each in order, none forgotten, and an end at which nothing is half done.

The threads are real and nothing sleeps: tests wait for what must happen, and hold workers at gates.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from standalone_world import SESSION, StandaloneWorld, customer_message, world_in

from wuzapi_chatwoot.bridge.errors import StoreUnavailable
from wuzapi_chatwoot.bridge.records import EventState, Source
from wuzapi_chatwoot.standalone_host.dispatcher import Dispatcher
from wuzapi_chatwoot.testkit.fake_chatwoot import FakeChatwoot

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


# ---- working


def test_each_lane_in_order_and_all_of_them(threads):
	for number in range(5):
		for customer in range(6):
			threads.customer_writes(customer, number)
	threads.dispatcher.start()
	threads.wait_for_attempts(30)
	by_lane: dict[str, list[str]] = {}
	for message in threads.world.chatwoot.messages:
		by_lane.setdefault(str(message.conversation_id), []).append(message.text)
	assert len(by_lane) == 6
	assert all(texts == [f"message {number}" for number in range(5)] for texts in by_lane.values())


def test_lanes_run_side_by_side_but_no_more_than_there_are_workers(threads, gate):
	for customer in range(6):
		threads.customer_writes(customer, 0)
	threads.dispatcher.start()
	gate.wait_for(4)
	assert threads.dispatcher.busy == 4
	assert len(set(gate.inside)) == 4
	gate.opened.set()
	threads.wait_for_attempts(6)
	assert gate.most == 4


def test_one_lane_is_never_worked_by_two(threads, gate):
	for number in range(3):
		threads.customer_writes(1, number)
	threads.dispatcher.start()
	gate.wait_for(1)
	for _ in range(10):
		threads.wake()
	gate.opened.set()
	threads.wait_for_attempts(3)
	assert gate.most == 1


def test_a_slow_lane_holds_up_no_other(threads, gate):
	threads.customer_writes(1, 0)
	threads.dispatcher.start()
	gate.wait_for(1)
	# The other lane's message belongs to another session's kind of work: an event that calls nobody.
	hook = {"type": "Connected", "event": {}, "userID": "x", "instanceName": "y"}
	threads.world.told_by_gateway(hook)
	threads.world.clock.advance(1)
	threads.wake()
	threads.wait_for_attempts(1)
	[attempt] = threads.world.observer.attempts
	assert attempt.event.lane == "in|front-desk|session"
	assert len(gate.inside) == 1


def test_a_chatwoot_that_hangs_leaves_workers_to_the_others(tmp_path):
	"""However many of its lanes are due, and for how long."""
	other = replace(SESSION, name="back-office", account_id=SESSION.account_id + 1)
	with world_in(tmp_path, SESSION, other) as world:
		threads = Threads(world, workers=4)
		gate = Gate(threads)
		for customer in range(20):
			threads.customer_writes(customer, 0)
		threads.dispatcher.start()
		gate.wait_for(2)
		threads.customer_writes(1, 1, other.name)
		threads.wake()
		threads.wait_until(lambda: world.chatwoots[other.name].messages)
		assert gate.most == 2
		gate.opened.set()
		threads.wait_for_attempts(21)
		assert threads.dispatcher.stop(SOON)


def test_a_wake_up_brings_new_work(threads):
	threads.dispatcher.start()
	threads.customer_writes(1, 0)
	threads.wake()
	threads.wait_for_attempts(1)


def test_a_lost_wake_up_costs_time_only(world):
	threads = Threads(world, longest_wait=0.001)
	threads.dispatcher.start()
	try:
		threads.customer_writes(1, 0)
		threads.wait_for_attempts(1)
	finally:
		assert threads.dispatcher.stop(SOON)


def test_what_is_due_later_is_waited_for(world, monkeypatch):
	"""Without any wake-up: the store says when the next lane is due."""
	threads = Threads(world)
	waits: list[float] = []
	asked = threading.Event()

	def wait(seconds: float) -> bool:
		waits.append(seconds)
		asked.set()
		return threading.Event.wait(threads.dispatcher._woken, 0.001)

	monkeypatch.setattr(threads.dispatcher._woken, "wait", wait)
	threads.customer_writes(1, 0)
	world.clock.advance(-0.75)  # received a quarter of a second ago, and settling for half a second
	threads.dispatcher.start()
	assert asked.wait(SOON)
	assert waits[0] == pytest.approx(0.25)
	world.clock.advance(0.3)
	threads.wait_for_attempts(1)
	assert threads.dispatcher.stop(SOON)


# ---- a store in trouble


def failing(method: Callable[..., object], times: int, error: Exception) -> Callable[..., object]:
	left = [error] * times

	def call(*args: object, **kwargs: object) -> object:
		if left:
			raise left.pop()
		return method(*args, **kwargs)

	return call


@pytest.mark.parametrize(
	"method", ["claim_lane", "begin_events", "finish_event", "release_lane", "renew_lane"]
)
def test_a_lane_whose_worker_could_not_write_is_taken_up_again(threads, monkeypatch, method):
	"""At once, not when its lease has run out: the clock stands still here."""
	store = threads.world.store
	# Somebody known: whose name is looked up already, so that there is one lane only.
	threads.customer_writes(1, 0)
	threads.world.outlast()
	known = len(threads.world.events(EventState.DONE))
	monkeypatch.setattr(
		store, method, failing(getattr(store, method), 3, StoreUnavailable("The disk is full"))
	)
	for number in range(1, 3):
		threads.customer_writes(1, number)
	threads.dispatcher.start()
	threads.wait_until(lambda: len(threads.world.events(EventState.DONE)) == known + 2)
	assert [message.text for message in threads.world.chatwoot.messages[-2:]] == ["message 1", "message 2"]
	notices = [notice for notice in threads.world.observer.notices if "cannot be written" in notice.what]
	assert [notice.ids["error"] for notice in notices] == ["The disk is full"] * 3
	assert len({notice.ids["lane"] for notice in notices}) == 1


def test_an_abandoned_lane_survives_a_store_that_cannot_be_read_either(threads, monkeypatch):
	store, dispatcher = threads.world.store, threads.dispatcher
	broken = StoreUnavailable("The disk failed")
	claimed = threading.Event()
	reads, failures = (store.due_lanes, [broken] * 3)

	def finish_event(*args: object) -> None:
		monkeypatch.setattr(store, "finish_event", finishes)
		claimed.set()
		raise broken

	def due_lanes(*args: object) -> list[str]:
		if claimed.is_set() and failures:
			# Fail only when the lane has been given up, which is what must not be forgotten.
			with dispatcher._changed:
				dispatcher._changed.wait_for(lambda: dispatcher._abandoned, SOON)
			raise failures.pop()
		return reads(*args)

	finishes = store.finish_event
	monkeypatch.setattr(store, "finish_event", finish_event)
	monkeypatch.setattr(store, "due_lanes", due_lanes)
	threads.customer_writes(1, 0)
	dispatcher.start()
	assert claimed.wait(SOON)
	threads.wake()
	threads.wait_until(lambda: threads.world.events(EventState.DONE))
	assert len(threads.world.chatwoot.messages) == 1


@pytest.mark.parametrize("error", [StoreUnavailable("The disk failed"), ValueError("words of a customer")])
@pytest.mark.parametrize("method", ["due_lanes", "next_due"])
def test_the_dispatcher_outlives_faults(threads, monkeypatch, method, error):
	store = threads.world.store
	monkeypatch.setattr(store, method, failing(getattr(store, method), 5, error))
	threads.customer_writes(1, 0)
	threads.dispatcher.start()
	threads.wait_for_attempts(1)
	threads.wait_until(lambda: len(threads.world.observer.notices) == 5)
	assert threads.dispatcher.alive
	words = {"the store cannot be read": "The disk failed", "a fault in the dispatcher": "ValueError"}
	assert all(words[notice.what] == notice.ids["error"] for notice in threads.world.observer.notices)


def test_a_fault_outside_of_events_is_noticed_and_its_lane_worked_later(threads, monkeypatch):
	store = threads.world.store
	real = store.claim_lane
	monkeypatch.setattr(store, "claim_lane", failing(real, 1, ValueError("words of a customer")))
	threads.customer_writes(1, 0)
	threads.dispatcher.start()
	threads.wait_until(lambda: threads.world.events(EventState.DONE))
	[notice] = threads.world.observer.notices
	assert (notice.what, notice.ids["error"]) == ("a fault while working a lane", "ValueError")


# ---- the end


def test_stop_waits_for_the_event_being_worked_and_begins_no_other(threads, gate):
	for number in range(3):
		threads.customer_writes(1, number)
	for customer in range(2, 8):
		threads.customer_writes(customer, 0)
	threads.dispatcher.start()
	gate.wait_for(4)
	ended: list[bool] = []
	stopping = threading.Thread(target=lambda: ended.append(threads.dispatcher.stop(SOON)))
	stopping.start()
	assert threads.dispatcher._stopping.wait(SOON)
	assert ended == []
	gate.opened.set()
	stopping.join(SOON)
	assert ended == [True]
	world = threads.world
	# One event each of the four lanes, written to the end, with the order to look their names up; all else as if
	# never touched, and free to be taken.
	assert len(world.events(EventState.DONE)) == len(world.chatwoot.messages) == 4
	assert [event.begun for event in world.events(EventState.WAITING)] == [0] * (5 + 4)
	assert not [lane for lane in world.store.list_lanes(100) if lane.working]
	assert threads.dispatcher.busy == 0
	assert not threads.dispatcher.alive


def test_stop_gives_up_when_patience_ends(threads, gate):
	threads.customer_writes(1, 0)
	threads.dispatcher.start()
	gate.wait_for(1)
	assert threads.dispatcher.stop(0.01) is False
	gate.opened.set()
	assert threads.dispatcher.stop(SOON) is True


def test_stop_before_the_start_and_twice(world):
	threads = Threads(world)
	assert threads.dispatcher.stop(SOON)
	assert threads.dispatcher.stop(SOON)


def test_no_moment_of_stopping_loses_an_event(tmp_path: Path):
	"""Stop at once after waking, again and again: each time everything is either done or untouched."""
	for number in range(15):
		with world_in(tmp_path / str(number)) as world:
			threads = Threads(world)
			for customer in range(3):
				threads.customer_writes(customer, 0)
			threads.dispatcher.start()
			threads.wake()
			if number % 3:
				threads.wait_for_attempts(number % 3)
			assert threads.dispatcher.stop(SOON)
			done, waiting = world.events(EventState.DONE), world.events(EventState.WAITING)
			# With every message that is done goes the order to look its author's name up, which settles yet.
			assert len(done) + len([event for event in waiting if event.source is Source.GATEWAY]) == 3
			assert len([event for event in waiting if event.source is Source.BRIDGE]) == len(done)
			assert len(done) == len(world.chatwoot.messages) == len(world.observer.attempts)
			assert all(event.begun == 0 for event in waiting)
			assert not [lane for lane in world.store.list_lanes(10) if lane.working]


def test_the_host_frees_the_leases_of_one_that_died(world):
	world.customer_writes()
	world.clock.advance(1)
	[lane] = world.store.due_lanes(world.clock.now(), 10)
	assert world.store.claim_lane(lane, "died", world.clock.now(), world.clock.advance(3600))
	with world.http:
		first = world.observer.notices[0]
		assert first.what == "lanes of an earlier run are taken up again"
		report = world.http.get("/health").json()
		assert report["checks"]["workers"] == "ok"
	assert not world.host.at_work
	with suppress(StoreUnavailable):
		world.store.check_writable()
		raise AssertionError("the store is closed")


def test_a_host_whose_work_hangs_keeps_its_store_open(tmp_path: Path):
	with world_in(tmp_path, SESSION) as world:
		threads = Threads(world)
		object.__setattr__(world.host, "dispatcher", threads.dispatcher)
		gate = Gate(threads)
		threads.customer_writes(1, 0)
		world.host.start()
		gate.wait_for(1)
		world.host.stop(0.05)
		assert world.host.at_work
		world.store.check_writable()
		assert [notice.what for notice in world.observer.notices][-1].startswith(
			"some work was still going on"
		)
		gate.opened.set()
		assert threads.dispatcher.stop(SOON)
