"""Lists as JSON in a text column: what is written, and that all of it comes back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.records import Reacted
from wuzapi_chatwoot.storage.column_codecs import (
	reactions_of,
	stored_address,
	stored_reactions,
	stored_texts,
	texts_of,
)

LID = Address("199900000000001", "lid")
texts = st.text(max_size=20)
users = st.text(alphabet=st.characters(exclude_characters="@", exclude_categories=["Cs"]), min_size=1)


def test_texts_are_written_as_people_can_read_them() -> None:
	stored = stored_texts(("Tea 🍵", "Caffè", 'a "b"'))
	assert stored == '["Tea 🍵", "Caffè", "a \\"b\\""]'
	assert texts_of(stored) == ("Tea 🍵", "Caffè", 'a "b"')


def test_reactions_are_written_as_people_can_read_them() -> None:
	reactions = (Reacted(LID, "👍🏽", "Ada"), Reacted(Address("447700900001", "s.whatsapp.net"), "❤️"))
	stored = stored_reactions(reactions)
	assert stored == (
		'[{"by": "199900000000001@lid", "emoji": "👍🏽", "name": "Ada"}, '
		'{"by": "447700900001@s.whatsapp.net", "emoji": "❤️", "name": ""}]'
	)
	assert reactions_of(stored) == reactions


def test_an_empty_list_is_no_text() -> None:
	assert stored_texts(()) is None
	assert stored_reactions(()) is None
	for nothing in (None, ""):
		assert texts_of(nothing) == ()
		assert reactions_of(nothing) == ()


def test_half_a_character_comes_back_and_can_be_written_to_a_database() -> None:
	stored = stored_texts(("\ud83d", "x\udc00y"))
	assert stored == '["\\ud83d", "x\\udc00y"]'
	assert stored.encode("utf-8")
	assert texts_of(stored) == ("\ud83d", "x\udc00y")


@given(st.lists(texts, max_size=4))
def test_any_texts_come_back(values: list[str]) -> None:
	stored = stored_texts(values)
	assert (stored is None) is (not values)
	assert texts_of(stored) == tuple(values)


@given(st.lists(st.builds(Reacted, st.builds(Address, users, users), texts, texts), max_size=4))
def test_any_reactions_come_back(values: list[Reacted]) -> None:
	assert reactions_of(stored_reactions(values)) == tuple(values)


@pytest.mark.parametrize(
	("stored", "left"),
	[
		("no JSON", ()),
		('{"a": 1}', ()),
		("null", ()),
		("[", ()),
		('["Tea", 5, null, ["Milk"], "Coffee"]', ("Tea", "Coffee")),
	],
)
def test_of_damaged_texts_the_whole_ones_are_left(stored: str, left: tuple[str, ...]) -> None:
	assert texts_of(stored) == left


@pytest.mark.parametrize(
	("stored", "left"),
	[
		("no JSON", ()),
		('["👍", 5]', ()),
		('[{"emoji": "👍"}, {"by": 5, "emoji": "👍"}, {"by": "1@lid"}]', ()),
		('[{"by": "199900000000001@lid", "emoji": "👍", "name": null}, 5]', (Reacted(LID, "👍"),)),
		('[{"by": "199900000000001@lid", "emoji": "👍"}]', (Reacted(LID, "👍"),)),
	],
)
def test_of_damaged_reactions_the_whole_ones_are_left(stored: str, left: tuple[Reacted, ...]) -> None:
	assert reactions_of(stored) == left


def test_an_address_is_read_back_without_corrections() -> None:
	for address in (
		LID,
		Address("447700900003-1600000000", "g.us"),
		Address("1.2:3", "c.us"),
		Address("a@b", "lid"),
	):
		assert stored_address(str(address)) == address
