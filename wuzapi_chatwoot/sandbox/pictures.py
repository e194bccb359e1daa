"""Draws small valid pictures in code: a JPEG photograph and a WebP sticker. No image library, no stored files."""

from __future__ import annotations

import math
import struct
from functools import lru_cache

BLOCK = 8
PHOTO_COLUMNS, PHOTO_ROWS = 40, 30
STICKER_SIDE = 96


class _BitsHighFirst:
	"""Collects bits as JPEG wants them, with a zero byte stuffed after each 0xFF."""

	def __init__(self) -> None:
		self.out = bytearray()
		self._held = 0
		self._count = 0

	def add(self, value: int, width: int) -> None:
		self._held = (self._held << width) | value
		self._count += width
		while self._count >= 8:
			self._count -= 8
			byte = (self._held >> self._count) & 0xFF
			self.out.append(byte)
			if byte == 0xFF:
				self.out.append(0)
		self._held &= (1 << self._count) - 1

	def finish(self) -> bytes:
		if self._count:
			self.add((1 << (8 - self._count)) - 1, 8 - self._count)
		return bytes(self.out)


def _segment(marker: int, content: bytes) -> bytes:
	return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content


def _jpeg_headers(width: int, height: int) -> bytes:
	# All quantisers are 8 so that a flat block of level v is coded as its level itself. The Huffman tables are
	# the simplest valid ones: eleven DC categories of four bits each, and "end of block" as the only AC symbol.
	quantisers = _segment(0xDB, b"\x00" + b"\x08" * 64)
	frame = struct.pack(">BHHB", 8, height, width, 3) + b"\x01\x11\x00\x02\x11\x00\x03\x11\x00"
	dc_table = _segment(0xC4, b"\x00" + bytes([0, 0, 0, 11] + [0] * 12) + bytes(range(11)))
	ac_table = _segment(0xC4, b"\x10" + bytes([1] + [0] * 15) + b"\x00")
	scan = _segment(0xDA, b"\x03\x01\x00\x02\x00\x03\x00\x00\x3f\x00")
	jfif = _segment(0xE0, b"JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00")
	return b"\xff\xd8" + jfif + quantisers + _segment(0xC0, frame) + dc_table + ac_table + scan


def _add_flat_block(bits: _BitsHighFirst, difference: int) -> None:
	category = abs(difference).bit_length()
	bits.add(category, 4)
	if category:
		bits.add(difference if difference > 0 else difference + (1 << category) - 1, category)
	bits.add(0, 1)


def _scene(column: int, row: int, hue: float) -> tuple[float, float, float]:
	"""Return the colour of one block: a sky with a sun above two hills."""
	x, y = column / PHOTO_COLUMNS, row / PHOTO_ROWS
	if y > 0.72 + 0.1 * math.sin(4 * x + hue * 7):
		return 46 + 30 * y, 92 + 40 * (1 - y), 70.0
	if y > 0.58 + 0.14 * math.sin(3 * x + 1.2 + hue * 3):
		return 84.0, 128 + 30 * (1 - y), 96.0
	if math.hypot((x - 0.25 - 0.5 * hue) * 1.33, y - 0.28) < 0.12:
		return 255.0, 226.0, 140.0
	wave = [128 + 70 * math.cos(2 * math.pi * (hue + shift)) for shift in (0.0, 0.33, 0.67)]
	return tuple(min(255.0, level * (1 - y) + (235 - 10 * i) * y) for i, level in enumerate(wave))  # type: ignore[return-value]


@lru_cache(maxsize=16)
def photo(number: int) -> bytes:
	"""Draw a landscape as a baseline JPEG of 320 by 240; eight different ones."""
	hue = (number % 8) / 8
	bits = _BitsHighFirst()
	last = [0, 0, 0]
	for row in range(PHOTO_ROWS):
		for column in range(PHOTO_COLUMNS):
			red, green, blue = _scene(column, row, hue)
			levels = (
				round(0.299 * red + 0.587 * green + 0.114 * blue - 128),
				round(-0.169 * red - 0.331 * green + 0.5 * blue),
				round(0.5 * red - 0.419 * green - 0.081 * blue),
			)
			for component, level in enumerate(levels):
				_add_flat_block(bits, level - last[component])
				last[component] = level
	headers = _jpeg_headers(PHOTO_COLUMNS * BLOCK, PHOTO_ROWS * BLOCK)
	return headers + bits.finish() + b"\xff\xd9"


class _BitsLowFirst:
	"""Collects bits as WebP wants them."""

	def __init__(self) -> None:
		self._value = 0
		self._count = 0

	def add(self, value: int, width: int) -> None:
		self._value |= value << self._count
		self._count += width

	def finish(self) -> bytes:
		return self._value.to_bytes((self._count + 7) // 8, "little")


def _prefix_code(bits: _BitsLowFirst, *symbols: int) -> None:
	# A "simple" prefix code: one symbol costs no bit at all in the picture, two cost one bit each.
	bits.add(1, 1)
	bits.add(len(symbols) - 1, 1)
	bits.add(1, 1)
	for symbol in symbols:
		bits.add(symbol, 8)


def _face(column: int, row: int, *, asleep: bool) -> tuple[int, int]:
	"""Return (dark, visible) for one pixel of a smiling face."""
	x, y = (column + 0.5) / STICKER_SIDE * 2 - 1, (row + 0.5) / STICKER_SIDE * 2 - 1
	distance = math.hypot(x, y)
	eye = min(math.hypot((x - 0.33) * 1.3, y + 0.25), math.hypot((x + 0.33) * 1.3, y + 0.25)) < 0.13
	if asleep:
		eye = abs(y + 0.2) < 0.03 and 0.2 < abs(x) < 0.46
	mouth = y > 0.1 and 0.46 < math.hypot(x, y - 0.02) < 0.6
	return int(eye or mouth or distance > 0.9), int(distance < 0.97)


def _face_chunk(*, asleep: bool) -> bytes:
	bits = _BitsLowFirst()
	bits.add(STICKER_SIDE - 1, 14)
	bits.add(STICKER_SIDE - 1, 14)
	bits.add(1, 1)  # has transparency
	bits.add(0, 3)  # version
	bits.add(0, 1)  # no transform
	bits.add(0, 1)  # no colour cache
	bits.add(0, 1)  # one group of prefix codes
	_prefix_code(bits, 90, 205)  # green: dark and bright
	_prefix_code(bits, 250)  # red
	_prefix_code(bits, 50)  # blue
	_prefix_code(bits, 0, 255)  # transparency
	_prefix_code(bits, 0)  # distances, unused
	for row in range(STICKER_SIDE):
		for column in range(STICKER_SIDE):
			dark, visible = _face(column, row, asleep=asleep)
			bits.add(1 - dark, 1)
			bits.add(visible, 1)
	return _chunk(b"VP8L", b"\x2f" + bits.finish())


def _chunk(name: bytes, data: bytes) -> bytes:
	return name + struct.pack("<I", len(data)) + data + b"\x00" * (len(data) % 2)


def _webp(*chunks: bytes) -> bytes:
	body = b"WEBP" + b"".join(chunks)
	return b"RIFF" + struct.pack("<I", len(body)) + body


@lru_cache(maxsize=1)
def sticker() -> bytes:
	"""Draw a smiling face on a transparent ground as a lossless WebP."""
	return _webp(_face_chunk(asleep=False))


@lru_cache(maxsize=1)
def animated_sticker() -> bytes:
	"""Draw the face opening and closing its eyes, twice a second and for ever, as an animated WebP."""
	side = (STICKER_SIDE - 1).to_bytes(3, "little") * 2
	# 0x12: moves, and has transparency.
	chunks = [_chunk(b"VP8X", b"\x12\x00\x00\x00" + side), _chunk(b"ANIM", b"\x00" * 6)]
	for asleep in (False, True):
		# At the left top corner, for half a second, replacing what was there.
		placed = b"\x00" * 6 + side + (500).to_bytes(3, "little") + b"\x02"
		chunks.append(_chunk(b"ANMF", placed + _face_chunk(asleep=asleep)))
	return _webp(*chunks)


def is_animated(data: bytes) -> bool:
	"""Say whether a WebP moves."""
	return data[8:16] == b"WEBPVP8X" and bool(data[20] & 0x02)
