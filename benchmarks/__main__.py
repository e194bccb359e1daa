"""The command line: which sections, how large, and where the report goes."""

from __future__ import annotations

import argparse
import importlib
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from . import machine, readme
from .report import Section
from .sizes import FULL, QUICK, Sizes

SECTIONS = (
	"acknowledgement",
	"end_to_end",
	"chatwoot_calls",
	"processor_time",
	"memory",
	"history",
	"many_sessions",
	"trouble",
)
# Asked for by name only.
ON_A_BENCH = ("frappe_acknowledgement", "frappe_drain")


def main(arguments: Sequence[str]) -> int:
	"""Run the sections and print the report; returns the exit code."""
	given = _parse(arguments)
	if given.write and given.quick:
		print("The figures of a quick run are not kept: leave out --quick or --write.", file=sys.stderr)
		return 2
	signal.signal(signal.SIGTERM, _interrupted)
	sizes = _sizes(given)
	about = machine.describe(sizes.folder)
	if given.quick:
		print("*A quick run: too short for its figures, and for goals met or missed, to mean much.*\n")
	print(about.markdown(), flush=True)
	sections: list[Section] = [about]
	for name in given.sections or SECTIONS:
		print(f"… {name}", file=sys.stderr, flush=True)
		section: Section = importlib.import_module(f"benchmarks.{name}").run(sizes)
		print("\n" + section.markdown(), flush=True)
		sections.append(section)
		if given.write:
			# After each one, so that an interrupted run keeps what it has.
			readme.write(sections)
	return 0


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
	parser = argparse.ArgumentParser(prog="python -m benchmarks")
	parser.add_argument("sections", nargs="*", metavar="section", help=", ".join(SECTIONS + ON_A_BENCH))
	parser.add_argument("--quick", action="store_true", help="small sizes: does it run?")
	parser.add_argument("--write", action="store_true", help="put the figures into benchmarks/README.md")
	parser.add_argument("--seconds", type=float, help=f"length of each load (default {FULL.seconds:.0f})")
	parser.add_argument("--messages", type=int, help=f"messages of the memory run (default {FULL.messages})")
	parser.add_argument("--stored", type=int, help=f"messages in the large store (default {FULL.stored})")
	parser.add_argument("--backlog", type=int, help=f"events of the backlog (default {FULL.backlog})")
	parser.add_argument("--folder", type=Path, help="where temporary folders are made")
	parser.add_argument("--bench", type=Path, help=f"folder of a bench, for {', '.join(ON_A_BENCH)}")
	parser.add_argument(
		"--site", help="a site of that bench for measuring only: its conversations are deleted"
	)
	given = parser.parse_args(arguments)
	unknown = sorted(set(given.sections) - {*SECTIONS, *ON_A_BENCH})
	if unknown:
		parser.error(
			f"there is no section {', '.join(unknown)}; there are {', '.join(SECTIONS + ON_A_BENCH)}"
		)
	if set(given.sections) & set(ON_A_BENCH) and not (given.bench and given.site):
		parser.error(f"{', '.join(ON_A_BENCH)} need --bench and --site")
	return given


def _sizes(given: argparse.Namespace) -> Sizes:
	base = QUICK if given.quick else FULL
	return base.with_given(
		seconds=given.seconds,
		messages=given.messages,
		stored=given.stored,
		backlog=given.backlog,
		folder=given.folder,
		bench=given.bench.resolve() if given.bench else None,
		site=given.site,
	)


def _interrupted(number: int, frame: FrameType | None) -> None:
	# As an exception, so that every `with` block stops its process and removes its folder.
	raise KeyboardInterrupt


if __name__ == "__main__":
	try:
		sys.exit(main(sys.argv[1:]))
	except KeyboardInterrupt:
		sys.exit(130)
