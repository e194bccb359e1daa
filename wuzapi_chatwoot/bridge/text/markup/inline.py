"""Reads what stands inside the lines of a Markdown paragraph: marks, code, links, escapes, entities.

The half of `to_whatsapp.py` that knows Markdown's rules. Writes nothing.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field

from wuzapi_chatwoot.bridge.text.markup.characters import (
	PUNCTUATION,
	Kind,
	entity_at,
	kind_of,
	run_end,
	url_end,
)
from wuzapi_chatwoot.bridge.text.markup.delimiters import pair_delimiters
from wuzapi_chatwoot.bridge.text.markup.links import bare_link, link_target
from wuzapi_chatwoot.bridge.text.markup.pieces import Break, Code, Delimiter, LinkEnd, LinkStart, Piece


def read_inline(text: str) -> list[Piece]:
	"""The pieces of one paragraph; its lines are joined by line breaks."""
	pieces = _Scanner(text).read()
	pair_delimiters(pieces)
	return pieces


@dataclass(slots=True)
class _Scanner:
	text: str
	pieces: list[Piece] = field(default_factory=list)
	line: int = 0
	open_brackets: list[LinkStart] = field(default_factory=list)
	ticks: dict[int, list[int]] = field(default_factory=dict)
	"""Length of a run of backticks to where such runs start."""

	def read(self) -> list[Piece]:
		text = self.text
		position = text.find("`")
		while position >= 0:
			end = run_end(text, position)
			self.ticks.setdefault(end - position, []).append(position)
			position = text.find("`", end)
		position = 0
		while position < len(text):
			end = self._read_piece(position)
			self.line += text.count("\n", position, end)
			position = end
		return self.pieces

	def _add(self, piece: Piece, end: int) -> int:
		self.pieces.append(piece)
		return end

	def _read_piece(self, at: int) -> int:
		text = self.text
		letter = text[at]
		match letter:
			case "\n":
				return self._add(Break(self.line + 1), at + 1)
			case "\\":
				return self._read_escape(at)
			case "`":
				return self._read_code(at)
			case "*" | "_" | "~":
				return self._read_delimiter(at)
			case "[":
				return self._open_bracket(False, at + 1)
			case "!" if text[at + 1 : at + 2] == "[":
				return self._open_bracket(True, at + 2)
			case "]":
				return self._read_bracket_end(at)
			case "<" if found := bare_link(text, at):
				return self._add(*found)
			case "&" if found := entity_at(text, at):
				return self._add(*found)
		end = url_end(text, at)
		return self._add(letter, at + 1) if end is None else self._add(text[at:end], end)

	def _read_escape(self, at: int) -> int:
		after = self.text[at + 1 : at + 2]
		if after == "\n":
			return at + 1
		if after and after in PUNCTUATION:
			return self._add(after, at + 2)
		return self._add("\\", at + 1)

	def _read_code(self, at: int) -> int:
		end = run_end(self.text, at)
		length = end - at
		starts = self.ticks.get(length, [])
		following = bisect_right(starts, at)
		if following == len(starts):
			return self._add(self.text[at:end], end)
		close = starts[following]
		code = self.text[end:close].replace("\n", " ")
		if length < 3 and code.strip() and code[0] == code[-1] == " ":
			code = code[1:-1]
		return self._add(Code(code, block=length == 3), close + length)

	def _read_delimiter(self, at: int) -> int:
		text, letter = self.text, self.text[at]
		end = run_end(text, at)
		if letter == "~" and end - at < 2:
			return self._add(letter, end)
		before, after = kind_of(text[at - 1] if at else ""), kind_of(text[end : end + 1])
		opens = _clings(before, after)
		closes = _clings(after, before)
		if letter == "_":
			opens, closes = (
				opens and (not closes or before is Kind.PUNCTUATION),
				closes and (not opens or after is Kind.PUNCTUATION),
			)
		begins = letter != "*" or end - at > 1 or not _is_times(text, at)
		return self._add(Delimiter(letter, end - at, opens, closes, begins), end)

	def _open_bracket(self, image: bool, end: int) -> int:
		start = LinkStart(image)
		self.open_brackets.append(start)
		return self._add(start, end)

	def _read_bracket_end(self, at: int) -> int:
		start = self.open_brackets.pop() if self.open_brackets else None
		target = link_target(self.text, at + 1) if start else None
		if start is None or target is None:
			return self._add("]", at + 1)
		url, end = target
		start.end = LinkEnd(url)
		if not start.image:
			# No link inside a link; a picture may be.
			self.open_brackets.clear()
		return self._add(start.end, end)


def _is_times(text: str, at: int) -> bool:
	"""`2*3*4`, `a*b*c`: people multiply so. CommonMark takes it for an emphasis, which WhatsApp could not show anyway."""
	return text[at - 1 : at].isalnum() and text[at + 1 : at + 2].isalnum()


def _clings(outer: Kind, inner: Kind) -> bool:
	"""Whether a mark between the two belongs to the inner side. Symbols count as letters."""
	if inner is Kind.SPACE:
		return False
	return inner is not Kind.PUNCTUATION or outer in (Kind.SPACE, Kind.PUNCTUATION)
