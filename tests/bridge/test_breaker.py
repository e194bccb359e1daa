"""Breakers: whom a failure speaks against, when everybody is held back, and who asks first how it is by now."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from bridge_world import at

from wuzapi_chatwoot.bridge.guards.callers import Caller
from wuzapi_chatwoot.bridge.guards.circuit_breaker import Breakers, BreakerState, Try
from wuzapi_chatwoot.bridge.model.errors import Blame, Fault
from wuzapi_chatwoot.testkit.twins.clock import START


class Asked:
	"""One destination, asked by lanes; every lane's event keeps its number."""

	def __init__(self, **settings: float) -> None:
		self.breakers = Breakers(**settings)  # type: ignore[arg-type]
		self.under_way: dict[str, Try] = {}

	def begins(self, lane: str, now: float = 0.0) -> datetime | None:
		"""`None`: it may; else until when it must wait."""
		made = self.breakers.begin("x", Caller(lane), at(now))
		if isinstance(made, Try):
			self.under_way[lane] = made
			return None
		return made

	def fails(self, lane: str, now: float = 0.0, fault: Fault = Fault.UNREACHABLE, **more: object) -> Blame:
		return self.breakers.failed(self.under_way.pop(lane), at(now), fault, **more)  # type: ignore[arg-type]

	def try_in_vain(
		self, lane: str, now: float = 0.0, fault: Fault = Fault.UNREACHABLE, **more: object
	) -> Blame:
		assert self.begins(lane, now) is None
		return self.fails(lane, now, fault, **more)

	def try_well(self, lane: str, now: float = 0.0) -> bool:
		assert self.begins(lane, now) is None
		return self.breakers.succeeded(self.under_way.pop(lane))

	@property
	def is_open(self) -> bool:
		return any(state.open for state in self.breakers.states())

	def open(self, *lanes: str, fault: Fault = Fault.UNREACHABLE) -> None:
		"""By failures of these, which had all begun before."""
		for lane in lanes:
			assert self.begins(lane) is None
		for lane in lanes:
			self.fails(lane, fault=fault)
		assert self.is_open


def seconds(until: datetime | None) -> float:
	assert until is not None
	return (until - START).total_seconds()


def test_it_opens_lets_one_try_and_closes() -> None:
	asked = Asked(threshold=3)
	asked.open("a", "b", "c")
	assert asked.begins("a", 0.5) == at(1)
	assert asked.begins("a", 1) is None
	assert asked.begins("b", 1.1) == at(2.1)
	asked.fails("a", 1.5)
	assert asked.breakers.states() == [BreakerState("x", True, at(3.5))]
	assert asked.begins("b", 3.5) is None
	assert asked.breakers.succeeded(asked.under_way["b"]) is True
	assert asked.begins("a", 3.6) is None
	assert asked.try_well("c", 3.6) is False
	assert asked.breakers.states() == []


def test_its_pauses_are_bounded_and_late_failures_do_not_stretch_them() -> None:
	asked = Asked(threshold=3, longest_pause=3.0)
	for lane in "abcd":
		asked.begins(lane)
	for lane in "abc":
		asked.fails(lane)
	asked.fails("d", 0.9)
	now, lengths = 0.0, []
	for _ in range(5):
		until = asked.breakers.states()[0].until
		assert until is not None
		lengths.append((until - at(now)).total_seconds())
		now = seconds(until)
		assert asked.begins("a", now) is None
		asked.fails("a", now)
	assert lengths == [1.0, 2.0, 3.0, 3.0, 3.0]


@pytest.mark.parametrize("fault", [Fault.UNREACHABLE, Fault.UNANSWERED, Fault.UNWELL])
def test_one_lane_never_opens_it_however_often_it_fails(fault: Fault) -> None:
	asked = Asked()
	for second in range(1000):
		asked.try_in_vain("a", second, fault)
	assert not asked.is_open
	assert asked.begins("b", 1000) is None


def test_what_fails_while_others_are_answered_speaks_for_itself() -> None:
	asked = Asked()
	blamed = []
	for second in range(100):
		blamed += [asked.try_in_vain(lane, second, Fault.UNANSWERED) for lane in "abcd"]
		asked.try_well("well", second)
	assert not asked.is_open
	assert blamed[:4] == [Blame.UNKNOWN] * 4
	assert set(blamed[4:]) == {Blame.EVENT}


def test_others_that_are_answered_during_the_first_try_say_the_same() -> None:
	asked = Asked()
	asked.begins("slow")
	asked.try_well("well", 10)
	assert asked.fails("slow", 90, Fault.UNANSWERED) is Blame.EVENT


def test_its_own_earlier_answers_say_nothing() -> None:
	asked = Asked()
	asked.begins("a")
	first = asked.under_way.pop("a")
	asked.try_well("a")
	assert asked.breakers.failed(first, at(1), Fault.UNANSWERED) is Blame.UNKNOWN


def test_what_fails_for_several_and_answers_nobody_is_to_blame_itself() -> None:
	asked = Asked()
	asked.open(*"abcde", fault=Fault.UNWELL)
	assert asked.begins("a", 1) is None
	assert asked.fails("a", 1, Fault.UNWELL) is Blame.DESTINATION


def test_the_lanes_probe_in_turn() -> None:
	asked = Asked()
	lanes = list("abcde")
	asked.open(*lanes)
	now, probed = 0.0, []
	for _ in range(10):
		until = asked.breakers.states()[0].until
		assert until is not None
		for lane in lanes:
			assert asked.begins(lane, now) is not None
		now = seconds(until)
		# Who comes first is not who has just failed, and who has waits a little for those who have not.
		for lane in reversed(lanes):
			if asked.begins(lane, now) is None:
				probed.append(lane)
				break
		asked.fails(probed[-1], now)
	assert probed == lanes * 2


def test_who_does_not_come_is_not_waited_for_long() -> None:
	asked = Asked()
	asked.open(*"abcde")
	assert asked.begins("a", 0.5) == at(1)
	assert seconds(asked.begins("e", 0.5)) == 3.5
	assert asked.begins("e", 1.0) == at(3.5)
	assert asked.begins("e", 3.5) is None


def test_who_has_not_failed_yet_is_let_through_where_it_may_be_the_requests() -> None:
	asked = Asked()
	asked.open(*"abcde", fault=Fault.UNWELL)
	assert asked.begins("a", 0.1) is not None
	assert asked.begins("new", 0.1) is None
	assert asked.breakers.succeeded(asked.under_way["new"])
	assert not asked.is_open


def test_those_are_let_through_one_after_the_other() -> None:
	asked = Asked()
	asked.open(*"abcde", fault=Fault.UNANSWERED)
	told = [asked.begins(f"new {number}", 0.0) for number in range(4)]
	assert [each and round(seconds(each), 3) for each in told] == [None, 0.1, 0.2, 0.3]
	assert asked.begins("new 2", 0.2) is None
	assert asked.begins("new 4", 0.2) == at(0.4)


def test_but_not_where_it_is_the_destination_beyond_doubt() -> None:
	asked = Asked()
	asked.open(*"abcde")
	assert asked.begins("new", 0.1) == at(1)
	# It comes before those who have failed.
	assert asked.begins("a", 1) == at(3.5)
	assert asked.begins("new", 1) is None


def test_a_rate_limit_opens_it_at_once_for_the_time_it_names() -> None:
	asked = Asked()
	asked.try_well("b")
	assert asked.try_in_vain("a", at_once=True, pause=7.0) is Blame.DESTINATION
	assert asked.begins("b", 1) == at(7)


def test_a_lane_that_alone_is_told_to_pause_closes_it_for_nobody() -> None:
	asked = Asked()
	asked.try_in_vain("a", at_once=True)
	asked.begins("a", 0.5)
	assert asked.try_well("b", 1)
	assert asked.try_in_vain("a", 3, at_once=True, pause=3600.0) is Blame.EVENT
	assert not asked.is_open


def test_work_that_may_wait_is_held_back_as_long_as_messages_wait() -> None:
	asked = Asked()
	assert asked.breakers.closed_until("x", at(0)) is None
	asked.open(*"abcde")
	assert asked.breakers.closed_until("x", at(0)) == at(1)
	assert asked.breakers.closed_until("x", at(1)) == at(2)
	assert asked.breakers.closed_until("x", at(1) + timedelta(seconds=61)) is None


def test_a_probe_that_came_to_nothing_is_anothers() -> None:
	asked = Asked()
	asked.open(*"abcde")
	assert asked.begins("a", 1) is None
	# The same lane goes on, whatever it asks.
	assert asked.begins("a", 1) is None
	assert asked.begins("b", 1) is not None
	asked.breakers.release("b")
	assert asked.begins("b", 1) is not None
	asked.breakers.release("a")
	assert asked.begins("b", 1) is None
