"""Typing and read marks, both ways: by setting, best effort, and never in the way of a message."""

from __future__ import annotations

from bridge_world import ANA, ANA_LID, BEN, GROUP, World

from wuzapi_chatwoot.bridge.model.errors import Retriable
from wuzapi_chatwoot.bridge.model.events import Call, Typing
from wuzapi_chatwoot.bridge.worker.fetch_missed import fetch_missed
from wuzapi_chatwoot.testkit.twins.fake_gateway import ReadMark, TypingShown


def test_typing_is_not_relayed_unless_wanted(world: World) -> None:
	conversation = world.started()
	assert world.receive(Typing(ANA, ANA, active=True)).reason == "ignored: typing is not relayed"
	world.receive(world.chatwoot.agent_types(conversation, True))
	assert world.passed == []


def test_the_customer_is_shown_typing_in_chatwoot(world: World) -> None:
	world.change_session(typing=True)
	conversation = world.started()
	world.receive(Typing(ANA, ANA, active=True))
	world.receive(Typing(ANA_LID, ANA_LID, active=False, chat_alt=ANA))
	world.receive(Typing(ANA_LID, ANA_LID, active=True))
	world.show_passed()
	assert world.chatwoot.typing == [(conversation, True), (conversation, False)]
	assert world.store.next_due() is None


def test_the_agent_is_shown_typing_on_the_phone(world: World) -> None:
	world.change_session(typing=True)
	conversation = world.started()
	world.receive(world.chatwoot.agent_types(conversation, True))
	world.receive(world.chatwoot.agent_types(conversation, False))
	world.show_passed()
	assert world.gateway.typing == [TypingShown(ANA, True), TypingShown(ANA, False)]


def test_what_cannot_be_shown_is_dropped_and_told(world: World) -> None:
	world.change_session(typing=True)
	conversation = world.started()
	world.gateway.fail_next("show_typing", Retriable("down"))
	world.receive(world.chatwoot.agent_types(conversation, True))
	world.show_passed()
	assert world.gateway.typing == []
	assert world.observer.noticed("it could not be shown that somebody types") == [
		{"session": "front-desk", "error": "down"}
	]


def test_an_agents_look_marks_the_message_read(world: World) -> None:
	world.change_session(mark_read_on_view=True)
	conversation = world.started()
	world.clock.advance(5)
	world.receive(world.chatwoot.agent_looks(conversation))
	world.work()
	world.receive(world.chatwoot.agent_looks(conversation))
	world.work()
	assert world.gateway.reads == [ReadMark(ANA, ("3A00",), ANA)]


def test_everything_since_the_last_mark_is_marked_by_sender(world: World) -> None:
	world.change_session(mark_read_on_reply=True)
	for id, sender in (("1", BEN), ("2", ANA), ("3", ANA), ("4", BEN)):
		world.receive(world.customer("Hi", id=id, chat=GROUP, sender=sender))
		world.work()
	[conversation] = world.chatwoot.conversations
	world.receive(world.chatwoot.agent_writes(conversation, "Hello all"))
	world.work()
	world.receive(world.customer("Bye", id="5", chat=GROUP, sender=ANA))
	world.receive(Call("C1", ANA, world.clock.now(), ended=False))
	world.work()
	world.receive(world.chatwoot.agent_writes(conversation, "Bye"))
	world.work()
	assert world.gateway.reads == [
		ReadMark(GROUP, ("1",), BEN),
		ReadMark(GROUP, ("2", "3"), ANA),
		ReadMark(GROUP, ("4",), BEN),
		ReadMark(GROUP, ("5",), ANA),
	]


def test_a_look_from_before_the_message_marks_nothing(world: World) -> None:
	world.change_session(mark_read_on_view=True)
	conversation = world.started()
	seen = world.chatwoot.agent_looks(conversation)
	world.clock.advance(5)
	world.receive(world.customer("And another thing", id="3A01"))
	world.work()
	world.receive(seen)
	world.work()
	assert world.gateway.reads == []


def test_who_begins_to_type_has_looked(world: World) -> None:
	world.change_session(mark_read_on_view=True)
	conversation = world.started()
	world.clock.advance(5)
	world.chatwoot.agent_looks(conversation)
	world.receive(world.chatwoot.agent_types(conversation, True))
	world.show_passed()
	assert (world.gateway.reads, world.gateway.typing) == ([ReadMark(ANA, ("3A00",), ANA)], [])


def test_a_look_that_no_webhook_told_is_seen_when_chatwoot_is_asked(world: World) -> None:
	world.change_session(mark_read_on_view=True)
	conversation = world.started()
	fetch_missed(world.bridge, world.session)
	assert world.gateway.reads == []
	world.clock.advance(60)
	world.chatwoot.agent_looks(conversation)
	fetch_missed(world.bridge, world.session)
	fetch_missed(world.bridge, world.session)
	assert world.gateway.reads == [ReadMark(ANA, ("3A00",), ANA)]


def test_without_the_setting_looks_are_not_even_stored(world: World) -> None:
	conversation = world.started()
	answer = world.receive(world.chatwoot.agent_looks(conversation))
	assert answer.reason == "ignored: nothing about the conversation that is needed here"
	assert world.store.next_due() is None
