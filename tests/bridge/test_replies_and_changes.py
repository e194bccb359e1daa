"""WhatsApp → Chatwoot: messages about other messages. Replies, reactions, edits, deletions, pins, late decryption."""

from __future__ import annotations

import pytest
from bridge_world import ANA, ANA_LID, BEN, GROUP, OWNER, World, at

from wuzapi_chatwoot.bridge.inbox.replay_event import replay_event
from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.content import (
	Content,
	Edit,
	Media,
	MediaKind,
	Pin,
	Quote,
	Reaction,
	Revoke,
	Text,
	Undecryptable,
)
from wuzapi_chatwoot.bridge.model.errors import Fault, NotFound, Retriable
from wuzapi_chatwoot.bridge.model.records import Deletions, EventState, MessageRow, Reacted
from wuzapi_chatwoot.bridge.ports.chatwoot import Post, Posted


def row(world: World, id: str, chat: Address = ANA) -> MessageRow:
	return world.store.find_messages("front-desk", chat, [id])[0]


def test_an_answer_shows_what_it_answers_to(world: World) -> None:
	conversation = world.started("Do you open on Sunday?")
	world.receive(world.chatwoot.agent_writes(conversation, "We do, at nine"))
	world.work()
	[sent] = world.gateway.delivered
	world.receive(world.customer("Great", id="3A02", quote=Quote(sent.message_id, OWNER, "We do, at nine")))
	world.receive(world.customer("I meant this one", id="3A03", quote=Quote("3A00", ANA)))
	world.work()
	question, answer, great, meant = world.chatwoot.messages
	assert (great.text, great.in_reply_to) == ("Great", answer.id)
	assert (meant.text, meant.in_reply_to) == ("I meant this one", question.id)
	assert row(world, "3A02").reply_to_id == sent.message_id


def test_an_answer_to_something_unknown_quotes_it(world: World) -> None:
	world.receive(world.customer("Yes", quote=Quote("OLD", OWNER, "Shall we\nsend *it*?")))
	world.receive(world.customer("No", id="3A02", quote=Quote("OLDER", OWNER)))
	world.work()
	assert [(message.text, message.in_reply_to) for message in world.chatwoot.messages] == [
		("> Shall we send **it**?\n\nYes", None),
		("No", None),
	]


def test_an_answer_to_a_message_of_an_earlier_conversation_quotes_it(world: World) -> None:
	conversation = world.started("Do you deliver?")
	world.chatwoot.remove_conversation(conversation)
	world.receive(world.customer("Anybody?", id="3A01"))
	world.work()
	world.receive(world.customer("I mean this", id="3A02", quote=Quote("3A00", ANA)))
	world.work()
	message = world.chatwoot.messages[-1]
	assert (message.text, message.in_reply_to) == ("> Do you deliver?\n\nI mean this", None)


def test_a_message_of_another_chat_is_never_quoted_from_our_own_memory(world: World) -> None:
	world.receive(world.customer("Secret", id="3A01", chat=GROUP, sender=BEN))
	world.work()
	world.receive(world.customer("What?", id="3A02", quote=Quote("3A01")))
	world.work()
	message = world.chatwoot.messages[-1]
	assert (message.text, message.in_reply_to) == ("What?", None)


def test_a_reaction_is_a_small_answer_and_stands_on_the_message(world: World) -> None:
	world.started()
	for id, emoji in (("R1", "👍"), ("R2", "🎉")):
		world.receive(world.customer(id=id, content=Reaction("3A00", emoji)))
		world.work()
	assert row(world, "3A00").reactions == (Reacted(ANA, "🎉", "Ana Example"),)
	world.receive(world.customer(id="R3", content=Reaction("3A00", "")))
	world.work()
	first, *reactions = world.chatwoot.messages
	assert [(message.text, message.in_reply_to) for message in reactions] == [
		("Reacted with 👍", first.id),
		("Reacted with 🎉", first.id),
		("Took back a reaction", first.id),
	]
	assert row(world, "3A00").reactions == ()


@pytest.mark.parametrize(
	"content", [Reaction("3A01", "👍"), Edit("3A01", Text("Hello!")), Revoke("3A01"), Pin("3A01", True)]
)
def test_what_is_done_within_the_second_goes_after_the_message(world: World, content: Content) -> None:
	"""Though its webhook overtook the message's."""
	world.started()
	act, message = world.customer(id="3A02", content=content), world.customer("Hello", id="3A01")
	world.receive(act)
	world.receive(message)
	world.work()
	said, done = world.chatwoot.messages[-2:]
	assert (said.text, done.in_reply_to) == ("Hello", said.id)


def test_in_a_group_everybody_has_a_reaction(world: World) -> None:
	world.receive(world.customer("Party?", id="3A00", chat=GROUP, sender=BEN, push_name="Ben"))
	for id, sender, name in (("R1", ANA, "Ana"), ("R2", BEN, "Ben")):
		world.receive(
			world.customer(id=id, chat=GROUP, sender=sender, push_name=name, content=Reaction("3A00", "👍"))
		)
	world.work()
	assert row(world, "3A00", GROUP).reactions == (Reacted(ANA, "👍", "Ana"), Reacted(BEN, "👍", "Ben"))
	assert world.chatwoot.messages[-1].text == "**Ben:**\nReacted with 👍"


def test_a_reaction_to_something_unknown_is_a_line_after_hours(world: World) -> None:
	world.receive(world.customer(content=Reaction("OLD", "👍")))
	world.work()
	world.work(3 * 3600)
	assert world.chatwoot.messages == []
	world.work(2 * 3600)
	assert [(m.text, m.in_reply_to) for m in world.chatwoot.messages] == [("Reacted with 👍", None)]


def test_an_edit_is_shown_with_its_mark_and_the_earlier_texts_are_kept(world: World) -> None:
	world.started("At nine")
	for id, text in (("E1", "At *ten*"), ("E2", "At eleven")):
		world.receive(world.customer(id=id, content=Edit("3A00", Text(text))))
		world.work()
	first, *edits = world.chatwoot.messages
	assert [(message.text, message.in_reply_to) for message in edits] == [
		("✏️ Edited: At **ten**", first.id),
		("✏️ Edited: At eleven", first.id),
	]
	original = row(world, "3A00")
	assert (original.text, original.earlier_texts) == ("At eleven", ("At nine", "At *ten*"))


def test_the_new_caption_of_a_picture_is_an_edit(world: World) -> None:
	picture = Media(MediaKind.IMAGE, "image/jpeg", caption="Roses")
	world.receive(world.customer(id="3A00", content=picture), media=b"jpeg")
	world.work()
	edited = Media(MediaKind.IMAGE, "image/jpeg", caption="Tulips")
	world.receive(world.customer(id="E1", content=Edit("3A00", edited)))
	world.work()
	assert world.chatwoot.messages[-1].text == "✏️ Edited: Tulips"
	assert (row(world, "3A00").text, row(world, "3A00").earlier_texts) == ("Tulips", ("Roses",))


def test_an_edit_that_cannot_be_read_says_so(world: World) -> None:
	world.started("At nine")
	world.receive(world.customer(id="E1", content=Edit("3A00", None)))
	world.work()
	assert world.chatwoot.messages[-1].text == "✏️ Edited a message (open it on the phone to read it)"
	assert row(world, "3A00").text == "At nine"


@pytest.mark.parametrize("content", [Edit("3A00", Text("I owe you nothing")), Revoke("3A00")])
def test_nobody_changes_what_somebody_else_wrote(world: World, content: Edit | Revoke) -> None:
	world.receive(world.customer("You owe me", id="3A00", chat=GROUP, sender=BEN, push_name="Ben"))
	world.work()
	world.receive(world.customer(id="E1", chat=GROUP, sender=ANA, content=content))
	world.work()
	assert len(world.chatwoot.messages) == 1
	original = row(world, "3A00", GROUP)
	assert (original.text, original.deleted_at) == ("You owe me", None)
	[event] = world.events(EventState.IGNORED)
	assert event.last_error == "only its author, or an administrator of its group, may change a message"


def test_the_author_may_change_it_under_his_other_address(world: World) -> None:
	world.receive(world.customer("At nine", id="3A00", chat=GROUP, sender=ANA))
	world.work()
	world.receive(
		world.customer(
			id="E1", chat=GROUP, sender=ANA_LID, sender_alt=ANA, content=Edit("3A00", Text("At ten"))
		)
	)
	world.work()
	assert row(world, "3A00", GROUP).text == "At ten"


def test_a_customer_cannot_change_our_messages(world: World) -> None:
	conversation = world.started()
	world.receive(world.chatwoot.agent_writes(conversation, "It costs 90"))
	world.work()
	[sent] = world.gateway.delivered
	world.receive(world.customer(id="E1", content=Edit(sent.message_id, Text("It costs 9"))))
	world.work()
	assert len(world.chatwoot.messages) == 2


def test_a_deletion_is_marked(world: World) -> None:
	world.started("Forget it")
	world.receive(world.customer(id="D1", content=Revoke("3A00")))
	world.work()
	first, mark = world.chatwoot.messages
	assert (mark.text, mark.in_reply_to, first.deleted) == ("🗑️ Deleted a message", first.id, False)
	assert row(world, "3A00").deleted_at is not None
	assert row(world, "3A00").text == "Forget it"


def test_by_setting_a_deletion_removes(world: World) -> None:
	world.change_session(deletions=Deletions.REMOVE)
	world.started("Forget it")
	world.receive(world.customer(id="D1", content=Revoke("3A00")))
	world.work()
	[message] = world.chatwoot.messages
	assert (message.text, message.deleted) == ("This message was deleted", True)
	assert row(world, "3A00").deleted_at is not None


def test_a_removal_is_tried_until_chatwoot_answers(world: World) -> None:
	world.change_session(deletions=Deletions.REMOVE)
	world.started("Forget it")
	world.chatwoot.fail_next("delete_message", Retriable("down"), times=3)
	world.receive(world.customer(id="D1", content=Revoke("3A00")))
	world.outlast()
	assert world.chatwoot.messages[0].deleted


def test_a_groups_administrator_may_delete_what_others_wrote(world: World) -> None:
	world.receive(world.customer("Rude", id="3A00", chat=GROUP, sender=BEN, push_name="Ben"))
	world.work()
	world.gateway.group_admins[GROUP] = (ANA_LID,)
	deletion = world.customer(
		id="D1",
		chat=GROUP,
		sender=ANA,
		sender_alt=ANA_LID,
		push_name="Ana",
		content=Revoke("3A00", by_admin=True),
	)
	world.receive(deletion)
	world.work()
	assert world.chatwoot.messages[-1].text == "**Ana:**\n🗑️ A group administrator deleted a message"
	assert row(world, "3A00", GROUP).deleted_at is not None


@pytest.mark.parametrize("setting", Deletions)
def test_who_only_says_that_he_is_an_administrator_deletes_nothing(world: World, setting: Deletions) -> None:
	world.change_session(deletions=setting)
	world.receive(world.customer("Rude", id="3A00", chat=GROUP, sender=BEN, push_name="Ben"))
	world.work()
	world.gateway.group_admins[GROUP] = (BEN,)
	forged = Revoke("3A00", by_admin=True)
	world.receive(world.customer(id="D1", chat=GROUP, sender=ANA, content=forged))
	world.work()
	[message] = world.chatwoot.messages
	assert not message.deleted
	assert row(world, "3A00", GROUP).deleted_at is None
	assert "a change of another one's message was not believed" in [
		notice.what for notice in world.observer.notices
	]


@pytest.mark.parametrize("setting", Deletions)
def test_a_chat_of_two_has_no_administrator(world: World, setting: Deletions) -> None:
	world.change_session(deletions=setting)
	conversation = world.started()
	world.receive(world.chatwoot.agent_writes(conversation, "It costs 90"))
	world.work()
	[sent] = world.gateway.delivered
	world.gateway.group_admins[ANA] = (ANA,)
	world.receive(world.customer(id="D1", content=Revoke(sent.message_id, by_admin=True)))
	world.work()
	assert [message.deleted for message in world.chatwoot.messages] == [False, False]
	assert row(world, sent.message_id).deleted_at is None
	assert not world.gateway.calls_of("is_group_admin")


def test_on_our_own_phone_an_administrator_is_believed(world: World) -> None:
	world.receive(world.customer("Rude", id="3A00", chat=GROUP, sender=BEN, push_name="Ben"))
	world.work()
	world.receive(
		world.customer(id="D1", chat=GROUP, sender=OWNER, from_me=True, content=Revoke("3A00", by_admin=True))
	)
	world.work()
	assert row(world, "3A00", GROUP).deleted_at is not None


@pytest.mark.parametrize("administrator", [True, False])
@pytest.mark.parametrize("setting", Deletions)
@pytest.mark.parametrize(
	("trouble", "seconds"),
	[
		(Retriable("The gateway cannot be reached"), 6 * 3600.0),
		(Retriable("The gateway did not answer", fault=Fault.UNANSWERED), 6 * 3600.0),
		# As it says while its socket is lost.
		(Retriable("The gateway reports an error", fault=Fault.UNWELL), 1800.0),
	],
)
def test_an_administrators_deletion_waits_for_a_gateway_that_cannot_be_asked(
	world: World, trouble: Retriable, seconds: float, setting: Deletions, administrator: bool
) -> None:
	"""And the group does not wait for it."""
	world.change_session(deletions=setting)
	world.receive(world.customer("Rude", id="3A00", chat=GROUP, sender=BEN, push_name="Ben"))
	world.work()
	world.gateway.group_admins[GROUP] = (ANA,) if administrator else (BEN,)
	world.gateway.refuse("is_group_admin", lambda arguments: trouble)
	world.receive(world.customer(id="D1", chat=GROUP, sender=ANA, content=Revoke("3A00", by_admin=True)))
	world.receive(world.customer("Next", id="3A02", chat=GROUP, sender=BEN, push_name="Ben"))
	world.work()
	assert [message.text for message in world.chatwoot.messages] == ["**Ben:**\nRude", "**Ben:**\nNext"]
	while (world.clock.now() - at(0)).total_seconds() < seconds:
		world.work(60.0)
	assert row(world, "3A00", GROUP).deleted_at is None
	world.gateway.accept_all()
	world.outlast()
	assert (row(world, "3A00", GROUP).deleted_at is not None) is administrator
	removed = administrator and setting is Deletions.REMOVE
	assert world.chatwoot.messages[0].deleted is removed
	told = [message.text for message in world.chatwoot.messages[2:]]
	assert [text.endswith("A group administrator deleted a message") for text in told] == [True] * (
		administrator and not removed
	)
	assert world.events(EventState.DEAD) == []


def test_a_gateway_that_never_tells_the_administrators_leaves_a_deletion_to_people(world: World) -> None:
	world.receive(world.customer("Rude", id="3A00", chat=GROUP, sender=BEN, push_name="Ben"))
	world.work()
	world.gateway.group_admins[GROUP] = (ANA,)
	world.gateway.refuse("is_group_admin", lambda arguments: Retriable("no", fault=Fault.REQUEST))
	world.receive(world.customer(id="D1", chat=GROUP, sender=ANA, content=Revoke("3A00", by_admin=True)))
	world.outlast()
	assert row(world, "3A00", GROUP).deleted_at is None
	[given_up] = world.events(EventState.DEAD)
	world.gateway.accept_all()
	replay_event(world.bridge, given_up.id)
	world.outlast()
	assert row(world, "3A00", GROUP).deleted_at is not None


def test_a_group_that_is_gone_has_no_administrators(world: World) -> None:
	world.receive(world.customer("Rude", id="3A00", chat=GROUP, sender=BEN, push_name="Ben"))
	world.work()
	world.gateway.refuse("is_group_admin", lambda arguments: NotFound("no such group"))
	world.receive(world.customer(id="D1", chat=GROUP, sender=ANA, content=Revoke("3A00", by_admin=True)))
	world.outlast()
	assert row(world, "3A00", GROUP).deleted_at is None
	assert world.events(EventState.DEAD) == []


def test_what_an_agent_wrote_can_be_deleted_on_our_own_phone(world: World) -> None:
	world.change_session(deletions=Deletions.REMOVE)
	conversation = world.started()
	world.receive(world.chatwoot.agent_writes(conversation, "Oops"))
	world.work()
	[sent] = world.gateway.delivered
	world.receive(world.customer(id="D1", sender=OWNER, from_me=True, content=Revoke(sent.message_id)))
	world.work()
	assert [message.deleted for message in world.chatwoot.messages] == [False, True]
	# Chatwoot now tells us of the deletion, which must not go out again.
	world.receive(world.chatwoot.agent_deletes(world.chatwoot.messages[-1].id))
	world.work()
	assert world.gateway.revoked == []


def test_a_pinned_message_is_pointed_at(world: World) -> None:
	world.started()
	world.receive(world.customer(id="P1", content=Pin("3A00", pinned=True)))
	world.receive(world.customer(id="P2", content=Pin("3A00", pinned=False)))
	world.work()
	first, *pins = world.chatwoot.messages
	assert [(message.text, message.in_reply_to) for message in pins] == [
		("📌 Pinned a message", first.id),
		("📌 Unpinned a message", first.id),
	]


def test_what_could_be_decrypted_later_answers_to_the_line_in_its_place(world: World) -> None:
	world.receive(world.customer(id="3A01", content=Undecryptable()))
	world.work()
	world.receive(world.customer("Now readable", id="3A01"))
	world.work()
	line, message = world.chatwoot.messages
	assert (message.text, message.in_reply_to) == ("Now readable", line.id)


def test_a_reaction_that_comes_while_another_is_on_its_way_is_not_lost(
	world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
	world.started("We won!")
	post = world.chatwoot.post_message

	def slow(conversation_id: int, what: Post) -> Posted:
		# Meanwhile the desk's own reaction is done, in the lane of the other direction.
		ours = Reacted(OWNER, "🎉", "Maria Silva")
		world.store.change_message(row(world, "3A00").id, {"reactions": (ours,)})
		return post(conversation_id, what)

	monkeypatch.setattr(type(world.chatwoot), "post_message", lambda _, *given: slow(*given))
	world.receive(world.customer(id="R1", content=Reaction("3A00", "👍")))
	world.work()
	assert [each.emoji for each in row(world, "3A00").reactions] == ["🎉", "👍"]
