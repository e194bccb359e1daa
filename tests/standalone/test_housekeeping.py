"""What is done by the clock: fetching what no webhook brought, and trimming what is long over."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from standalone_world import SESSION, StandaloneWorld, world_in

from wuzapi_chatwoot.bridge.errors import Retriable
from wuzapi_chatwoot.bridge.records import EventState
from wuzapi_chatwoot.standalone_host import housekeeping as module
from wuzapi_chatwoot.standalone_host.housekeeping import Housekeeping

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
	assert fetches.sessions == ["front-desk", "second", "elsewhere"]


def test_and_then_again_and_again(keep, fetches, time):
	"""Each when its own time has come."""

	def act(session: str) -> int:
		time.seconds += 40.0
		return 0

	fetches.act = act
	keep(fetch_every=70.0)
	fetches.wait_for(12)
	assert fetches.sessions[:12] == ["front-desk", "second", "elsewhere"] * 4


def test_not_before_the_time_has_come(keep, fetches, time):
	housekeeping = keep(fetch_every=70.0)
	fetches.wait_for(3)
	time.seconds += 69.0
	housekeeping.fetch_soon("elsewhere")
	fetches.wait_for(4)
	assert fetches.sessions[3:] == ["elsewhere"]
	time.seconds += 2.0
	housekeeping._woken.set()
	fetches.wait_for(6)
	assert fetches.sessions[4:] == ["front-desk", "second"]


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
		if fetches.sessions == ["front-desk"]:
			housekeepings[0].fetch_soon("front-desk")
		return 0

	fetches.act = act
	housekeepings.append(keep())
	ready.set()
	fetches.wait_for(4)
	assert fetches.sessions == ["front-desk", "second", "elsewhere", "front-desk"]


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
	first, second, *_ = worlds.observer.notices
	assert (first.what, first.ids) == (what, {"session": "front-desk", "error": words})
	assert (second.what, second.ids["found"]) == ("messages fetched that no webhook had brought", 2)


def test_a_failed_fetch_is_tried_again_sooner(keep, fetches, time):
	def act(session: str) -> int:
		time.seconds += 10.0
		if session == "front-desk":
			raise Retriable("Chatwoot is down")
		return 0

	fetches.act = act
	keep(fetch_every=3600.0)
	fetches.wait_for(4)
	assert fetches.sessions[:4] == ["front-desk", "second", "elsewhere", "front-desk"]


def test_a_chatwoot_that_answers_again_is_fetched_for_all_its_sessions(worlds, monkeypatch):
	"""Sessions of one account share a breaker; whichever closes it, each of them may have missed something."""
	asked: list[str] = []
	monkeypatch.setattr(worlds.host.housekeeping, "fetch_soon", asked.append)
	chatwoot = worlds.bridge.chatwoot(worlds.settings.sessions["second"])
	worlds.bridge.breakers.failed(
		"Chatwoot http://chatwoot.example account 3", worlds.clock.now(), at_once=True, pause=5
	)
	worlds.clock.advance(6)
	chatwoot.check()
	assert asked == ["front-desk", "second"]
	chatwoot.check()
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
	fetches.wait_for(1)
	assert housekeeping.stop(0.01) is False
	go_on.set()
	assert housekeeping.stop(SOON) is True
	assert fetches.sessions == ["front-desk"]


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
	with world.http:
		assert delivered.wait(SOON)
	assert [message.text for message in world.gateway.delivered] == [
		"An answer that Chatwoot failed to deliver"
	]
