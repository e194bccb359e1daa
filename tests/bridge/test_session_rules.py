"""What people write into a session's settings: lists, patterns, templates, time zones."""

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.records import Session
from wuzapi_chatwoot.bridge.sessions.validation import (
	are_emails,
	are_groups,
	are_patterns,
	entries,
	group_addresses,
	is_reopen_days,
	is_signature_template,
)
from wuzapi_chatwoot.bridge.text.time_format import zone_of


@pytest.mark.parametrize(
	("text", "expected"),
	[
		("", ()),
		(" , \n\r\n ,", ()),
		("one", ("one",)),
		("one, two\nthree\r\n four,", ("one", "two", "three", "four")),
		("two,one,two", ("two", "one")),
	],
)
def test_a_list_is_separated_by_commas_or_lines(text, expected):
	assert entries(text) == expected


@pytest.mark.parametrize(
	("text", "expected"),
	[
		("", ()),
		("120363000000000001@g.us", (Address("120363000000000001", "g.us"),)),
		("120363000000000001", (Address("120363000000000001", "g.us"),)),
		("447700900123-1400000000@G.US", (Address("447700900123-1400000000", "g.us"),)),
		("1203@g.us, 1203\n1204", (Address("1203", "g.us"), Address("1204", "g.us"))),
	],
)
def test_groups_are_read_with_and_without_their_server(text, expected):
	assert group_addresses(text) == expected
	assert are_groups(text)
	for address in expected:
		assert Address.parse(str(address)) == address


@pytest.mark.parametrize(
	"text",
	[
		"447700900123@s.whatsapp.net",
		"222200002222000@lid",
		"@g.us",
		"family",
		"1203@g.us@g.us",
		"1203-",
		"12 03",
		"1203;1204",
		"١٢٠٣",
		"1203, *",
	],
)
def test_what_is_no_group_is_told_and_lets_no_group_in(text):
	assert not are_groups(text)
	read = group_addresses(text)
	assert read, "an empty list would mean every group"
	assert Address.parse("447700900123@s.whatsapp.net") not in read


@given(st.text())
def test_a_list_of_groups_can_always_be_read(text):
	assert len(group_addresses(text)) <= len(entries(text))
	assert bool(group_addresses(text)) is bool(entries(text))


@pytest.mark.parametrize(
	"text", ["", "447700900*", "+4477009001??", "*@g.us", "status@broadcast, Some-one_else.1@lid", "*"]
)
def test_patterns_that_are_right(text):
	assert are_patterns(text)


@pytest.mark.parametrize(
	"text", ["447[0-9]*", "44 7700", "447700900*; 447700901*", "ok, n/a", "é", "!*", "١*"]
)
def test_patterns_that_are_wrong(text):
	assert not are_patterns(text)


@pytest.mark.parametrize("text", ["{text}", "*{name}:*\n{text}", "{text}\n— {name}", "{name} {text} {name}"])
def test_templates_that_are_right(text):
	assert is_signature_template(text)


@pytest.mark.parametrize(
	"text",
	["", "{name}", "text", "{text", "{text} {", "{text} }", "{text} {agent}", "{{text}}", "{te{name}xt}", "{text}{}"],
)  # fmt: skip
def test_templates_that_are_wrong(text):
	assert not is_signature_template(text)


@given(st.text(st.sampled_from("{}textnam *\n"), max_size=30))
def test_a_right_template_can_be_filled_in(text):
	if is_signature_template(text):
		filled = text.format(text="Hello", name="Ann")
		assert "Hello" in filled
		assert "{" not in filled


def test_the_template_that_nobody_changed_is_right():
	session = Session("s", "", "", "", "", 1, 1)
	assert is_signature_template(session.signature_template)
	assert is_reopen_days(session.reopen_within_days)
	assert zone_of(session.time_zone) is timezone.utc


@pytest.mark.parametrize(
	("days", "right"),
	[(0.5, True), (36500, True), (0, False), (-1, False), (36501, False), (float("inf"), False), (float("nan"), False)],
)  # fmt: skip
def test_days_of_reopening(days, right):
	assert is_reopen_days(days) is right


def test_a_zone_is_found_by_its_name():
	berlin = zone_of("Europe/Berlin")
	assert datetime(2026, 7, 1, tzinfo=berlin).utcoffset() == timedelta(hours=2)


@pytest.mark.parametrize(
	"name",
	[
		"",
		" ",
		"Europe",
		"Europe/Nowhere",
		"../UTC",
		"/etc/localtime",
		"tzdata.zi",
		"UTC\0",
		"x" * 5000,
		"\ud800",
	],
)
def test_there_is_no_such_zone(name):
	assert zone_of(name) is None


@pytest.mark.parametrize(
	("text", "right"),
	[
		("", True),
		("ana@example.com\nben@example.com", True),
		("ana", False),
		("ana@example.com, x y@z", False),
	],
)
def test_lists_of_mail_addresses(text: str, right: bool) -> None:
	assert are_emails(text) is right
