"""From the gateway's picture to half blocks: real PNGs of each kind that a QR code comes as."""

from __future__ import annotations

import base64
import contextlib
import random
import struct
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuzapi_chatwoot.sandbox.gateway.qr_picture import qr_data_url
from wuzapi_chatwoot.standalone_host.commands.terminal_qr import NoQrPicture, draw, modules_of, pixels_of

Rows = list[list[bool]]


def code(size: int = 25, seed: int = 1) -> Rows:
	"""Modules as in a real one: three finders, and something in between."""
	chance = random.Random(seed)
	rows = [[chance.random() < 0.5 for _ in range(size)] for _ in range(size)]
	for left, top in ((0, 0), (size - 7, 0), (0, size - 7)):
		for y in range(-1, 8):
			for x in range(-1, 8):
				if 0 <= left + x < size and 0 <= top + y < size:
					ring = max(abs(x - 3), abs(y - 3))
					rows[top + y][left + x] = ring <= 1 or ring == 3
	return rows


def scaled(modules: Rows, scale: int, margin: int) -> Rows:
	width = len(modules) * scale + 2 * margin
	blank = [[False] * width for _ in range(margin)]
	rows = [
		[False] * margin + [dark for dark in row for _ in range(scale)] + [False] * margin for row in modules
	]
	return [*blank, *(list(row) for row in rows for _ in range(scale)), *blank]


def chunk(kind: bytes, content: bytes) -> bytes:
	return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png(
	pixels: Rows,
	depth: int,
	colour: int,
	pixel: Callable[[bool], list[int]],
	filter: int = 0,
	palette: bytes = b"",
) -> bytes:
	"""Written out in full, with the given filter on every line."""
	lines, above = [], b""
	step = max(len(pixel(True)) * depth // 8, 1)
	for row in pixels:
		bits = "".join(f"{value:0{depth}b}" for dark in row for value in pixel(dark))
		bits += "0" * (-len(bits) % 8)
		line = int(bits, 2).to_bytes(len(bits) // 8, "big")
		above = above or bytes(len(line))
		coded = bytearray()
		for at, value in enumerate(line):
			left = line[at - step] if at >= step else 0
			up, corner = above[at], above[at - step] if at >= step else 0
			guess = left + up - corner
			paeth = min((left, up, corner), key=lambda each: abs(guess - each))
			coded.append((value - (0, left, up, (left + up) // 2, paeth)[filter]) & 255)
		lines.append(bytes([filter]) + bytes(coded))
		above = line
	header = struct.pack(">IIBBBBB", len(pixels[0]), len(pixels), depth, colour, 0, 0, 0)
	body = chunk(b"IHDR", header) + (chunk(b"PLTE", palette) if palette else b"")
	data = zlib.compress(b"".join(lines))
	half = len(data) // 2
	return (
		b"\x89PNG\r\n\x1a\n"
		+ body
		+ chunk(b"IDAT", data[:half])
		+ chunk(b"IDAT", data[half:])
		+ chunk(b"IEND", b"")
	)


KINDS = {
	"grey": (8, 0, lambda dark: [20 if dark else 240], b""),
	"black and white": (1, 0, lambda dark: [0 if dark else 1], b""),
	# As the gateway's library writes it.
	"two colours": (1, 3, lambda dark: [1 if dark else 0], b"\xff\xff\xff\x00\x00\x00"),
	"four colours": (2, 3, lambda dark: [2 if dark else 3], b"\x00\x00\x00" * 3 + b"\xff\xff\xff"),
	"RGB": (8, 2, lambda dark: [0, 0, 60] if dark else [255, 255, 255], b""),
	"RGB with alpha": (8, 6, lambda dark: [0, 0, 0, 255] if dark else [0, 0, 0, 0], b""),
	"grey with alpha": (8, 4, lambda dark: [0, 255] if dark else [255, 255], b""),
}


@pytest.mark.parametrize("filter", range(5))
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_png_with_every_filter(kind, filter):
	depth, colour, pixel, palette = KINDS[kind]
	modules = code()
	picture = png(scaled(modules, 3, 12), depth, colour, pixel, filter, palette)
	assert modules_of(pixels_of(picture)) == modules


@pytest.mark.parametrize(("size", "scale", "margin"), [(21, 1, 4), (61, 3, 36), (57, 4, 14), (69, 7, 0)])
def test_every_size(size, scale, margin):
	depth, colour, pixel, palette = KINDS["two colours"]
	modules = code(size, seed=size)
	assert (
		modules_of(pixels_of(png(scaled(modules, scale, margin), depth, colour, pixel, 0, palette)))
		== modules
	)


def test_it_is_drawn_light_on_dark_with_a_margin():
	modules = code(21)
	depth, colour, pixel, _ = KINDS["grey"]
	url = (
		"data:image/png;base64," + base64.b64encode(png(scaled(modules, 4, 8), depth, colour, pixel)).decode()
	)
	lines = draw(url).split("\n")
	assert {len(line) for line in lines} == {25}
	assert len(lines) == 13
	# Half blocks back to modules: light ones are drawn.
	light = [[character in half for character in line] for line in lines for half in ("▀█", "▄█")]
	assert light[0] == light[1] == [True] * 25
	assert [[not each for each in row[2:-2]] for row in light[2:23]] == modules


def test_the_sandboxs_picture_is_drawn_too():
	first, second = draw(qr_data_url("2@first")), draw(qr_data_url("2@second"))
	assert first != second
	assert len(first.split("\n")[0]) == 29


def url_of(content: bytes) -> str:
	return "data:image/png;base64," + base64.b64encode(content).decode()


WHITE = png([[False] * 30] * 30, *KINDS["grey"][:3])
BLACK = png([[True] * 30] * 30, *KINDS["grey"][:3])
HUGE = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 2**31, 2**31, 8, 0, 0, 0, 0))


@pytest.mark.parametrize(
	"url",
	[
		"",
		"data:image/jpeg;base64,AAAA",
		"data:image/png;base64,%%%",
		url_of(b""),
		url_of(b"GIF89a"),
		url_of(WHITE),
		url_of(BLACK),
		url_of(png([[False, True], [True, False]], *KINDS["grey"][:3])),
		url_of(BLACK[:60]),
		url_of(HUGE),
		url_of(HUGE + chunk(b"IDAT", zlib.compress(b"x"))),
	],
)
def test_what_is_no_qr_code_is_a_sentence(url):
	with pytest.raises(NoQrPicture) as raised:
		draw(url)
	assert str(raised.value).endswith(".")


@given(st.binary(max_size=200), st.integers(8, 80))
def test_no_bytes_bring_it_down(noise, at):
	for content in (noise, BLACK[:at] + noise + BLACK[at + len(noise) :]):
		with contextlib.suppress(NoQrPicture):
			draw(url_of(content))
