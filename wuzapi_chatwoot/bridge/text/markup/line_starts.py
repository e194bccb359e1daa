"""What the start of a line would be to Markdown: lists and quotes that stay, and what must be escaped.

The half of `to_markdown.py` that looks at lines. Not about marks inside a line.
"""

from __future__ import annotations

from dataclasses import dataclass

from wuzapi_chatwoot.bridge.text.markup.characters import BLANKS, blanks_end, run_end

_LONGEST_NUMBER = 9
_CODE_INDENT = 4
_FIRST_BLANK = {" ": "&#32;", "\t": "&#9;"}


@dataclass(frozen=True, slots=True)
class LineStart:
	prefix: str
	"""Indentation, quote and list marks, as Markdown is to have them."""
	inline: int
	"""Where the rest of the line begins."""
	escape: int | None
	"""Position of a letter that needs a backslash, or Markdown takes the line for something else."""


class LineStarts:
	"""Reads the lines of one text in order. Remembers what the line before means to the next one."""

	def __init__(self) -> None:
		self._after_blank = True
		self._line_before = ""
		self._next_number: int | None = None

	def is_quote(self, line: str) -> bool:
		return line.startswith("> ") and blanks_end(line, 1) < len(line)

	def read(self, line: str) -> LineStart:
		start = _Reader(line, self._after_blank, self._line_before, self._next_number, self.is_quote(line))
		read = start.read()
		blank = blanks_end(line, 0) == len(line)
		if start.number is not None:
			self._next_number = start.number + 1
		elif self._after_blank and not blank:
			self._next_number = None
		self._after_blank, self._line_before = blank, line
		return read

	def start_anew(self) -> None:
		"""The next line follows on nothing: code went by, or a line of its own ends what was before."""
		self._after_blank, self._line_before, self._next_number = True, "", None


class _Reader:
	def __init__(self, line: str, fresh: bool, before: str, next_number: int | None, quote: bool) -> None:
		self._line = line
		self._fresh = fresh
		self._before = before
		self._next_number = next_number
		self._quote = quote
		self._tails: dict[str, int] = {}
		self.number: int | None = None

	def read(self) -> LineStart:
		line, position = self._line, 0
		prefix: list[str] = []
		if self._quote:
			prefix, position, self._fresh = ["> "], 2, True
		if self._is_table_rule(position):
			return LineStart("".join(prefix), position, blanks_end(line, position))
		while True:
			content = blanks_end(line, position)
			prefix.append(self._indent(position, content))
			end = self._list_mark_end(content)
			if end is None:
				return LineStart("".join(prefix), content, self._escape(content))
			prefix.append(line[content:end])
			position, self._fresh = end, True

	def _indent(self, start: int, end: int) -> str:
		"""Blanks at a line's start; enough of them would make it code, if nothing is before it."""
		indent = self._line[start:end]
		if not self._fresh or end == len(self._line) or len(indent.expandtabs(4)) < _CODE_INDENT:
			return indent
		return _FIRST_BLANK[indent[0]] + indent[1:]

	def _list_mark_end(self, start: int) -> int | None:
		"""Where a mark that means a list item in both ends, its one blank included."""
		line = self._line
		if start == len(line) or self._is_rule(start):
			return None
		end = start + 1
		if line[start] not in "-*":
			end = self._number_end(start)
			if line[end - 1 : end] != ".":
				return None
		if line[end : end + 1] not in (" ", "\t") or blanks_end(line, end) == len(line):
			return None
		if line[start] not in "-*":
			number = int(line[start : end - 1])
			# Markdown counts by itself: a number that does not follow must not become a list item.
			if self.number is None and self._next_number not in (None, number):
				return None
			self.number = number if self.number is None else self.number
		return end + 1

	def _number_end(self, start: int) -> int:
		"""After `12.` or `12)`; `start` when there is no such thing."""
		end = start
		while end < len(self._line) and self._line[end] in "0123456789":
			end += 1
		if 0 < end - start <= _LONGEST_NUMBER and self._line[end : end + 1] in (".", ")"):
			return end + 1
		return start

	def _escape(self, start: int) -> int | None:
		line = self._line
		letter = line[start : start + 1]
		if not letter:
			return None
		if letter in "0123456789":
			end = self._number_end(start)
			return end - 1 if end > start and self._ends_word(end) else None
		if letter == "#":
			end = run_end(line, start)
			return start if end - start <= 6 and self._ends_word(end) else None
		if letter == "~":
			return start if run_end(line, start) - start >= 3 else None
		if letter == "=":
			heads = bool(self._before.strip()) and self._tail("=") <= start
			return start if heads else None
		if letter == ">" or self._is_rule(start):
			return start
		if letter in "-+*" and self._ends_word(start + 1):
			return start
		return start if letter == "-" and self._tail("-") <= start else None

	def _ends_word(self, position: int) -> bool:
		return position == len(self._line) or self._line[position] in BLANKS

	def _tail(self, letter: str) -> int:
		"""From where on the line is nothing but this letter and blanks."""
		if letter not in self._tails:
			self._tails[letter] = len(self._line.rstrip(letter + BLANKS))
		return self._tails[letter]

	def _is_rule(self, start: int) -> bool:
		"""`---`, `* * *`: a line across the page."""
		letter = self._line[start]
		return letter in "-*_" and self._tail(letter) <= start and self._line.count(letter, start) >= 3

	def _is_table_rule(self, start: int) -> bool:
		"""`--|--` under a line with `|`: the two are the head of a table."""
		rest = self._line[start:]
		return "|" in self._before and "-" in rest and not rest.strip("|-: \t")
