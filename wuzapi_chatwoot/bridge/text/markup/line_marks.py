"""What stands at the start of a Markdown line: quotes, lists, headings, fences; as WhatsApp writes them.

The half of `to_whatsapp.py` that looks at lines. Underlined headings, tables and code by indentation are
left as they are written: WhatsApp has nothing like them, and agents do not write them by hand.
"""

from __future__ import annotations

from dataclasses import dataclass

from wuzapi_chatwoot.bridge.text.markup.characters import BLANKS, blanks_end, run_end

_LONGEST_NUMBER = 9


@dataclass(frozen=True, slots=True)
class LineMarks:
	prefix: str
	"""Indentation, quote and list marks, as WhatsApp writes them."""
	content: int
	"""Where the rest of the line begins."""
	quoted: bool
	starts_item: bool
	heading: bool


def read_line_marks(line: str) -> LineMarks:
	"""Quotes inside quotes or list items are not marked: WhatsApp knows one level."""
	prefix: list[str] = []
	quoted = starts_item = False
	position = 0
	while True:
		content = blanks_end(line, position)
		if line[content : content + 1] == ">":
			if not starts_item:
				quoted, prefix = True, ["> "]
			position = content + 1 + (line[content + 1 : content + 2] in (" ", "\t"))
			continue
		mark = _list_mark(line, content)
		if not mark:
			break
		prefix.append(line[position:content] + mark + line[content + len(mark)])
		position = content + len(mark) + 1
		starts_item = True
	after_hashes = _heading_end(line, content)
	if after_hashes:
		return LineMarks("".join(prefix), after_hashes, quoted, starts_item, True)
	prefix.append(line[position:content])
	return LineMarks("".join(prefix), content, quoted, starts_item, False)


def is_fence(line: str, start: int) -> bool:
	"""Whether a block of code begins with the line whose content begins at `start`."""
	letter = line[start : start + 1]
	if letter not in ("`", "~"):
		return False
	end = run_end(line, start)
	return end - start >= 3 and (letter == "~" or "`" not in line[end:])


def _list_mark(line: str, start: int) -> str:
	"""WhatsApp's mark for the list item that begins at `start`, as long as Markdown's; empty when none does."""
	letter = line[start : start + 1]
	end = start + 1
	mark = "-" if letter == "+" else letter
	if letter not in ("-", "*", "+"):
		end = start
		while end < len(line) and line[end] in "0123456789":
			end += 1
		if not 0 < end - start <= _LONGEST_NUMBER or line[end : end + 1] not in (".", ")"):
			return ""
		mark = f"{line[start:end]}."
		end += 1
	if line[end : end + 1] not in (" ", "\t") or blanks_end(line, end) == len(line):
		return ""
	return mark


def _heading_end(line: str, start: int) -> int | None:
	"""Where the text of a heading begins; `None` when the line is none."""
	if line[start : start + 1] != "#":
		return None
	end = run_end(line, start)
	if end - start > 6 or (end < len(line) and line[end] not in BLANKS):
		return None
	return blanks_end(line, end)
