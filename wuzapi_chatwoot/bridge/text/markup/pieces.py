"""What a Markdown paragraph consists of once it is read: plain values between `inline.py` and its user."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Code:
	text: str
	block: bool = False
	"""Written with three backticks."""


@dataclass(slots=True)
class Break:
	"""The end of a line inside the paragraph."""

	next_line: int
	"""Number of the line that follows, from 0; code and links swallow line ends."""


@dataclass(slots=True)
class LinkEnd:
	url: str


@dataclass(slots=True)
class LinkStart:
	"""`[`, or `![` before a picture."""

	image: bool
	end: LinkEnd | None = None
	"""`None`: no link begins here, the bracket is only a bracket."""


@dataclass(slots=True)
class Delimiter:
	"""A run of `*`, `_` or `~`."""

	letter: str
	left: int
	"""How many of the run's letters are no marks."""
	can_open: bool
	can_close: bool
	begins: bool = True
	"""Not every run that could open a mark is meant so: `2*3*4`."""
	closed: list[str] = field(default_factory=list)
	"""What ends here, in order of writing: WhatsApp's letters, `*` bold, `_` italic, `~` struck through."""
	opened: list[str] = field(default_factory=list)
	"""What begins here, in reverse order of writing."""
	length: int = field(init=False)

	def __post_init__(self) -> None:
		self.length = self.left


Piece = str | Code | Break | LinkStart | LinkEnd | Delimiter
