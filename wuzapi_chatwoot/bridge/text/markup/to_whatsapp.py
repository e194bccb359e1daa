"""Markdown as agents write it to WhatsApp text. What WhatsApp has no mark for keeps its words and loses its look.

See `markup` for the rules.
"""

from __future__ import annotations

from collections.abc import Sequence

from wuzapi_chatwoot.bridge.text.markup.characters import BLANKS, blanks_end, run_end, unix_lines
from wuzapi_chatwoot.bridge.text.markup.inline import read_inline
from wuzapi_chatwoot.bridge.text.markup.line_marks import LineMarks, is_fence, read_line_marks
from wuzapi_chatwoot.bridge.text.markup.marks import read_marks
from wuzapi_chatwoot.bridge.text.markup.pieces import Break, Code, Delimiter, LinkEnd, LinkStart, Piece


def to_whatsapp(markdown: str) -> str:
	"""WhatsApp text that shows what Markdown shows for `markdown`, as far as WhatsApp can."""
	return _Reader(unix_lines(markdown).split("\n")).read()


class _Reader:
	def __init__(self, lines: list[str]) -> None:
		self._lines = lines
		self._written: list[str] = []
		self._prefixes: list[str] = []
		self._paragraph: list[str] = []
		self._quoted = False

	def read(self) -> str:
		at = 0
		while at < len(self._lines):
			marks = read_line_marks(self._lines[at])
			after_quote, self._quoted = self._quoted, marks.quoted
			if after_quote != marks.quoted:
				self._end_paragraph()
			if not marks.quoted and is_fence(self._lines[at], marks.content):
				self._end_paragraph()
				at = self._read_fence(at, marks)
				continue
			if not marks.quoted and not self._lines[at].strip(BLANKS):
				self._end_paragraph()
				if not (after_quote and self._ends_quote(at)):
					self._written.append("")
			else:
				self._read_text(at, marks)
			at += 1
		self._end_paragraph()
		return "\n".join(self._written)

	def _ends_quote(self, at: int) -> bool:
		"""Whether the blank line is there only to part a quote from what follows: WhatsApp needs none."""
		return at + 1 < len(self._lines) and not read_line_marks(self._lines[at + 1]).quoted

	def _read_text(self, at: int, marks: LineMarks) -> None:
		content = self._lines[at][marks.content :].rstrip(BLANKS)
		if marks.starts_item or marks.heading:
			self._end_paragraph()
		self._prefixes.append(marks.prefix)
		self._paragraph.append(content)
		if marks.heading:
			self._paragraph = [_heading(content)]
			self._end_paragraph(heading=True)
		elif not content:
			self._end_paragraph()

	def _end_paragraph(self, heading: bool = False) -> None:
		if not self._paragraph:
			return
		lines = _Lines()
		if heading:
			lines.open("*")
		lines.write(read_inline("\n".join(self._paragraph)))
		if heading:
			lines.close("*")
		for number, line in lines.ended():
			prefix = self._prefixes[number]
			self._written.append(prefix + line if line else prefix.rstrip(BLANKS))
		self._prefixes, self._paragraph = [], []

	def _read_fence(self, at: int, marks: LineMarks) -> int:
		"""Returns the line after the block."""
		first = self._lines[at]
		letter, length = first[marks.content], run_end(first, marks.content) - marks.content
		code: list[str] = []
		at += 1
		while at < len(self._lines):
			line = self._lines[at]
			at += 1
			closing = line.strip(BLANKS)
			if len(closing) >= length and not closing.strip(letter):
				break
			code.append(line[min(blanks_end(line, 0), marks.content) :])
		self._written.append(marks.prefix + _block("\n".join(code), own_lines=length > 3))
		return at


def _heading(content: str) -> str:
	"""Without the `#` that may end it."""
	stripped = content.rstrip("#")
	return stripped.rstrip(BLANKS) if not stripped or stripped[-1] in BLANKS else content


def _block(code: str, own_lines: bool) -> str:
	if not code.strip() or "```" in code:
		return code
	return f"```\n{code}\n```" if own_lines else f"```{code}```"


def _inline_code(code: Code) -> str:
	text = code.text
	if not text.strip() or "```" in text:
		return text
	if code.block or "`" in text:
		return f"```{text}```"
	return f"`{text.strip()}`"


class _Lines:
	"""Writes pieces as lines of WhatsApp text. Marks never reach over a line's end, nor into a mark like them."""

	def __init__(self) -> None:
		self._done: list[tuple[int, str]] = []
		"""Number of the line that it begins with, and the text."""
		self._number = 0
		self._line: list[str] = []
		self._length = 0
		self._open: list[bool] = []
		"""Every mark that is open, outermost first; false: it is inside one like it and is not written."""
		self._shown: list[str] = []
		"""The written marks that are open, outermost first."""
		self._starts: list[int] = []
		"""Their positions on the line."""
		self._pairs: list[tuple[int, int]] = []
		self._texts: list[str] = []
		"""All texts so far, to compare a link's text with its address."""
		self._links: list[int] = []

	def write(self, pieces: Sequence[Piece]) -> None:
		for piece in pieces:
			match piece:
				case str():
					self._text(piece)
				case Code():
					self._text(_inline_code(piece))
				case Break(next_line=number):
					self._end_line()
					self._number = number
				case Delimiter():
					self._delimiter(piece)
				case LinkStart(end=None, image=image):
					self._text("![" if image else "[")
				case LinkStart():
					self._links.append(len(self._texts))
				case LinkEnd(url=url):
					self._link_end(url)

	def ended(self) -> list[tuple[int, str]]:
		self._end_line()
		return self._done

	def open(self, mark: str) -> None:
		shown = mark not in self._shown
		self._open.append(shown)
		if shown:
			self._shown.append(mark)
			self._starts.append(self._length)
			self._put(mark)

	def close(self, mark: str) -> None:
		if self._open.pop():
			self._shown.pop()
			self._pairs.append((self._starts.pop(), self._length))
			self._put(mark)

	def _put(self, text: str) -> None:
		self._line.append(text)
		self._length += len(text)

	def _text(self, text: str) -> None:
		if text:
			self._put(text)
			self._texts.append(text)

	def _delimiter(self, run: Delimiter) -> None:
		for mark in run.closed:
			self.close(mark)
		self._text(run.letter * run.left)
		for mark in reversed(run.opened):
			self.open(mark)

	def _link_end(self, url: str) -> None:
		start = self._links.pop()
		empty = start == len(self._texts)
		# Comparing long texts with short addresses would take for ever in links that hold each other.
		if len(self._texts) - start <= len(url) and _names("".join(self._texts[start:]), url):
			return
		if url:
			shown = url.removeprefix("mailto:").removeprefix("tel:")
			self._text(shown if empty else f" ({shown})")

	def _end_line(self) -> None:
		for mark in reversed(self._shown):
			self._pairs.append((self._starts.pop(), self._length))
			self._put(mark)
		self._done.append((self._number, _without_strays("".join(self._line), self._pairs)))
		self._line, self._length, self._pairs = [], 0, []
		for mark in self._shown:
			self._starts.append(self._length)
			self._put(mark)


def _names(text: str, url: str) -> bool:
	"""Whether a link's text already tells its address."""
	if not text:
		return False
	plain = url.rstrip("/")
	for scheme in ("https://", "http://", "mailto:", "tel:"):
		plain = plain.removeprefix(scheme)
	return (
		text == url
		or text.rstrip("/") == plain
		or (url.startswith("tel:") and "".join(text.split()) == plain)
	)


def _without_strays(line: str, pairs: list[tuple[int, int]]) -> str:
	"""Take off the marks that WhatsApp would show as letters, `foo*bar*baz`."""
	if not pairs:
		return line
	seen = read_marks(line).pairs
	strays = sorted(position for pair in pairs if seen.get(pair[0]) != pair[1] for position in pair)
	kept: list[str] = []
	start = 0
	for position in strays:
		kept.append(line[start:position])
		start = position + 1
	return "".join(kept) + line[start:]
