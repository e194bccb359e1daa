"""Draws a small PNG that looks like a QR code. No phone can read it: scanning is an act of the control API."""

from __future__ import annotations

import hashlib
import struct
import zlib
from base64 import b64encode
from functools import lru_cache

MODULES = 25
MARGIN = 2
SCALE = 4
FINDER = 7


def _is_dark(column: int, row: int, noise: bytes) -> bool:
	for left, top in ((0, 0), (MODULES - FINDER, 0), (0, MODULES - FINDER)):
		x, y = column - left, row - top
		if -1 <= x <= FINDER and -1 <= y <= FINDER:
			ring = max(abs(x - 3), abs(y - 3))
			return ring <= 1 or ring == 3
	at = row * MODULES + column
	return bool(noise[at // 8] >> (at % 8) & 1)


def _chunk(kind: bytes, content: bytes) -> bytes:
	return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


@lru_cache(maxsize=64)
def qr_png(text: str) -> bytes:
	"""Draw the picture of a text as a grey PNG of 116 by 116; another text gives another picture."""
	noise = hashlib.shake_256(text.encode()).digest(MODULES * MODULES // 8 + 1)
	lines = []
	for row in range(-MARGIN, MODULES + MARGIN):
		inside = 0 <= row < MODULES
		dark = [
			inside and 0 <= column < MODULES and _is_dark(column, row, noise)
			for column in range(-MARGIN, MODULES + MARGIN)
		]
		line = b"\0" + b"".join((b"\x00" if each else b"\xff") * SCALE for each in dark)
		lines.append(line * SCALE)
	side = (MODULES + 2 * MARGIN) * SCALE
	header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
	pixels = zlib.compress(b"".join(lines), 9)
	return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", pixels) + _chunk(b"IEND", b"")


def qr_data_url(text: str) -> str:
	"""Return the picture as the gateway shows it."""
	return "data:image/png;base64," + b64encode(qr_png(text)).decode()
