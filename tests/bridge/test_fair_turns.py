"""Whose turn it is: pure figures. The stores' part of it is in their contract."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from wuzapi_chatwoot.bridge.model.fair_scheduling import PLENTY, Claim, FairScheduling, Turn
from wuzapi_chatwoot.testkit.twins.clock import START


class Due:
	"""Knows both orders, and what it was asked."""

	def __init__(self, least: str, longest: str = "") -> None:
		self.least, self.longest = least.split(), longest.split()
		self.asked: list[bool] = []

	def due_lanes(
		self, now: datetime, limit: int, without: Collection[str] = (), *, by_last_turn: bool = False
	) -> list[str]:
		self.asked.append(by_last_turn)
		return (self.longest if by_last_turn else self.least)[:limit]


def test_turns_grow_with_what_a_lane_has_had() -> None:
	assert [Claim(served).most for served in (0, 1, 2, 4, 19, 20, 21, 64)] == [1, 1, 2, 4, 19, 20, 20, 20]


def test_what_a_turn_leaves_behind() -> None:
	assert Claim(3).ended(START, 2, held_back=False) == Turn(START, 5)
	assert Claim(60).ended(START, 20, held_back=False) == Turn(START, PLENTY)
	assert Claim(0).ended(START, 0, held_back=True) == Turn(START, PLENTY)


def test_where_there_are_workers_for_all_one_question_is_enough() -> None:
	store = Due("a b")
	assert FairScheduling().due(store, START, 3) == ["a", "b"]
	assert store.asked == [False]


def test_one_in_four_goes_by_the_last_turn() -> None:
	store, turns = Due("a b c d e f g h", "h g f e d c b a"), FairScheduling()
	assert turns.due(store, START, 5) == ["a", "b", "c", "h", "d"]
	assert [turns.due(store, START, 1) for _ in range(4)] == [["a"], ["a"], ["h"], ["a"]]


def test_what_runs_takes_nobodys_place() -> None:
	"""With an expired lease it counts as due, and stands first."""
	store = Due("a b c d", "d c b a")
	assert FairScheduling().due(store, START, 2, running={"a", "b"}) == ["c", "d"]
	assert FairScheduling().due(Due("a b"), START, 2, running={"a", "b"}) == []
