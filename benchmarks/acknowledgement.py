"""How fast, and after how long, a webhook is acknowledged while the bridge relays to a Chatwoot that takes 200 ms."""

from __future__ import annotations

from . import relay
from .empty_server import empty_server
from .load import Outcome, flood, steady
from .report import Section, Table, goal, percentile
from .sizes import Sizes
from .webhooks import Webhooks
from .world import World

TITLE = "Acknowledgement"
RATE = 100
CHATWOOT_MS = 200
GOAL_MS = 50.0
# The bridge answers in as many threads; more connections would only wait.
CONNECTIONS = 40
# More than any bridge in Python acknowledges, so that the flood does not run dry.
_MOST_A_SECOND = 3000


def run(sizes: Sizes) -> Section:
	"""Measure both."""
	section = Section("acknowledgement", TITLE)
	constant, saturated = Table(_CONSTANT), Table(_SATURATED)
	p99s = []
	alone = _generator_alone(sizes.seconds)
	for number in range(1, sizes.repeats + 1):
		with World(sizes.folder) as world:
			relay.warm_up(world, sizes.people)
			world.sandbox.switch(chatwoot_delay_ms=CHATWOOT_MS)
			p99s.append(_constant(constant, number, world, sizes))
			_saturated(saturated, number, world, sizes)
	section.add(
		f"At a constant {RATE} webhooks/s by a timetable, each latency counted from the time on the timetable, "
		f"in ms; meanwhile every message is relayed to a Chatwoot that takes {CHATWOOT_MS} ms for a call. "
		"The last column is what the generator itself adds (p99 of how late it wrote)."
	)
	section.add(constant)
	section.add(goal(f"p99 below {GOAL_MS:.0f} ms in every run", met=max(p99s) < GOAL_MS))
	section.add(
		f"At saturation ({CONNECTIONS} connections, each sending again as soon as it is answered), "
		"relaying at the same time:"
	)
	section.add(saturated)
	section.add(
		f"The generator alone, against a server of its own that answers 200 and does nothing, reaches "
		f"{alone.rate:,.0f} requests/s with the same bodies."
	)
	return section


_CONSTANT = ("run", "p50", "p95", "p99", "max", "relayed meanwhile, per s", "bridge, of a core", "late, p99")
_SATURATED = (
	"run",
	"acknowledged per s",
	"p50 ms",
	"p99 ms",
	"max ms",
	"bridge, of a core",
	"sandbox, of a core",
)


def _constant(table: Table, number: int, world: World, sizes: Sizes) -> float:
	texts = list(world.webhooks.texts(sizes.people, int(RATE * sizes.seconds)))
	arrived, (bridge, _) = world.in_chatwoot(), world.busy()
	outcome = steady(world.bridge_url, texts, RATE)
	seconds = outcome.ended - outcome.began
	bridge_share = (world.busy()[0] - bridge) / seconds
	relayed = (world.in_chatwoot() - arrived) / seconds
	p50, p95, p99, slowest = milliseconds(outcome)
	late = percentile(outcome.lateness, 0.99) * 1000
	table.add(str(number), p50, p95, p99, slowest, relayed, f"{100 * bridge_share:.0f} %", late)
	world.wait_for(world.in_chatwoot, arrived + len(texts))
	world.settle()
	return p99


def _saturated(table: Table, number: int, world: World, sizes: Sizes) -> None:
	seconds = sizes.seconds / 2
	texts = list(world.webhooks.texts(sizes.people, int(_MOST_A_SECOND * seconds)))
	before = world.busy()
	outcome = flood(world.bridge_url, texts, CONNECTIONS, seconds)
	taken = outcome.ended - outcome.began
	shares = [f"{100 * (now - then) / taken:.0f} %" for then, now in zip(before, world.busy(), strict=True)]
	p50, _, p99, slowest = milliseconds(outcome)
	table.add(str(number), outcome.rate, p50, p99, slowest, *shares)


def _generator_alone(seconds: float) -> Outcome:
	texts = list(Webhooks("any key").texts(50, 5_000))
	with empty_server() as url:
		return flood(url, texts * 20, CONNECTIONS, min(seconds, 5.0))


def milliseconds(outcome: Outcome) -> tuple[float, float, float, float]:
	"""p50, p95, p99 and the slowest."""
	values = outcome.latencies
	return (
		percentile(values, 0.5) * 1000,
		percentile(values, 0.95) * 1000,
		percentile(values, 0.99) * 1000,
		max(values) * 1000,
	)
