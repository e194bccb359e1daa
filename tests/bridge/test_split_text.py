"""Long texts in pieces."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuzapi_chatwoot.bridge.text.split_text import split_text

FAMILY = "👩‍👩‍👧"


@pytest.mark.parametrize(
	("text", "longest", "pieces"),
	[
		("", 5, [""]),
		("hello", 5, ["hello"]),
		(" hi \n", 5, [" hi \n"]),
		# A blank line, a line's end, a sentence's end, a blank, and nothing of them.
		("one.\n\ntwo. x\nthree four", 18, ["one.\n\ntwo. x", "three four"]),
		("one two\n\nthree\nfour five six", 20, ["one two", "three\nfour five six"]),
		("one two\n \n\n  three four", 14, ["one two", "three four"]),
		("one two. four\nfive six", 15, ["one two. four", "five six"]),
		("One two. Three four five", 15, ["One two.", "Three four five"]),
		('He said "no!" Then he left', 18, ['He said "no!"', "Then he left"]),
		("version 1.5 is out now", 12, ["version 1.5", "is out now"]),
		("one two three four", 9, ["one two", "three", "four"]),
		("abcdefghij", 4, ["abcd", "efgh", "ij"]),
		# Exactly at the limit.
		("abcd efgh", 4, ["abcd", "efgh"]),
		("abcd  efgh ", 4, ["abcd", "efgh"]),
		# Not so early that many short pieces come of it.
		("a\n\nbcd efg hij klm nop", 16, ["a\n\nbcd efg hij", "klm nop"]),
		# Characters of more than one code point.
		(f"abc{FAMILY}d", 6, ["abc", f"{FAMILY}d"]),
		("xe\u0301xe\u0301", 4, ["xe\u0301x", "e\u0301"]),
		("ab👍🏽", 3, ["ab", "👍🏽"]),
		("🇬🇧🇩🇪🇫🇷", 3, ["🇬🇧", "🇩🇪", "🇫🇷"]),
		("a\ud83d\ude00", 2, ["a", "\ud83d\ude00"]),
		("a❤️b", 2, ["a", "❤️", "b"]),
		# No other way.
		(FAMILY, 2, ["👩\u200d", "👩\u200d", "👧"]),
		(" " * 9, 4, [""]),
		("     x", 4, ["x"]),
		("x" + " " * 9, 4, ["x"]),
	],
)
def test_pieces(text: str, longest: int, pieces: list[str]) -> None:
	assert split_text(text, longest) == pieces


_TEXTS = st.text() | st.lists(
	st.sampled_from(
		["word", " ", "\n", "\n\n", ". ", "!", '"', FAMILY, "e\u0301", "🇬🇧", "longlongword", "\t"]
	),
	max_size=40,
).map("".join)


@given(_TEXTS, st.integers(1, 30))
def test_nothing_but_white_space_at_the_cuts_is_lost(text: str, longest: int) -> None:
	pieces = split_text(text, longest)
	assert all(len(piece) <= longest for piece in pieces)
	assert pieces == [""] or all(pieces)
	position = 0
	for i, piece in enumerate(pieces):
		if i or len(text) > longest:
			found = text.index(piece, position)
			assert not text[position:found].strip()
			position = found
		assert text.startswith(piece, position)
		position += len(piece)
	assert not text[position:].strip()


@given(_TEXTS)
def test_a_text_that_fits_stays_as_it_is(text: str) -> None:
	assert split_text(text, max(1, len(text))) == [text]


@pytest.mark.parametrize("unit", ["a", " ", "\n", "*. ", "\u0301", "🇬🇧", "\u200d", ". ", ") "])
def test_very_long_texts(unit: str) -> None:
	text = unit * 200_000
	assert "".join("".join(split_text(text, 65_536)).split()) == "".join(text.split())


def test_no_piece_can_be_empty() -> None:
	with pytest.raises(ValueError, match="at least one"):
		split_text("a", 0)
