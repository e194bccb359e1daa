"""What Chatwoot posted while nobody listened is fetched, sent once, and no longer shown as failed."""

from bridge_world import World

from wuzapi_chatwoot.bridge.events import Status
from wuzapi_chatwoot.bridge.usecases.fetch_missed import fetch_missed


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
