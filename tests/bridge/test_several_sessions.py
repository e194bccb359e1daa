"""Several numbers, several inboxes: what belongs to one never touches another, and what moves keeps its history."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from bridge_world import ANA, BEN, GROUP, World

from wuzapi_chatwoot.bridge.inbox.receive_webhook import receive_webhook
from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.errors import NotFound, Retriable
from wuzapi_chatwoot.bridge.model.records import EventState, MessageRow, Session, Source
from wuzapi_chatwoot.bridge.ports.chatwoot import Post, Posted, SeenMessage
from wuzapi_chatwoot.bridge.ports.connector import WebhookRequest
from wuzapi_chatwoot.bridge.worker.fetch_missed import fetch_missed
from wuzapi_chatwoot.bridge.worker.work_lane import work_lane
from wuzapi_chatwoot.testkit.twins.fake_chatwoot import FakeChatwoot


def second_session(world: World) -> tuple[Session, FakeChatwoot]:
	"""Another number of ours, with an inbox of its own."""
	session = replace(world.session, name="back-office", inbox_id=8)
	world.sessions[session.name] = session
	chatwoot = FakeChatwoot(account_id=3, inbox_id=8, clock=world.clock)
	first = world.bridge.chatwoot
	world.bridge = replace(
		world.bridge, chatwoot=lambda of: chatwoot if of.name == session.name else first(of)
	)
	return session, chatwoot


def told(world: World, session: str, **message: object) -> None:
	body = world.told(world.customer(**message))  # type: ignore[arg-type]
	request = WebhookRequest(body.encode(), {"signature": "good"}, session=session)
	assert receive_webhook(world.bridge, Source.GATEWAY, request).status == 200


def test_two_of_our_numbers_in_one_group_see_the_same_message_id(world: World) -> None:
	_, chatwoot = second_session(world)
	for session in ("front-desk", "back-office"):
		told(world, session, text="Hello all", id="3A01", chat=GROUP, sender=BEN, push_name="Ben")
	world.work()
	assert [message.text for message in world.chatwoot.messages] == ["**Ben:**\nHello all"]
	assert [message.text for message in chatwoot.messages] == ["**Ben:**\nHello all"]
	answer = world.chatwoot.agent_writes(next(iter(world.chatwoot.conversations)), "From the front desk")
	body = world.told(answer, source=Source.CHATWOOT)
	request = WebhookRequest(body.encode(), {"signature": "good"}, session="front-desk")
	assert receive_webhook(world.bridge, Source.CHATWOOT, request).status == 200
	world.work()
	assert [sent.text for sent in world.gateway.delivered] == ["From the front desk"]


def test_the_same_person_writing_to_two_of_our_numbers_is_two_conversations(world: World) -> None:
	_, chatwoot = second_session(world)
	told(world, "front-desk", text="To the front", id="1")
	told(world, "back-office", text="To the back", id="2")
	world.work()
	assert [message.text for message in world.chatwoot.messages] == ["To the front"]
	assert [message.text for message in chatwoot.messages] == ["To the back"]


def test_hundreds_of_sessions_have_lanes_of_their_own_and_none_waits_for_another(world: World) -> None:
	for number in range(300):
		name = f"shop-{number}"
		world.sessions[name] = replace(world.session, name=name)
		told(world, name, text=name, id=f"3A{number}")
	world.clock.advance(1)
	lanes = world.store.due_lanes(world.clock.now(), 1000)
	assert len(lanes) == 300
	# One is held by a worker that hangs; all others go on.
	world.store.claim_lane(lanes[0], "hanging", world.clock.now(), world.clock.now().replace(year=2030))
	for lane in lanes[1:]:
		work_lane(world.bridge, lane, "worker")
	assert len(world.chatwoot.messages) == 299


def test_a_number_moved_to_another_gateway_keeps_its_conversations(world: World) -> None:
	conversation = world.started()
	world.change_session(gateway_url="http://other-gateway.example")
	world.receive(world.customer("Still me", id="3A01"))
	world.work()
	assert world.chatwoot.texts(conversation) == ["Hello", "Still me"]


def test_an_answer_that_waits_while_the_number_moves_reaches_nobody_else(world: World) -> None:
	conversation = world.started()
	world.gateway.fail_next("send_text", Retriable("down"))
	waiting = world.chatwoot.agent_writes(conversation, "For Ana only")
	world.receive(waiting)
	world.work()
	new = FakeChatwoot(account_id=3, inbox_id=7, clock=world.clock)
	world.bridge = replace(world.bridge, chatwoot=lambda session: new)
	world.change_session(chatwoot_url="http://new-chatwoot.example")
	# On the new server, somebody else's conversation has the number that Ana's had.
	stranger = Address("447700900999", "s.whatsapp.net")
	theirs = world.store.add_conversation(
		"front-desk", stranger, world.store.add_contact("front-desk", "Zoe", [stranger]).id
	)
	world.store.update_conversation(theirs.id, {"chatwoot_conversation_id": conversation})
	world.outlast()
	assert world.gateway.delivered == []
	[dead] = world.events(EventState.DEAD)
	assert dead.last_error == "this is from an inbox that the session does not have any more"


def test_what_was_posted_while_the_number_moved_is_posted_where_it_is_now(
	world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
	world.started()
	old, new = world.chatwoot, FakeChatwoot(account_id=3, inbox_id=7, clock=world.clock)
	post = old.post_message

	def moving(_: object, conversation_id: int, what: Post) -> Posted:
		monkeypatch.undo()
		done = post(conversation_id, what)
		world.change_session(chatwoot_url="http://new-chatwoot.example")
		world.bridge = replace(world.bridge, chatwoot=lambda session: new)
		return done

	monkeypatch.setattr(type(old), "post_message", moving)
	world.receive(world.customer("Where are you?", id="3A01"))
	world.outlast()
	assert [message.text for message in new.messages] == ["Where are you?"]
	[row] = world.store.find_messages("front-desk", ANA, ["3A01"])
	assert row.chatwoot_message_id == new.messages[0].id


def test_an_answer_in_work_while_the_number_moves_leaves_no_number_of_the_old_inbox(
	world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
	conversation = world.started()
	look = world.store.find_messages_by_chatwoot_id

	def moving(session: str, id: int) -> list[MessageRow]:
		monkeypatch.undo()
		found = look(session, id)
		world.change_session(chatwoot_url="http://new-chatwoot.example")
		return found

	answer = world.chatwoot.agent_writes(conversation, "For Ana only")
	monkeypatch.setattr(world.store, "find_messages_by_chatwoot_id", moving)
	world.receive(answer)
	world.outlast()
	assert world.gateway.delivered == []
	assert world.store.find_messages_by_chatwoot_id("front-desk", answer.id) == []
	assert world.store.find_conversation_by_chatwoot_id("front-desk", conversation) is None
	[dead] = world.events(EventState.DEAD)
	assert dead.last_error == "this is from an inbox that the session does not have any more"


def test_what_is_fetched_from_the_old_inbox_while_the_number_moves_is_not_taken(
	world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
	conversation = world.started()
	world.store.reconcile_marks("front-desk", world.clock.now())
	world.chatwoot.agent_writes(conversation, "For Ana only")
	read = FakeChatwoot.messages_after

	def moving(*which: Any) -> list[SeenMessage]:
		monkeypatch.undo()
		world.change_session(chatwoot_url="http://new-chatwoot.example")
		return read(*which)

	monkeypatch.setattr(FakeChatwoot, "messages_after", moving)
	with pytest.raises(Retriable, match="another inbox"):
		fetch_missed(world.bridge, world.session)
	world.outlast()
	assert world.gateway.delivered == []


def test_what_comes_while_the_inbox_is_gone_waits_for_the_next_one(world: World) -> None:
	conversation = world.started()
	world.chatwoot.remove_inbox()
	world.receive(world.customer("Still there?", id="3A01"))
	world.receive(world.customer("Hello?", id="3A02"))
	for _ in range(30):
		world.work(31)
	[first, second] = world.events(EventState.WAITING)[::-1]
	assert first.attempts == second.attempts == 0
	assert first.last_error == (
		"inbox 7 is gone from Chatwoot: set the session up again, and this is brought there"
	)
	# The set-up makes another one.
	new = FakeChatwoot(account_id=3, inbox_id=9, clock=world.clock)
	world.bridge = replace(world.bridge, chatwoot=lambda session: new)
	world.change_session(inbox_id=9)
	world.outlast()
	[fresh] = new.conversations
	assert new.texts(fresh) == ["Still there?", "Hello?"]
	assert conversation not in world.chatwoot.conversations


def test_a_contact_that_is_gone_from_an_inbox_that_is_there_is_no_reason_to_wait(world: World) -> None:
	world.chatwoot.fail_next("create_contact", NotFound("Chatwoot does not have it (any more)"))
	world.receive(world.customer("Hello"))
	world.work()
	[dead] = world.events(EventState.DEAD)
	assert dead.last_error == "Chatwoot does not have it (any more)"


def test_a_number_moved_to_another_account_keeps_its_history_and_mixes_nothing_up(world: World) -> None:
	conversation = world.started("Do you deliver?")
	first = world.chatwoot.agent_writes(conversation, "We do")
	world.receive(first)
	world.work()
	new = FakeChatwoot(account_id=4, inbox_id=9, clock=world.clock)
	world.bridge = replace(world.bridge, chatwoot=lambda session: new)
	world.change_session(chatwoot_url="http://new-chatwoot.example", account_id=4, inbox_id=9)

	world.receive(world.customer("Are you still there?", id="3A02"))
	world.work()
	world.work()
	[fresh] = new.conversations
	assert new.texts(fresh) == ["Are you still there?"]
	# The new Chatwoot counts its messages anew: the same number is another message.
	while True:
		answer = new.agent_writes(fresh, "Yes, here")
		if answer.id >= first.id:
			break
	world.receive(replace(answer, id=first.id))
	world.work()
	assert [sent.text for sent in world.gateway.delivered] == ["We do", "Yes, here"]
	assert len({sent.message_id for sent in world.gateway.delivered}) == 2
	rows = world.store.find_messages("front-desk", ANA, ["3A00", "3A02"])
	assert len({row.conversation for row in rows}) == 1
	assert world.store.find_contact("front-desk", [ANA]) is not None
