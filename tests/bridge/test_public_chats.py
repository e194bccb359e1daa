"""An answer to a status goes to its author; nothing is ever published by an answer."""

from __future__ import annotations

import pytest
from bridge_world import ANA, ANA_LID, BEN, OWNER, World

from wuzapi_chatwoot.bridge.desk.queue_from_desk import queue_from_desk, queue_reaction
from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.errors import Permanent
from wuzapi_chatwoot.bridge.model.events import Receipt, Status
from wuzapi_chatwoot.bridge.model.records import ConversationRow

STATUS = Address("status", "broadcast")
CHANNEL = Address("120363000000000009", "newsletter")
WOULD_BE_PUBLISHED = (
	"An answer here would be published as your status: reply to a message, and it goes to its author"
)
IN_THE_CHANNEL = "An answer here would be published in the channel"


def posted(world: World, chat: Address = STATUS, sender: Address = ANA) -> ConversationRow:
	world.change_session(status_broadcasts=True, newsletters=True)
	world.receive(world.customer("On holiday", id="S1", chat=chat, sender=sender, push_name="Ana"))
	world.work()
	row = world.store.find_conversation("front-desk", chat)
	assert row is not None
	return row


def test_an_answer_to_a_status_goes_to_its_author(world: World) -> None:
	place = posted(world).chatwoot_conversation_id
	assert place is not None
	message = world.chatwoot.agent_writes(place, "Enjoy!", in_reply_to=world.chatwoot.messages[0].id)
	world.receive(message)
	world.work()
	[delivered] = world.gateway.delivered
	assert (delivered.to, delivered.text) == (ANA, "Enjoy!")
	assert delivered.reply is not None
	assert (delivered.reply.message_id, delivered.reply.author) == ("S1", ANA)
	# It is a message of the chat with Ana: her receipts show on it.
	world.receive(Receipt(ANA, (delivered.message_id,), Status.READ, ANA, world.clock.now()))
	world.work()
	assert world.chatwoot.message(message.id).status is Status.READ
	status = world.store.find_conversation("front-desk", STATUS)
	assert status is not None
	assert status.chatwoot_conversation_id == place


def test_the_author_is_who_is_known_by_that_address(world: World) -> None:
	world.receive(world.customer("Hello", id="A1", chat_alt=ANA_LID))
	world.work()
	place = posted(world, sender=ANA_LID).chatwoot_conversation_id
	assert place is not None
	status = next(message for message in world.chatwoot.messages if message.conversation_id == place)
	world.receive(world.chatwoot.agent_writes(place, "Enjoy!", in_reply_to=status.id))
	world.work()
	assert [delivered.to for delivered in world.gateway.delivered] == [ANA]


@pytest.mark.parametrize(("chat", "cause"), [(STATUS, WOULD_BE_PUBLISHED), (CHANNEL, IN_THE_CHANNEL)])
def test_an_answer_without_a_quote_fails(world: World, chat: Address, cause: str) -> None:
	place = posted(world, chat).chatwoot_conversation_id
	assert place is not None
	message = world.chatwoot.agent_writes(place, "Enjoy!")
	world.receive(message)
	world.work()
	assert world.gateway.delivered == []
	shown = world.chatwoot.message(message.id)
	assert (shown.status, shown.error) == (Status.FAILED, cause)


def test_an_answer_to_our_own_status_fails(world: World) -> None:
	world.change_session(status_broadcasts=True)
	world.receive(world.customer("Sale!", id="S1", chat=STATUS, sender=OWNER, from_me=True))
	world.work()
	[ours] = world.chatwoot.messages
	message = world.chatwoot.agent_writes(ours.conversation_id, "More!", in_reply_to=ours.id)
	world.receive(message)
	world.work()
	assert world.gateway.delivered == []
	assert world.chatwoot.message(message.id).error == WOULD_BE_PUBLISHED


def test_from_the_desk_it_is_the_same(world: World) -> None:
	row = posted(world)
	with pytest.raises(Permanent, match="published as your status"):
		queue_from_desk(world.bridge, world.session, row, "Enjoy!", "Maria")
	with pytest.raises(Permanent, match="published as your status"):
		queue_reaction(world.bridge, world.session, row, "S1", "👍", "Maria")
	queued = queue_from_desk(world.bridge, world.session, row, "Enjoy!", "Maria", reply_to="S1")
	world.work()
	[delivered] = world.gateway.delivered
	assert (queued.chat, delivered.to) == (ANA, ANA)
	assert delivered.reply is not None
	assert (delivered.reply.message_id, delivered.reply.author) == ("S1", ANA)


def test_nobody_is_shown_typing_in_public(world: World) -> None:
	world.change_session(typing=True)
	place = posted(world).chatwoot_conversation_id
	assert place is not None
	world.receive(world.chatwoot.agent_types(place, True))
	world.show_passed()
	assert world.gateway.typing == []


def test_several_people_post_statuses_and_each_is_answered(world: World) -> None:
	place = posted(world).chatwoot_conversation_id
	assert place is not None
	world.receive(world.customer("At work", id="S2", chat=STATUS, sender=BEN, push_name="Ben"))
	world.work()
	first, second = world.chatwoot.messages
	for status, text in ((second, "For Ben"), (first, "For Ana")):
		world.receive(world.chatwoot.agent_writes(place, text, in_reply_to=status.id))
		world.work()
	assert [(each.to, each.text) for each in world.gateway.delivered] == [(BEN, "For Ben"), (ANA, "For Ana")]
