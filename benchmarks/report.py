"""A section of the report and how it is written as Markdown. Measures nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass
class Table:
	"""Rows under headings; the first column is text, the others are figures."""

	headings: Sequence[str]
	rows: list[Sequence[object]] = field(default_factory=list)

	def add(self, *cells: object) -> None:
		"""Append a row."""
		self.rows.append(cells)

	def markdown(self) -> str:
		"""Write it as Markdown."""
		lines = [_line(self.headings), _line(["---", *["---:"] * (len(self.headings) - 1)])]
		lines += [_line([figure(cell) for cell in row]) for row in self.rows]
		return "\n".join(lines)


@dataclass
class Section:
	"""One section: `name` is what it is called on the command line."""

	name: str
	title: str
	parts: list[Table | str] = field(default_factory=list)

	def add(self, part: Table | str) -> None:
		"""Append a table or a paragraph."""
		self.parts.append(part)

	def markdown(self) -> str:
		"""Write it as Markdown."""
		parts = [part.markdown() if isinstance(part, Table) else part for part in self.parts]
		return "\n\n".join([f"### {self.title}", *parts])


def figure(value: object) -> str:
	"""Write a number with three digits that mean something, or more before the point; anything else as it is."""
	if isinstance(value, bool) or not isinstance(value, (int, float)):
		return str(value)
	if isinstance(value, int):
		return f"{value:,}"
	size = abs(value)
	places = 0 if size >= 100 else 1 if size >= 10 else 2 if size >= 1 else 3
	return f"{value:,.{places}f}"


def goal(words: str, *, met: bool) -> str:
	"""Say whether a goal was met."""
	return f"Goal: {words}: **{'met' if met else 'missed'}**."


def percentile(values: Sequence[float], share: float) -> float:
	"""The value that `share` of all do not exceed (nearest rank); 0 of none."""
	if not values:
		return 0.0
	ordered = sorted(values)
	return ordered[min(len(ordered) - 1, max(0, round(share * len(ordered) + 0.5) - 1))]


def _line(cells: Sequence[str]) -> str:
	return "| " + " | ".join(cells) + " |"
