"""How fast, and after how long, a webhook is acknowledged by a Frappe site under gunicorn."""

from __future__ import annotations

from .acknowledgement import milliseconds
from .frappe_world import FrappeWorld
from .load import flood, steady
from .report import Section, Table, goal, percentile
from .sizes import Sizes

TITLE = "Acknowledgement by a Frappe site"
RATE = 50
GOAL_STATEMENTS = 6
# Gunicorn's two workers have four threads each; some requests always wait.
CONNECTIONS = 16
_MOST_A_SECOND = 1000
_CONSTANT = ("meanwhile", "p50", "p95", "p99", "max", "gunicorn, of a core", "relayed per s", "late, p99")
_SATURATED = (
	"meanwhile",
	"acknowledged per s",
	"p50 ms",
	"p95 ms",
	"p99 ms",
	"max ms",
	"gunicorn, of a core",
)
_WORDS = ("nothing is relayed", "one RQ worker relays")


def run(sizes: Sizes) -> Section:
	"""Measure both, without and with a worker."""
	section = Section("frappe_acknowledgement", TITLE)
	constant, saturated = Table(_CONSTANT), Table(_SATURATED)
	with FrappeWorld(sizes) as world:
		for workers, words in enumerate(_WORDS):
			world.begin()
			world.add_workers(workers)
			_constant(constant, words, world, sizes)
			_saturated(saturated, words, world, sizes)
		world.begin()
		statements = world.statements()
	section.add(
		"Gunicorn with 2 workers of 4 threads, signed webhooks with ids of their own. At a constant "
		f"{RATE} webhooks/s by a timetable, each latency counted from the time on the timetable, in ms:"
	)
	section.add(constant)
	section.add(f"At saturation ({CONNECTIONS} connections, each sending again as soon as it is answered):")
	section.add(saturated)
	listed = ", ".join(f"`{_verb(each)}`" for each in statements)
	own = [each for each in statements if not each.upper().startswith("SET ")]
	section.add(
		f"One acknowledgement sends {len(statements)} statements to MariaDB, {len(statements) - len(own)} of them for "
		f"its new connection: {listed}."
	)
	section.add(
		goal(f"{GOAL_STATEMENTS} or fewer, without those of the connection", met=len(own) <= GOAL_STATEMENTS)
	)
	return section


def _constant(table: Table, words: str, world: FrappeWorld, sizes: Sizes) -> None:
	texts = list(world.webhooks.texts(sizes.people, int(RATE * sizes.seconds)))
	arrived, busy = world.in_chatwoot(), world.web_busy()
	outcome = steady(world.bridge_url, texts, RATE)
	seconds = outcome.ended - outcome.began
	share = (world.web_busy() - busy) / seconds
	relayed = (world.in_chatwoot() - arrived) / seconds
	late = percentile(outcome.lateness, 0.99) * 1000
	table.add(words, *milliseconds(outcome), f"{100 * share:.0f} %", relayed, late)


def _saturated(table: Table, words: str, world: FrappeWorld, sizes: Sizes) -> None:
	seconds = sizes.seconds / 2
	texts = list(world.webhooks.texts(sizes.people, int(_MOST_A_SECOND * seconds)))
	busy = world.web_busy()
	outcome = flood(world.bridge_url, texts, CONNECTIONS, seconds)
	share = (world.web_busy() - busy) / (outcome.ended - outcome.began)
	table.add(words, outcome.rate, *milliseconds(outcome), f"{100 * share:.0f} %")


def _verb(statement: str) -> str:
	return " ".join(statement.split()[:3]).replace("`", "")
