"""Makes what the dashboard's microphone button makes: a short MP3. One low tone that swells, written bit by bit.

Every frame is complete in itself (MPEG-1 layer III, one channel, 44.1 kHz, 32 kbit/s), and in each only one
line of the spectrum is not zero; so no encoder is needed, and any player can play it.
"""

from __future__ import annotations

import math
from functools import lru_cache

FRAME_HEAD = b"\xff\xfb\x10\xc4"
FRAME_BYTES = 104
FRAMES_A_SECOND = 44100 / 1152
# The line of the spectrum that sounds, one line being some 38 Hz; and how loud a value of one is at most.
PAIRS_OF_NOTHING = 5
LOUDEST_GAIN = 204
# Huffman table 1: a pair of zeros, and a pair of (one, zero) with a positive sign.
ZEROS, ONE = "1", "010"


@lru_cache(maxsize=8)
def recorded_mp3(seconds: int) -> bytes:
	"""Return a recording of so many seconds."""
	frames = round(seconds * FRAMES_A_SECOND)
	return b"".join(_frame(_gain(number, frames)) for number in range(frames))


def _gain(number: int, frames: int) -> int:
	# As in speech: a few words, each louder and softer again, and two units are three decibels.
	word = abs(math.sin(math.pi * number / 14)) * (0.55 + 0.45 * math.sin(math.pi * number / frames))
	return LOUDEST_GAIN - round(40 * (1 - word))


def _frame(gain: int) -> bytes:
	spectrum = ZEROS * PAIRS_OF_NOTHING + ONE
	# main_data_begin, private bits, scfsi; then both halves: lengths, big values, gain, no scale factors, no
	# window switching, table 1 in all three regions, region bounds, three flags.
	lengths = f"{len(spectrum):012b}{PAIRS_OF_NOTHING + 1:09b}{gain:08b}{0:04b}0"
	half = lengths + "00001" * 3 + "0" * 10
	bits = "0" * 18 + half * 2 + spectrum * 2
	data = int(bits.ljust((FRAME_BYTES - len(FRAME_HEAD)) * 8, "0"), 2)
	return FRAME_HEAD + data.to_bytes(FRAME_BYTES - len(FRAME_HEAD), "big")
