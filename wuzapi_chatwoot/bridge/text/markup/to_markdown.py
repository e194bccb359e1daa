"""WhatsApp text to Markdown: what WhatsApp shows as marks, Markdown shows so too, and nothing else.

Escapes as little as it can: people read this text raw too. See `markup` for the rules.
"""

from __future__ import annotations

from wuzapi_chatwoot.bridge.text.markup.characters import (
	BLANKS,
	PUNCTUATION,
	Kind,
	entity_at,
	is_blank,
	kind_of,
	run_end,
	unix_lines,
)
from wuzapi_chatwoot.bridge.text.markup.line_starts import LineStarts
from wuzapi_chatwoot.bridge.text.markup.marks import MarkedLine, read_marks

_FENCE = "```"


def to_markdown(text: str) -> str:
	"""Markdown that shows what WhatsApp shows for `text`."""
	text = unix_lines(text)
	writer = _Writer(text)
	starts = LineStarts()
	fences = _fences(text)
	position, quoted = 0, False
	while True:
		block_end = _code_block_end(text, position, fences)
		end = block_end if block_end is not None else text.find("\n", position)
		end = len(text) if end < 0 else end
		line = text[position:end]
		quote = block_end is None and starts.is_quote(line)
		if quoted and not quote:
			# Or Markdown would count this line among the quoted ones.
			writer.raw("\n")
			starts.start_anew()
		if block_end is not None:
			writer.raw(_fenced(line))
			starts.start_anew()
		else:
			start = starts.read(line)
			writer.raw(start.prefix)
			writer.line(line, start.inline, start.escape)
		quoted = quote
		if end == len(text):
			return writer.written()
		writer.raw("\n")
		position = end + 1


def escape(text: str) -> str:
	"""One line of plain text, such as a name, written so that Markdown shows it as it is.

	White space of any length and kind becomes one blank. WhatsApp's marks count for nothing here.
	"""
	line = " ".join(text.split())
	start = LineStarts().read(line)
	at_start = {start.escape}
	if start.prefix:
		at_start.add(0 if line[0] in "-*>" else line.index("."))
	written: list[str] = []
	for i, letter in enumerate(line):
		special = letter in "\\`*~[]<" or i in at_start
		if letter == "_":
			special = not _inside_word(line[i - 1 : i] if i else "", line[i + 1 : i + 2])
		elif letter == "&":
			special = entity_at(line, i) is not None
		written.append(f"\\{letter}" if special else letter)
	return "".join(written)


def _fences(text: str) -> list[tuple[int, int]]:
	"""Every run of three backticks or more, latest first."""
	found: list[tuple[int, int]] = []
	position = text.find(_FENCE)
	while position >= 0:
		end = run_end(text, position)
		found.append((position, end))
		position = text.find(_FENCE, end)
	found.reverse()
	return found


def _code_block_end(text: str, start: int, fences: list[tuple[int, int]]) -> int | None:
	"""Where the block of code over several lines ends that begins with the line at `start`.

	`fences`: runs before `start` are taken off its end.
	"""
	while fences and fences[-1][0] < start:
		fences.pop()
	if len(fences) < 2 or fences[-1] != (start, start + 3):
		return None
	close, end = fences[-2]
	code = text[start + 3 : close]
	if end - close != 3 or "\n" not in code or not code.strip() or text[end : end + 1] not in ("", "\n"):
		return None
	return end


def _fenced(block: str) -> str:
	"""A block of code with fences on lines of their own; longer ones tell that they were so before."""
	code = block[3:-3]
	if code.startswith("\n") and code.endswith("\n"):
		return f"`{block}`"
	return f"{_FENCE}\n{code}\n{_FENCE}"


def _inside_word(before: str, after: str) -> bool:
	return bool(before and after) and kind_of(before) is Kind.WORD is kind_of(after)


def _opens_tag(line: str, position: int, after: str) -> bool:
	if after.isascii() and after.isalpha():
		return True
	return after in ("/", "!", "?") or "@" in line[position : line.find(">", position, position + 320) + 1]


class _Run:
	"""Letters that Markdown may take for marks, and nobody means as such."""

	def __init__(self, letters: str, before: str, after: str, forced: bool) -> None:
		self.letters = letters
		self.forced = forced
		idle = letters == "~" or (letters[0] == "_" and _inside_word(before, after))
		self.can_open = not idle and not is_blank(after)
		self.can_close = not idle and not is_blank(before)


class _Mark:
	"""A mark that is meant."""

	def __init__(self, letters: str) -> None:
		self.letters = letters


class _Writer:
	"""Collects the Markdown; what needs a backslash only if it has a partner is settled at the end."""

	def __init__(self, text: str) -> None:
		self._pieces: list[str | _Run | _Mark] = []
		self._lone_backtick = text.count("`") < 2
		self._last_angle = text.rfind(">")
		self._bracket_leads = False

	def raw(self, markdown: str) -> None:
		self._pieces.append(markdown)

	def line(self, line: str, start: int, escape: int | None) -> None:
		"""The inner part of one line, from `start` on; the letter at `escape` loses its meaning."""
		found = read_marks(line, start)
		marks = _drawn(line, found)
		self._bracket_leads = self._bracket_leads or line[start : start + 1] == "["
		text_end = len(line.rstrip(BLANKS))
		position = start
		while position < len(line):
			letter = line[position]
			if position in found.atoms:
				end = found.atoms[position]
				self._pieces.append(line[position:end])
			elif position in marks:
				end = position + 1
				self._pieces.append(_Mark(marks[position]))
			elif position in found.runs:
				run = found.runs[position]
				end = run.end
				before, after = line[position - 1 : position] if position else "", line[end : end + 1]
				self._pieces.append(_Run(line[position:end], before, after, position == escape))
			else:
				end = position + 1
				escaped = position == escape or self._is_special(line, position, text_end)
				self._pieces.append(f"\\{letter}" if escaped else letter)
			position = end

	def _is_special(self, line: str, position: int, text_end: int) -> bool:
		letter, after = line[position], line[position + 1 : position + 2]
		if letter == "\\":
			return after in PUNCTUATION or position + 1 >= text_end
		if letter == "`":
			return not self._lone_backtick
		if letter == "]":
			return after == "(" or (after == ":" and self._bracket_leads)
		if letter == "<":
			return position < self._last_angle and _opens_tag(line, position, after)
		return letter == "&" and entity_at(line, position) is not None

	def written(self) -> str:
		last_close: dict[str, int] = {}
		for i, piece in enumerate(self._pieces):
			if isinstance(piece, _Mark) or (isinstance(piece, _Run) and piece.can_close):
				last_close[piece.letters[0]] = i
		open_before: set[str] = set()
		written: list[str] = []
		for i, piece in enumerate(self._pieces):
			if isinstance(piece, str):
				written.append(piece)
				continue
			letter = piece.letters[0]
			if isinstance(piece, _Mark):
				written.append(piece.letters)
				open_before.add(letter)
				continue
			partner_before = piece.can_close and letter in open_before
			partner_after = piece.can_open and last_close.get(letter, -1) > i
			if piece.forced or partner_before or partner_after:
				written.append("".join(f"\\{letter}" for letter in piece.letters))
			else:
				written.append(piece.letters)
			if piece.can_open:
				open_before.add(letter)
		return "".join(written)


def _drawn(line: str, found: MarkedLine) -> dict[int, str]:
	"""Position of every mark that Markdown can show too, to what it writes for it."""
	marks: dict[int, str] = {}
	for start, end in found.pairs.items():
		letters = _letters(line, start, end)
		if letters:
			marks[start] = marks[end] = letters
	return marks


def _letters(line: str, start: int, end: int) -> str | None:
	before, inner_first = kind_of(line[start - 1 : start] if start else ""), kind_of(line[start + 1])
	inner_last, after = kind_of(line[end - 1]), kind_of(line[end + 1 : end + 2])
	if not (_clings(before, inner_first) and _clings(after, inner_last)):
		return None
	letter = line[start]
	if letter != "_":
		return letter * 2
	open_air = (Kind.SPACE, Kind.PUNCTUATION)
	if before in open_air and after in open_air:
		return "_"
	# Next to an emoji Markdown may not know `_`; `*` does if nothing can be mistaken for a part of it.
	return "*" if "*" not in line[max(start - 1, 0) : end + 2] else None


def _clings(outer: Kind, inner: Kind) -> bool:
	"""Whether all of Markdown's readers see a mark between the two as one that belongs to the inner side."""
	return inner is Kind.WORD or outer in (Kind.SPACE, Kind.PUNCTUATION)
