"""The end of the dispatcher, at which nothing is half done, and the beginning after one that died."""

from __future__ import annotations

import threading
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from standalone.dispatcher_world import SOON, Gate, Threads, gate, threads
from standalone_world import SESSION, customer_message, world_in

from wuzapi_chatwoot.bridge.model.errors import StoreUnavailable
from wuzapi_chatwoot.bridge.model.records import EventState, Source

__all__ = ["gate", "threads"]


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
	assert threads.dispatcher.ended


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


def test_what_waits_for_a_session_that_is_not_configured_is_named_at_the_start(tmp_path: Path):
	"""And worked at the first start that has it again."""
	other = replace(SESSION, name="back-office", account_id=SESSION.account_id + 1)
	with world_in(tmp_path, SESSION, other) as world:
		world.told_by_gateway(customer_message("Good morning"), "/webhook/wuzapi/back-office")
	with world_in(tmp_path, SESSION) as world, world.http:
		notice = "events wait for a session that is not configured"
		assert [seen.ids for seen in world.observer.notices if seen.what == notice] == [
			{"session": "back-office"}
		]
	with world_in(tmp_path, SESSION, other) as world:
		world.clock.advance(3600)
		world.outlast()
		assert [seen.text for seen in world.chatwoots["back-office"].messages] == ["Good morning"]
