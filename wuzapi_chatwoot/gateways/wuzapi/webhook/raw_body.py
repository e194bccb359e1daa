"""The bytes of a webhook's body, taken apart without copies of what is large: media out of JSON, forms, multipart.

A body may have a hundred megabytes and come from a stranger: every step goes over it once, a piece at a time, and what
it may find is counted. Does not know what any event means.
"""

from __future__ import annotations

import mmap
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote_to_bytes

from wuzapi_chatwoot.bridge.ports.connector import Body, Malformed

LARGE = 1024 * 1024
"""Bytes. What has fewer is taken whole, which is simpler and faster."""
MOST_FIELDS = 64
MOST_PARTS = 16
LARGEST_TEXT = 16 * 1024 * 1024
"""Bytes of all text fields of a multipart body together."""

_PIECE = 256 * 1024
_LONG = 64 * 1024
_BASE64_KEY = re.compile(rb'"base64"[ \t\r\n]*:[ \t\r\n]*"', re.IGNORECASE)
_END_OF_STRING = re.compile(rb'["\\]')
_FIELD = re.compile(rb"[^&]+")
_MARK = "~lifted {0}~"


@dataclass(frozen=True, slots=True)
class Lifted:
	"""JSON text without its long base64 strings, and these. In the text a mark stands for each."""

	text: bytes
	strings: tuple[Body, ...]

	def string(self, text: str) -> Body | None:
		"""The string that a mark stands for; `None`: the text is no mark."""
		for number, string in enumerate(self.strings):
			if text == _MARK.format(number):
				return string
		return None


def lift_media(body: Body) -> Lifted:
	"""The values of keys called `base64` are taken out where they are long: they would be copied again and again."""
	if len(body) < LARGE:
		return Lifted(bytes(body), ())
	view = memoryview(body)
	text, done = bytearray(), 0
	strings: list[Body] = []
	for found in _BASE64_KEY.finditer(view):
		if found.start() < done or len(strings) >= MOST_FIELDS:
			continue
		# Neither quote nor backslash stands in base64. A key in a text would have a backslash before its quotes.
		end = _END_OF_STRING.search(view, found.end())
		if end is None or end[0] != b'"' or end.start() - found.end() < _LONG:
			continue
		mark = _MARK.format(len(strings)).encode()
		text += view[done : found.end()]
		text += mark
		strings.append(view[found.end() : end.start()])
		done = end.start()
	text += view[done:]
	return Lifted(bytes(text), tuple(strings))


# ---- forms


@contextmanager
def form_fields(body: Body) -> Iterator[Mapping[str, Body]]:
	"""The fields of a form, the first of each name, good until the end of the block. Raises `Malformed`."""
	with _closed_at_the_end() as files:
		fields: dict[str, Body] = {}
		for number, found in enumerate(_FIELD.finditer(memoryview(body))):
			if number >= MOST_FIELDS:
				raise Malformed(f"The form has more than {MOST_FIELDS} fields.")
			for name, value in _field_of(memoryview(body)[found.start() : found.end()], files):
				fields.setdefault(name, value)
		yield fields


def _field_of(field: memoryview, files: list[mmap.mmap]) -> Iterator[tuple[str, Body]]:
	if len(field) < LARGE:
		for name, value in parse_qsl(
			bytes(field).decode("latin-1"), keep_blank_values=True, encoding="latin-1"
		):
			yield _text(name.encode("latin-1")), value.encode("latin-1")
		return
	equals = bytes(field[:1024]).find(b"=")
	if equals >= 0:
		name = _text(unquote_to_bytes(bytes(field[:equals]).replace(b"+", b" ")))
		yield name, _decoded_on_disk(field[equals + 1 :], files)


def _decoded_on_disk(value: memoryview, files: list[mmap.mmap]) -> Body:
	"""In memory it would be there twice, and in a thousand pieces on its way."""
	with tempfile.TemporaryFile() as file:
		done = 0
		while done < len(value):
			piece = bytes(value[done : done + _PIECE])
			cut = piece.rfind(b"%", max(len(piece) - 2, 0))
			if cut > 0 and done + len(piece) < len(value):
				# What stands for one character is not cut in two.
				piece = piece[:cut]
			done += len(piece)
			file.write(unquote_to_bytes(piece.replace(b"+", b" ")))
		file.flush()
		if not file.tell():
			return b""
		files.append(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
		return memoryview(files[-1])


@contextmanager
def _closed_at_the_end() -> Iterator[list[mmap.mmap]]:
	files: list[mmap.mmap] = []
	try:
		yield files
	finally:
		for file in files:
			# Where somebody still looks at it, it goes with the last look.
			with suppress(BufferError):
				file.close()


def _text(value: bytes) -> str:
	return value.decode("utf-8", "replace")


# ---- multipart


@dataclass(frozen=True, slots=True)
class Parts:
	"""Of a multipart body: texts by name, and the bytes of the first part that is a file."""

	texts: Mapping[str, str]
	file: bytes | None = None


def multipart_parts(body: Body, content_type: str) -> Parts:
	"""Raises `Malformed`."""
	# Here, as hardly any gateway posts such bodies: what is not installed is missed then only.
	from python_multipart.exceptions import FormParserError
	from python_multipart.multipart import MultipartParser, parse_options_header

	_, options = parse_options_header(content_type)
	boundary = options.get(b"boundary")
	if not boundary:
		raise Malformed("The body is multipart, but its boundary is not named.")
	reader = _Reader(parse_options_header)
	view = memoryview(body)
	try:
		parser = MultipartParser(boundary, reader.callbacks())  # type: ignore[arg-type]
		for start in range(0, len(view), _PIECE):
			parser.write(bytes(view[start : start + _PIECE]))
		parser.finalize()
	except FormParserError:
		raise Malformed("The body is multipart, but cannot be taken apart.") from None
	return Parts({name: _text(bytes(text)) for name, text in reader.texts.items()}, reader.content)


_ParseOptions = Callable[[bytes], tuple[bytes, dict[bytes, bytes]]]


class _Reader:
	"""Collects what the parser finds, no more than is allowed."""

	def __init__(self, parse_options: _ParseOptions) -> None:
		self.texts: dict[str, bytearray] = {}
		self._parse_options = parse_options
		self._file: bytearray | None = None
		self._into: bytearray | None = None
		self._parts = 0
		self._text_bytes = 0
		self._header = [bytearray(), bytearray()]
		self._disposition = b""

	@property
	def content(self) -> bytes | None:
		return None if self._file is None else bytes(self._file)

	def callbacks(self) -> dict[str, object]:
		return {
			"on_part_begin": self._begin,
			"on_part_data": self._data,
			"on_header_field": lambda data, start, end: self._header[0].extend(data[start:end]),
			"on_header_value": lambda data, start, end: self._header[1].extend(data[start:end]),
			"on_header_end": self._end_header,
			"on_headers_finished": self._choose,
		}

	def _begin(self) -> None:
		self._parts += 1
		if self._parts > MOST_PARTS:
			raise Malformed(f"The body has more than {MOST_PARTS} parts.")
		self._into, self._disposition = None, b""

	def _end_header(self) -> None:
		name, value = (bytes(each) for each in self._header)
		if name.lower() == b"content-disposition":
			self._disposition = value
		self._header = [bytearray(), bytearray()]

	def _choose(self) -> None:
		_, options = self._parse_options(self._disposition)
		name = options.get(b"name")
		if name is None:
			return
		if b"filename" in options:
			if self._file is None:
				self._file = self._into = bytearray()
		elif _text(name) not in self.texts:
			self._into = self.texts[_text(name)] = bytearray()

	def _data(self, data: bytes, start: int, end: int) -> None:
		if self._into is None:
			return
		self._into += data[start:end]
		if self._into is not self._file:
			self._text_bytes += end - start
			if self._text_bytes > LARGEST_TEXT:
				raise Malformed("The text fields of the body are too large.")
