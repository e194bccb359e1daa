"""Conversations that fail, many or few, hold up nobody else: in both directions, whatever the failures look like."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from bridge_world import START, World

from wuzapi_chatwoot.bridge.guards.circuit_breaker import Breakers
from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.content import Media, MediaKind, Revoke
from wuzapi_chatwoot.bridge.model.errors import (
	BridgeError,
	Fault,
	NewChatRefused,
	Retriable,
	TokenRefused,
	Uncertain,
)
from wuzapi_chatwoot.bridge.model.records import EventState
from wuzapi_chatwoot.bridge.ports.chatwoot import Post

PROBE_INTERVAL = Breakers().longest_pause
WELL = Address("447700900999", "s.whatsapp.net")
LATE = Address("447700900998", "s.whatsapp.net")
FAILURES = {
	"an error without a reason": lambda: Retriable("error", fault=Fault.UNWELL),
	"an uncertain one": lambda: Uncertain("error", fault=Fault.UNWELL),
	"no answer": lambda: Uncertain("no answer"),
	"cut by a proxy": lambda: Retriable("HTTP 502", fault=Fault.UNANSWERED),
	"of the recipient": lambda: Retriable("479", fault=Fault.REQUEST),
	"new chats are locked": lambda: NewChatRefused("463"),
}
each_failure = pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES)
each_crowd = pytest.mark.parametrize("crowd", [1, 3, 6, 30])


def people(count: int) -> list[Address]:
	return [Address(f"4477009001{number:02}", "s.whatsapp.net") for number in range(count)]


def work_until(world: World, seconds: float, step: float = 0.1) -> None:
	"""So much time passes, in small steps."""
	for _ in range(round(seconds / step)):
		world.work(step)


def conversations(world: World, persons: list[Address]) -> dict[Address, int]:
	for person in persons:
		world.receive(world.customer("Hello", id=f"{person.user}-0", chat=person, sender=person))
	world.work()
	world.work()
	found = {}
	for person in persons:
		row = world.store.find_conversation("front-desk", person)
		assert row is not None
		found[person] = row.chatwoot_conversation_id
	return found


def told(world: World) -> list[str]:
	"""By customers; what the bridge itself says of losses stands elsewhere."""
	said = [message.text for message in world.chatwoot.messages if message.incoming]
	return [text for text in said if not text.startswith("⚠️")]


def sent(world: World) -> list[str]:
	return [message.text for message in world.gateway.delivered]


@each_crowd
@each_failure
def test_to_whatsapp(world: World, crowd: int, failure) -> None:
	ill = people(crowd)
	there = conversations(world, [*ill, WELL, LATE])

	def refusal(arguments: Mapping[str, object]) -> BridgeError | None:
		return failure() if arguments["to"] in ill else None

	world.gateway.refuse("send_text", refusal)
	for person in ill:
		world.receive(world.chatwoot.agent_writes(there[person], "ill"))
	world.receive(world.chatwoot.agent_writes(there[WELL], "at once"))
	work_until(world, PROBE_INTERVAL)
	assert sent(world) == ["at once"]
	# In the middle of it, and as long as it lasts.
	for number in range(3):
		world.receive(world.chatwoot.agent_writes(there[LATE], f"later {number}"))
		work_until(world, PROBE_INTERVAL)
		assert sent(world)[1:] == [f"later {late}" for late in range(number + 1)]


@each_crowd
@each_failure
def test_to_chatwoot(world: World, crowd: int, failure) -> None:
	ill = people(crowd)
	there = conversations(world, [*ill, WELL, LATE])
	refused = {there[person] for person in ill}

	def refusal(arguments: Mapping[str, object]) -> BridgeError | None:
		return failure() if arguments["conversation_id"] in refused else None

	world.chatwoot.refuse("post_message", refusal)
	hello = len(told(world))
	for person in ill:
		world.receive(world.customer("ill", id=f"{person.user}-1", chat=person, sender=person))
	world.receive(world.customer("at once", id="1", chat=WELL, sender=WELL))
	work_until(world, PROBE_INTERVAL)
	assert told(world)[hello:] == ["at once"]
	for number in range(3):
		world.receive(world.customer(f"later {number}", id=f"late-{number}", chat=LATE, sender=LATE))
		work_until(world, PROBE_INTERVAL)
		assert told(world)[hello + 1 :] == [f"later {late}" for late in range(number + 1)]


@pytest.mark.parametrize("crowd", [3, 30])
def test_pictures_that_cannot_be_read_hold_up_neither_texts_nor_other_pictures(
	world: World, crowd: int
) -> None:
	ill = people(crowd)
	conversations(world, [*ill, WELL])
	world.gateway.downloads["good"] = b"\xff\xd8\xff"

	def refusal(arguments: Mapping[str, object]) -> BridgeError | None:
		media = arguments["media"]
		assert isinstance(media, Media)
		return Retriable("error", fault=Fault.UNWELL) if media.ticket == "bad" else None

	world.gateway.refuse("download", refusal)
	for person in ill:
		picture = Media(MediaKind.IMAGE, "image/jpeg", ticket="bad")
		world.receive(world.customer(content=picture, id=f"{person.user}-1", chat=person, sender=person))
	good = Media(MediaKind.IMAGE, "image/jpeg", ticket="good", caption="good")
	world.receive(world.customer(content=good, id="good", chat=WELL, sender=WELL))
	row = world.store.find_conversation("front-desk", WELL)
	assert row is not None
	world.receive(world.chatwoot.agent_writes(row.chatwoot_conversation_id, "out"))
	work_until(world, PROBE_INTERVAL)
	assert "good" in told(world)
	assert sent(world) == ["out"]


def test_read_marks_that_fail_stop_no_message(world: World) -> None:
	persons = people(8)
	there = conversations(world, persons)
	world.change_session(mark_read_on_reply=True)
	world.gateway.refuse("mark_read", lambda arguments: Retriable("not connected"))
	for number in range(5):
		for person in persons:
			world.receive(world.chatwoot.agent_writes(there[person], f"{number}"))
		work_until(world, 2.0)
	assert len(sent(world)) == 40
	assert [state for state in world.breakers.states() if state.open] == []
	# They are not asked for again and again.
	assert world.gateway.count("mark_read") < 30


def test_groups_that_do_not_tell_their_administrators_stop_no_message(world: World) -> None:
	groups = [Address(f"12036300000000000{number}", "g.us") for number in range(4)]
	author, other = people(2)
	for group in groups:
		world.receive(world.customer(id="A1", chat=group, sender=author))
	world.work()
	world.gateway.refuse("is_group_admin", lambda arguments: Retriable("error"))
	for group in groups:
		deletion = Revoke("A1", by_admin=True)
		world.receive(world.customer(id="D1", chat=group, sender=other, content=deletion))
	work_until(world, 5.0)
	assert world.gateway.count("is_group_admin") >= 5
	assert [state for state in world.breakers.states() if state.open] == []


def test_names_that_cannot_be_looked_up_take_no_probe_from_a_message(world: World) -> None:
	"""Both wait for the same Chatwoot, and it is a message that finds out that it is back."""
	down = Retriable("Chatwoot does not answer")
	methods = ("find_contacts", "update_contact", "post_message", "create_contact")
	persons = people(8)
	conversations(world, persons)
	for method in methods:
		world.chatwoot.refuse(method, lambda arguments: down)
	for number in range(3):
		for person in persons:
			world.receive(
				world.customer(
					"Hi", id=f"{person.user}-{number}x", chat=person, sender=person, push_name=f"N{number}"
				)
			)
	work_until(world, 30.0)
	assert world.breakers.states()[0].open
	posts = world.chatwoot.count("post_message")
	world.chatwoot.calls.clear()
	work_until(world, 60.0)
	assert world.chatwoot.count("update_contact") == 0
	assert 3 <= world.chatwoot.count("post_message") <= 6
	assert posts > 5
	world.chatwoot.accept_all()
	world.outlast()
	assert world.events(EventState.DEAD) == []


def test_a_message_that_alone_gets_no_answer_is_given_up_and_its_lane_goes_on(world: World) -> None:
	poor, well = people(1)[0], WELL
	there = conversations(world, [poor, well])
	bad = Uncertain("no answer")
	world.gateway.refuse("send_text", lambda arguments: bad if arguments["text"] == "bad" else None)
	world.receive(world.chatwoot.agent_writes(there[poor], "bad"))
	world.receive(world.chatwoot.agent_writes(there[poor], "after it"))
	for hour in range(48):
		world.receive(world.chatwoot.agent_writes(there[well], f"hour {hour}"))
		work_until(world, 3600.0, step=10.0)
	assert "after it" in sent(world)
	[dead] = world.events(EventState.DEAD)
	assert dead.attempts == len(world.bridge.retries.pauses)
	assert world.gateway.count("send_text") < 600


@pytest.mark.no_cover
def test_also_where_nobody_else_writes(world: World) -> None:
	poor = people(1)[0]
	there = conversations(world, [poor])
	world.gateway.refuse("send_text", lambda arguments: Uncertain("no answer"))
	message = world.chatwoot.agent_writes(there[poor], "bad")
	world.receive(message)
	while world.clock.now() < START.replace(day=START.day + 4):
		world.work(30.0)
	[_dead] = world.events(EventState.DEAD)
	assert world.gateway.count("send_text") <= 4400
	assert world.chatwoot.message(message.id).error == "no answer"


@pytest.mark.parametrize("asked", ["all the time", "not at all"])
def test_after_a_long_outage_the_first_hiccup_ends_no_message(world: World, asked: str) -> None:
	"""How old it is says nothing of a message that nobody could have taken."""
	poor = people(1)[0]
	there = conversations(world, [poor])
	world.gateway.refuse("send_text", lambda arguments: Retriable("refused"))
	world.receive(world.chatwoot.agent_writes(there[poor], "old"))
	while world.clock.now() < START.replace(day=START.day + 4):
		if asked == "all the time":
			world.work(900.0)
		else:
			world.clock.advance(3600.0)
	world.gateway.accept_all()
	world.gateway.fail_next("send_text", Uncertain("no answer"), times=3)
	work_until(world, 60.0, step=1.0)
	assert world.events(EventState.DEAD) == []
	assert sent(world) == ["old"]


@pytest.mark.parametrize(
	("failure", "ends"), [(Retriable("redirected"), True), (TokenRefused("lacks a right"), False)]
)
@pytest.mark.no_cover
def test_what_says_for_one_alone_that_nobody_is_answered_is_given_up_too(
	world: World, failure: Retriable, ends: bool
) -> None:
	"""But not what people can mend: another session's token may be better."""
	poor = people(1)[0]
	there = conversations(world, [poor, WELL])
	world.gateway.refuse("send_text", lambda arguments: failure if arguments["to"] == poor else None)
	world.receive(world.chatwoot.agent_writes(there[poor], "bad"))
	for number in range(24 * 5):
		world.receive(world.chatwoot.agent_writes(there[WELL], f"hour {number}"))
		work_until(world, 3600.0, step=300.0)
	assert len(sent(world)) == 24 * 5
	assert len(world.events(EventState.DEAD)) == ends


@pytest.mark.no_cover
def test_an_outage_for_all_kills_nothing_however_long_it_is(world: World) -> None:
	persons = people(8)
	conversations(world, persons)
	world.chatwoot.refuse("post_message", lambda arguments: Uncertain("HTTP 502"))
	for person in persons:
		world.receive(world.customer("Hi", id=f"{person.user}-1", chat=person, sender=person))
	work_until(world, 60.0, step=1.0)
	assert world.breakers.states()[0].open
	while world.clock.now() < START.replace(day=START.day + 6):
		world.work(900.0)
	assert world.events(EventState.DEAD) == []
	world.chatwoot.accept_all()
	hello = len(told(world))
	work_until(world, 60.0, step=1.0)
	assert len(told(world)) == hello + 8


def test_a_lookup_before_a_repeat_is_repeated_at_once(world: World) -> None:
	there = conversations(world, [WELL])
	assert there
	world.chatwoot.fail_next("post_message", Uncertain("error", fault=Fault.UNWELL))
	world.chatwoot.fail_next("find_post", Retriable("error", fault=Fault.UNWELL), times=2)
	world.receive(world.customer("Hi", id="1", chat=WELL, sender=WELL))
	work_until(world, 1.0)
	assert isinstance(world.chatwoot.calls_of("post_message")[0].arguments["post"], Post)
	assert (world.chatwoot.count("find_post"), world.chatwoot.count("post_message")) == (3, 2)
	assert told(world)[-1] == "Hi"
