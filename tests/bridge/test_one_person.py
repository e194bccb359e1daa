"""One person under several addresses: LID and phone, spellings of a number, and what becomes of two contacts."""

from __future__ import annotations

import pytest
from bridge_world import ANA, ANA_LID, BEN, GROUP, World

from wuzapi_chatwoot.bridge.contacts.merge_contacts import merge_contacts
from wuzapi_chatwoot.bridge.desk.queue_from_desk import queue_from_desk, queue_reaction
from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.errors import Uncertain
from wuzapi_chatwoot.bridge.model.records import EventState


def known_apart(world: World) -> tuple[int, int]:
	"""Ana wrote by LID when her number was not known, and by phone. Her two Chatwoot conversations."""
	world.receive(world.customer("By LID", id="1", chat=ANA_LID, sender=ANA_LID))
	world.work()
	world.receive(world.customer("By phone", id="2"))
	world.work()
	by_lid, by_phone = world.chatwoot.conversations
	return by_lid, by_phone


def test_two_contacts_become_one_when_a_message_bears_both_addresses(world: World) -> None:
	by_lid, by_phone = known_apart(world)
	assert len(world.chatwoot.contacts) == 2
	world.receive(world.customer("It is me", id="3", chat=ANA_LID, sender=ANA_LID, chat_alt=ANA))
	world.work()
	[contact] = world.chatwoot.contacts.values()
	assert (contact.phone, set(contact.source_ids)) == ("+447700900123", {str(ANA), str(ANA_LID)})
	assert world.chatwoot.texts(by_phone) == ["By phone", "It is me"]
	assert world.chatwoot.texts(by_lid) == [
		"By LID",
		f"The same person writes under another address now. This goes on in conversation #{by_phone}.",
	]
	assert world.chatwoot.conversations[by_lid].messages[-1].private
	assert world.chatwoot.conversations[by_lid].status == "resolved"
	# The history is one here.
	rows = world.store.find_messages("front-desk", ANA, ["1", "2", "3"])
	assert len({row.conversation for row in rows}) == 1
	assert {row.chat for row in rows} == {ANA}
	found = world.store.find_contacts("front-desk", [ANA_LID, ANA])
	assert [set(each.addresses) for each in found] == [{ANA, ANA_LID}]


def test_answers_go_to_the_address_that_whatsapp_used_last(world: World) -> None:
	_, by_phone = known_apart(world)
	world.receive(world.customer("It is me", id="3", chat=ANA_LID, sender=ANA_LID, chat_alt=ANA))
	world.work()
	world.receive(world.chatwoot.agent_writes(by_phone, "Hello Ana"))
	world.work()
	assert [sent.to for sent in world.gateway.delivered] == [ANA_LID]


def test_an_answer_in_the_conversation_that_ended_still_reaches_the_customer(world: World) -> None:
	by_lid, _ = known_apart(world)
	world.receive(world.customer("It is me", id="3", chat_alt=ANA_LID))
	world.work()
	world.receive(world.chatwoot.agent_writes(by_lid, "Late answer"))
	world.work()
	assert [(sent.to, sent.text) for sent in world.gateway.delivered] == [(ANA, "Late answer")]


def test_merging_may_be_cut_off_anywhere(world: World) -> None:
	by_lid, by_phone = known_apart(world)
	for method in ("merge_contacts", "post_message", "set_conversation_status"):
		world.chatwoot.fail_next(method, Uncertain("no answer in time"), after_doing=True)
	world.receive(world.customer("It is me", id="3", chat_alt=ANA_LID))
	world.outlast()
	assert len(world.chatwoot.contacts) == 1
	assert len(world.chatwoot.texts(by_lid)) == 2
	assert world.chatwoot.texts(by_phone) == ["By phone", "It is me"]
	assert world.events(EventState.DEAD) == []


def test_what_was_under_way_while_they_became_one_lands_in_the_conversation_that_stays(world: World) -> None:
	by_lid, by_phone = known_apart(world)
	old = world.store.find_conversation_by_chatwoot_id("front-desk", by_lid)
	assert old is not None
	row = queue_from_desk(world.bridge, world.session, old, "From the desk", "Maria Silva")
	queue_reaction(world.bridge, world.session, old, "1", "👍", "Maria Silva")
	merge_contacts(world.bridge, world.session, world.store.find_contacts("front-desk", [ANA, ANA_LID]))
	world.work()
	world.work()
	stays = world.store.find_conversation_by_chatwoot_id("front-desk", by_phone)
	assert stays is not None
	assert {
		each.conversation for each in world.store.find_messages("front-desk", ANA, [row.whatsapp_id, "1"])
	} == {stays.id}
	assert [sent.text for sent in world.gateway.delivered] == ["From the desk"]
	assert [reaction.emoji for reaction in world.gateway.reactions] == ["👍"]


def test_a_message_in_a_group_tells_that_two_contacts_are_one(world: World) -> None:
	known_apart(world)
	world.receive(world.customer("Hi all", id="3", chat=GROUP, sender=ANA_LID, sender_alt=ANA))
	world.work()
	found = world.store.find_contacts("front-desk", [ANA_LID, ANA])
	assert [set(each.addresses) for each in found] == [{ANA, ANA_LID}]


def test_a_number_that_becomes_known_later_is_told_to_chatwoot(world: World) -> None:
	world.receive(world.customer("By LID", id="1", chat=ANA_LID, sender=ANA_LID))
	world.work()
	[contact] = world.chatwoot.contacts.values()
	assert contact.phone is None
	world.receive(world.customer("Again", id="2", chat=ANA_LID, sender=ANA_LID, chat_alt=ANA))
	world.work()
	world.work()
	assert contact.phone == "+447700900123"
	assert len(world.chatwoot.conversations) == 1


def test_if_chatwoot_has_that_number_already_its_contact_stays(world: World) -> None:
	customer = world.chatwoot.have_contact("Ana of the CRM", phone="+447700900123")
	world.receive(world.customer("By LID", id="1", chat=ANA_LID, sender=ANA_LID))
	world.work()
	world.receive(world.customer("Again", id="2", chat=ANA_LID, sender=ANA_LID, chat_alt=ANA))
	world.work()
	world.work()
	assert list(world.chatwoot.contacts) == [customer.id]
	world.receive(world.customer("Third", id="3"))
	world.work()
	[conversation] = world.chatwoot.conversations.values()
	assert (conversation.contact.id, world.chatwoot.texts(conversation.id)) == (
		customer.id,
		["By LID", "Again", "Third"],
	)


@pytest.mark.parametrize(
	("written", "answered"),
	[
		("5511990000001", "551190000001"),
		("525512345678", "5215512345678"),
		("541123456789", "5491123456789"),
	],
	ids=["Brazil", "Mexico", "Argentina"],
)
def test_an_answer_from_another_spelling_of_the_number_is_the_same_person(
	world: World, written: str, answered: str
) -> None:
	known = world.chatwoot.have_contact("Marina", phone=f"+{written}")
	conversation = world.chatwoot.have_conversation(known.id, "a-random-uuid")
	world.receive(world.chatwoot.agent_writes(conversation.id, "Hello Marina"))
	world.work()
	marina = Address(answered, "s.whatsapp.net")
	world.receive(world.customer("Hello", chat=marina, sender=marina))
	world.work()
	assert world.chatwoot.texts(conversation.id) == ["Hello Marina", "Hello"]
	assert len(world.chatwoot.contacts) == 1
	world.receive(world.chatwoot.agent_writes(conversation.id, "How are you?"))
	world.work()
	assert [str(sent.to.user) for sent in world.gateway.delivered] == [written, answered]


def test_people_who_share_nothing_are_never_mixed_up(world: World) -> None:
	world.receive(world.customer("I am Ana", id="1", chat=ANA_LID, sender=ANA_LID))
	world.receive(world.customer("I am Ben", id="2", chat=BEN, sender=BEN, push_name="Ana Example"))
	world.work()
	assert len(world.chatwoot.contacts) == 2
