"""Where WhatsApp sees marks in one line: bold, italic, struck through, code; and plain web addresses.

Used by both directions of `markup`. Knows nothing of Markdown. Not for blocks of code over several lines.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from wuzapi_chatwoot.bridge.text.markup.characters import MARKS, is_blank, is_border, run_end, url_end


@dataclass(frozen=True, slots=True)
class Run:
	"""One or more of the same mark letter, side by side."""

	start: int
	end: int
	cluster: int
	"""Mark letters that touch are one cluster, and share what stands before and after it."""
	can_open: bool
	can_close: bool


@dataclass(frozen=True, slots=True)
class MarkedLine:
	atoms: dict[int, int] = field(default_factory=dict)
	"""Start to end of what is taken as it is: web addresses, and code with its backticks."""
	runs: dict[int, Run] = field(default_factory=dict)
	pairs: dict[int, int] = field(default_factory=dict)
	"""Position of each opening mark to that of its closing one."""


def read_marks(line: str, start: int = 0) -> MarkedLine:
	"""Read one line from `start` on; it must not contain line breaks.

	A mark opens at a word's border with something right after it, and closes with something right before it and
	a word's border after it. Mark letters side by side look past each other, `*_both_*`; the same letter twice
	is no mark. An opening mark that is opened again counts from the later one.
	"""
	found = MarkedLine()
	ticks = _Backticks(line)
	position = start
	while position < len(line):
		letter = line[position]
		end: int | None = None
		if letter in MARKS:
			position = _read_cluster(line, position, found)
			continue
		if letter == "`":
			end = ticks.code_end(position)
			if end is None:
				position = run_end(line, position)
				continue
		elif letter in "hHwW":
			end = url_end(line, position)
		if end is not None:
			found.atoms[position] = end
			position = end
		else:
			position += 1
	_pair(line, found)
	return found


def _read_cluster(line: str, start: int, found: MarkedLine) -> int:
	end = start
	while end < len(line) and line[end] in MARKS:
		end += 1
	before, after = line[start - 1 : start], line[end : end + 1]
	can_open = is_border(before) and not is_blank(after)
	can_close = is_border(after) and not is_blank(before)
	position = start
	while position < end:
		next_run = run_end(line, position)
		found.runs[position] = Run(position, next_run, start, can_open, can_close)
		position = next_run
	return end


def _pair(line: str, found: MarkedLine) -> None:
	still_open: list[Run] = []
	for run in found.runs.values():
		if run.end - run.start > 1:
			continue
		letter = line[run.start]
		at = next((i for i, opened in enumerate(still_open) if line[opened.start] == letter), None)
		if run.can_close and at is not None and still_open[at].cluster != run.cluster:
			found.pairs[still_open[at].start] = run.start
			del still_open[at:]
		elif run.can_open:
			if at is not None:
				del still_open[at]
			still_open.append(run)


class _Backticks:
	"""Finds the end of code in a line without looking at any backtick more than a few times."""

	def __init__(self, line: str) -> None:
		self._line = line
		self._next_of_length: dict[int, int] = {}
		"""Start of each run to the start of the next run of the same length."""
		last_of_length: dict[int, int] = {}
		position = line.find("`")
		while position >= 0:
			end = run_end(line, position)
			length = end - position
			if length in last_of_length:
				self._next_of_length[last_of_length[length]] = position
			last_of_length[length] = position
			position = line.find("`", end)

	def code_end(self, start: int) -> int | None:
		"""`start`: that of a whole run of backticks."""
		line = self._line
		inside = run_end(line, start)
		length = inside - start
		close = self._next_of_length.get(start)
		if length not in (1, 3) or close is None:
			return None
		code = line[inside:close]
		if length == 3:
			# A longer run in between would end the code elsewhere.
			return None if "```" in code or not code.strip() else close + 3
		if "`" in code or is_blank(code[0]) or is_blank(code[-1]):
			return None
		if not is_border(line[start - 1 : start]) or not is_border(line[close + 1 : close + 2]):
			return None
		return close + 1
