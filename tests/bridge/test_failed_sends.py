"""What becomes of a message that cannot be sent: it says why, and the next one goes on."""

from __future__ import annotations

import pytest
from bridge_world import World

from wuzapi_chatwoot.bridge.model.errors import (
	BridgeError,
	Fault,
	NotFound,
	NotThereYet,
	Permanent,
	Retriable,
	Uncertain,
)
from wuzapi_chatwoot.bridge.model.events import Attachment, ChatwootMessage, Status
from wuzapi_chatwoot.bridge.model.records import EventState

FILE = Attachment(1, "http://chatwoot.example/a.pdf", "file", "a.pdf", "application/pdf", 3)
NOT_THERE = NotThereYet("Chatwoot's storage does not have the file (yet)", fault=Fault.REQUEST)
ATTACH_AGAIN = "the file is not in Chatwoot's storage: attach it again"
CAUSE = "this number is not on WhatsApp"


def with_file(world: World, conversation: int, text: str) -> ChatwootMessage:
	return world.chatwoot.agent_writes(conversation, text, attachments=[(FILE, b"pdf")])


def test_a_file_that_never_comes_fails_its_message_after_minutes_and_the_next_goes_on(world: World) -> None:
	conversation = world.started()
	world.chatwoot.fail_next("fetch_attachment", NOT_THERE, times=99)
	failing = with_file(world, conversation, "Look")
	world.receive(failing)
	world.receive(world.chatwoot.agent_writes(conversation, "And this"))
	began = world.clock.now()
	while not world.gateway.delivered:
		world.work(10)
	assert (world.clock.now() - began).total_seconds() < 15 * 60
	assert [message.text for message in world.gateway.delivered] == ["And this"]
	shown = world.chatwoot.message(failing.id)
	assert (shown.status, shown.error) == (Status.FAILED, ATTACH_AGAIN)


def test_a_file_that_comes_within_moments_is_sent(world: World) -> None:
	conversation = world.started()
	world.chatwoot.fail_next("fetch_attachment", NOT_THERE, times=3)
	world.receive(with_file(world, conversation, "Look"))
	world.outlast()
	assert [message.text for message in world.gateway.delivered] == ["Look"]


# ---- the mark in Chatwoot


def refused(world: World, error: BridgeError, times: int = 1) -> ChatwootMessage:
	conversation = world.started()
	world.gateway.fail_next("send_text", Permanent(CAUSE))
	world.chatwoot.fail_next("set_status", error, times=times)
	message = world.chatwoot.agent_writes(conversation, "Hello")
	world.receive(message)
	world.work()
	return message


@pytest.mark.parametrize(
	"error",
	[
		NotFound("gone"),
		Permanent("Chatwoot takes message statuses for API inboxes only"),
		Retriable("down"),
		Uncertain("no answer in time"),
		Retriable("failed on this", fault=Fault.UNWELL),
	],
	ids=lambda error: f"{type(error).__name__} {error.reason}",
)
def test_the_cause_is_not_lost_over_the_mark(world: World, error: BridgeError) -> None:
	message = refused(world, error)
	[row] = world.store.find_messages_by_chatwoot_id("front-desk", message.id)
	assert (row.status, row.error) == (Status.FAILED, CAUSE)
	[event] = [event for event in world.events(EventState.DEAD) if event.kind == "ChatwootMessage"]
	assert event.last_error == CAUSE
	# A Retry is taken all the same.
	world.receive(world.chatwoot.retry(message.id))
	world.outlast()
	assert [delivered.text for delivered in world.gateway.delivered] == ["Hello"]


def test_the_mark_follows_when_chatwoot_answers_again(world: World) -> None:
	message = refused(world, Retriable("down"), times=3)
	assert world.chatwoot.message(message.id).status is Status.SENT
	world.outlast()
	shown = world.chatwoot.message(message.id)
	assert (shown.status, shown.error) == (Status.FAILED, CAUSE)


def test_the_mark_does_not_follow_a_message_that_was_sent_meanwhile(world: World) -> None:
	message = refused(world, Retriable("down"), times=3)
	world.receive(world.chatwoot.retry(message.id))
	world.outlast()
	assert [delivered.text for delivered in world.gateway.delivered] == ["Hello"]
	assert world.chatwoot.message(message.id).status is Status.SENT


def test_the_next_message_does_not_wait_for_the_mark(world: World) -> None:
	message = refused(world, Retriable("down"), times=99)
	world.receive(world.chatwoot.agent_writes(message.conversation.id, "Next"))
	world.work()
	assert [delivered.text for delivered in world.gateway.delivered] == ["Next"]
