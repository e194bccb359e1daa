"""Sound files made on the spot from a tone that is computed, in whatever format a test asks for."""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable
from fractions import Fraction
from io import BytesIO

import av

STEP = 1024
"""Samples handed to an encoder at once."""


def steady(at: float) -> float:
	return 0.5


def silent(at: float) -> float:
	return 0.0


def tone(
	container: str,
	codec: str,
	*,
	seconds: float = 2.0,
	rate: int = 48_000,
	channels: str = "mono",
	loudness: Callable[[float], float] = steady,
	title: str | None = None,
	picture: bool = False,
) -> bytes:
	"""A whole file with a tone of 440 Hz. `loudness` gives 0.0 to 1.0 for each second since the start."""
	written = BytesIO()
	with av.open(written, "w", format=container) as file:
		if title is not None:
			file.metadata["title"] = title
		pictures = _picture_stream(file) if picture else None
		stream = file.add_stream(codec, rate=rate)
		stream.codec_context.layout = channels
		if pictures is not None:
			_write_picture(file, pictures)
		for start in range(0, int(seconds * rate), STEP):
			frame = _frame(start, min(STEP, int(seconds * rate) - start), rate, channels, loudness)
			file.mux(stream.encode(frame))
		file.mux(stream.encode(None))
	return written.getvalue()


def _frame(
	start: int, count: int, rate: int, channels: str, loudness: Callable[[float], float]
) -> av.AudioFrame:
	samples = array("h")
	for index in range(start, start + count):
		value = 32_000 * loudness(index / rate) * math.sin(2 * math.pi * 440 * index / rate)
		samples.extend([int(value)] * (2 if channels == "stereo" else 1))
	frame = av.AudioFrame(format="s16", layout=channels, samples=count)
	plane = frame.planes[0]
	plane.update(samples.tobytes().ljust(plane.buffer_size, b"\0"))
	frame.sample_rate, frame.pts, frame.time_base = rate, start, Fraction(1, rate)
	return frame


def _picture_stream(file: av.container.OutputContainer) -> av.VideoStream:
	stream = file.add_stream("mpeg4", rate=25, width=64, height=64)
	stream.codec_context.pix_fmt = "yuv420p"
	return stream


def _write_picture(file: av.container.OutputContainer, stream: av.VideoStream) -> None:
	"""One grey frame."""
	frame = av.VideoFrame(64, 64, "yuv420p")
	for plane in frame.planes:
		plane.update(b"\x80" * plane.buffer_size)
	frame.pts, frame.time_base = 0, Fraction(1, 25)
	file.mux(stream.encode(frame))
	file.mux(stream.encode(None))


def video_only() -> bytes:
	written = BytesIO()
	with av.open(written, "w", format="mp4") as file:
		_write_picture(file, _picture_stream(file))
	return written.getvalue()
