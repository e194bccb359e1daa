"""An id of WhatsApp says nothing outside its chat, and nothing of another author."""

from __future__ import annotations

from dataclasses import replace

import pytest
from bridge_world import ANA, ANA_LID, BEN, GROUP, ID_KEY, KEY, OWNER, World

from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.content import Edit, Quote, Reaction, Revoke, Text
from wuzapi_chatwoot.bridge.model.events import Receipt, Status
from wuzapi_chatwoot.bridge.model.message_ids import derived_id
from wuzapi_chatwoot.bridge.model.records import EventState, MessageRow, Secret

ZOE = Address("447700900456", "s.whatsapp.net")


def row(world: World, id: str, chat: Address = ANA) -> MessageRow:
	return world.store.find_messages("front-desk", chat, [id])[0]


def sent(world: World, text: str = "It costs 90") -> MessageRow:
	"""A message of an agent to Ana."""
	conversation = world.started()
	world.receive(world.chatwoot.agent_writes(conversation, text))
	world.work()
	return row(world, world.gateway.delivered[-1].message_id)


def test_the_same_id_in_another_chat_is_another_message(world: World) -> None:
	world.receive(world.customer("From Ana", id="X"))
	world.receive(world.customer("From Zoe", id="X", chat=ZOE, sender=ZOE))
	world.work()
	assert {message.text for message in world.chatwoot.messages} == {"From Ana", "From Zoe"}


@pytest.mark.parametrize("by", [ZOE, BEN])
def test_a_receipt_of_another_chat_moves_nothing(world: World, by: Address) -> None:
	"""Whether whoever it is has written to us before or not."""
	message = sent(world)
	world.receive(world.customer("Hi", id="Z1", chat=ZOE, sender=ZOE))
	world.work()
	receipt = Receipt(by, (message.whatsapp_id,), Status.READ, by, world.clock.now())
	world.receive(receipt)
	world.receive(replace(receipt, chat=GROUP))
	world.work()
	assert row(world, message.whatsapp_id).status is Status.SENT
	world.receive(replace(receipt, chat=ANA_LID, chat_alt=ANA, by=ANA_LID))
	world.work()
	assert row(world, message.whatsapp_id).status is Status.READ


def test_a_receipt_is_found_under_either_address_and_spelling(world: World) -> None:
	brazil, spelled = (Address(user, "s.whatsapp.net") for user in ("5511990000001", "551190000001"))
	made = world.chatwoot.have_contact("Bia", phone="+5511990000001", source_ids=("uuid",))
	begun = world.chatwoot.have_conversation(made.id, "uuid")
	world.receive(world.chatwoot.agent_writes(begun.id, "Oi"))
	world.work()
	[message] = world.gateway.delivered
	world.receive(Receipt(spelled, (message.message_id,), Status.READ, spelled, world.clock.now()))
	world.work()
	assert row(world, message.message_id, brazil).status is Status.READ


@pytest.mark.parametrize("content", [Reaction("X", "👍"), Edit("X", Text("Changed")), Revoke("X")])
def test_nothing_is_done_to_the_message_of_another_chat(
	world: World, content: Reaction | Edit | Revoke
) -> None:
	world.receive(world.customer("From Ana", id="X"))
	world.work()
	world.receive(world.customer(id="Z1", chat=ZOE, sender=ZOE, content=content))
	world.outlast()
	assert row(world, "X") == replace(row(world, "X"), text="From Ana", reactions=(), deleted_at=None)
	assert world.chatwoot.messages[-1].in_reply_to is None


def test_who_tells_the_next_id_beforehand_does_not_keep_the_answer_from_being_sent(world: World) -> None:
	"""Even if he could: he cannot, for the id is keyed."""
	conversation = world.started()
	message = world.chatwoot.agent_writes(conversation, "It costs 90")
	told = derived_id(ID_KEY, KEY, message.id, 0)
	world.receive(world.customer("Mine", id=told))
	world.work()
	world.receive(message)
	world.work()
	[delivered] = world.gateway.delivered
	assert (delivered.text, delivered.message_id) == (
		"It costs 90",
		derived_id(ID_KEY, KEY, message.id, 0, 1),
	)
	assert world.chatwoot.message(message.id).status is Status.SENT
	assert derived_id(Secret("another key"), KEY, message.id, 0) != told


def test_a_customer_who_uses_the_id_of_our_message_is_heard_all_the_same(world: World) -> None:
	message = sent(world)
	world.receive(world.customer("Mine", id=message.whatsapp_id))
	world.work()
	said = world.chatwoot.messages[-1]
	assert (said.text, said.incoming) == ("Mine", True)
	assert world.events(EventState.IGNORED) == []
	# A repeat of it is one, and ours is as it was.
	world.receive(world.customer("Mine", id=message.whatsapp_id), key="again")
	world.work()
	assert world.chatwoot.messages[-1] == said
	assert row(world, message.whatsapp_id) == message
	# He changes his own with it, not ours.
	world.receive(world.customer(id="E1", content=Edit(message.whatsapp_id, Text("Mine!"))))
	world.work()
	ours, his = world.store.find_messages("front-desk", ANA, [message.whatsapp_id])
	assert (ours.text, his.text) == ("It costs 90", "Mine!")


def test_our_own_send_coming_back_is_no_message(world: World) -> None:
	message = sent(world)
	before = len(world.chatwoot.messages)
	world.receive(world.customer("It costs 90", id=message.whatsapp_id, sender=OWNER, from_me=True))
	world.work()
	assert len(world.chatwoot.messages) == before


def test_two_members_of_a_group_may_choose_one_id(world: World) -> None:
	for sender, text in ((ANA, "Ana's"), (ZOE, "Zoe's")):
		world.receive(world.customer(text, id="X", chat=GROUP, sender=sender, push_name=""), key=text)
		world.work()
	assert [message.text.partition("\n")[2] for message in world.chatwoot.messages] == ["Ana's", "Zoe's"]
	world.receive(world.customer(id="D1", chat=GROUP, sender=ZOE, content=Revoke("X")))
	world.work()
	first, second = world.store.find_messages("front-desk", GROUP, ["X"])
	assert first.deleted_at is None
	assert second.deleted_at is not None


def test_a_member_told_by_phone_and_then_by_lid_is_one(world: World) -> None:
	world.receive(world.customer("Once", id="X", chat=GROUP, sender=ANA), key="first")
	world.work()
	world.receive(world.customer("Once", id="X", chat=GROUP, sender=ANA_LID), key="second")
	world.work()
	assert len(world.chatwoot.messages) == 1


def test_a_quote_of_another_chats_message_is_none_of_ours(world: World) -> None:
	world.receive(world.customer("Secret", id="X", chat=ZOE, sender=ZOE))
	world.work()
	world.receive(world.customer("What?", id="A1", quote=Quote("X")))
	world.work()
	assert (world.chatwoot.messages[-1].text, world.chatwoot.messages[-1].in_reply_to) == ("What?", None)


def test_a_message_that_was_sent_under_an_older_id_is_known_by_it(world: World) -> None:
	"""Ids of earlier releases are not derived again: they stand in the rows."""
	message = sent(world)
	world.bridge = replace(world.bridge, message_key=lambda: Secret("a new key"))
	world.receive(Receipt(ANA, (message.whatsapp_id,), Status.READ, ANA, world.clock.now()))
	world.receive(world.customer(id="R1", content=Reaction(message.whatsapp_id, "👍")))
	world.work()
	now = row(world, message.whatsapp_id)
	assert (now.status, [each.emoji for each in now.reactions]) == (Status.READ, ["👍"])


def test_a_message_that_failed_half_way_is_sent_again_under_its_own_id(world: World) -> None:
	conversation = world.started()
	world.gateway.fail_next("send_text", Exception("the process was killed"))
	world.receive(world.chatwoot.agent_writes(conversation, "It costs 90"))
	world.work()
	[pending] = world.store.find_messages_by_chatwoot_id("front-desk", world.chatwoot.messages[-1].id)
	world.bridge = replace(world.bridge, message_key=lambda: Secret("a new key"))
	world.outlast()
	[delivered] = world.gateway.delivered
	assert delivered.message_id == pending.whatsapp_id
