"""What was sent against what has arrived, in three figures: the one measure of all fault tests."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figures:
	lost: int = 0
	"""Sent, and not there as often as it was sent."""
	doubled: int = 0
	"""There more often than it was sent; a message that nobody sent is one of these too."""
	out_of_order: int = 0
	"""The fewest messages that would have to be moved for the rest to be in the order of sending."""

	def __add__(self, other: Figures) -> Figures:
		return Figures(
			self.lost + other.lost,
			self.doubled + other.doubled,
			self.out_of_order + other.out_of_order,
		)


NONE = Figures()


def tally(sent: Sequence[str], arrived: Sequence[str]) -> Figures:
	"""Of one conversation and one direction, each in its order."""
	wanted, there = Counter(sent), Counter(arrived)
	places = {message: place for place, message in enumerate(sent)}
	first_arrivals = [places[message] for message in dict.fromkeys(arrived) if message in places]
	return Figures(
		lost=(wanted - there).total(),
		doubled=(there - wanted).total(),
		out_of_order=len(first_arrivals) - _longest_rising(first_arrivals),
	)


def _longest_rising(places: Sequence[int]) -> int:
	"""How many of them can be kept so that what is kept rises."""
	ends: list[int] = []
	for place in places:
		at = bisect_left(ends, place)
		ends[at : at + 1] = [place]
	return len(ends)
