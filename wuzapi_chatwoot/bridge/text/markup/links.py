"""Where Markdown's links lead: `](url "title")` and `<url>`. For `inline.py`; not about plain addresses."""

from __future__ import annotations

import string

from wuzapi_chatwoot.bridge.text.markup.characters import PUNCTUATION, blanks_end, entity_at

_LONGEST_TARGET = 2000
_DEEPEST_PARENTHESES = 32
_TITLE_ENDS = {'"': '"', "'": "'", "(": ")"}
_SCHEME_LETTERS = frozenset(string.ascii_letters + string.digits + "+.-")


def bare_link(text: str, start: int) -> tuple[str, int] | None:
	"""The address in `<https://…>` or `<ana@example.org>` at `start`, and where it ends."""
	end = text.find(">", start, start + _LONGEST_TARGET)
	inside = text[start + 1 : end] if end > 0 else ""
	if not inside or any(letter.isspace() or letter == "<" for letter in inside):
		return None
	scheme, colon, _ = inside.partition(":")
	if colon and 2 <= len(scheme) <= 32 and scheme[0].isalpha() and set(scheme) <= _SCHEME_LETTERS:
		return inside, end + 1
	name, _, domain = inside.partition("@")
	if name and domain and "\\" not in inside and "@" not in domain and domain[0].isalnum():
		return inside, end + 1
	return None


def link_target(text: str, start: int) -> tuple[str, int] | None:
	"""The address in `(url)` or `(url "title")` at `start`, which follows the `]`, and where it ends."""
	if text[start : start + 1] != "(":
		return None
	position = _space_end(text, start + 1)
	read = _angled(text, position) if text[position : position + 1] == "<" else _plain(text, position)
	if read is None:
		return None
	url, position = read
	after = _space_end(text, position)
	title_end = _TITLE_ENDS.get(text[after : after + 1])
	if after > position and title_end:
		end = text.find(title_end, after + 1, after + _LONGEST_TARGET)
		if end < 0:
			return None
		after = _space_end(text, end + 1)
	return (_unescaped(url), after + 1) if text[after : after + 1] == ")" else None


def _space_end(text: str, start: int) -> int:
	"""After blanks and at most one line break."""
	end = blanks_end(text, start)
	return blanks_end(text, end + 1) if text[end : end + 1] == "\n" else end


def _angled(text: str, start: int) -> tuple[str, int] | None:
	end = text.find(">", start, start + _LONGEST_TARGET)
	url = text[start + 1 : end]
	return None if end < 0 or "\n" in url or "<" in url else (url, end + 1)


def _plain(text: str, start: int) -> tuple[str, int] | None:
	position, depth = start, 0
	while position < min(len(text), start + _LONGEST_TARGET):
		letter = text[position]
		if letter.isspace() or (letter == ")" and not depth):
			return text[start:position], position
		depth += (letter == "(") - (letter == ")")
		if depth > _DEEPEST_PARENTHESES:
			return None
		position += 2 if letter == "\\" and text[position + 1 : position + 2] in ("(", ")", "\\") else 1
	return None


def _unescaped(url: str) -> str:
	written: list[str] = []
	position = 0
	while position < len(url):
		letter, after = url[position], url[position + 1 : position + 2]
		if letter == "\\" and after and after in PUNCTUATION:
			written.append(after)
			position += 2
			continue
		entity = entity_at(url, position) if letter == "&" else None
		written.append(entity[0] if entity else letter)
		position = entity[1] if entity else position + 1
	return "".join(written)
