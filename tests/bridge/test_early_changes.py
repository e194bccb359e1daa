"""What comes in the wrong order: a change before its message, a deletion behind what is still to be sent."""

from __future__ import annotations

from dataclasses import replace

import pytest
from bridge_world import ANA, ANA_LID, World

from wuzapi_chatwoot.bridge.model.content import Content, Edit, Pin, Reaction, Revoke, Text
from wuzapi_chatwoot.bridge.model.errors import Retriable
from wuzapi_chatwoot.bridge.model.events import Attachment
from wuzapi_chatwoot.bridge.model.records import Deletions, EventState

HOUR = 3600.0


@pytest.mark.parametrize(
	("content", "line"),
	[
		(Reaction("A1", "👍"), "Reacted with 👍"),
		(Edit("A1", Text("At ten")), "✏️ Edited: At ten"),
		(Revoke("A1"), "🗑️ Deleted a message"),
		(Pin("A1", True), "📌 Pinned a message"),
	],
)
@pytest.mark.parametrize("late", [120.0, 3 * HOUR])
def test_a_change_waits_for_its_message(world: World, content: Content, line: str, late: float) -> None:
	message = world.customer("At nine", id="A1")
	world.receive(world.customer(id="C1", content=content))
	world.work()
	assert world.chatwoot.messages == []
	world.work(late)
	world.receive(message)
	world.work()
	world.work()
	said, changed = world.chatwoot.messages
	assert (said.text, changed.text, changed.in_reply_to) == ("At nine", line, said.id)
	[row] = world.store.find_messages("front-desk", ANA, ["A1"])
	match content:
		case Reaction():
			assert [each.emoji for each in row.reactions] == ["👍"]
		case Edit():
			assert (row.text, row.earlier_texts) == ("At ten", ("At nine",))
		case Revoke():
			assert row.deleted_at is not None
	# Nothing comes a second time, and the message stays the latest.
	world.outlast()
	assert len(world.chatwoot.messages) == 2
	assert world.events(EventState.DEAD) == []


def test_several_changes_are_done_in_their_order(world: World) -> None:
	message = world.customer("One", id="A1")
	for number, text in enumerate(("Two", "Three")):
		world.receive(world.customer(id=f"E{number}", content=Edit("A1", Text(text))))
		world.work()
	world.receive(message)
	world.work()
	world.work()
	assert [each.text for each in world.chatwoot.messages] == ["One", "✏️ Edited: Two", "✏️ Edited: Three"]
	[row] = world.store.find_messages("front-desk", ANA, ["A1"])
	assert (row.text, row.earlier_texts) == ("Three", ("One", "Two"))


def test_by_setting_an_early_deletion_removes(world: World) -> None:
	world.change_session(deletions=Deletions.REMOVE)
	message = world.customer("Forget it", id="A1")
	world.receive(world.customer(id="D1", content=Revoke("A1")))
	world.work()
	world.receive(message)
	world.work()
	world.work()
	[said] = world.chatwoot.messages
	assert said.deleted


def test_what_waits_holds_up_nobody(world: World) -> None:
	world.receive(world.customer(id="C1", content=Reaction("A1", "👍")))
	world.receive(world.customer("Something else", id="A2"))
	world.work()
	assert [message.text for message in world.chatwoot.messages] == ["Something else"]


def test_a_message_that_never_comes_is_said_so_after_hours(world: World) -> None:
	world.receive(world.customer(id="C1", content=Edit("A1", Text("At ten"))))
	world.work()
	world.receive(world.customer("Later", id="A2", sent_at=world.clock.now()))
	world.work(5 * HOUR)
	texts = [(message.text, message.in_reply_to) for message in world.chatwoot.messages]
	assert texts == [("Later", None), ("✏️ Edited: At ten", None)]
	row = world.store.find_conversation("front-desk", ANA)
	assert row is not None
	# What is read and what is answered to is still what came last.
	assert row.last_incoming_id == "A2"


def test_an_early_change_of_somebody_else_is_not_believed_either(world: World) -> None:
	conversation = world.started()
	world.receive(world.customer(id="E1", content=Edit("not-yet", Text("forged"))))
	world.work()
	sent = world.chatwoot.agent_writes(conversation, "It costs 90")
	world.receive(sent)
	world.work()
	world.work(5 * HOUR)
	[row] = world.store.find_messages_by_chatwoot_id("front-desk", sent.id)
	assert row.text == "It costs 90"


# ---- a deletion behind a message that is still to be sent


def deleted(world: World, message_id: int) -> None:
	world.receive(world.chatwoot.agent_deletes(message_id), key=f"message_deleted/{message_id}")


@pytest.mark.parametrize("mirrored", [True, False])
def test_what_an_agent_deleted_while_the_gateway_was_down_is_never_sent(world: World, mirrored: bool) -> None:
	world.change_session(revoke_deleted=mirrored)
	conversation = world.started()
	world.gateway.fail_next("send_text", Retriable("down"), times=3)
	unwanted = world.chatwoot.agent_writes(conversation, "Oops")
	world.receive(unwanted)
	world.work()
	wanted = world.chatwoot.agent_writes(conversation, "Hello")
	world.receive(wanted)
	deleted(world, unwanted.id)
	world.outlast()
	assert [message.text for message in world.gateway.delivered] == ["Hello"]
	assert world.gateway.revoked == []
	[row] = world.store.find_messages_by_chatwoot_id("front-desk", unwanted.id)
	assert row.deleted_at is not None


def test_of_a_message_of_several_parts_the_rest_is_not_sent(world: World) -> None:
	conversation = world.started()
	files = [
		(Attachment(number, f"http://chatwoot.example/{number}.pdf", "file", f"{number}.pdf"), b"pdf")
		for number in (1, 2)
	]
	world.gateway.fail_next("send_file", Retriable("down"), times=3, after=1)
	message = world.chatwoot.agent_writes(conversation, "", attachments=files)
	world.receive(message)
	world.work()
	deleted(world, message.id)
	world.outlast()
	[sent] = world.gateway.delivered
	assert [revoked.message_id for revoked in world.gateway.revoked] == [sent.message_id]


def test_a_deletion_of_another_message_ends_nothing(world: World) -> None:
	conversation = world.started()
	first = world.chatwoot.agent_writes(conversation, "One")
	second = world.chatwoot.agent_writes(conversation, "Two")
	world.receive(first)
	world.work()
	deleted(world, first.id)
	world.receive(replace(second))
	world.work()
	assert [message.text for message in world.gateway.delivered] == ["One", "Two"]


@pytest.mark.parametrize("merged_by", ["the message itself", "another one before it"])
def test_a_change_finds_its_message_though_the_chat_has_become_another_ones(
	world: World, merged_by: str
) -> None:
	"""It came while the person was known by LID only, apart from the number."""
	world.started()
	message = world.customer("At nine", id="A1", chat=ANA_LID, sender=ANA_LID, chat_alt=ANA)
	world.receive(world.customer(id="C1", chat=ANA_LID, sender=ANA_LID, content=Revoke("A1")))
	world.work()
	if merged_by != "the message itself":
		world.receive(world.customer("Both", id="B1", chat_alt=ANA_LID))
		world.work()
	world.receive(message)
	world.work()
	world.work()
	assert [each.text for each in world.chatwoot.messages][-2:] == ["At nine", "🗑️ Deleted a message"]
	[row] = world.store.find_messages("front-desk", ANA, ["A1"])
	assert row.deleted_at is not None
	world.outlast()
	assert world.chatwoot.messages[-1].in_reply_to == row.chatwoot_message_id
