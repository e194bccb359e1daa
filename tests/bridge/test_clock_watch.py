"""A clock that is set back stops no lane."""

from __future__ import annotations

from bridge_world import World

from wuzapi_chatwoot.bridge.guards.callers import Caller
from wuzapi_chatwoot.bridge.guards.circuit_breaker import Try
from wuzapi_chatwoot.bridge.model.errors import Fault, Retriable
from wuzapi_chatwoot.bridge.worker.clock_watch import ClockWatch

NOTICE = "the clock was set back; what waits is tried now"


def a_message_waits(world: World) -> None:
	world.chatwoot.fail_next("find_contacts", Retriable("error", fault=Fault.REQUEST))
	world.receive(world.customer())
	world.work()
	assert world.chatwoot.messages == []


def test_what_waits_is_tried_at_once(world: World) -> None:
	watch = ClockWatch()
	watch.look(world.bridge)
	a_message_waits(world)
	world.clock.advance(-3600)
	world.work(60)
	assert world.chatwoot.messages == []
	world.clock.advance(-60)
	watch.look(world.bridge)
	world.work()
	assert [message.text for message in world.chatwoot.messages] == ["Hello"]
	assert len(world.observer.noticed(NOTICE)) == 1


def test_at_a_start_the_newest_event_tells(world: World) -> None:
	a_message_waits(world)
	world.clock.advance(-3600)
	ClockWatch().look(world.bridge)
	world.work()
	assert [message.text for message in world.chatwoot.messages] == ["Hello"]
	ClockWatch().look(world.bridge)
	assert len(world.observer.noticed(NOTICE)) == 1


def test_small_corrections_and_a_clock_that_goes_on_are_no_news(world: World) -> None:
	a_message_waits(world)
	watch = ClockWatch()
	for seconds in (0, 3600, -4, 0, 1, -4):
		world.clock.advance(seconds)
		watch.look(world.bridge)
	world.clock.advance(-3600)
	ClockWatch().look(World(world.session).bridge)
	assert world.observer.notices == []


def test_a_destination_that_is_left_alone_is_asked_again(world: World) -> None:
	made = world.breakers.begin("Chatwoot", Caller("a lane", 1), world.clock.now())
	assert isinstance(made, Try)
	world.breakers.failed(made, world.clock.now(), pause=300.0, at_once=True)
	watch = ClockWatch()
	watch.look(world.bridge)
	now = world.clock.advance(-3600)
	assert not isinstance(world.breakers.begin("Chatwoot", Caller("another", 2), now), Try)
	watch.look(world.bridge)
	now = world.clock.advance(60)
	assert isinstance(world.breakers.begin("Chatwoot", Caller("another", 2), now), Try)
