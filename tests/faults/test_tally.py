"""The measure of all fault tests finds what it is there to find."""

import pytest
from faults.tally import NONE, Figures, tally

SENT = ["one", "two", "three", "four", "five"]


def test_all_there_once_and_in_order():
	assert tally(SENT, SENT) == NONE


@pytest.mark.parametrize("missing", SENT)
def test_lost(missing):
	assert tally(SENT, [each for each in SENT if each != missing]) == Figures(lost=1)


def test_nothing_arrived():
	assert tally(SENT, []) == Figures(lost=5)


@pytest.mark.parametrize("place", range(6))
@pytest.mark.parametrize("again", SENT)
def test_doubled(again, place):
	late = max(place, SENT.index(again) + 1)
	assert tally(SENT, [*SENT[:late], again, *SENT[late:]]) == Figures(doubled=1)


def test_what_nobody_sent_counts_as_doubled():
	assert tally(SENT, [*SENT, "another conversation's"]) == Figures(doubled=1)


@pytest.mark.parametrize("place", range(4))
def test_swapped(place):
	arrived = SENT[:]
	arrived[place], arrived[place + 1] = arrived[place + 1], arrived[place]
	assert tally(SENT, arrived) == Figures(out_of_order=1)


def test_one_that_came_far_too_late_is_one():
	assert tally(SENT, [*SENT[1:], SENT[0]]) == Figures(out_of_order=1)


def test_turned_round():
	assert tally(SENT, SENT[::-1]) == Figures(out_of_order=4)


def test_all_three_at_once():
	assert tally(SENT, ["two", "one", "three", "three", "five"]) == Figures(1, 1, 1)


def test_the_same_text_sent_twice_has_to_arrive_twice():
	assert tally(["hello", "hello"], ["hello", "hello"]) == NONE
	assert tally(["hello", "hello"], ["hello"]) == Figures(lost=1)


def test_figures_add_up():
	assert Figures(1, 2, 3) + Figures(10, 20, 30) == Figures(11, 22, 33)
