"""Who is looked at when, and what a look does with sessions of ours and those that people have wired by hand."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from standalone_world import SESSION, StandaloneWorld, customer_message, world_in

from wuzapi_chatwoot.bridge.addresses import Address
from wuzapi_chatwoot.bridge.errors import Retriable
from wuzapi_chatwoot.bridge.events import SessionState
from wuzapi_chatwoot.bridge.gateway_setup_port import WebhookSettings
from wuzapi_chatwoot.bridge.records import Secret, Session
from wuzapi_chatwoot.bridge.usecases.watch_session import Watched
from wuzapi_chatwoot.standalone_host.kept_sessions import KeptSession
from wuzapi_chatwoot.standalone_host.watcher import Watcher
from wuzapi_chatwoot.wuzapi.event_names import EVENTS

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
	assert looks.begun[3] == "second"
	assert looks.given[3] == Watched(unsigned=True, posted_at=None)


def test_a_session_that_rests_is_left_alone(watch, looks, time):
	watcher = watch(resting=("second",))
	looks.wait_for(2)
	pass_time(watcher, time, 60.0)
	looks.wait_for(4)
	assert "second" not in looks.begun


def test_nobody_acts_while_we_look_and_we_do_not_look_while_somebody_acts(watch, looks, time):
	go_on = threading.Event()

	def act(name: str, watched: Watched) -> Watched:
		go_on.wait(SOON)
		return watched

	looks.act = act
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


def test_stop_before_the_start_and_twice(worlds, looks):
	watcher = Watcher(worlds.bridge, looks, lambda name: False, 60.0)
	assert watcher.stop(SOON)
	assert watcher.stop(SOON)


# ---- what a look does


OURS = KeptSession(
	name="workshop",
	gateway_url="http://gateway.example",
	gateway_token=Secret("Fictional-Workshop-Token"),
	chatwoot_url="http://chatwoot.example",
	chatwoot_token=Secret("Fictional-Chatwoot-Token"),
	account_id=3,
	signing_key=Secret("Fictional-Signing-Key-0123456789abcdef"),
	webhook_token=Secret("Fictional Webhook/Token"),
	inbox_name="Workshop",
	inbox_id=9,
)
BY_HAND = WebhookSettings("https://old.example/webhook/wuzapi", frozenset({"Message"}))


def looked_at(world: StandaloneWorld, name: str) -> Watched:
	return world.host.watcher._look(world.bridge.sessions()[name], Watched())


def paired(world: StandaloneWorld, token: Secret, webhook: WebhookSettings, **more: object):
	account = world.users.have_user("Somebody", token, webhook, **more)
	account.connected = account.logged_in = True
	account.used_address = OWN
	return account


def test_what_has_drifted_at_a_session_of_ours_is_mended(world):
	world.host.sessions.put(OURS)
	account = paired(world, OURS.gateway_token, BY_HAND, delivers_media=False)
	looked_at(world, "workshop")
	assert account.used == account.stored
	assert account.used == WebhookSettings(
		"http://bridge.example/webhook/wuzapi/workshop?token=Fictional+Webhook%2FToken", frozenset(EVENTS)
	)
	assert account.delivers_media
	assert account.used_key == OURS.signing_key
	status = world.store.session_status("workshop")
	assert (status.state, status.address) == (SessionState.CONNECTED, OWN)


def with_long_key(world: StandaloneWorld) -> Session:
	session = replace(SESSION, gateway_secrets=(Secret("Fictional-Hmac-Key-0123456789abcdef"),))
	world.host.sessions._fixed[SESSION.name] = session
	world.host.sessions._join()
	return session


def test_what_people_have_wired_by_hand_stays_as_they_chose(world):
	session = with_long_key(world)
	account = paired(world, session.gateway_token, BY_HAND, delivers_media=False)
	looked_at(world, "front-desk")
	assert account.used == account.stored == BY_HAND
	assert not account.delivers_media
	# What cannot be chosen is that the key of the settings is the one in use.
	assert account.used_key == session.gateway_secrets[0]
	assert world.store.session_status("front-desk").state is SessionState.CONNECTED


def test_a_key_that_the_gateway_would_not_take_is_not_posted(world):
	account = paired(world, SESSION.gateway_token, BY_HAND)
	looked_at(world, "front-desk")
	assert not account.used_key
	assert world.store.session_status("front-desk").state is SessionState.CONNECTED


def test_but_what_the_gateway_has_forgotten_it_is_told_again(world):
	account = paired(world, with_long_key(world).gateway_token, BY_HAND)
	account.used = WebhookSettings("", frozenset())
	looked_at(world, "front-desk")
	assert account.used == account.stored == BY_HAND


def test_where_nothing_is_stored_nothing_is_posted(world):
	account = paired(world, with_long_key(world).gateway_token, WebhookSettings("", frozenset()))
	account.used = BY_HAND
	looked_at(world, "front-desk")
	assert account.used == BY_HAND


def test_a_gateway_that_cannot_be_asked_is_told_of(world):
	looked_at(world, "front-desk")
	status = world.store.session_status("front-desk")
	assert status.state is SessionState.RECONNECTING
	assert "the gateway cannot be asked" in status.detail


@pytest.mark.parametrize("believed", [True, False])
def test_an_unsigned_webhook_makes_the_watcher_look(tmp_path, monkeypatch, believed):
	session = replace(SESSION, webhook_tokens=(Secret("url-token"),) if believed else ())
	with world_in(tmp_path / "data", session) as world:
		told: list[str] = []
		monkeypatch.setattr(world.host.watcher, "unsigned", told.append)
		path = "/webhook/wuzapi?token=url-token"
		answer = world.http.post(path, json=customer_message("Good morning"))
		assert answer.status_code == (200 if believed else 401)
		assert told == ["front-desk"]
		# Signed, rightly or wrongly: that shows no lost key.
		world.customer_writes()
		world.told_by_gateway(customer_message("x"), **{"x-hmac-signature": "0" * 64})
		assert world.told_by_gateway({}, path="/webhook/wuzapi/nobody").status_code == 404
		assert told == ["front-desk"]


def test_it_runs_in_the_service_until_its_end(world):
	with world.http:
		assert world.host.watcher.alive
	assert not world.host.watcher.alive
