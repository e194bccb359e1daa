"""Which runs of `*`, `_` and `~~` in a Markdown paragraph belong together, by CommonMark's rules, in linear time."""

from __future__ import annotations

from collections.abc import Sequence

from wuzapi_chatwoot.bridge.text.markup.pieces import Delimiter, LinkEnd, LinkStart, Piece

_Key = tuple[str, bool, int]


def pair_delimiters(pieces: Sequence[Piece]) -> None:
	"""Fill `closed` and `opened` of the delimiters. What begins in a link's text ends there."""
	pairing = _Pairing()
	for piece in pieces:
		if isinstance(piece, Delimiter):
			pairing.add(piece)
		elif isinstance(piece, LinkStart) and piece.end:
			pairing.enter_link()
		elif isinstance(piece, LinkEnd):
			pairing.leave_link()


class _Pairing:
	def __init__(self) -> None:
		self._waiting: list[Delimiter] = []
		self._walls: list[tuple[int, dict[_Key, int]]] = []
		self._searched: dict[_Key, int] = {}
		"""Below this height of `_waiting` nothing opens what such a delimiter could close."""

	def enter_link(self) -> None:
		self._walls.append((len(self._waiting), self._searched))
		self._searched = {}

	def leave_link(self) -> None:
		height, self._searched = self._walls.pop()
		del self._waiting[height:]

	def add(self, delimiter: Delimiter) -> None:
		smallest = 2 if delimiter.letter == "~" else 1
		while delimiter.can_close and delimiter.left >= smallest:
			at = self._opener_of(delimiter)
			if at is None:
				break
			opener = self._waiting[at]
			width = 2 if min(opener.left, delimiter.left) >= 2 else 1
			mark = _mark(delimiter.letter, width)
			opener.opened.append(mark)
			delimiter.closed.append(mark)
			opener.left -= width
			delimiter.left -= width
			self._cut(at + (opener.left >= smallest))
		if delimiter.can_open and delimiter.begins and delimiter.left >= smallest:
			self._waiting.append(delimiter)

	def _cut(self, height: int) -> None:
		del self._waiting[height:]
		for key, searched in self._searched.items():
			self._searched[key] = min(searched, height)

	def _opener_of(self, closer: Delimiter) -> int | None:
		key = (closer.letter, closer.can_open, closer.length % 3)
		floor = max(self._searched.get(key, 0), self._walls[-1][0] if self._walls else 0)
		for at in range(len(self._waiting) - 1, floor - 1, -1):
			opener = self._waiting[at]
			if opener.letter == closer.letter and not _clash(opener, closer):
				return at
		self._searched[key] = len(self._waiting)
		return None


def _clash(opener: Delimiter, closer: Delimiter) -> bool:
	"""CommonMark's rule of three: `*a**b*` must not be read as two short emphases."""
	if opener.letter == "~" or not (opener.can_close or closer.can_open):
		return False
	return (opener.length + closer.length) % 3 == 0 and bool(opener.length % 3 or closer.length % 3)


def _mark(letter: str, width: int) -> str:
	if letter == "~":
		return "~"
	return "*" if width == 2 else "_"
