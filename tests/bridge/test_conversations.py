"""Which Chatwoot conversation a message goes into, by the session's policy, and how a new one begins."""

from __future__ import annotations

import pytest
from bridge_world import ANA, World

from wuzapi_chatwoot.bridge.model.events import ConversationChanged
from wuzapi_chatwoot.bridge.model.records import ConversationPolicy

DAY = 86_400


def resolved(world: World, conversation: int) -> None:
	world.chatwoot.resolve(conversation)
	told = world.chatwoot.conversations[conversation].as_value(7)
	world.receive(ConversationChanged(told, world.clock.now()))
	world.work()


@pytest.mark.parametrize(("days", "conversations"), [(2.9, 1), (3.1, 2)])
def test_by_age(world: World, days: float, conversations: int) -> None:
	world.change_session(conversation_policy=ConversationPolicy.AGE, reopen_within_days=3)
	conversation = world.started()
	resolved(world, conversation)
	world.clock.advance(days * DAY)
	world.receive(world.customer("Again", id="3A01"))
	world.work()
	assert len(world.chatwoot.conversations) == conversations


def test_by_age_an_agents_message_counts_too(world: World) -> None:
	world.change_session(conversation_policy=ConversationPolicy.AGE, reopen_within_days=3)
	conversation = world.started()
	world.clock.advance(2 * DAY)
	world.receive(world.chatwoot.agent_writes(conversation, "Did it work?"))
	world.work()
	resolved(world, conversation)
	world.clock.advance(2 * DAY)
	world.receive(world.customer("Yes", id="3A01"))
	world.work()
	assert len(world.chatwoot.conversations) == 1


def test_by_age_that_it_was_resolved_makes_a_conversation_no_younger(world: World) -> None:
	"""Chatwoot counts it as an activity, when an agent tidies up as well as when it resolves by itself."""
	world.change_session(conversation_policy=ConversationPolicy.AGE, reopen_within_days=3)
	conversation = world.started()
	world.clock.advance(4 * DAY)
	resolved(world, conversation)
	world.chatwoot.conversations[conversation].last_activity_at = world.clock.now()
	world.receive(world.customer("Again", id="3A01"))
	world.work()
	assert len(world.chatwoot.conversations) == 2


def test_by_age_an_open_conversation_goes_on_however_old(world: World) -> None:
	world.change_session(conversation_policy=ConversationPolicy.AGE, reopen_within_days=3)
	world.started()
	world.clock.advance(300 * DAY)
	world.receive(world.customer("Again", id="3A01"))
	world.work()
	assert len(world.chatwoot.conversations) == 1


@pytest.mark.parametrize(("days", "conversations"), [(2, 1), (4, 2)])
def test_by_age_a_conversation_from_before_us_is_judged_by_its_last_activity(
	world: World, days: float, conversations: int
) -> None:
	world.change_session(conversation_policy=ConversationPolicy.AGE, reopen_within_days=3)
	known = world.chatwoot.have_contact("Ana", identifier=str(ANA), source_ids=(str(ANA),))
	world.chatwoot.have_conversation(known.id, str(ANA), status="resolved")
	world.clock.advance(days * DAY)
	world.receive(world.customer())
	world.work()
	assert len(world.chatwoot.conversations) == conversations


@pytest.mark.parametrize(("pending", "status"), [(True, "pending"), (False, "open")])
def test_a_new_one_begins_as_the_session_wants_it(world: World, pending: bool, status: str) -> None:
	world.change_session(start_pending=pending)
	world.started()
	[conversation] = world.chatwoot.conversations.values()
	assert conversation.status == status
