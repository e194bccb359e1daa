"""How much is measured: the full sizes, those of a quick try, and what the command line changes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Sizes:
	"""Sizes of one run."""

	seconds: float
	"""How long each load lasts, about."""
	repeats: int
	"""How often a load is repeated where the median of several is told."""
	people: int
	"""Conversations that write at the same time."""
	calls: int
	"""Messages of the section that counts calls."""
	messages: int
	"""Messages of the memory run."""
	memory_people: int
	few: int
	stored: int
	"""Messages in the small and in the large store."""
	rounds: int
	"""Rounds in which the operations of both stores take turns."""
	round_calls: int
	sessions: int
	"""Of the section about hundreds of them."""
	backlog: int
	"""Events that wait while new chats begin."""
	folder: Path | None = None
	"""Where temporary folders are made; None: where the system has them."""
	bench: Path | None = None
	site: str | None = None
	"""Of the sections on a Frappe site."""

	def with_given(self, **given: Any) -> Sizes:
		"""The same with everything that is given and not None."""
		return replace(self, **{name: value for name, value in given.items() if value is not None})


FULL = Sizes(
	seconds=20.0,
	repeats=3,
	people=50,
	calls=2_000,
	messages=100_000,
	memory_people=500,
	few=1_000,
	stored=1_000_000,
	rounds=20,
	round_calls=100,
	sessions=300,
	backlog=50_000,
)
QUICK = Sizes(
	seconds=2.0,
	repeats=1,
	people=50,
	calls=200,
	messages=1_500,
	memory_people=50,
	few=1_000,
	stored=20_000,
	rounds=5,
	round_calls=20,
	sessions=30,
	backlog=2_000,
)
