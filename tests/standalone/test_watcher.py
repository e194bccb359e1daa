"""Who is looked at when."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from standalone_world import SESSION, StandaloneWorld, world_in

from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.errors import Retriable
from wuzapi_chatwoot.bridge.model.records import Secret, Session
from wuzapi_chatwoot.bridge.sessions.watch_session import Watched
from wuzapi_chatwoot.standalone_host.workers.watcher import Watcher

SOON = 20.0
OWN = Address.of_phone("+12025550100")
SECOND = replace(SESSION, name="second", inbox_id=8, gateway_token=Secret("second"))
ELSEWHERE = replace(SESSION, name="elsewhere", inbox_id=9, gateway_url="http://other.example")


class Looks:
	"""Stands for the use case."""

	def __init__(self) -> None:
		self.changed = threading.Condition()
		self.begun: list[str] = []
		self.given: list[Watched] = []
		self.ended = 0
		self.act: Callable[[str, Watched], Watched] = lambda name, watched: watched

	def __call__(self, session: Session, watched: Watched) -> Watched:
		with self.changed:
			self.begun.append(session.name)
			self.given.append(watched)
			self.changed.notify_all()
		try:
			return self.act(session.name, watched)
		finally:
			with self.changed:
				self.ended += 1
				self.changed.notify_all()

	def held_back(self) -> threading.Event:
		"""None ends before this is set."""
		go_on = threading.Event()

		def act(name: str, watched: Watched) -> Watched:
			go_on.wait(SOON)
			return watched

		self.act = act
		return go_on

	def wait_for(self, count: int) -> None:
		with self.changed:
			assert self.changed.wait_for(lambda: len(self.begun) >= count, SOON), self.begun


class Time:
	seconds = 1000.0

	def __call__(self) -> float:
		return self.seconds


@pytest.fixture
def looks() -> Looks:
	return Looks()


@pytest.fixture
def time() -> Time:
	return Time()


@pytest.fixture
def worlds(tmp_path) -> Iterator[StandaloneWorld]:
	with world_in(tmp_path / "data", SESSION, SECOND, ELSEWHERE) as world:
		yield world


@pytest.fixture
def watch(worlds: StandaloneWorld, looks: Looks, time: Time) -> Iterator[Callable[..., Watcher]]:
	started: list[Watcher] = []

	def start(chance: Callable[[], float] = lambda: 0.0, resting: tuple[str, ...] = ()) -> Watcher:
		watcher = Watcher(worlds.bridge, looks, lambda name: name in resting, 60.0, now=time, chance=chance)
		started.append(watcher)
		watcher.start()
		return watcher

	yield start
	for watcher in started:
		assert watcher.stop(SOON)


def idle(watcher: Watcher) -> None:
	"""Until nothing is being looked at."""
	done = threading.Event()
	for _ in range(2000):
		if not watcher.busy:
			return
		done.wait(0.01)
	raise AssertionError("a look goes on for ever")


def pass_time(watcher: Watcher, time: Time, seconds: float) -> None:
	idle(watcher)
	time.seconds += seconds
	watcher.sessions_changed()


def test_every_session_is_looked_at_again_and_again(watch, looks, time):
	watcher = watch()
	looks.wait_for(3)
	pass_time(watcher, time, 47.0)
	idle(watcher)
	assert sorted(looks.begun) == ["elsewhere", "front-desk", "second"]
	pass_time(watcher, time, 2.0)
	looks.wait_for(6)
	assert sorted(looks.begun[3:]) == ["elsewhere", "front-desk", "second"]


def test_not_all_in_the_same_moment(watch, looks, time):
	chances = iter([0.0, 0.5, 0.99])
	watcher = watch(chance=lambda: next(chances, 0.5))
	looks.wait_for(1)
	assert len(looks.begun) == 1
	pass_time(watcher, time, 31.0)
	looks.wait_for(2)
	pass_time(watcher, time, 28.5)
	looks.wait_for(3)
	assert len(set(looks.begun[:3])) == 3


def test_a_gateway_that_hangs_holds_up_nobody_elses_sessions(tmp_path, looks, time):
	many = [
		replace(SESSION, name=f"slow-{number}", inbox_id=number, gateway_token=Secret(f"slow-{number}"))
		for number in range(10, 40)
	]
	go_on = threading.Event()

	def act(name: str, watched: Watched) -> Watched:
		if name.startswith("slow"):
			go_on.wait(SOON)
		return watched

	looks.act = act
	with world_in(tmp_path / "data", *many, ELSEWHERE) as world:
		watcher = Watcher(world.bridge, looks, lambda name: False, 60.0, now=time, chance=lambda: 0.0)
		watcher.start()
		looks.wait_for(5)
		assert "elsewhere" in looks.begun
		assert watcher.stop(0.01) is False
		assert len(looks.begun) == 5
		go_on.set()
		idle(watcher)
		assert watcher.stop(SOON)


def test_those_of_one_gateway_take_turns(tmp_path, looks, time):
	many = [
		replace(SESSION, name=f"n{number}", inbox_id=number, gateway_token=Secret(f"n{number}"))
		for number in range(10, 40)
	]
	with world_in(tmp_path / "data", *many) as world:
		watcher = Watcher(world.bridge, looks, lambda name: False, 60.0, now=time, chance=lambda: 0.0)
		watcher.start()
		looks.wait_for(30)
		assert watcher.stop(SOON)
	assert len(set(looks.begun)) == 30


def test_what_is_remembered_is_given_to_the_next_look(watch, looks, time, worlds):
	now = worlds.clock.now()
	looks.act = lambda name, watched: replace(watched, lost_since=now)
	watcher = watch()
	looks.wait_for(3)
	pass_time(watcher, time, 60.0)
	looks.wait_for(6)
	assert looks.given == [Watched()] * 3 + [Watched(lost_since=now)] * 3


def test_an_unsigned_webhook_brings_a_look_soon_and_once(watch, looks, time):
	looks.act = lambda name, watched: replace(watched, unsigned=False)
	watcher = watch()
	looks.wait_for(3)
	idle(watcher)
	for _ in range(100):
		watcher.unsigned("second")
	pass_time(watcher, time, 4.0)
	idle(watcher)
	assert len(looks.begun) == 3
	pass_time(watcher, time, 1.0)
	looks.wait_for(4)
	assert (looks.begun[3], looks.given[3].unsigned) == ("second", True)
	pass_time(watcher, time, 60.0)
	looks.wait_for(7)
	assert not any(watched.unsigned for watched in looks.given[4:])


def test_what_is_told_during_a_look_is_not_forgotten(watch, looks, time, worlds):
	now = worlds.clock.now()
	watchers: list[Watcher] = []
	ready = threading.Event()

	def act(name: str, watched: Watched) -> Watched:
		assert ready.wait(SOON)
		if looks.begun.count("second") == 1 and name == "second":
			watchers[0].unsigned("second")
			watchers[0].look_soon("second")
		return replace(watched, unsigned=False, posted_at=now)

	looks.act = act
	watchers.append(watch())
	ready.set()
	looks.wait_for(4)
	assert sorted(looks.begun) == ["elsewhere", "front-desk", "second", "second"]
	(_, again) = (given for name, given in zip(looks.begun, looks.given, strict=True) if name == "second")
	assert again == Watched(unsigned=True, posted_at=None)


def test_a_session_that_rests_is_left_alone(watch, looks, time):
	watcher = watch(resting=("second",))
	looks.wait_for(2)
	pass_time(watcher, time, 60.0)
	looks.wait_for(4)
	assert "second" not in looks.begun


def test_nobody_acts_while_we_look_and_we_do_not_look_while_somebody_acts(watch, looks, time):
	go_on = looks.held_back()
	watcher = watch()
	looks.wait_for(3)
	with watcher.hands_on("second", 0.01) as held:
		assert not held
	go_on.set()
	idle(watcher)
	with watcher.hands_on("second", SOON) as held:
		assert held
		time.seconds += 60.0
		watcher.sessions_changed()
		looks.wait_for(5)
		assert "second" not in looks.begun[3:]
	looks.wait_for(6)


def test_after_a_connect_of_ours_it_is_given_time(watch, looks, time, worlds):
	watcher = watch()
	looks.wait_for(3)
	idle(watcher)
	with watcher.hands_on("second", SOON):
		watcher.connect_asked("second")
	pass_time(watcher, time, 60.0)
	looks.wait_for(6)
	given = looks.given[3 + looks.begun[3:].index("second")]
	assert given == Watched(connect_asked_at=worlds.clock.now())


@pytest.mark.parametrize(
	("error", "what"),
	[
		(Retriable("The disk is full"), "a session could not be looked at"),
		(ValueError("words"), "a fault while watching"),
	],
)
def test_faults_are_noticed_and_survived(watch, looks, time, worlds, error, what):
	def act(name: str, watched: Watched) -> Watched:
		raise error

	looks.act = act
	watcher = watch()
	looks.wait_for(3)
	pass_time(watcher, time, 60.0)
	looks.wait_for(6)
	idle(watcher)
	assert watcher.alive
	assert {notice.what for notice in worlds.observer.notices} == {what}
	assert "words" not in str(worlds.observer.notices)


def test_sessions_come_and_go(watch, looks, time, worlds):
	watcher = watch()
	looks.wait_for(3)
	sessions = dict(worlds.bridge.sessions())
	del sessions["front-desk"]
	sessions["third"] = replace(ELSEWHERE, name="third")
	object.__setattr__(worlds.bridge, "sessions", lambda: sessions)
	watcher.sessions_changed()
	looks.wait_for(4)
	assert looks.begun[3] == "third"
	pass_time(watcher, time, 60.0)
	looks.wait_for(7)
	idle(watcher)
	assert sorted(looks.begun[4:]) == ["elsewhere", "second", "third"]


def test_stop_waits_for_looks_that_have_begun_and_begins_no_other(watch, looks):
	go_on = looks.held_back()
	watcher = watch()
	looks.wait_for(3)
	assert not watcher.stop(0.0)
	ended: list[bool] = []
	stopping = threading.Thread(target=lambda: ended.append(watcher.stop(SOON)))
	stopping.start()
	assert ended == []
	go_on.set()
	stopping.join(SOON)
	assert (ended, watcher.busy, looks.ended) == ([True], 0, 3)
	assert sorted(looks.begun) == ["elsewhere", "front-desk", "second"]


def test_looks_that_had_no_turn_before_the_end_are_not_under_way_for_ever(tmp_path, looks, time):
	many = [
		replace(
			SESSION, name=f"n{at}", inbox_id=at, gateway_token=Secret(f"n{at}"), gateway_url=f"http://{at}"
		)
		for at in range(40)
	]
	go_on = looks.held_back()
	with world_in(tmp_path / "many", *many) as world:
		watcher = Watcher(world.bridge, looks, lambda name: False, 60.0, now=time, chance=lambda: 0.0)
		watcher.start()
		looks.wait_for(1)
		assert not watcher.stop(0.0)
		go_on.set()
		assert watcher.stop(SOON)
	assert looks.ended == len(looks.begun)


def test_stop_before_the_start_and_twice(worlds, looks):
	watcher = Watcher(worlds.bridge, looks, lambda name: False, 60.0)
	assert watcher.stop(SOON)
	assert watcher.stop(SOON)


def test_it_runs_in_the_service_until_its_end(world):
	with world.http:
		assert world.host.watcher.alive
	assert not world.host.watcher.alive
