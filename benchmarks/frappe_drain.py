"""Messages a second that a Frappe site's RQ workers drain: by our pump, and by one job for each message."""

from __future__ import annotations

import time
from dataclasses import dataclass
from statistics import median

from . import relay
from .frappe_world import FrappeWorld
from .load import flood
from .report import Section, Table, goal
from .sizes import Sizes

TITLE = "Draining by a Frappe site's workers"
GOAL = 50.0
WORKERS = (1, 2)
# What each is given for a second of the run, before it is known how fast it goes.
_GUESS = {"pump": 60, "single": 4}
_WORDS = {"pump": "the pump", "single": "one job for each message"}
_HEADINGS = ("variant", "RQ workers", "round", "messages", "per s", "workers, of a core", "workers' ms each")


@dataclass(frozen=True)
class _Drained:
	rate: float
	milliseconds: float


def run(sizes: Sizes) -> Section:
	"""Both variants by turns, with each number of workers."""
	section = Section("frappe_drain", TITLE)
	table = Table(_HEADINGS)
	drained: dict[tuple[str, int], list[_Drained]] = {}
	with FrappeWorld(sizes) as world:
		for round_ in range(1, min(sizes.repeats, 2) + 1):
			for workers in WORKERS:
				for variant in _WORDS:
					result = _drain(table, world, sizes, variant, workers, round_)
					drained.setdefault((variant, workers), []).append(result)
	section.add(
		f"All webhooks are stored while no worker runs, in {sizes.people} conversations in their steady state; then "
		"the workers drain them to a Chatwoot that answers at once. *per s* is the middle 80 % of the arrivals. "
		"Processor time is that of the workers and their jobs, from their start to the last arrival."
	)
	section.add(table)
	rates = {key: median(each.rate for each in results) for key, results in drained.items()}
	section.add(_ratios(rates))
	per_worker = min(rates["pump", workers] / workers for workers in WORKERS)
	section.add(goal(f"a pump drains {GOAL:.0f} messages/s per worker or more", met=per_worker >= GOAL))
	return section


def _drain(
	table: Table, world: FrappeWorld, sizes: Sizes, variant: str, workers: int, round_: int
) -> _Drained:
	messages = int(_GUESS[variant] * workers * sizes.seconds)
	world.begin()
	flood(world.bridge_url, world.webhooks.texts(sizes.people, messages), relay.CONNECTIONS)
	world.stop_workers()  # The wake-ups of these webhooks.
	# The window in which later messages could still come before earlier ones.
	time.sleep(1.0)
	world.run("frappe_jobs", *(("pump", workers) if variant == "pump" else ("single",)))
	before, began = world.in_chatwoot(), time.perf_counter()
	with relay.watched(world.in_chatwoot, before) as progress:
		world.add_workers(workers, nice=False)
		world.wait_for(world.in_chatwoot, before + messages, every=0.05)
		ended = time.perf_counter()
		progress.points.append((ended, messages))
	busy = world.busy()[0]
	world.settle()
	world.stop_workers()
	rate, each = progress.rate(), busy / messages * 1000
	share = f"{100 * busy / (ended - began):.0f} %"
	table.add(_WORDS[variant], workers, round_, messages, rate, share, each)
	return _Drained(rate, each)


def _ratios(rates: dict[tuple[str, int], float]) -> Table:
	table = Table(("RQ workers", "pump, per s", "one job each, per s", "ratio"))
	for workers in WORKERS:
		pump, single = rates["pump", workers], rates["single", workers]
		table.add(str(workers), pump, single, pump / single)
	return table
