"""The same work on a store with few and with many messages, side by side: what does history cost?"""

from __future__ import annotations

import tempfile
from pathlib import Path
from statistics import median

from . import history_fill, relay
from .history_operations import measure
from .report import Section, Table
from .sizes import Sizes
from .world import World

TITLE = "Cost of history"


def run(sizes: Sizes) -> Section:
	"""Fill two stores and do the same on both, by turns."""
	section = Section("history", TITLE)
	with tempfile.TemporaryDirectory(prefix="wuzapi-chatwoot-history-", dir=sizes.folder) as folder:
		small, large = Path(folder) / "small.db", Path(folder) / "large.db"
		history_fill.fill(small, sizes.few)
		history_fill.fill(large, sizes.stored)
		section.add(
			f"{sizes.few:,} stored messages ({history_fill.conversations_for(sizes.few):,} conversations, file of "
			f"{_size(small)}) and {sizes.stored:,} ({history_fill.conversations_for(sizes.stored):,} conversations, "
			f"{_size(large)}), as many done events; by turns in one run. Operations of the store in µs (median), "
			"in one thread, flushes to the disk included:"
		)
		section.add(_operations(small, large, sizes))
		section.add("Relayed from end to end, Chatwoot answering at once:")
		section.add(_relays(small, large, sizes))
	return section


def _operations(small: Path, large: Path, sizes: Sizes) -> Table:
	table = Table(("operation", f"{sizes.few:,}", f"{sizes.stored:,}", "ratio"))
	for name, (few, many) in measure(
		[(small, sizes.few), (large, sizes.stored)], sizes.rounds, sizes.round_calls
	).items():
		table.add(name, few * 1e6, many * 1e6, f"{many / few:.2f}")
	return table


def _relays(small: Path, large: Path, sizes: Sizes) -> Table:
	rates: dict[Path, list[float]] = {small: [], large: []}
	costs: dict[Path, list[float]] = {small: [], large: []}
	for _ in range(sizes.repeats):
		for file in (small, large):
			rate, cost = _relay(file, sizes)
			rates[file].append(rate)
			costs[file].append(cost)
	table = Table(("", f"{sizes.few:,}", f"{sizes.stored:,}", "ratio"))
	for name, by_file in (("messages per s", rates), ("ms of the bridge's processor time, each", costs)):
		few, many = median(by_file[small]), median(by_file[large])
		table.add(name, few, many, f"{many / few:.2f}")
	return table


def _relay(file: Path, sizes: Sizes) -> tuple[float, float]:
	"""Messages a second, and milliseconds of processor time for each."""
	messages = int(50 * sizes.seconds)
	history_fill.forget_chatwoot(file)
	with World(sizes.folder, database=file) as world:
		# These have a past in the store, but not in this run's Chatwoot: this opens their conversations there.
		relay.warm_up(world, history_fill.OPENED_AGAIN)
		relayed = relay.flood_and_follow(world, history_fill.OPENED_AGAIN, messages)
		world.settle()
	return relayed.progress.rate(), relayed.bridge_cpu / messages * 1000


def _size(file: Path) -> str:
	return f"{file.stat().st_size / 1024**2:,.1f} MiB"
