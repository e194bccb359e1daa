"""Contact cards: several in a file, their names, numbers, and a file name for each."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuzapi_chatwoot.bridge.model.content import ContactCard
from wuzapi_chatwoot.bridge.text.vcards import cards_of, emails_of, file_name_of, numbers_of, organisation_of

CARA = (
	"BEGIN:VCARD\nVERSION:3.0\nN:Sample;Cara;;;\nFN:Cara Sample\n"
	"TEL;type=CELL;type=VOICE;waid=447700900789:+44 7700 900789\nEND:VCARD"
)
IPHONE = "\r\n".join(
	[
		"BEGIN:VCARD",
		"VERSION:3.0",
		"N:Example;Ana;;Dr.;",
		"FN:Dr. Ana Example",
		"ORG:Example\\, Sons & Co.;Sales;",
		"item1.TEL;waid=447700900123:+44 7700 900123",
		"item1.X-ABLabel:Mobile",
		"item2.TEL;type=HOME:+44 7700 900123",
		"TEL;type=WORK:020 7946 0000",
		"item3.EMAIL;type=INTERNET:ana@example.org",
		"item4.ADR;type=HOME:;;1 High Street;Lon",
		" don;;;",
		"NOTE:a long note that is",
		"  folded",
		"END:VCARD",
	]
)
VERSION_2 = (
	"BEGIN:VCARD\r\nVERSION:2.1\r\n"
	"FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=4A=C3=B6rg =\r\n=C3=84hrenfeld\r\n"
	"TEL;CELL:+4915112345678\r\nEND:VCARD\r\n"
)
VERSION_4 = (
	'BEGIN:VCARD\nVERSION:4.0\nFN:Ola Nord\n mann\nORG;SORT-AS="X:Y":Nord\n'
	'TEL;VALUE=uri;TYPE="voice,home":tel:+47-22-86-44-00;ext=5\nEMAIL:mailto:ola@example.org\nEMAIL:\nEND:VCARD'
)


def _vcard(*lines: str) -> str:
	return "\n".join(["BEGIN:VCARD", *lines, "END:VCARD"])


@pytest.mark.parametrize(
	("text", "names"),
	[
		(CARA, ["Cara Sample"]),
		(IPHONE, ["Dr. Ana Example"]),
		(VERSION_2, ["Jörg Ährenfeld"]),
		(VERSION_4, ["Ola Nordmann"]),
		(
			f"\ufeff{CARA}\n\n{IPHONE}\r\n{VERSION_2}{VERSION_4}\n",
			["Cara Sample", "Dr. Ana Example", "Jörg Ährenfeld", "Ola Nordmann"],
		),
		(_vcard("N:Example;Ana;Bea;Dr.;jr."), ["Dr. Ana Bea Example jr."]),
		(_vcard("FN: ", "N:Example"), ["Example"]),
		(_vcard("N;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:=C4;B"), ["B Ä"]),
		(_vcard("FN;CHARSET=none;QUOTED-PRINTABLE:=C3=84"), ["Ä"]),
		(_vcard("N:;;;;", "ORG:Example Ltd;"), ["Example Ltd"]),
		(_vcard("TEL:+44 7700 900123"), ["+44 7700 900123"]),
		(_vcard("VERSION:3.0"), [""]),
		(_vcard("FN:a\\, b\\; c\\n d\\e\\"), ["a, b; c d\\e\\"]),
		("begin:vcard\nfn:Ana\nend:vcard", ["Ana"]),
		# Broken.
		("", []),
		("hello", []),
		("BEGIN:VCARD\nFN:Ana", []),
		("FN:Ana\nEND:VCARD", []),
		(f"{CARA}\nBEGIN:VCARD\n{CARA}", []),
		(f"{CARA}\nmore", []),
	],
)
def test_names_of_cards(text: str, names: list[str]) -> None:
	assert [card.name for card in cards_of(text)] == names


def test_a_card_keeps_its_own_text() -> None:
	assert cards_of(f"{CARA}\n{IPHONE}\r\n") == (
		ContactCard("Cara Sample", CARA),
		ContactCard("Dr. Ana Example", IPHONE),
	)


def test_not_more_cards_than_asked_for() -> None:
	assert len(cards_of("\n".join([CARA] * 30))) == 20
	assert len(cards_of("\n".join([CARA] * 30), limit=3)) == 3


@pytest.mark.parametrize(
	("vcard", "numbers", "emails", "organisation"),
	[
		(CARA, ("+44 7700 900789",), (), None),
		(IPHONE, ("+44 7700 900123", "020 7946 0000"), ("ana@example.org",), "Example, Sons & Co., Sales"),
		(VERSION_2, ("+4915112345678",), (), None),
		(VERSION_4, ("+47-22-86-44-00",), ("ola@example.org",), "Nord"),
		(_vcard("TEL:", "TEL: ", 'TEL;X=":+1', "ORG:;"), ("+1",), (), None),
		("", (), (), None),
		("no card", (), (), None),
	],
)
def test_what_is_on_a_card(
	vcard: str, numbers: tuple[str, ...], emails: tuple[str, ...], organisation: str | None
) -> None:
	assert numbers_of(vcard) == numbers
	assert emails_of(vcard) == emails
	assert organisation_of(vcard) == organisation


@pytest.mark.parametrize(
	("name", "file_name"),
	[
		("Ana Example", "Ana Example.vcf"),
		("", "contact.vcf"),
		("..", "contact.vcf"),
		("../../etc/passwd", "etc passwd.vcf"),
		("A/B\\C:D\n\t\x00E", "A B C D E.vcf"),
		("\u202egpj.exe", "gpj.exe.vcf"),
		("👩‍👧 Mum", "👩‍👧 Mum.vcf"),
		("x" * 100, "x" * 76 + ".vcf"),
	],
)
def test_file_name(name: str, file_name: str) -> None:
	assert file_name_of(ContactCard(name, "")) == file_name


@given(st.text())
def test_any_name_makes_a_file_name(name: str) -> None:
	file_name = file_name_of(ContactCard(name, ""))
	assert file_name.endswith(".vcf")
	assert 4 < len(file_name) <= 80
	assert not set(file_name) & {*"/\\\n\r\x00"}
	assert file_name.encode()


_LINES = [
	"BEGIN:VCARD",
	"END:VCARD",
	"FN:Ana",
	"TEL;QUOTED-PRINTABLE:=4",
	"=",
	" x",
	"N:;;",
	'"',
	":",
	";",
	"\\",
	"ORG:a;",
	"\r",
]


@given(st.text() | st.lists(st.sampled_from(_LINES), max_size=10).map("\n".join))
def test_no_text_is_an_error(text: str) -> None:
	numbers_of(text)
	emails_of(text)
	organisation_of(text)
	for card in cards_of(text):
		assert card.vcard in text
		assert cards_of(card.vcard) == (card,)
		assert numbers_of(card.vcard) == tuple(dict.fromkeys(numbers_of(card.vcard)))
