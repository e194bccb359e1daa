"""Addresses, phone numbers, ids, pauses, lines: the small pure parts."""

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from wuzapi_chatwoot.bridge.model import content as c
from wuzapi_chatwoot.bridge.model.addresses import Address, AddressKind, canonical
from wuzapi_chatwoot.bridge.model.lanes import chat_lane, direction_of, session_of, valid_session_name
from wuzapi_chatwoot.bridge.model.message_ids import derived_id
from wuzapi_chatwoot.bridge.model.phone import display, to_e164, variants
from wuzapi_chatwoot.bridge.model.records import Direction, Secret
from wuzapi_chatwoot.bridge.model.retry import RetrySchedule
from wuzapi_chatwoot.bridge.text.describe import describe, readable_size


@pytest.mark.parametrize(
	("text", "expected", "kind", "phone"),
	[
		("447700900123@s.whatsapp.net", "447700900123@s.whatsapp.net", AddressKind.PHONE, "+447700900123"),
		("447700900123:12@s.whatsapp.net", "447700900123@s.whatsapp.net", AddressKind.PHONE, "+447700900123"),
		(
			"447700900123.0:3@s.whatsapp.net",
			"447700900123@s.whatsapp.net",
			AddressKind.PHONE,
			"+447700900123",
		),
		("447700900123@c.us", "447700900123@s.whatsapp.net", AddressKind.PHONE, "+447700900123"),
		("222200002222000:23@lid", "222200002222000@lid", AddressKind.LID, None),
		("120363000000000001@g.us", "120363000000000001@g.us", AddressKind.GROUP, None),
		("447700900123-1400000000@g.us", "447700900123-1400000000@g.us", AddressKind.GROUP, None),
		("status@broadcast", "status@broadcast", AddressKind.BROADCAST, None),
		("1203@newsletter", "1203@newsletter", AddressKind.NEWSLETTER, None),
		("bot@unheard.of", "bot@unheard.of", AddressKind.OTHER, None),
		("0@s.whatsapp.net", "0@s.whatsapp.net", AddressKind.PHONE, None),
	],
)
def test_addresses_are_read_without_their_device(
	text: str, expected: str, kind: AddressKind, phone: str | None
) -> None:
	address = Address.parse(text)
	assert address is not None
	assert (str(address), address.kind, address.phone) == (expected, kind, phone)


@pytest.mark.parametrize("text", ["", None, "447700900123", "@lid", "a@", "a@b@c", ":3@lid"])
def test_what_is_no_address_is_none(text: str | None) -> None:
	assert Address.parse(text) is None


@given(st.text(max_size=60))
def test_reading_an_address_never_raises_and_is_stable(text: str) -> None:
	address = Address.parse(text)
	assert address is None or Address.parse(str(address)) == address


def test_a_chat_is_named_by_phone_before_lid() -> None:
	phone, lid, group = Address("44", "s.whatsapp.net"), Address("22", "lid"), Address("12", "g.us")
	assert canonical(lid, phone) == phone
	assert canonical(lid, None) == lid
	assert canonical(phone, group) == group
	assert canonical(None) is None


@pytest.mark.parametrize(
	("number", "expected"),
	[
		("+5511990000001", ("+5511990000001", "+551190000001")),
		("+551190000001", ("+551190000001", "+5511990000001")),
		("+551130000001", ("+551130000001",)),
		("+5215512345678", ("+5215512345678", "+525512345678")),
		("+525512345678", ("+525512345678", "+5215512345678")),
		("+5491112345678", ("+5491112345678", "+541112345678")),
		("+541112345678", ("+541112345678", "+5491112345678")),
		("+447700900123", ("+447700900123",)),
		("nonsense", ("nonsense",)),
	],
)
def test_a_subscriber_may_be_spelt_in_several_ways(number: str, expected: tuple[str, ...]) -> None:
	assert variants(number) == expected


@given(st.from_regex(r"\+(55|52|54|44|1|49)[0-9]{6,12}", fullmatch=True))
def test_every_spelling_leads_back_to_the_first(number: str) -> None:
	assume(to_e164(number) == number)
	for spelling in variants(number):
		assert number in variants(spelling)


@given(st.text(max_size=40))
def test_reading_a_number_never_raises(text: str) -> None:
	e164 = to_e164(text, "BR")
	assert e164 is None or (e164.startswith("+") and e164[1:].isdigit())
	assert isinstance(display(text), str)


def test_numbers_are_read_as_people_type_them() -> None:
	assert to_e164("+44 7700 900123") == "+447700900123"
	assert to_e164("(11) 99000-0001", "BR") == "+5511990000001"
	assert to_e164("12", "BR") is None


@pytest.mark.parametrize(
	("text", "region", "number"),
	[
		("34612345678", None, "+34612345678"),
		(" 34 612-345.678 ", None, "+34612345678"),
		("0034 612 345 678", None, "+34612345678"),
		("34612345678", "GB", "+34612345678"),
		("34612345678", "ES", "+34612345678"),
		("5511987654321", "BR", "+5511987654321"),
		# what is a number at home stays one
		("612345678", "ES", "+34612345678"),
		("202-555-0100", "US", "+12025550100"),
		# digits that are no valid number, and what is not only digits
		("612345678", None, None),
		("34612", None, None),
		("1234567890123456", None, None),
		("call 34612345678", None, None),
		("34612345678 ext. 5", None, None),
		("", None, None),
	],
)
def test_a_number_needs_no_plus_if_it_is_valid_with_one(
	text: str, region: str | None, number: str | None
) -> None:
	assert to_e164(text, region) == number


def test_a_number_is_shown_with_blanks() -> None:
	assert display("+447700900123") == "+44 7700 900123"


def test_derived_ids_are_stable_and_differ_by_key_session_message_part_and_turn() -> None:
	key, other = Secret("one key"), Secret("another key")
	id = derived_id(key, "a", 1, 0)
	assert id == derived_id(key, "a", 1, 0)
	assert re.fullmatch("3EB0[0-9A-F]{18}", id)
	ids = {
		derived_id(each, session, number, part, taken)
		for each in (key, other)
		for session in "ab"
		for number in (1, 2, 11)
		for part in (0, 1)
		for taken in (0, 1)
	}
	assert len(ids) == 48


def test_pauses_follow_the_schedule_and_end() -> None:
	schedule = RetrySchedule((1.0, 5.0))
	assert [schedule.pause_after(failed) for failed in (1, 2, 3)] == [1.0, 5.0, None]


def test_lanes_tell_their_session_and_direction() -> None:
	lane = chat_lane("front desk", Direction.OUT, "231")
	assert (session_of(lane), direction_of(lane)) == ("front desk", Direction.OUT)
	assert [valid_session_name(name) for name in ("front-desk", "", "..", "a|b", "a/b", "x" * 61)] == [
		True,
		False,
		False,
		False,
		False,
		False,
	]


@pytest.mark.parametrize(
	("content", "line"),
	[
		(c.Text("As it is"), "As it is"),
		(c.Media(c.MediaKind.DOCUMENT, "application/pdf", file_name="Quote.pdf"), "📄 Document Quote.pdf"),
		(
			c.Location(1.5, -2.0, address="1 Sample Road", live=True),
			"📍 Live location\n1 Sample Road\nhttps://maps.google.com/?q=1.5,-2.0",
		),
		(
			c.ContactCards((c.ContactCard("Cara", "BEGIN:VCARD\nTEL;waid=1:+44 7700 900789\nEND:VCARD"),)),
			"👤 Contact: Cara, +44 7700 900789",
		),
		(c.PollVote("1", ("Soup",)), "📊 Voted: Soup"),
		(c.PollVote("1", (), ("hash",)), "📊 Voted in a poll"),
		(c.PollVote("1", ()), "📊 Took back a vote"),
		(c.Choice("Yes", "yes"), "☑️ Yes"),
		(c.Reaction("1", "👍"), "Reacted with 👍"),
		(c.Reaction("1", ""), "Took back a reaction"),
		(c.Edit("1", c.Text("Better")), "✏️ Edited: Better"),
		(c.Edit("1", None), "✏️ Edited a message (open it on the phone to read it)"),
		(c.Revoke("1"), "🗑️ Deleted a message"),
		(c.Revoke("1", by_admin=True), "🗑️ A group administrator deleted a message"),
		(c.GroupInvite(None, "Shop", "abc", "Join us"), "✉️ Invitation to the group Shop\nJoin us"),
		(c.Order("Cake", 2), "🛒 Order: Cake (2 items)"),
		(c.Pin("1", pinned=True), "📌 Pinned a message"),
		(c.Undecryptable(), "🔒 A message that could not be decrypted yet: open it on the phone"),
		(c.Undecryptable(view_once=True), "👁️ A message to be viewed once: open it on the phone"),
		(c.AlbumStart(2, 0), ""),
		(c.Unknown(c.EMPTY), "📱 A message of a kind not known here: open it on the phone"),
		(c.Unknown("x"), "📱 A message of a kind not shown here (x): open it on the phone"),
	],
)
def test_every_kind_has_its_line(content: c.Content, line: str) -> None:
	assert describe(content) == line


def test_sizes_are_readable() -> None:
	assert [readable_size(size) for size in (12, 3_500, 2_500_000, 4_000_000_000)] == [
		"12 bytes",
		"3.5 kB",
		"2.5 MB",
		"4.0 GB",
	]


def test_secrets_do_not_show() -> None:
	assert "hunter2" not in f"{Secret('hunter2')} {Secret('hunter2')!r}"
