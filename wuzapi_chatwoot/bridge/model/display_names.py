"""Names that people and groups give themselves, made fit to be shown: one line, and none at all if nothing can be seen.

And texts, made fit to be stored.
"""

from __future__ import annotations

import unicodedata

# Joiners hold emojis and some scripts together; every other letter of this category is a mark for programs, and
# some of them turn the text around them.
_JOINERS = "\u200c\u200d"
# Letters that look like nothing though Unicode calls them letters, marks or symbols.
_BLANKS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_CONTROLS = dict.fromkeys([*range(0x20), 0x7F])
_TEXT_CONTROLS = {code: None for code in _CONTROLS if chr(code) not in "\t\n\r"}


LONGEST_NAME = 255
"""Characters. Every column for a name holds so many; a test compares."""


def tidy_name(text: str) -> str:
	"""On one line, without control and formatting characters, cut to `LONGEST_NAME`; empty if all of it is blank (also
	U+3164, U+2800, …).
	"""
	letters = (
		" " if letter.isspace() else letter for letter in text if letter in _JOINERS or not _is_format(letter)
	)
	name = " ".join("".join(letters).translate(_CONTROLS).split())
	return name[:LONGEST_NAME].rstrip() if any(_is_seen(letter) for letter in name) else ""


def without_controls(text: str) -> str:
	"""The text without control characters (C0 and DEL), but for tabs and line breaks.

	Half a surrogate pair, valid in JSON and nowhere else, becomes the sign for a character that cannot be shown: no
	database takes it.
	"""
	text = text.translate(_TEXT_CONTROLS)
	try:
		text.encode()
	except UnicodeEncodeError:
		return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
	return text


def _is_format(letter: str) -> bool:
	return unicodedata.category(letter) == "Cf"


def _is_seen(letter: str) -> bool:
	return letter not in _BLANKS and unicodedata.category(letter)[0] not in "CZM"
