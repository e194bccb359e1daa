"""Interactive messages of Chatwoot on WhatsApp, and what the customer chooses of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from bridge_world import ANA, BEN, GROUP, World

from wuzapi_chatwoot.bridge.model.content import Choice, Quote
from wuzapi_chatwoot.bridge.model.events import (
	ChatwootMessage,
	Offer,
	OfferedCard,
	OfferedField,
	OfferedLink,
	OfferedOption,
	Status,
)
from wuzapi_chatwoot.bridge.text.interactive_text import interactive_text, number_chosen
from wuzapi_chatwoot.testkit.twins.fake_chatwoot_records import FakeMessage

MENU = Offer(options=(OfferedOption("An order", "order"), OfferedOption("Opening hours")))


def offered(world: World, offer: Offer, text: str = "How can we help?", **chat: object) -> ChatwootMessage:
	"""A bot's message in a conversation that the customer began."""
	conversation = world.started(**chat)  # type: ignore[arg-type]
	message = replace(world.chatwoot.agent_writes(conversation, text), offer=offer)
	world.receive(message)
	world.work()
	return message


def answer(world: World, text: str, **changes: object) -> FakeMessage:
	world.clock.advance(5)
	world.receive(world.customer(text, id=f"3A{text}", **changes))  # type: ignore[arg-type]
	world.work()
	return world.chatwoot.messages[-1]


@pytest.mark.parametrize(
	("offer", "text"),
	[
		(MENU, "1. An order\n2. Opening hours"),
		(
			Offer(
				cards=(
					OfferedCard(
						"Blue *mug*",
						"Holds 300 ml",
						(OfferedLink("", "https://x.example/a.jpg"), OfferedLink("Buy", "https://x.example")),
						(OfferedOption("I take it", "blue"),),
					),
					OfferedCard("Red mug", options=(OfferedOption("I take this one", "red"),)),
				)
			),
			"*Blue mug*\nHolds 300 ml\n🔗 https://x.example/a.jpg\n🔗 Buy: https://x.example\n1. I take it\n\n"
			"*Red mug*\n2. I take this one",
		),
		(
			Offer(fields=(OfferedField("Name"), OfferedField("Size", ("Small", "Large")))),
			"• Name\n• Size: Small, Large",
		),
		(Offer(), ""),
	],
	ids=["options", "cards", "form", "nothing"],
)
def test_an_offer_in_words(offer: Offer, text: str) -> None:
	assert interactive_text(offer) == text


def test_it_stands_below_what_was_typed(world: World) -> None:
	offered(world, MENU, "**How** can we help?")
	[sent] = world.gateway.delivered
	assert sent.text == "*How* can we help?\n\n1. An order\n2. Opening hours"


def test_without_a_text_it_goes_alone(world: World) -> None:
	offered(world, MENU, "")
	assert [sent.text for sent in world.gateway.delivered] == ["1. An order\n2. Opening hours"]


def test_with_nothing_to_show_it_fails_with_its_cause(world: World) -> None:
	message = offered(world, Offer(), "")
	assert world.gateway.delivered == []
	shown = next(each for each in world.chatwoot.messages if each.id == message.id)
	assert (shown.status, shown.error) == (
		Status.FAILED,
		"there is nothing in this message that WhatsApp could show",
	)


@pytest.mark.parametrize(
	("text", "number"),
	[
		("2", 2),
		(" 2. ", 2),
		("2)", 2),
		("2\ufe0f\u20e3", 2),
		("0", 0),
		("2 please", None),
		("", None),
		("²", None),
	],
)
def test_what_counts_as_a_number(text: str, number: int | None) -> None:
	assert number_chosen(text) == number


@pytest.mark.parametrize(
	("text", "shown", "chosen"),
	[
		("1", "An order", ("An order", "order")),
		("2.", "Opening hours", ("Opening hours", "Opening hours")),
		("3", "3", None),
		("0", "0", None),
		("An order", "An order", None),
		("1 or 2?", "1 or 2?", None),
	],
)
def test_a_number_is_shown_as_the_option_it_means(
	world: World, text: str, shown: str, chosen: tuple[str, str] | None
) -> None:
	offered(world, MENU)
	message = answer(world, text)
	assert (message.text, message.chosen) == (shown, chosen)


def test_a_number_in_answer_to_something_else_stays_a_number(world: World) -> None:
	conversation = offered(world, MENU).conversation.id
	world.receive(world.chatwoot.agent_writes(conversation, "How many mugs?"))
	world.clock.advance(5)
	world.work()
	assert answer(world, "2").chosen is None


def test_what_was_written_before_the_menu_came_is_no_choice(world: World) -> None:
	offered(world, MENU)
	world.receive(world.customer("2", id="LATE", sent_at=world.clock.now() - timedelta(minutes=1)))
	world.work()
	assert world.chatwoot.messages[-1].text == "2"


def test_a_quote_says_which_menu_is_meant(world: World) -> None:
	conversation = offered(world, MENU).conversation.id
	[menu] = world.gateway.delivered
	world.receive(world.chatwoot.agent_writes(conversation, "Take your time"))
	world.work()
	message = answer(world, "1", quote=Quote(menu.message_id))
	assert (message.text, message.chosen) == ("An order", ("An order", "order"))
	assert answer(world, "2", quote=Quote("3A00", ANA)).chosen is None


def test_in_a_group_only_a_quote_chooses(world: World) -> None:
	offered(world, MENU, chat=GROUP, sender=BEN)
	[menu] = world.gateway.delivered
	assert answer(world, "1", chat=GROUP, sender=BEN).chosen is None
	chosen = answer(world, "2", chat=GROUP, sender=BEN, quote=Quote(menu.message_id))
	assert chosen.chosen == ("Opening hours", "Opening hours")


def test_our_own_phone_chooses_nothing(world: World) -> None:
	offered(world, MENU)
	assert answer(world, "1", from_me=True).text == "1"


def test_a_button_that_was_pressed_is_told_to_bots_too(world: World) -> None:
	world.receive(world.customer(content=Choice("Confirm", "yes")))
	world.work()
	[message] = world.chatwoot.messages
	assert (message.text, message.chosen) == ("☑️ Confirm", ("Confirm", "yes"))
