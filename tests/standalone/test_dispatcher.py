"""Lanes and threads: side by side, each in order, none forgotten."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from standalone.dispatcher_world import SOON, Gate, Threads, gate, threads
from standalone_world import SESSION, world_in

__all__ = ["gate", "threads"]


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


def test_a_lane_in_a_call_longer_than_its_lease_is_not_handed_out_again(threads, gate, monkeypatch):
	"""Even if nothing renews it: what runs is left out, and nobody asks for it over and over."""
	store, asked = threads.world.store, []
	due_lanes = store.due_lanes
	monkeypatch.setattr(store, "renew_leases", lambda *_: None)
	monkeypatch.setattr(
		store, "due_lanes", lambda *values, **named: asked.append(1) or due_lanes(*values, **named)
	)
	for customer in range(3):
		threads.customer_writes(customer, 0)
	threads.dispatcher.start()
	gate.wait_for(3)
	threads.world.clock.advance(3600)
	assert len(store.due_lanes(threads.world.clock.now(), 9)) == 3
	assert threads.dispatcher._hand_out() == 60.0
	before = len(asked)
	threads.customer_writes(3, 0)
	threads.wake()
	gate.wait_for(4)
	assert len(asked) - before < 20
	gate.opened.set()
	threads.wait_for_attempts(4)
	assert gate.most == 4


def test_the_lease_of_a_lane_in_a_long_call_is_renewed(world):
	object.__setattr__(world.bridge, "lease_seconds", 0.01)
	threads = Threads(world)
	gate = Gate(threads)
	threads.customer_writes(1, 0)
	[lane] = world.store.due_lanes(world.clock.now(), 10)
	threads.dispatcher.start()
	gate.wait_for(1)
	renewed, renew = threading.Event(), world.store.renew_leases
	later = world.clock.advance(3600)

	def renew_leases(*values: object) -> None:
		renew(*values)
		renewed.set()

	world.store.renew_leases = renew_leases
	assert renewed.wait(SOON)
	assert world.store.next_due() > later
	assert world.store.claim_lane(lane, "another process", later, later) is None
	gate.opened.set()
	assert threads.dispatcher.stop(SOON)
