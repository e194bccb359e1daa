"""What Chatwoot posted while nobody listened is fetched, sent once, and no longer shown as failed."""

from typing import Any

import pytest
from bridge_world import World

from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.errors import Fault, NotFound, Permanent, Retriable
from wuzapi_chatwoot.bridge.model.events import Status
from wuzapi_chatwoot.bridge.worker.fetch_missed import fetch_missed
from wuzapi_chatwoot.testkit.twins.fake_chatwoot import FakeChatwoot

BEN = Address("447700900456", "s.whatsapp.net")


def fetch(world: World) -> int:
	return fetch_missed(world.bridge, world.session)


def test_a_message_whose_webhook_was_lost_is_sent_once_and_cleared(world: World) -> None:
	fetch(world)
	conversation = world.started()
	world.clock.advance(60)
	message = world.chatwoot.agent_writes(conversation, "Lost")
	world.chatwoot.message(message.id).status = Status.FAILED
	world.clock.advance(60)
	assert fetch(world) == 1
	assert fetch(world) == 0
	world.work()
	assert [each.text for each in world.gateway.delivered] == ["Lost"]
	assert world.chatwoot.message(message.id).status is Status.SENT


def test_a_webhook_that_comes_after_all_changes_nothing(world: World) -> None:
	fetch(world)
	conversation = world.started()
	message = world.chatwoot.agent_writes(conversation, "Slow")
	assert fetch(world) == 1
	assert world.receive(message, key=f"message_created/{message.id}").reason == "known already"
	world.work()
	assert len(world.gateway.delivered) == 1


def test_what_was_there_before_us_is_left_alone(world: World) -> None:
	contact = world.chatwoot.have_contact("Ana", phone="+447700900123")
	old = world.chatwoot.have_conversation(contact.id, "447700900123@s.whatsapp.net")
	world.chatwoot.agent_writes(old.id, "Sent by another bridge, last year")
	world.clock.advance(3600)
	assert fetch(world) == 0
	world.chatwoot.agent_writes(old.id, "New")
	world.clock.advance(3600)
	assert fetch(world) == 1
	world.work()
	assert [each.text for each in world.gateway.delivered] == ["New"]


def test_notes_and_our_own_messages_are_not_fetched(world: World) -> None:
	fetch(world)
	conversation = world.started()
	world.chatwoot.agent_writes(conversation, "Between us", private=True)
	assert fetch(world) == 0


def test_a_sent_message_that_chatwoot_shows_as_failed_is_put_right(world: World) -> None:
	fetch(world)
	conversation = world.started()
	message = world.chatwoot.agent_writes(conversation, "Sent")
	world.receive(message)
	world.work()
	world.chatwoot.message(message.id).status = Status.FAILED
	assert fetch(world) == 0
	assert world.chatwoot.message(message.id).status is Status.SENT
	assert len(world.gateway.delivered) == 1


def test_a_customers_message_that_chatwoot_shows_as_failed_is_put_right(world: World) -> None:
	fetch(world)
	world.started()
	[message] = world.chatwoot.messages
	message.status = Status.FAILED
	fetch(world)
	assert world.chatwoot.message(message.id).status is Status.SENT


def test_conversations_without_news_cost_no_call(world: World) -> None:
	fetch(world)
	world.started()
	world.clock.advance(120)
	fetch(world)
	calls = world.chatwoot.count("messages_after")
	fetch(world)
	assert world.chatwoot.count("messages_after") == calls


def two_conversations(world: World) -> tuple[int, int]:
	"""With a lost message each; the first cannot be shown from now on."""
	fetch(world)
	first = world.started()
	world.receive(world.customer(id="3B", chat=BEN, sender=BEN))
	world.work()
	[second] = set(world.chatwoot.conversations) - {first}
	for conversation in (first, second):
		world.chatwoot.agent_writes(conversation, f"Lost in {conversation}")
	world.clock.advance(60)
	return first, second


def unreadable(monkeypatch: pytest.MonkeyPatch, ids: list[int], error: Exception) -> None:
	"""As long as they are in the list."""
	real = FakeChatwoot.messages_after

	def messages_after(self: FakeChatwoot, conversation: Any, *rest: Any) -> Any:
		if conversation.id in ids:
			raise error
		return real(self, conversation, *rest)

	monkeypatch.setattr(FakeChatwoot, "messages_after", messages_after)


@pytest.mark.parametrize(
	"error",
	[
		Retriable("Chatwoot had a fault (500)", fault=Fault.UNWELL),
		Permanent("Chatwoot refused it"),
		NotFound("it is gone"),
		KeyError("id"),
	],
)
def test_a_conversation_that_cannot_be_shown_stops_no_other(
	world: World, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
	"""It is told of once, and what was lost in it comes when it can be read again."""
	first, second = two_conversations(world)
	broken = [first]
	unreadable(monkeypatch, broken, error)
	assert [fetch(world) for _ in range(4)] == [1, 0, 0, 0]
	world.clock.advance(3600)
	assert fetch(world) == 0
	broken.clear()
	[told] = world.observer.noticed("a conversation cannot be read for missed messages")
	assert told["conversation"] == first
	assert fetch(world) == 1
	world.work()
	assert sorted(each.text for each in world.gateway.delivered) == [f"Lost in {first}", f"Lost in {second}"]


def test_a_conversation_that_can_never_be_shown_is_not_looked_for_for_ever(
	world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
	first, _ = two_conversations(world)
	unreadable(monkeypatch, [first], Permanent("Chatwoot refused it"))
	for _ in range(3):
		world.clock.advance(20 * 3600)
		fetch(world)
	world.chatwoot.calls.clear()
	fetch(world)
	assert world.chatwoot.count("messages_after") == 0


def test_a_chatwoot_that_cannot_be_reached_ends_the_fetch(
	world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
	first, _ = two_conversations(world)
	unreadable(monkeypatch, [first], Retriable("Chatwoot cannot be reached"))
	with pytest.raises(Retriable):
		fetch(world)
	assert world.observer.notices == []
