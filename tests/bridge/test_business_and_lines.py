"""What businesses send, and the kinds of which people read a line: files, answers, times, names and addresses."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from bridge_world import ANA, ANA_LID, BEN, GROUP, OWNER, World

from wuzapi_chatwoot.bridge.inbox.store_event import event_key
from wuzapi_chatwoot.bridge.model import content as c
from wuzapi_chatwoot.bridge.model.addresses import Address, AddressKind
from wuzapi_chatwoot.bridge.model.display_names import tidy_name, without_controls
from wuzapi_chatwoot.bridge.model.errors import Fault, Retriable
from wuzapi_chatwoot.bridge.model.events import Call, SessionChanged, SessionState
from wuzapi_chatwoot.bridge.model.records import EventState, Source
from wuzapi_chatwoot.bridge.ports.gateway import OutgoingFile
from wuzapi_chatwoot.bridge.text.describe import describe, quote_line

OWN_LID = Address("111100001111000", "lid")
RED = c.Media(c.MediaKind.IMAGE, "image/jpeg", ticket="red")
BLUE = replace(RED, ticket="blue")
CAROUSEL = c.BusinessMessage(
	body="New",
	cards=(c.BusinessMessage("Red mug", files=(RED,)), c.BusinessMessage("Blue mug", files=(BLUE,))),
)
BUSY = Retriable("busy", fault=Fault.REQUEST)


def test_a_template_with_a_file_is_that_file_and_its_words(world: World) -> None:
	offer = c.Media(c.MediaKind.DOCUMENT, "application/pdf", file_name="Offer.pdf", ticket="offer")
	world.gateway.downloads["offer"] = b"pdf"
	button = c.Button("Buy", c.ButtonKind.LINK, "https://shop.example")
	world.receive(
		world.customer(content=c.BusinessMessage("Sale", "Half price", files=(offer,), buttons=(button,)))
	)
	world.work()
	[message] = world.chatwoot.messages
	assert message.text == "Sale\nHalf price\n🔗 Buy: https://shop.example"
	assert message.files == (OutgoingFile(b"pdf", "application/pdf", "Offer.pdf"),)
	[row] = world.store.find_messages("front-desk", ANA, ["3A01"])
	assert (row.kind, row.text) == ("document", message.text)


def test_the_pictures_of_a_carousel_come_with_it(world: World) -> None:
	world.gateway.downloads |= {"red": b"red", "blue": b"blue"}
	world.receive(world.customer(content=CAROUSEL))
	world.work()
	[message] = world.chatwoot.messages
	assert message.text == "New\nCard 1: Red mug\nCard 2: Blue mug"
	assert [file.content for file in message.files] == [b"red", b"blue"]
	[row] = world.store.find_messages("front-desk", ANA, ["3A01"])
	assert row.kind == "businessmessage"
	assert [file.content for _, file in world.kept] == [b"red", b"blue"]


def test_pictures_that_cannot_be_had_now_follow_one_by_one(world: World) -> None:
	world.gateway.fail_next("download", BUSY, times=7)
	world.gateway.downloads |= {"red": b"red", "blue": b"blue"}
	world.receive(world.customer(content=CAROUSEL))
	world.outlast()
	line, *files = world.chatwoot.messages
	missing = "🖼️ Picture: could not be fetched yet; open it on the phone"
	assert line.text == f"{missing}\n{missing}\nNew\nCard 1: Red mug\nCard 2: Blue mug"
	assert sorted((file.source_id, file.files[0].content, file.in_reply_to) for file in files) == [
		("WAID:3A01/2", b"red", line.id),
		("WAID:3A01/3", b"blue", line.id),
	]


@pytest.mark.parametrize(
	("content", "lines"),
	[
		(
			c.BusinessMessage(
				sections=(c.ListSection((c.ListRow("Soup", "hot"), c.ListRow("Salad")), "Lunch"),),
				footer="Until two",
			),
			"Lunch:\n• Soup: hot\n• Salad\nUntil two",
		),
		(
			c.BusinessMessage(
				product=c.Product("Mug", price="5.00 EUR"),
				place=c.Location(1.5, 2.0),
				buttons=(
					c.Button("Call", c.ButtonKind.CALL, "+44 1"),
					c.Button("Copy code", c.ButtonKind.COPY, "X1"),
					c.Button("Pay", c.ButtonKind.PAY, "5.00 EUR"),
					c.Button("Pay", c.ButtonKind.PAY),
				),
			),
			"🛍️ Product: Mug, 5.00 EUR\n📍 Location\nhttps://maps.google.com/?q=1.5,2.0\n"
			"📞 Call: +44 1\n📋 Copy code: X1\n💳 Pay: 5.00 EUR\n▫️ Pay",
		),
		(
			c.CalendarEvent("Party", datetime(2026, 6, 13, 10, tzinfo=timezone.utc)),
			"📅 Event: Party\n🕑 13 June 2026, 10:00 UTC",
		),
		(c.CalendarEvent("", canceled=True, is_call=True), "📞 Planned call canceled"),
		(c.Payment(c.PaymentStep.REQUESTED, "5.00 EUR", "Cake"), "💳 Payment request: 5.00 EUR\nCake"),
		(c.Payment(c.PaymentStep.DECLINED), "💳 Declined a payment request"),
		(c.PollResult("Day?", (("Monday", 2),)), "📊 Poll results: Day?\n• Monday: 2"),
		(c.PollOption("P", "Green"), "📊 Added an option to a poll: Green"),
		(c.Comment("X", "Yes"), "💬 Comment: Yes"),
		(c.Comment("X", "Nine", is_answer=True), "💬 Answer: Nine"),
		(c.StickerPack("Mugs", stickers=1), "🏷️ Sticker pack: Mugs (1 sticker)"),
		(c.LottieSticker(), "🏷️ Animated sticker (open it on the phone to see it)"),
		(c.StatusMention(), "📣 Mentioned you in a status (open it on the phone)"),
		(c.PhoneNumber(shared=False), "📱 Asks for your phone number"),
		(c.ChannelInvite("News", as_admin=True), "✉️ Invitation to administer the channel News"),
		(c.Kept("X", kept=False), "📌 No longer keeps a disappearing message"),
		(
			c.Undecryptable(what=c.Hidden.EVENT_ANSWER),
			"🔒 An answer to an event that cannot be decrypted here: open it on the phone",
		),
		(c.Order("Cake", 1, "5.00 EUR"), "🛒 Order: Cake (1 item), 5.00 EUR"),
	],
	ids=lambda value: type(value).__name__ if not isinstance(value, str) else "",
)
def test_lines_of_a_kind(content: c.Content, lines: str) -> None:
	assert describe(content) == lines


def test_times_of_an_event_are_those_of_the_session(world: World) -> None:
	world.change_session(time_zone="Europe/Lisbon")
	start = datetime(2026, 6, 13, 22, 30, tzinfo=timezone.utc)
	world.receive(world.customer(content=c.CalendarEvent("Party", start, start + timedelta(hours=1))))
	world.work()
	assert world.chatwoot.messages[0].text == "📅 Event: Party\n🕑 13 June 2026, 23:30 to 14 June 2026, 00:30"


@pytest.mark.parametrize(
	"content",
	[
		c.Undecryptable(what=c.Hidden.VOTE, target_id="3A00"),
		c.Undecryptable(what=c.Hidden.REACTION, target_id="3A00"),
		c.Undecryptable(what=c.Hidden.COMMENT, target_id="3A00"),
		c.Comment("3A00", "Well said"),
		c.PollOption("3A00", "Green"),
		c.Payment(c.PaymentStep.DECLINED, target_id="3A00"),
		c.Kept("3A00", kept=True),
		c.CalendarEvent("", canceled=True, target_id="3A00"),
	],
	ids=lambda content: describe(content),
)
def test_it_answers_to_what_it_is_about(world: World, content: c.Content) -> None:
	world.started()
	world.receive(world.customer(id="3A02", content=content))
	world.work()
	target, line = world.chatwoot.messages
	assert line.in_reply_to == target.id


@pytest.mark.parametrize(
	("content", "quoted"),
	[
		(c.Text("Hello"), "Hello"),
		(c.Media(c.MediaKind.VOICE, "audio/ogg"), "🎤 Voice message"),
		(c.Media(c.MediaKind.IMAGE, "image/jpeg", caption="A rose"), "🖼️ Picture: A rose"),
		(c.Media(c.MediaKind.DOCUMENT, "application/pdf", file_name="Offer.pdf"), "📄 Document: Offer.pdf"),
		(c.Location(1.5, 2.0, name="Tower"), "📍 Location: Tower"),
		(c.ContactCards((c.ContactCard("Cara", ""),)), "👤 Contact: Cara"),
		(c.BusinessMessage("Sale", "Half price"), "Sale Half price"),
		(c.BusinessMessage(files=(RED,)), "🖼️ Picture"),
		(c.BusinessMessage(), ""),
		(c.Unknown("x"), ""),
	],
	ids=lambda value: type(value).__name__ if not isinstance(value, str) else "",
)
def test_what_a_quote_shows(content: c.Content, quoted: str) -> None:
	assert quote_line(content) == quoted


@pytest.mark.parametrize(("from_me", "whose"), [(False, "your"), (True, "their")])
def test_an_answer_to_a_status_says_so(world: World, from_me: bool, whose: str) -> None:
	quote = c.Quote("S1", OWNER, "🖼️ Picture: New mugs", of_status=True)
	world.receive(world.customer("Nice", quote=quote, from_me=from_me))
	world.work()
	assert world.chatwoot.messages[0].text == f"💬 _Answer to {whose} status_\n> 🖼️ Picture: New mugs\n\nNice"


def test_our_own_addresses_in_a_mention_are_you(world: World) -> None:
	paired = SessionChanged(SessionState.CONNECTED, address=OWNER, lid=OWN_LID)
	world.store.note_session_change("front-desk", paired, world.clock.now())
	world.receive(
		world.customer(
			"@111100001111000 or @12025550100?",
			chat=GROUP,
			sender=BEN,
			mentions=(OWN_LID, OWNER),
			push_name="Ben",
		)
	)
	world.work()
	assert world.chatwoot.messages[0].text == "**Ben:**\n@you or @you?"


def test_a_shared_number_joins_both_addresses_and_reaches_chatwoot(world: World) -> None:
	world.receive(world.customer("Hi", chat=ANA_LID, sender=ANA_LID))
	world.work()
	shared = c.PhoneNumber(shared=True)
	world.receive(
		world.customer(id="3A02", content=shared, chat=ANA_LID, sender=ANA_LID, chat_alt=ANA, sender_alt=ANA)
	)
	world.work()
	world.work()
	assert world.chatwoot.messages[-1].text == "📱 Shared their phone number: +44 7700 900123"
	contact = world.store.find_contact("front-desk", [ANA])
	assert contact is not None
	assert set(contact.addresses) == {ANA, ANA_LID}
	assert [each.phone for each in world.chatwoot.contacts.values()] == ["+447700900123"]


def test_a_card_that_somebody_says_is_his_own_joins_nothing(world: World) -> None:
	"""Anybody can write anybody's number on a card: answers would go to the wrong person."""
	world.receive(world.customer("Hi", chat=ANA_LID, sender=ANA_LID))
	card = c.ContactCard("Me", "BEGIN:VCARD\nFN:Me\nTEL;waid=447700900123:+44 7700 900123\nEND:VCARD")
	world.receive(world.customer(id="3A02", content=c.ContactCards((card,)), chat=ANA_LID, sender=ANA_LID))
	world.work()
	assert world.store.find_contact("front-desk", [ANA]) is None


def test_the_end_of_a_call_in_a_group_is_no_missed_call(world: World) -> None:
	rings = Call("C1", ANA, world.clock.now(), ended=False, in_group=True)
	over = Call("C1", ANA, world.clock.now(), ended=True, reason="timeout")
	world.receive(rings, key=rings.key)
	world.receive(over, key=over.key)
	world.work()
	assert world.chatwoot.messages == []
	assert world.store.find_event(event_key("front-desk", Source.GATEWAY, rings.key)) is not None
	assert [event.last_error for event in world.events(EventState.IGNORED)] == ["a call in a group"] * 2


@pytest.mark.parametrize(
	("text", "name"),
	[
		("Ana Example", "Ana Example"),
		("Ana\r\nExample\u2028x", "Ana Example x"),
		(" \u3164 ", ""),
		("\u200b\u200d", ""),
		("\u2800\u2800", ""),
		("\ufe0f", ""),
		("", ""),
		("\u202eevil", "evil"),
		("👩\u200d👧", "👩\u200d👧"),
		("a\x07b\x00", "ab"),
		("می\u200cخواهم", "می\u200cخواهم"),
	],
)
def test_a_name_is_one_line_of_something_that_can_be_seen(text: str, name: str) -> None:
	assert tidy_name(text) == name


def test_of_control_characters_only_tabs_and_line_breaks_stay() -> None:
	assert without_controls("a\x00b\x07c\x1bd\te\r\nf\x7f") == "abcd\te\r\nf"


@pytest.mark.parametrize(
	("text", "kind", "address"),
	[
		("447700900123:99@hosted", AddressKind.PHONE, ANA),
		("222200002222000:99@hosted.lid", AddressKind.LID, ANA_LID),
	],
)
def test_hosted_addresses_are_those_of_the_same_people(
	text: str, kind: AddressKind, address: Address
) -> None:
	parsed = Address.parse(text)
	assert parsed == address
	assert parsed is not None
	assert parsed.kind is kind
