"""A number that WhatsApp lets begin no chats: people see it, answers go on, and it is not asked all the time."""

from __future__ import annotations

import pytest
from bridge_world import ANA, World, at

from wuzapi_chatwoot.bridge.model.errors import NewChatRefused, Permanent
from wuzapi_chatwoot.bridge.model.events import Status
from wuzapi_chatwoot.bridge.model.records import DeadEvents, EventState, NewChats
from wuzapi_chatwoot.bridge.sessions.session_troubles import troubles_of

WORDS = "WhatsApp does not let this number start new chats at the moment"
LOCKED = NewChatRefused(WORDS, detail="HTTP 500: server returned error 463")


def begun(world: World, number: int) -> int:
	"""A conversation that an agent begins with somebody who never wrote; its id in Chatwoot."""
	address = f"44770090050{number}@s.whatsapp.net"
	contact = world.chatwoot.create_contact(f"New {number}", address, None, address)
	return world.chatwoot.have_conversation(contact.id, address).id


def write(world: World, conversation: int, text: str) -> int:
	message = world.chatwoot.agent_writes(conversation, text)
	world.receive(message)
	world.work()
	return message.id


@pytest.fixture
def locked(world: World) -> World:
	world.started()
	world.gateway.refuse("send_text", lambda arguments: LOCKED if arguments["to"] != ANA else None)
	return world


def test_it_is_said_on_the_message_and_on_the_session(locked: World) -> None:
	id = write(locked, begun(locked, 1), "Hello stranger")
	shown = locked.chatwoot.message(id)
	assert (shown.status, shown.error) == (Status.FAILED, WORDS)
	chats = locked.store.new_chats("front-desk")
	assert chats == NewChats(locked.clock.now(), locked.clock.now())
	[words] = troubles_of(chats, None)
	assert words.sentence.startswith("New chats are locked since 2026-03-02 09:0")
	assert "Answers to people who wrote go on" in words.advice


def test_answers_go_on_and_new_chats_are_not_asked_for_each_time(locked: World) -> None:
	for number in range(1, 6):
		write(locked, begun(locked, number), "Hello stranger")
	conversation = locked.store.find_conversation("front-desk", ANA)
	assert conversation is not None
	write(locked, conversation.chatwoot_conversation_id, "Hello Ana")
	assert [message.text for message in locked.gateway.delivered] == ["Hello Ana"]
	assert locked.gateway.count("send_text") == 2
	assert len(locked.events(EventState.DEAD)) == 5
	assert locked.store.new_chats("front-desk").locked_since is not None


def test_a_new_chat_that_is_let_through_ends_it(locked: World) -> None:
	write(locked, begun(locked, 1), "Hello stranger")
	locked.clock.advance(16 * 60)
	locked.gateway.accept_all()
	write(locked, begun(locked, 2), "Hello")
	assert locked.store.new_chats("front-desk") == NewChats()
	write(locked, begun(locked, 3), "Hello")
	assert [message.text for message in locked.gateway.delivered] == ["Hello", "Hello"]


def test_the_lock_is_as_old_as_its_first_refusal(locked: World) -> None:
	write(locked, begun(locked, 1), "Hello stranger")
	first = locked.clock.now()
	locked.clock.advance(16 * 60)
	write(locked, begun(locked, 2), "Hello")
	assert locked.store.new_chats("front-desk") == NewChats(first, locked.clock.now())
	assert locked.gateway.count("send_text") == 2


def test_a_person_who_has_written_says_nothing_of_others(world: World) -> None:
	conversation = world.started()
	world.gateway.refuse("send_text", lambda arguments: LOCKED)
	id = write(world, conversation, "Hello")
	assert world.chatwoot.message(id).error == (
		"WhatsApp does not take messages to this contact at the moment (error 463)"
	)
	assert world.store.new_chats("front-desk") == NewChats()


def test_failed_events_are_a_trouble_too() -> None:
	locked_since = NewChats(at(0), at(60))
	dead = DeadEvents(3, 17, "Chatwoot refused the data (422 Content is too long)")
	assert [words.sentence for words in troubles_of(locked_since, dead)][1] == (
		"Failed events: 3. The last one: Chatwoot refused the data (422 Content is too long)."
	)
	assert troubles_of(NewChats(), None) == []


def test_a_customers_message_that_is_given_up_is_told_to_agents(world: World) -> None:
	conversation = world.started()
	refused = Permanent("Chatwoot refused the data")
	world.chatwoot.refuse(
		"post_message", lambda arguments: refused if arguments["conversation_id"] == conversation else None
	)
	for number in range(3):
		world.receive(world.customer(f"lost {number}", id=f"{number}"))
	world.work()
	world.work()
	[dead, *_] = world.events(EventState.DEAD)
	told = [message.text for message in world.chatwoot.messages if "could not be shown" in message.text]
	[text] = told
	assert "A message of Ana Example could not be shown here: Chatwoot refused the data" in text
	assert "lost" not in text
	assert f"kept as event {dead.id - 2}" in text
