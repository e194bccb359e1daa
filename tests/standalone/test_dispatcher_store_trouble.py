"""A store that fails under the dispatcher: no lane is forgotten, and no thread dies of it."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from standalone.dispatcher_world import SOON, threads

from wuzapi_chatwoot.bridge.model.errors import StoreUnavailable
from wuzapi_chatwoot.bridge.model.records import EventState

__all__ = ["threads"]


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
	# Only turns of several events renew a lease.
	for number in range(1, 5):
		threads.customer_writes(1, number)
	threads.dispatcher.start()
	threads.wait_until(lambda: len(threads.world.events(EventState.DONE)) == known + 4)
	assert [message.text for message in threads.world.chatwoot.messages[-4:]] == [
		f"message {number}" for number in range(1, 5)
	]
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
