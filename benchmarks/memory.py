"""Memory of the bridge over many messages: does it grow?"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from statistics import mean

from . import processes, relay
from .load import flood
from .report import Section, Table, goal
from .sizes import Sizes
from .world import World

TITLE = "Memory over many messages"
SAMPLES = 20
# No more than two of these wait in the bridge: a backlog is another matter than a long life.
_BATCH = 250
_FLAT = 1.05


@dataclass(frozen=True)
class _Sample:
	messages: int
	own: float
	resident: float
	files: int


def run(sizes: Sizes) -> Section:
	"""Relay the messages and look at the memory twenty times."""
	with World(sizes.folder, keep=20) as world:
		relay.warm_up(world, sizes.memory_people)
		arrived = world.in_chatwoot()
		samples = [_sample(world, 0)]
		step = max(sizes.messages // SAMPLES, 1)
		texts = world.webhooks.texts(sizes.memory_people, step * SAMPLES)
		sent = 0
		for number in range(1, SAMPLES + 1):
			while sent < number * step:
				batch = list(islice(texts, min(_BATCH, number * step - sent)))
				flood(world.bridge_url, batch, relay.CONNECTIONS)
				sent += len(batch)
				world.wait_for(world.in_chatwoot, arrived + sent - _BATCH)
			samples.append(_sample(world, sent))
		world.wait_for(world.in_chatwoot, arrived + step * SAMPLES)
	return _section(samples)


def _sample(world: World, messages: int) -> _Sample:
	pid = world.bridge_pid
	return _Sample(
		messages, processes.memory_mib(pid), processes.resident_mib(pid), processes.open_files(pid)
	)


def _section(samples: list[_Sample]) -> Section:
	fifth = max((len(samples) - 1) // 5, 1)
	begin, end = samples[1 : fifth + 1], samples[-fifth:]
	table = Table(("", "own memory, MiB", "with pages of the database file, MiB", "open files"))
	for words, part in (("first fifth", begin), ("last fifth", end), ("highest", samples)):
		pick = max if words == "highest" else mean
		table.add(
			words,
			float(pick(each.own for each in part)),
			float(pick(each.resident for each in part)),
			round(pick(each.files for each in part)),
		)
	ratio = mean(each.own for each in end) / mean(each.own for each in begin)
	section = Section("memory", TITLE, [table])
	section.add(
		goal(
			f"flat over {samples[-1].messages:,} messages (last fifth at most {_FLAT} of the first; "
			f"it is {ratio:.3f})",
			met=ratio <= _FLAT,
		)
	)
	section.add(
		"Own memory in MiB after so many messages: "
		+ ", ".join(f"{each.messages:,}: {each.own:.1f}" for each in samples)
		+ "."
	)
	return section
