"""What single characters are to WhatsApp's marks and to Markdown: classes, plain URLs, entities.

Shared by both directions of `markup`, so that what one writes the other reads. Not for use elsewhere.
"""

from __future__ import annotations

import string
import unicodedata
from enum import Enum
from html.entities import html5
from itertools import takewhile

BLANKS = " \t"
PUNCTUATION = frozenset(string.punctuation)
MARKS = frozenset("*_~")
"""The letters of WhatsApp's marks but for code: bold, italic, struck through."""


class Kind(Enum):
	SPACE = "space"
	PUNCTUATION = "punctuation"
	SYMBOL = "symbol"
	"""Emoji and the like: a letter to some releases of Markdown's rules, punctuation to others."""
	WORD = "word"


_PICTOGRAPHS = frozenset("\ufe0e\ufe0f\u20e3")
"""Parts of an emoji that Unicode files under the marks that belong to a letter."""


def kind_of(character: str) -> Kind:
	"""The class of one character; the empty string is the edge of the text."""
	if not character or character in " \t\n\r\f":
		return Kind.SPACE
	if character in PUNCTUATION:
		return Kind.PUNCTUATION
	category = unicodedata.category(character)
	if category == "Zs":
		return Kind.SPACE
	if category[0] == "P":
		return Kind.PUNCTUATION
	if category[0] in "LNM" and character not in _PICTOGRAPHS:
		return Kind.WORD
	return Kind.SYMBOL


def is_border(character: str) -> bool:
	"""Whether a word ends at this character."""
	return kind_of(character) is not Kind.WORD


def is_blank(character: str) -> bool:
	"""White space, or the edge of the text."""
	return not character or character.isspace()


def run_end(text: str, start: int) -> int:
	"""Where the run of the character at `start` ends."""
	end = start + 1
	while end < len(text) and text[end] == text[start]:
		end += 1
	return end


def blanks_end(text: str, start: int) -> int:
	"""Where the blanks and tabs at `start` end."""
	while start < len(text) and text[start] in BLANKS:
		start += 1
	return start


_URL_STARTS = ("https://", "http://", "www.")
_URL_STOPS = frozenset('<>"`\\[]{}|^')
_URL_TAIL = ".,:;!?'(*_~"


def url_end(text: str, start: int) -> int | None:
	"""Where a plain web address that starts at `start` ends; `None` when none does.

	It ends before white space, quotes, brackets and a `)` that it did not open; punctuation and marks at its end
	are not part of it.
	"""
	if text[start] not in "hHwW" or (start and text[start - 1].isalnum()):
		return None
	head = text[start : start + 8].lower()
	scheme = next((scheme for scheme in _URL_STARTS if head.startswith(scheme)), None)
	if scheme is None:
		return None
	first = end = start + len(scheme)
	depth = 0
	while end < len(text):
		character = text[end]
		if character.isspace() or character in _URL_STOPS or (character == ")" and not depth):
			break
		depth += (character == "(") - (character == ")")
		end += 1
	while end > first and text[end - 1] in _URL_TAIL:
		end -= 1
	return end if end > first else None


_LONGEST_ENTITY = 32


def entity_at(text: str, start: int) -> tuple[str, int] | None:
	"""The character that the entity at `start` (`&amp;`, `&#32;`) stands for, and where the entity ends."""
	end = text.find(";", start, start + _LONGEST_ENTITY + 2)
	if end < 0 or text[start] != "&":
		return None
	name = text[start + 1 : end]
	if not name.startswith("#"):
		character = html5.get(f"{name};")
		return (character, end + 1) if character else None
	digits, base, longest, allowed = name[1:], 10, 7, string.digits
	if digits[:1] in ("x", "X"):
		digits, base, longest, allowed = digits[1:], 16, 6, string.hexdigits
	if not 0 < len(digits) <= longest or len(list(takewhile(allowed.__contains__, digits))) < len(digits):
		return None
	code = int(digits, base)
	if code == 0 or code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
		return "\ufffd", end + 1
	return chr(code), end + 1


def unix_lines(text: str) -> str:
	return text.replace("\r\n", "\n").replace("\r", "\n")
