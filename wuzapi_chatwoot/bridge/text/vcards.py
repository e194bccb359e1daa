"""Contact cards as WhatsApp and address books write them (vCard 2.1, 3 and 4): names, numbers, one card per contact.

Reads what people are shown and keeps the card's own text. Writes no cards, and does not judge numbers: see `phone.py`.
"""

from __future__ import annotations

import quopri
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from wuzapi_chatwoot.bridge.model.content import ContactCard

_BEGIN, _END = "BEGIN:VCARD", "END:VCARD"
_LONGEST_FILE_NAME = 80
_SUFFIX = ".vcf"
_UNSAFE = frozenset('/\\:*?"<>|')


def cards_of(text: str, limit: int = 20) -> tuple[ContactCard, ...]:
	"""The cards of a `.vcf` file, each with its own text as it came; at most `limit`.

	Empty when the text is broken: a card that does not end, or begins inside another, or text between cards.
	"""
	cards: list[ContactCard] = []
	start: int | None = None
	position = len(text) - len(text.removeprefix("\ufeff"))
	for line in text[position:].split("\n"):
		mark = line.strip().upper()
		if mark == _BEGIN and start is None:
			start = position
		elif mark == _BEGIN or (mark and start is None):
			return ()
		elif mark == _END and start is not None:
			card = text[start : position + len(line)].strip()
			cards.append(ContactCard(_name(card), card))
			start = None
		position += len(line) + 1
	return tuple(cards[:limit]) if start is None else ()


def numbers_of(vcard: str) -> tuple[str, ...]:
	"""Telephone numbers as they are written on the card, each once: `+44 7700 900123`."""
	return _each_once(_number(line) for line in _lines(vcard) if line.name == "TEL")


def emails_of(vcard: str) -> tuple[str, ...]:
	return _each_once(
		_without_scheme(line.text().strip(), "mailto:") for line in _lines(vcard) if line.name == "EMAIL"
	)


def organisation_of(vcard: str) -> str | None:
	"""The firm and its departments, `Example Ltd, Sales`."""
	for line in _lines(vcard):
		if line.name == "ORG" and (organisation := ", ".join(line.parts())):
			return organisation
	return None


def file_name_of(card: ContactCard) -> str:
	"""A file name that any system takes, at most 80 characters: `Ana Example.vcf`."""
	letters = (" " if _is_unsafe(letter) else letter for letter in card.name)
	name = " ".join("".join(letters).split())[: _LONGEST_FILE_NAME - len(_SUFFIX)].strip(" .")
	return f"{name or 'contact'}{_SUFFIX}"


def _is_unsafe(letter: str) -> bool:
	# Control and formatting letters could turn the name round, and half characters cannot be stored.
	return letter in _UNSAFE or (unicodedata.category(letter) in ("Cc", "Cf", "Cs") and letter != "\u200d")


def _name(card: str) -> str:
	lines = list(_lines(card))
	for line in lines:
		if line.name == "FN" and (name := " ".join(line.text().split())):
			return name
	for line in lines:
		if line.name == "N" and (name := _full_name(line.parts(keep_empty=True))):
			return name
	return organisation_of(card) or next(iter(numbers_of(card)), "")


def _full_name(parts: list[str]) -> str:
	"""From family name, given name, more names, title before and letters after the name."""
	family, given, more, before, after, *_ = [*parts, "", "", "", "", ""]
	return " ".join(part for part in (before, given, more, family, after) if part)


def _number(line: _Line) -> str:
	value = line.text().strip()
	number = _without_scheme(value, "tel:")
	return number.partition(";")[0].strip() if number != value else number


def _without_scheme(value: str, scheme: str) -> str:
	return value[len(scheme) :] if value[: len(scheme)].lower() == scheme else value


def _each_once(values: Iterable[str]) -> tuple[str, ...]:
	return tuple(dict.fromkeys(value for value in values if value))


@dataclass(frozen=True, slots=True)
class _Line:
	name: str
	"""In capitals, without its group: `TEL` of `item1.TEL`."""
	parameters: tuple[str, ...]
	value: str
	"""As it is written."""

	def text(self) -> str:
		return _unescaped(self._decoded())

	def parts(self, keep_empty: bool = False) -> list[str]:
		"""The parts between semicolons."""
		parts = [" ".join(_unescaped(part).split()) for part in _split(self._decoded(), ";")]
		return parts if keep_empty else [part for part in parts if part]

	def _decoded(self) -> str:
		if not self.is_quoted_printable():
			return self.value
		charset = next(
			(p[8:].strip('"') for p in self.parameters if p.upper().startswith("CHARSET=")), "utf-8"
		)
		octets = quopri.decodestring(self.value.encode(errors="replace"))
		try:
			return octets.decode(charset, errors="replace")
		except (LookupError, ValueError):
			return octets.decode(errors="replace")

	def is_quoted_printable(self) -> bool:
		return any(p.upper().removeprefix("ENCODING=") == "QUOTED-PRINTABLE" for p in self.parameters)


def _lines(vcard: str) -> Iterator[_Line]:
	"""The card's lines, put together again where they were folded."""
	folded: list[str] = []
	quoted = False
	for raw in vcard.replace("\r\n", "\n").split("\n"):
		if quoted and folded and folded[-1].endswith("="):
			# A line break that 2.1 writes as `=` at the end of a line.
			folded[-1] = folded[-1][:-1]
			folded.append(raw)
			continue
		if raw[:1] in (" ", "\t") and folded:
			folded.append(raw[1:])
			continue
		if folded and (line := _line("".join(folded))):
			yield line
		folded = [raw]
		quoted = "QUOTED-PRINTABLE" in raw.partition(":")[0].upper()
	if folded and (line := _line("".join(folded))):
		yield line


def _line(text: str) -> _Line | None:
	colon = _position(text, ":")
	if colon is None:
		colon = text.find(":")
	if colon < 0:
		return None
	name, *parameters = _split(text[:colon], ";")
	return _Line(name.rpartition(".")[2].strip().upper(), tuple(parameters), text[colon + 1 :])


def _position(text: str, letter: str) -> int | None:
	"""Where `letter` first is outside double quotes."""
	quoted = False
	for i, other in enumerate(text):
		if other == '"':
			quoted = not quoted
		elif other == letter and not quoted:
			return i
	return None


def _split(text: str, letter: str) -> list[str]:
	"""At every `letter` that no backslash is before."""
	parts: list[list[str]] = [[]]
	escaped = False
	for other in text:
		if other == letter and not escaped:
			parts.append([])
		else:
			parts[-1].append(other)
		escaped = other == "\\" and not escaped
	return ["".join(part) for part in parts]


def _unescaped(value: str) -> str:
	written: list[str] = []
	escaped = False
	for letter in value:
		if escaped:
			written.append({"n": "\n", "N": "\n"}.get(letter, letter if letter in "\\,;:" else f"\\{letter}"))
			escaped = False
		elif letter == "\\":
			escaped = True
		else:
			written.append(letter)
	return "".join(written) + ("\\" if escaped else "")
