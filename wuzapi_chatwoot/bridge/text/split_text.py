"""Long texts in pieces that a service with a limit takes. Knows no marks: a mark over a cut is torn in two."""

from __future__ import annotations

import unicodedata

_SENTENCE_ENDS = frozenset(".!?…。！？")
_CLOSERS = frozenset("\"')]}»”’*_~`")
_JOINER = "\u200d"


def split_text(text: str, longest: int) -> list[str]:
	"""Pieces of at most `longest` characters (as `len` counts), in order; a text that fits is one piece, as it is.

	Cut at a blank line, else a line's end, else a sentence's end, else white space, else between two characters
	that a reader sees as two. The first three only if the piece would be at least a third of `longest`.
	Joined, the pieces are the text without the white space around each cut: at the end of every piece but the
	last, and at the start of every piece but the first. `longest` is at least 1.
	"""
	if longest < 1:
		raise ValueError("a piece holds at least one character")
	pieces: list[str] = []
	start = 0
	while len(text) - start > longest:
		end = _cut(text, start, start + longest)
		piece = text[start:end].rstrip()
		if piece:
			pieces.append(piece)
		start = _solid(text, end)
	if start < len(text) or not pieces:
		pieces.append(text[start:])
	return pieces


def _solid(text: str, start: int) -> int:
	"""After the white space at `start`."""
	while start < len(text) and text[start].isspace():
		start += 1
	return start


def _cut(text: str, start: int, limit: int) -> int:
	"""Where the piece that begins at `start` ends; after `start`, at most `limit`, which is inside the text."""
	solid = _solid(text, start)
	if solid >= limit:
		return limit
	early = start + (limit - start) // 3
	window = text[start : limit + 1]
	for found in (_blank_line(window), window.rfind("\n"), _sentence_end(window)):
		if start + found > max(early, solid):
			return start + found
	for end in range(limit, solid, -1):
		if text[end].isspace():
			return end
	return _between_characters(text, start, limit)


def _blank_line(window: str) -> int:
	"""Where the text before the last blank line ends; -1 when there is none."""
	end = window.rfind("\n")
	while end > 0:
		before = window.rfind("\n", 0, end)
		if before < 0:
			return -1
		if not window[before:end].strip():
			return before
		end = before
	return -1


def _sentence_end(window: str) -> int:
	"""After the last full stop and what closes with it, if white space follows; -1 when there is none."""
	for end in range(len(window) - 1, 0, -1):
		if not window[end].isspace():
			continue
		last = end - 1
		while last > 0 and window[last] in _CLOSERS:
			last -= 1
		if window[last] in _SENTENCE_ENDS:
			return end
	return -1


def _between_characters(text: str, start: int, limit: int) -> int:
	"""The last place before `limit` that is inside no emoji or accented letter; `limit` when all places are."""
	for end in range(limit, start, -1):
		if not _belong_together(text, start, end):
			return end
	return limit


def _belong_together(text: str, start: int, end: int) -> bool:
	"""Whether what a reader sees as one character goes on at `end`."""
	before, after = text[end - 1], text[end]
	if _JOINER in (before, after) or unicodedata.category(after)[0] == "M":
		return True
	if "\ud800" <= before <= "\udbff" and "\udc00" <= after <= "\udfff":
		return True
	if _is_skin_tone(after) or "\U000e0020" <= after <= "\U000e007f":
		return True
	if not (_is_flag_letter(before) and _is_flag_letter(after)):
		return False
	flag = end
	while flag > start and _is_flag_letter(text[flag - 1]):
		flag -= 1
	return (end - flag) % 2 == 1


def _is_skin_tone(letter: str) -> bool:
	return "\U0001f3fb" <= letter <= "\U0001f3ff"


def _is_flag_letter(letter: str) -> bool:
	return "\U0001f1e6" <= letter <= "\U0001f1ff"
