"""A multipart body that is sent piece by piece: the usual way of encoding one has every file in memory three times."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence

from urllib3.fields import RequestField

FilePart = tuple[str, tuple[str, bytes, str]]
"""Name of the field, and of its file the name, the bytes, the type."""

_PIECE = 64 * 1024


class MultipartBody:
	"""May be gone over again and again. `content_type` belongs into the request's headers."""

	def __init__(self, form: Mapping[str, str], files: Sequence[FilePart]) -> None:
		boundary = secrets.token_hex(16)
		self.content_type = f"multipart/form-data; boundary={boundary}"
		self._pieces: list[bytes] = []
		for name, text in form.items():
			field = RequestField(name, b"")
			field.make_multipart()
			self._add(boundary, field, text.encode())
		for name, (file_name, content, content_type) in files:
			field = RequestField(name, b"", filename=file_name)
			field.make_multipart(content_type=content_type)
			self._add(boundary, field, content)
		self._pieces.append(f"--{boundary}--\r\n".encode())

	def _add(self, boundary: str, field: RequestField, content: bytes) -> None:
		head = f"--{boundary}\r\n{field.render_headers()}"
		self._pieces += [head.encode(), content, b"\r\n"]

	def __len__(self) -> int:
		return sum(len(piece) for piece in self._pieces)

	def __iter__(self) -> Iterator[bytes]:
		for piece in self._pieces:
			for start in range(0, len(piece), _PIECE):
				yield piece[start : start + _PIECE]
