"""A QR code from a PNG picture as text for a terminal. Reads the few kinds of PNG that QR codes come as; no other picture."""

from __future__ import annotations

import base64
import binascii
import struct
import zlib

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
# Values a pixel has, by PNG's colour type: grey, RGB, palette, grey with alpha, RGB with alpha.
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_LARGEST = 4000
# Light modules around the code, without which no phone reads it.
_QUIET = 2
_SQUARE = " ▀▄█"

Rows = list[list[bool]]
"""True is dark."""


class NoQrPicture(Exception):
	"""The text is a sentence for people."""


def draw(data_url: str) -> str:
	"""Two rows of modules a line, light ones drawn: for a terminal with light letters on dark. Raises `NoQrPicture`."""
	modules = modules_of(pixels_of(_png_of(data_url)))
	width = len(modules[0]) + 2 * _QUIET
	light = [
		*([[True] * width] * _QUIET),
		*[[True] * _QUIET + [not dark for dark in row] + [True] * _QUIET for row in modules],
		*([[True] * width] * _QUIET),
	]
	if len(light) % 2:
		light.append([False] * width)
	return "\n".join(
		"".join(_SQUARE[upper + 2 * lower] for upper, lower in zip(light[at], light[at + 1], strict=True))
		for at in range(0, len(light), 2)
	)


def modules_of(pixels: Rows) -> Rows:
	"""The code without its margin, one entry a module."""
	rows = [at for at, row in enumerate(pixels) if any(row)]
	if not rows:
		raise NoQrPicture("The picture is empty.")
	columns = [at for at in range(len(pixels[0])) if any(row[at] for row in pixels)]
	top, left, width = rows[0], columns[0], columns[-1] - columns[0] + 1
	# A finder stands in the corner; its upper edge is seven modules long.
	edge = 0
	while edge < width and pixels[top][left + edge]:
		edge += 1
	size = max(edge, 1) / 7
	count = round(width / size)
	if size < 1 or rows[-1] - top + 1 != width or count < 21 or abs(count * size - width) > size / 2:
		raise NoQrPicture("The picture is no QR code.")
	middle = [int((at + 0.5) * width / count) for at in range(count)]
	return [[pixels[top + down][left + right] for right in middle] for down in middle]


def pixels_of(png: bytes) -> Rows:
	"""Raises `NoQrPicture` for what is no such PNG."""
	try:
		return _pixels_of(png)
	except (struct.error, zlib.error, IndexError, KeyError, ValueError) as error:
		raise NoQrPicture("The picture is no PNG that can be read here.") from error


def _png_of(data_url: str) -> bytes:
	head, _, data = data_url.partition(",")
	try:
		if not head.startswith("data:image/png"):
			raise ValueError(head)
		return base64.b64decode(data, validate=True)
	except (ValueError, binascii.Error) as error:
		raise NoQrPicture("The gateway gave no PNG picture.") from error


def _pixels_of(png: bytes) -> Rows:
	if not png.startswith(_SIGNATURE):
		raise ValueError("no PNG")
	chunks: dict[bytes, bytes] = {}
	at = len(_SIGNATURE)
	while at < len(png):
		length, kind = struct.unpack(">I4s", png[at : at + 8])
		chunks[kind] = chunks.get(kind, b"") + png[at + 8 : at + 8 + length]
		at += length + 12
	width, height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", chunks[b"IHDR"])
	if interlaced or not 0 < width <= _LARGEST or not 0 < height <= _LARGEST or depth not in (1, 2, 4, 8):
		raise ValueError("of another kind")
	if depth < 8 and colour not in (0, 3):
		raise ValueError("of another kind")
	channels = _CHANNELS[colour]
	stride = (width * channels * depth + 7) // 8
	decoder = zlib.decompressobj()
	raw = decoder.decompress(chunks[b"IDAT"], height * (stride + 1))
	lines = _unfiltered(raw, height, stride, max(channels * depth // 8, 1))
	palette = chunks.get(b"PLTE", b"")
	rows = []
	for line in lines:
		values = [
			line[bit // 8] >> (8 - depth - bit % 8) & ((1 << depth) - 1)
			for bit in range(0, width * channels * depth, depth)
		]
		rows.append(
			[
				_is_dark(values[at : at + channels], colour, depth, palette)
				for at in range(0, len(values), channels)
			]
		)
	return rows


def _is_dark(pixel: list[int], colour: int, depth: int, palette: bytes) -> bool:
	if colour == 3:
		pixel = list(palette[3 * pixel[0] : 3 * pixel[0] + 3])
		depth = 8
	elif colour in (4, 6):
		if pixel[-1] < 128:
			return False
		pixel = pixel[:-1]
	return sum(pixel) / len(pixel) < (1 << depth) / 2


def _unfiltered(raw: bytes, height: int, stride: int, step: int) -> list[bytes]:
	"""PNG stores a line as differences to its neighbours. `step` is the bytes of a pixel."""
	lines = []
	above = bytearray(stride)
	for row in range(height):
		start = row * (stride + 1)
		kind, line = raw[start], bytearray(raw[start + 1 : start + 1 + stride])
		if len(line) != stride or kind > 4:
			raise ValueError("cut off")
		for at in range(stride):
			left = line[at - step] if at >= step else 0
			corner = above[at - step] if at >= step else 0
			line[at] = (line[at] + _predicted(kind, left, above[at], corner)) & 255
		lines.append(bytes(line))
		above = line
	return lines


def _predicted(kind: int, left: int, up: int, corner: int) -> int:
	if kind == 4:
		guess = left + up - corner
		return min((left, up, corner), key=lambda each: abs(guess - each))
	return (0, left, up, (left + up) // 2)[kind]
