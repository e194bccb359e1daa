"""How many calls Chatwoot gets for each message: at first contact, and afterwards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from . import relay
from .report import Section, Table, goal
from .sizes import Sizes
from .world import World

TITLE = "Chatwoot calls per message"
MOST_AT_FIRST = 3.0


def run(sizes: Sizes) -> Section:
	"""Count them."""
	table = Table(("", "messages", "calls", "calls per message"))
	people = max(sizes.people, sizes.calls // 10)
	with World(sizes.folder) as world:
		with _counted(world) as first:
			relay.warm_up(world, people)
		with _counted(world) as steady:
			relay.flood_and_follow(world, people, sizes.calls)
			world.settle()
	each_first = sum(first.values()) / people
	each = sum(steady.values()) / sizes.calls
	table.add("first contact", people, sum(first.values()), f"{each_first:.2f}")
	table.add("steady state", sizes.calls, sum(steady.values()), f"{each:.2f}")
	section = Section("chatwoot_calls", TITLE, [table])
	section.add(goal("exactly 1.00 in steady state", met=sum(steady.values()) == sizes.calls))
	section.add(goal(f"{MOST_AT_FIRST:.0f} at most at first contact", met=each_first <= MOST_AT_FIRST))
	section.add(
		"By route: " + "; ".join(f"`{route}` {count:,}" for route, count in (first + steady).items()) + "."
	)
	return section


@contextmanager
def _counted(world: World) -> Iterator[Counter[str]]:
	"""Calls by route within the block."""
	calls: Counter[str] = Counter()
	before = Counter(world.counters()["chatwoot"]["requests"])
	yield calls
	calls.update(Counter(world.counters()["chatwoot"]["requests"]) - before)
