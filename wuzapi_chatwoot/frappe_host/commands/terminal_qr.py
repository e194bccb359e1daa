"""A QR code's picture as lines of a terminal: two rows of squares in one line. Dark on light, whatever the terminal's colours."""

from __future__ import annotations

import base64
from io import BytesIO

from PIL import Image

# Squares of quiet around it; phones need some.
_MARGIN = 2
# The corner of every code begins with so many dark squares.
_CORNER = 7
_LIGHT_ON, _OFF = "\033[30;107m", "\033[0m"
_HALVES = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}


def terminal_lines(data_url: str) -> list[str]:
	"""Raises `ValueError` if it is no picture of a code."""
	rows = _squares(data_url)
	width = len(rows[0]) + 2 * _MARGIN
	quiet = [False] * width
	padded = [quiet] * _MARGIN
	padded += [[*quiet[:_MARGIN], *row, *quiet[:_MARGIN]] for row in rows]
	padded += [quiet] * (_MARGIN + len(padded) % 2)
	return [
		_LIGHT_ON + "".join(_HALVES[pair] for pair in zip(upper, lower, strict=True)) + _OFF
		for upper, lower in zip(padded[::2], padded[1::2], strict=True)
	]


def _squares(data_url: str) -> list[list[bool]]:
	"""True: dark."""
	try:
		picture = Image.open(BytesIO(base64.b64decode(data_url.partition(",")[2]))).convert("L")
	except OSError as error:
		raise ValueError("no picture") from error
	dark = picture.point(lambda value: 255 if value < 128 else 0)
	box = dark.getbbox()
	if box is None:
		raise ValueError("an empty picture")
	left, top, right, bottom = box
	run = next((x for x in range(left, right) if not dark.getpixel((x, top))), right) - left
	size = max(round((right - left) * _CORNER / run), 1)
	step = (right - left) / size
	return [
		[
			bool(dark.getpixel((int(left + (x + 0.5) * step), int(top + (y + 0.5) * step))))
			for x in range(size)
		]
		for y in range(round((bottom - top) / step))
	]
