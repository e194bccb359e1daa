"""Nothing reaches the wrong person: whose conversation one in Chatwoot is, and who gets what is written there."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bridge_world import ANA, ANA_LID, BEN, World

from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.content import Text
from wuzapi_chatwoot.bridge.model.errors import Permanent
from wuzapi_chatwoot.bridge.model.events import ChatwootMessage, Status
from wuzapi_chatwoot.bridge.model.records import Direction, EventState, MessageRow
from wuzapi_chatwoot.bridge.ports.chatwoot import Post

ZOE = Address("447700900456", "s.whatsapp.net")
EVA = Address("447700900789", "s.whatsapp.net")
TWO_PEOPLE = (
	"Two WhatsApp contacts have written in this conversation, so it is not clear who should get this: "
	"reply to one of their messages"
)


def place_of(world: World, person: Address) -> int:
	"""The person's conversation in Chatwoot."""
	row = world.store.find_conversation("front-desk", person)
	assert row is not None
	assert row.chatwoot_conversation_id is not None
	return row.chatwoot_conversation_id


def writes(world: World, person: Address, text: str, id: str) -> None:
	world.receive(world.customer(text, id=id, chat=person, sender=person, push_name=person.user))
	world.work()


def contact_of(world: World, person: Address) -> int:
	return next(each.id for each in world.chatwoot.contacts.values() if each.identifier == str(person))


def says(world: World, conversation: int, text: str = "Hello", **more: object) -> ChatwootMessage:
	message = world.chatwoot.agent_writes(conversation, text, **more)
	world.receive(message)
	world.work()
	return message


# ---- two people in one contact of Chatwoot


def test_whoever_is_merged_in_chatwoot_keeps_a_conversation_of_his_own(world: World) -> None:
	writes(world, ANA, "I am Ana", "A1")
	writes(world, ZOE, "I am Zoe", "Z1")
	ana, zoe = place_of(world, ANA), place_of(world, ZOE)
	world.chatwoot.merge_contacts(contact_of(world, ANA), contact_of(world, ZOE))
	# Zoe's conversation is gone, too: hers has to be opened anew, at the contact that is Ana's.
	world.chatwoot.remove_conversation(zoe)
	writes(world, ZOE, "Still Zoe", "Z2")
	assert place_of(world, ANA) == ana
	assert place_of(world, ZOE) not in (ana, zoe)
	says(world, place_of(world, ZOE), "For Zoe")
	says(world, ana, "For Ana")
	assert world.gateway.texts_to(ZOE) == ["For Zoe"]
	assert world.gateway.texts_to(ANA) == ["For Ana"]


def test_a_number_that_is_given_to_another_contact_opens_a_conversation_of_its_own(world: World) -> None:
	writes(world, ANA, "I am Ana", "A1")
	world.chatwoot.contacts[contact_of(world, ANA)].phone = ZOE.phone
	writes(world, ZOE, "I am Zoe", "Z1")
	assert place_of(world, ANA) != place_of(world, ZOE)
	says(world, place_of(world, ZOE), "For Zoe")
	assert world.gateway.texts_to(ZOE) == ["For Zoe"]


def test_a_link_of_an_agents_making_is_not_used_where_somebody_else_stands(world: World) -> None:
	made = world.chatwoot.have_contact("Both", phone=ANA.phone, source_ids=("5f2c-uuid",))
	begun = world.chatwoot.have_conversation(made.id, "5f2c-uuid")
	says(world, begun.id, "For Ana")
	assert place_of(world, ANA) == begun.id
	world.chatwoot.contacts[made.id].phone = ZOE.phone
	writes(world, ZOE, "I am Zoe", "Z1")
	assert place_of(world, ANA) == begun.id
	assert place_of(world, ZOE) != begun.id


def test_the_conversation_of_another_whatsapp_address_is_not_used_though_nobody_is_known_in_it(
	world: World,
) -> None:
	"""As after the bridge's database was made anew, or from another program's time."""
	made = world.chatwoot.have_contact("Both", phone=ANA.phone, source_ids=(str(ZOE),))
	zoes = world.chatwoot.have_conversation(made.id, str(ZOE))
	writes(world, ANA, "I am Ana", "A1")
	assert place_of(world, ANA) != zoes.id
	# By its link it is Zoe's, by the contact's number Ana's, who has a conversation of her own.
	message = says(world, zoes.id, "For whom?")
	assert world.gateway.delivered == []
	assert world.chatwoot.message(message.id).error == (
		"This conversation was begun with another number than its contact has now: write to that one in "
		f"conversation {place_of(world, ANA)}"
	)


def test_what_an_agent_began_is_answered_where_he_began_it(world: World) -> None:
	made = world.chatwoot.have_contact("Ana", phone=ANA.phone, source_ids=("5f2c-uuid",))
	begun = world.chatwoot.have_conversation(made.id, "5f2c-uuid")
	writes(world, ANA, "I am Ana", "A1")
	assert place_of(world, ANA) == begun.id


# ---- two people in one conversation of Chatwoot, from before that could not be


def mixed(world: World) -> int:
	"""Ana's conversation in Chatwoot, in which Zoe has written as well."""
	writes(world, ANA, "I am Ana", "A1")
	writes(world, ZOE, "I am Zoe", "Z1")
	place = place_of(world, ANA)
	zoe = world.store.find_conversation("front-desk", ZOE)
	assert zoe is not None
	shown = world.chatwoot.post_message(
		place, Post("Zoe, here", incoming=True, source_id="WAID:Z0", sent_at=world.clock.now())
	).message_id
	world.store.add_message(
		MessageRow(
			0,
			"front-desk",
			zoe.id,
			ZOE,
			"Z0",
			0,
			Direction.IN,
			Status.DELIVERED,
			world.clock.now(),
			world.clock.now(),
			chatwoot_message_id=shown,
			chatwoot_conversation_id=place,
			origin="customer",
			sender=ZOE,
		)
	)
	return place


def test_where_two_have_written_the_quoted_message_decides(world: World) -> None:
	place = mixed(world)
	ana, zoe = (
		world.store.find_messages("front-desk", who, [id])[0] for who, id in ((ANA, "A1"), (ZOE, "Z0"))
	)
	says(world, place, "For Zoe", in_reply_to=zoe.chatwoot_message_id)
	says(world, place, "For Ana", in_reply_to=ana.chatwoot_message_id)
	assert world.gateway.texts_to(ZOE) == ["For Zoe"]
	assert world.gateway.texts_to(ANA) == ["For Ana"]
	[first, second] = world.gateway.delivered
	assert [first.reply and first.reply.message_id, second.reply and second.reply.message_id] == ["Z0", "A1"]
	assert place_of(world, ANA) == place != place_of(world, ZOE)


def test_where_two_have_written_nothing_is_sent_without_a_quote(world: World) -> None:
	message = says(world, mixed(world), "For whom?")
	assert world.gateway.delivered == []
	shown = world.chatwoot.message(message.id)
	assert (shown.status, shown.error) == (Status.FAILED, TWO_PEOPLE)
	assert [event.last_error for event in world.events(EventState.DEAD)] == [TWO_PEOPLE]


def test_after_a_week_the_other_one_is_forgotten(world: World) -> None:
	place = mixed(world)
	world.clock.advance(timedelta(days=8).total_seconds())
	says(world, place, "For Ana")
	assert world.gateway.texts_to(ANA) == ["For Ana"]


def test_an_older_conversation_in_chatwoot_is_still_the_same_persons(world: World) -> None:
	writes(world, ANA, "I am Ana", "A1")
	older = place_of(world, ANA)
	row = world.store.find_conversation("front-desk", ANA)
	assert row is not None
	world.store.update_conversation(row.id, {"chatwoot_conversation_id": 4711})
	message = world.chatwoot.agent_writes(older, "For Ana")
	# Contacts were merged since: whose it is by its contact is another one.
	told = replace(message.conversation, source_id="5f2c-uuid", identifier=str(ZOE), phone=None)
	world.receive(replace(message, conversation=told))
	world.work()
	assert world.gateway.texts_to(ANA) == ["For Ana"]


# ---- our own two of one person


def test_what_belonged_to_either_address_of_a_person_belongs_to_the_person(world: World) -> None:
	writes(world, ANA_LID, "By LID", "L1")
	lid = place_of(world, ANA_LID)
	writes(world, ANA, "By phone", "P1")
	phone = place_of(world, ANA)
	world.receive(world.customer("Both", id="B1", chat_alt=ANA_LID))
	world.work()
	says(world, lid, "In the old one")
	says(world, phone, "In the new one")
	assert [each.text for each in world.gateway.delivered] == ["In the old one", "In the new one"]


# ---- a contact's number is corrected in Chatwoot


def begun_by_agent(world: World) -> int:
	made = world.chatwoot.have_contact("Ana", phone=ANA.phone, source_ids=("5f2c-uuid",))
	begun = world.chatwoot.have_conversation(made.id, "5f2c-uuid")
	says(world, begun.id, "To the wrong number")
	world.chatwoot.contacts[made.id].phone = ZOE.phone
	return begun.id


def test_a_corrected_number_is_taken_while_nobody_has_written(world: World) -> None:
	place = begun_by_agent(world)
	says(world, place, "To the right one")
	assert world.gateway.texts_to(ANA) == ["To the wrong number"]
	assert world.gateway.texts_to(ZOE) == ["To the right one"]
	assert place_of(world, ZOE) == place
	writes(world, ZOE, "Got it", "Z1")
	assert world.chatwoot.messages[-1].conversation_id == place


def test_the_retry_of_a_failed_message_goes_to_the_corrected_number(world: World) -> None:
	made = world.chatwoot.have_contact("Ana", phone=ANA.phone, source_ids=("5f2c-uuid",))
	begun = world.chatwoot.have_conversation(made.id, "5f2c-uuid")
	world.gateway.fail_next("send_text", Permanent("this number is not on WhatsApp"))
	message = says(world, begun.id, "Hello")
	assert world.chatwoot.message(message.id).status is Status.FAILED
	world.chatwoot.contacts[made.id].phone = ZOE.phone
	world.receive(world.chatwoot.retry(message.id))
	world.work()
	assert (world.gateway.texts_to(ANA), world.gateway.texts_to(ZOE)) == ([], ["Hello"])
	[row] = world.store.find_messages_by_chatwoot_id("front-desk", message.id)
	assert (row.chat, row.status) == (ZOE, Status.SENT)
	assert world.chatwoot.message(message.id).status is Status.SENT


def test_who_has_written_stays_who_he_is_and_the_agent_is_told_once(world: World) -> None:
	writes(world, ANA, "I am Ana", "A1")
	place = place_of(world, ANA)
	world.chatwoot.contacts[contact_of(world, ANA)].phone = ZOE.phone
	says(world, place, "One")
	says(world, place, "Two")
	world.work()
	assert (world.gateway.texts_to(ANA), world.gateway.texts_to(ZOE)) == (["One", "Two"], [])
	[note] = [message for message in world.chatwoot.messages if message.private]
	assert note.conversation_id == place
	assert "+44 7700 900456" in note.text
	assert "+44 7700 900123" in note.text


def test_another_spelling_of_the_number_is_no_correction(world: World) -> None:
	brazil = Address("5511990000001", "s.whatsapp.net")
	writes(world, brazil, "Oi", "B1")
	world.chatwoot.contacts[contact_of(world, brazil)].phone = "+551190000001"
	says(world, place_of(world, brazil), "Bom dia")
	world.work()
	assert world.gateway.texts_to(brazil) == ["Bom dia"]
	assert not any(message.private for message in world.chatwoot.messages)


# ---- a link that is taken


def test_a_link_that_is_another_contacts_leads_to_that_contact(world: World) -> None:
	"""Chatwoot answers 500 to a second contact with the same link."""
	holder = world.chatwoot.have_contact("Merged", identifier="something else", source_ids=(str(ANA),))
	writes(world, ANA, "I am Ana", "A1")
	world.outlast()
	[conversation] = world.chatwoot.conversations.values()
	assert (conversation.contact.id, conversation.source_id) == (holder.id, str(ANA))
	assert [message.text for message in conversation.messages] == ["I am Ana"]
	assert world.events(EventState.DEAD) == []


def test_after_a_contact_is_gone_its_link_is_looked_for(world: World) -> None:
	writes(world, ANA, "One", "A1")
	old = contact_of(world, ANA)
	other = world.chatwoot.have_contact("Base", identifier="base", phone="+447700900999")
	world.chatwoot.merge_contacts(other.id, old)
	world.chatwoot.contacts[other.id].identifier = "base"
	world.chatwoot.remove_conversation(place_of(world, ANA))
	# What an import made: by number it is Ana's, by link it is not.
	world.chatwoot.have_contact("Import", phone=ANA.phone)
	writes(world, ANA, "Two", "A2")
	world.outlast()
	conversation = world.chatwoot.conversations[place_of(world, ANA)]
	assert conversation.contact.id == other.id
	assert [message.text for message in conversation.messages] == ["Two"]


# ---- one Chatwoot conversation, one of ours


def test_nothing_is_said_to_a_person_by_anothers_number(world: World) -> None:
	"""Whatever is done in Chatwoot with three people, each gets only what was written in answer to him."""
	people = (ANA, ZOE, EVA)
	for number, person in enumerate(people):
		writes(world, person, f"I am {number}", f"P{number}")
	places = [place_of(world, person) for person in people]
	world.chatwoot.merge_contacts(contact_of(world, ANA), contact_of(world, ZOE))
	world.chatwoot.contacts[contact_of(world, ANA)].phone = EVA.phone
	world.chatwoot.contacts[contact_of(world, EVA)].phone = ANA.phone
	for number, person in enumerate(people):
		writes(world, person, f"Again {number}", f"Q{number}")
		says(world, places[number], f"For {number}")
	assert [world.gateway.texts_to(person) for person in people] == [["For 0"], ["For 1"], ["For 2"]]
	assert [place_of(world, person) for person in people] == places


def test_a_group_member_is_not_a_contact_that_writes(world: World) -> None:
	"""Only who writes in his own chat has shown who he is."""
	place = begun_by_agent(world)
	world.receive(
		world.customer("Hi all", id="G1", chat=Address("1203", "g.us"), sender=ANA, content=Text("x"))
	)
	world.work()
	says(world, place, "To the right one")
	assert world.gateway.texts_to(ZOE) == ["To the right one"]
	assert world.gateway.texts_to(BEN) == []
