"""What is done by the clock: fetching what no webhook brought, and trimming what is long over."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest
from standalone_world import SESSION, StandaloneWorld, world_in

from wuzapi_chatwoot.bridge.guards.callers import Caller, calls_for
from wuzapi_chatwoot.bridge.guards.concurrency_limits import AT_ONCE, AT_ONCE_ON_ONE_CHATWOOT
from wuzapi_chatwoot.bridge.model.errors import NotFound, Retriable
from wuzapi_chatwoot.bridge.model.events import Status
from wuzapi_chatwoot.bridge.model.records import EventState, Session
from wuzapi_chatwoot.standalone_host.workers import housekeeping as module
from wuzapi_chatwoot.standalone_host.workers.housekeeping import Housekeeping

SOON = 20.0
SECOND = replace(SESSION, name="second", inbox_id=8)
ELSEWHERE = replace(SESSION, name="elsewhere", account_id=4)


class Fetches:
	"""Stands for the use case: says what it was called for, and does what it is told."""

	def __init__(self) -> None:
		self.called = threading.Condition()
		self.sessions: list[str] = []
		self.act: Callable[[str], int] = lambda session: 0

	def __call__(self, bridge: object, session: object) -> int:
		name = session.name
		with self.called:
			self.sessions.append(name)
			self.called.notify_all()
		return self.act(name)

	def wait_for(self, count: int) -> None:
		with self.called:
			assert self.called.wait_for(lambda: len(self.sessions) >= count, SOON)


@pytest.fixture
def fetches(monkeypatch: pytest.MonkeyPatch) -> Fetches:
	fetches = Fetches()
	monkeypatch.setattr(module, "fetch_missed", fetches)
	return fetches


@pytest.fixture
def worlds(tmp_path) -> Iterator[StandaloneWorld]:
	with world_in(tmp_path / "data", SESSION, SECOND, ELSEWHERE) as world:
		yield world


class Time:
	"""Passes when it is told to."""

	seconds = 1000.0

	def __call__(self) -> float:
		return self.seconds


@pytest.fixture
def time() -> Time:
	return Time()


def rests(housekeeping: Housekeeping) -> None:
	"""Wait until no fetch is under way."""
	with housekeeping._changed:
		assert housekeeping._changed.wait_for(lambda: not housekeeping._running, SOON)


@pytest.fixture
def keep(worlds: StandaloneWorld, time: Time) -> Iterator[Callable[..., Housekeeping]]:
	"""Start the thread over three sessions."""
	started: list[Housekeeping] = []

	def start(fetch_every: float = 3600.0, keep: float = 60.0, **rest: float) -> Housekeeping:
		started.append(Housekeeping(worlds.bridge, fetch_every, keep, now=time, **rest))
		started[-1].start()
		return started[-1]

	yield start
	for housekeeping in started:
		assert housekeeping.stop(SOON)


def test_every_session_is_fetched_at_the_start(keep, fetches):
	keep()
	fetches.wait_for(3)
	assert sorted(fetches.sessions) == ["elsewhere", "front-desk", "second"]


def test_and_then_again_and_again(keep, fetches, time):
	"""Each when its own time has come."""
	housekeeping = keep(fetch_every=70.0)
	for count in (3, 6, 9, 12):
		fetches.wait_for(count)
		rests(housekeeping)
		assert sorted(fetches.sessions[count - 3 :]) == ["elsewhere", "front-desk", "second"]
		time.seconds += 71.0
		housekeeping.sessions_changed()


def test_not_before_the_time_has_come(keep, fetches, time):
	housekeeping = keep(fetch_every=70.0)
	fetches.wait_for(3)
	rests(housekeeping)
	time.seconds += 69.0
	housekeeping.fetch_soon("elsewhere")
	fetches.wait_for(4)
	assert fetches.sessions[3:] == ["elsewhere"]
	time.seconds += 2.0
	housekeeping.sessions_changed()
	fetches.wait_for(6)
	assert sorted(fetches.sessions[4:]) == ["front-desk", "second"]


def test_those_come_first_that_have_waited_longest(keep, fetches, time):
	housekeeping = keep(fetch_every=70.0)
	fetches.wait_for(3)
	for session in ("front-desk", "second"):
		rests(housekeeping)
		time.seconds += 10.0
		housekeeping.fetch_soon(session)
		fetches.wait_for(4 if session == "front-desk" else 5)
	rests(housekeeping)
	hold = threading.Event()
	fetches.act = lambda session: int(not hold.wait(SOON))
	time.seconds += 80.0
	housekeeping.sessions_changed()
	fetches.wait_for(7)
	assert sorted(fetches.sessions[5:]) == ["elsewhere", "front-desk"]
	hold.set()
	fetches.wait_for(8)
	assert fetches.sessions[7:] == ["second"]


def test_a_chatwoot_that_hangs_delays_its_own_sessions_only(worlds, fetches, time):
	"""However many of them there are, and though they stand before all others."""
	hanging = {
		name: replace(SESSION, name=name, chatwoot_url="http://hangs.example")
		for name in (f"hanging-{number}" for number in range(2 * AT_ONCE))
	}
	bridge = replace(worlds.bridge, sessions=lambda: {**hanging, "second": SECOND, "elsewhere": ELSEWHERE})
	others_again = threading.Event()
	fetches.act = lambda session: int(session in hanging and not others_again.wait(SOON))
	housekeeping = Housekeeping(bridge, 3600.0, 60.0, now=time)
	housekeeping.start()

	def ended(*sessions: str) -> None:
		with housekeeping._changed:
			assert housekeeping._changed.wait_for(lambda: all(map(housekeeping.caught_up, sessions)), SOON)

	try:
		ended("second", "elsewhere")
		before = len(fetches.sessions)
		for session in ("second", "elsewhere"):
			housekeeping.fetch_soon(session)
		fetches.wait_for(before + 2)
		assert sorted(fetches.sessions[before:]) == ["elsewhere", "second"]
		assert sum(session in hanging for session in fetches.sessions) == AT_ONCE_ON_ONE_CHATWOOT
		assert not any(map(housekeeping.caught_up, hanging))
		others_again.set()
		ended(*hanging)
	finally:
		others_again.set()
		assert housekeeping.stop(SOON)


def test_one_that_comes_back_is_caught_up_by_a_fetch_of_its_own(worlds, fetches, time):
	there = {"front-desk": SESSION}
	old_ends, new_ends, looked = threading.Event(), threading.Event(), threading.Semaphore(0)

	def sessions() -> dict[str, Session]:
		looked.release()
		return dict(there)

	def follow() -> None:
		"""Wait for a look at the sessions that begins after this: the second, for one may be under way."""
		while looked.acquire(blocking=False):
			pass
		for _ in range(2):
			housekeeping.sessions_changed()
			assert looked.acquire(timeout=SOON)

	fetches.act = lambda session: int(not (old_ends if len(fetches.sessions) == 1 else new_ends).wait(SOON))
	housekeeping = Housekeeping(replace(worlds.bridge, sessions=sessions), 60.0, 60.0, now=time)
	housekeeping.start()
	try:
		fetches.wait_for(1)
		there.clear()
		follow()
		there["front-desk"] = SESSION
		follow()
		fetches.wait_for(2)
		old_ends.set()
		with housekeeping._changed:
			assert housekeeping._changed.wait_for(lambda: housekeeping._running == 1, SOON)
		assert not housekeeping.caught_up("front-desk")
		new_ends.set()
		rests(housekeeping)
		assert housekeeping.caught_up("front-desk")
	finally:
		old_ends.set()
		new_ends.set()
		assert housekeeping.stop(SOON)


def test_out_of_turn_when_asked(keep, fetches):
	housekeeping = keep()
	fetches.wait_for(3)
	housekeeping.fetch_soon("second")
	fetches.wait_for(4)
	assert fetches.sessions[3:] == ["second"]


def test_what_is_asked_for_during_a_fetch_is_not_forgotten(keep, fetches):
	housekeepings: list[Housekeeping] = []
	ready = threading.Event()

	def act(session: str) -> int:
		assert ready.wait(SOON)
		if session == "front-desk" and fetches.sessions.count(session) == 1:
			housekeepings[0].fetch_soon("front-desk")
		return 0

	fetches.act = act
	housekeepings.append(keep())
	ready.set()
	fetches.wait_for(4)
	rests(housekeepings[0])
	assert sorted(fetches.sessions) == ["elsewhere", "front-desk", "front-desk", "second"]


@pytest.mark.parametrize(
	("error", "what", "words"),
	[
		(Retriable("Chatwoot is down"), "missed messages could not be fetched", "Chatwoot is down"),
		(ValueError("words of a customer"), "a fault while fetching", "ValueError"),
	],
)
def test_faults_are_noticed_and_survived(keep, fetches, worlds, error, what, words):
	def act(session: str) -> int:
		if session == "front-desk":
			raise error
		return 2

	fetches.act = act
	housekeeping = keep()
	fetches.wait_for(3)
	housekeeping.fetch_soon("elsewhere")
	fetches.wait_for(4)
	assert housekeeping.alive
	rests(housekeeping)
	told = [(notice.what, notice.ids) for notice in worlds.observer.notices]
	assert (what, {"session": "front-desk", "error": words}) in told
	assert ("messages fetched that no webhook had brought", {"session": "second", "found": 2}) in told


def test_a_failed_fetch_is_tried_again_sooner(keep, fetches, time):
	def act(session: str) -> int:
		if session == "front-desk":
			raise Retriable("Chatwoot is down")
		return 0

	fetches.act = act
	housekeeping = keep(fetch_every=3600.0)
	fetches.wait_for(3)
	rests(housekeeping)
	time.seconds += 16.0
	housekeeping.sessions_changed()
	fetches.wait_for(4)
	assert fetches.sessions[3:] == ["front-desk"]


def test_a_chatwoot_that_answers_again_is_fetched_for_all_its_sessions(worlds, monkeypatch):
	"""Sessions of one account share a breaker; whichever closes it, each of them may have missed something."""
	asked: list[str] = []
	monkeypatch.setattr(worlds.host.housekeeping, "fetch_soon", asked.append)
	chatwoot = worlds.bridge.chatwoot(worlds.settings.sessions["second"])
	breakers, now = worlds.bridge.breakers, worlds.clock.now()
	made = breakers.begin("Chatwoot http://chatwoot.example account 3", Caller("lane"), now)
	breakers.failed(made, now, at_once=True, pause=5)
	worlds.clock.advance(6)
	with calls_for(Caller("lane")), suppress(NotFound):
		chatwoot.set_status(231, 5, Status.READ)
	assert asked == ["front-desk", "second"]
	with calls_for(Caller("lane")), suppress(NotFound):
		chatwoot.set_status(231, 5, Status.READ)
	assert asked == ["front-desk", "second"]


def test_old_events_are_trimmed_and_dead_ones_kept(keep, fetches, worlds):
	for id in ("3AOLD", "3ANEW"):
		worlds.told_by_gateway(
			{"type": "Connected", "event": {"n": id}, "userID": "x", "instanceName": "y"},
			path="/webhook/wuzapi/front-desk",
		)
		worlds.work()
		worlds.clock.advance(100)
	assert len(worlds.events(EventState.DONE)) == 2
	trimmed = threading.Event()
	real = worlds.store.trim_events

	def trim(*args: object) -> object:
		answer = real(*args)
		trimmed.set()
		return answer

	object.__setattr__(worlds.store, "trim_events", trim)
	keep(keep=150.0, first_sweep=0.0)
	assert trimmed.wait(SOON)
	assert len(worlds.events(EventState.DONE)) == 1


def test_a_sweep_that_fails_is_noticed(keep, fetches, worlds, monkeypatch):
	failed = threading.Event()

	def broken(bridge: object, keep: timedelta) -> int:
		failed.set()
		raise ValueError("words of a customer")

	monkeypatch.setattr(module, "sweep", broken)
	housekeeping = keep(first_sweep=0.0)
	assert failed.wait(SOON)
	housekeeping.fetch_soon("second")
	fetches.wait_for(4)
	assert [notice.ids for notice in worlds.observer.notices] == [{"error": "ValueError"}]


def test_stop_waits_for_a_fetch_but_begins_no_other(keep, fetches):
	go_on = threading.Event()

	def act(session: str) -> int:
		go_on.wait(SOON)
		return 0

	fetches.act = act
	housekeeping = keep()
	fetches.wait_for(2)
	assert housekeeping.stop(0.01) is False
	assert housekeeping.busy
	go_on.set()
	assert housekeeping.stop(SOON) is True
	assert sorted(fetches.sessions) == ["front-desk", "second"]


def test_stop_before_the_start_and_twice(worlds):
	housekeeping = Housekeeping(worlds.bridge, 60, 60)
	assert housekeeping.stop(SOON)
	assert housekeeping.stop(SOON)


def test_what_no_webhook_brought_reaches_the_customer(tmp_path):
	"""All together, in the threads of a real host."""
	with world_in(tmp_path, replace(SESSION, settle_seconds=0.0)) as world:
		_an_answer_is_missed(world)


def _an_answer_is_missed(world: StandaloneWorld) -> None:
	world.customer_writes()
	world.work()
	[conversation] = world.chatwoot.conversations
	world.store.reconcile_marks("front-desk", world.clock.now())
	world.chatwoot.agent_writes(conversation, "An answer that Chatwoot failed to deliver")
	delivered = threading.Event()
	real = world.gateway._deliver
	world.gateway.__class__ = type(
		"Gateway",
		(type(world.gateway),),
		{"__slots__": (), "_deliver": lambda self, message: (real(message), delivered.set())},
	)
	seen = world.observer.attempt

	def attempt(event: object, outcome: str, *more: object) -> None:
		seen(event, outcome, *more)
		if outcome == "deferred":
			# It was worked when the fetch that brought it had not ended yet, and waits by a clock that stands still.
			world.clock.advance(1)

	world.observer.attempt = attempt
	with world.http:
		assert delivered.wait(SOON)
	assert [message.text for message in world.gateway.delivered] == [
		"An answer that Chatwoot failed to deliver"
	]
