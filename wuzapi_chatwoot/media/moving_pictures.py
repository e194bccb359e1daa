"""Makes of pictures what WhatsApp plays or shows: a short silent film of an animated GIF, a WebP sticker of any picture.

Beside `voice_notes.py` the one place that knows PyAV. It decides nothing and sends nothing, and the core does not import it:
hosts hand `film_of_gif` and `sticker_of` to the core. Both take bytes from strangers: what is too large or too long is
refused before its frames are unfolded.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from io import BytesIO
from typing import Any, cast

import av
from av.container import InputContainer, OutputContainer
from av.filter import Graph
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from wuzapi_chatwoot.bridge.model.errors import Permanent

LONGEST_SECONDS = 30
MOST_PIXELS = 4096 * 4096
MOST_FRAMES = 2_000
"""In the file itself."""
FRAMES_PER_SECOND = 20
WIDEST = 720
"""Of a film, in pixels; a larger one is made smaller."""
SHORTEST_SECONDS = 3
"""A GIF plays again and again, a film once: a shorter one is repeated until it is so long."""

STICKER_SIZE = 512
LARGEST_STICKER = 100_000
LARGEST_MOVING_STICKER = 500_000
"""Bytes that phones take."""
_LONGEST_STICKER_SECONDS = 6
_STICKER_FRAMES_PER_SECOND = 15
_QUALITIES = ("80", "50", "25")

_READING = {"protocol_whitelist": "none"}
_GIF = {**_READING, "format_whitelist": "gif"}
_PICTURES = {
	**_READING,
	"format_whitelist": "gif,png_pipe,jpeg_pipe,webp_pipe,bmp_pipe,apng,image2,mov,matroska",
}
_GIF_HEADS = (b"GIF87a", b"GIF89a")
_TICKS = Fraction(1, 1000)


def film_of_gif(content: bytes) -> bytes | None:
	"""MP4 (H.264, no sound); `None` for what is no GIF, or one that does not move. Raises `Permanent` if it cannot be read."""
	if not content.startswith(_GIF_HEADS):
		return None
	with _reading_errors("The GIF cannot be read"):
		frames, milliseconds = _measured(content, _GIF)
		if frames < 2:
			return None
		rounds = max(1, -(-SHORTEST_SECONDS * 1000 // milliseconds))
		return _film(content, rounds, milliseconds)


def is_webp(content: bytes) -> bool:
	return content[:4] == b"RIFF" and content[8:12] == b"WEBP"


def sticker_of(content: bytes) -> bytes:
	"""WebP, 512 by 512, moving if the picture moves. WebP stays as it is. Raises `Permanent` for what is no picture."""
	if is_webp(content):
		return content
	with _reading_errors("The file is no picture that can be made a sticker"):
		frames, milliseconds = _measured(content, _PICTURES)
		moves = frames > 1
		largest = LARGEST_MOVING_STICKER if moves else LARGEST_STICKER
		made = b""
		for quality in _QUALITIES:
			made = _webp(content, quality, moves, min(milliseconds, _LONGEST_STICKER_SECONDS * 1000))
			if len(made) <= largest:
				break
		return made


@contextmanager
def _reading_errors(reason: str) -> Iterator[None]:
	try:
		yield
	except Permanent:
		raise
	except Exception as error:  # a stranger's bytes: whatever they make FFmpeg or PyAV do is their fault
		raise Permanent(reason, detail=type(error).__name__) from error


def _measured(content: bytes, reading: dict[str, str]) -> tuple[int, int]:
	"""How many frames there are and how long they last (ms), told by packets alone: nothing is unfolded."""
	source: InputContainer
	with av.open(BytesIO(content), "r", options=reading) as source:
		stream = _picture_of(source)
		frames, end = 0, Fraction(0)
		for packet in source.demux(stream):
			if not packet.size:
				continue
			frames += 1
			if packet.pts is not None and packet.time_base is not None:
				end = max(end, (packet.pts + (packet.duration or 0)) * packet.time_base)
			if frames > MOST_FRAMES or end > LONGEST_SECONDS:
				raise Permanent(f"The picture moves for longer than {LONGEST_SECONDS} seconds")
		return frames, max(1, int(end * 1000))


def _picture_of(source: InputContainer) -> VideoStream:
	if not source.streams.video:
		raise Permanent("There is no picture in the file")
	stream = source.streams.video[0]
	if stream.width * stream.height > MOST_PIXELS:
		raise Permanent("The picture is too large")
	return stream


def _frames(content: bytes, reading: dict[str, str]) -> Iterator[VideoFrame]:
	"""With their times in milliseconds."""
	source: InputContainer
	with av.open(BytesIO(content), "r", options=reading) as source:
		stream = _picture_of(source)
		for frame in source.decode(stream):
			if frame.width * frame.height > MOST_PIXELS:
				raise Permanent("The picture is too large")
			time = (frame.pts or 0) * (frame.time_base or _TICKS)
			frame.pts, frame.time_base = int(time * 1000), _TICKS
			yield frame


def _film(content: bytes, rounds: int, milliseconds: int) -> bytes:
	written = BytesIO()
	film: OutputContainer
	with av.open(written, "w", format="mp4", options={"fflags": "+bitexact"}) as film:
		stream: VideoStream | None = None
		for number, picture in enumerate(
			_steady(_repeated(content, rounds, milliseconds), milliseconds * rounds)
		):
			if stream is None:
				stream = film.add_stream(
					"libx264", rate=FRAMES_PER_SECOND, options={"preset": "veryfast", "crf": "26"}
				)
				stream.width, stream.height, stream.pix_fmt = picture.width, picture.height, "yuv420p"
			picture.pts, picture.time_base = number, Fraction(1, FRAMES_PER_SECOND)
			film.mux(stream.encode(picture))
		if stream is None:
			raise Permanent("There is no picture in the file")
		film.mux(stream.encode(None))
	return written.getvalue()


def _repeated(content: bytes, rounds: int, milliseconds: int) -> Iterator[VideoFrame]:
	for turn in range(rounds):
		for frame in _frames(content, _GIF):
			frame.pts = (frame.pts or 0) + turn * milliseconds
			yield frame


def _steady(frames: Iterator[VideoFrame], milliseconds: int) -> Iterator[VideoFrame]:
	"""At even times, on white, in sizes that every phone plays."""
	graph: Graph | None = None
	shown: VideoFrame | None = None
	tick = 0
	step = 1000 // FRAMES_PER_SECOND
	for frame in frames:
		if graph is None:
			graph = _on_white(frame)
		while shown is not None and tick < (frame.pts or 0):
			yield shown
			tick += step
		shown = _through(graph, frame)
	while shown is not None and tick < milliseconds:
		yield shown
		tick += step


def _on_white(frame: VideoFrame) -> Graph:
	"""A film has no transparency: what shines through is white, as in a chat."""
	graph = Graph()
	ratio = min(1.0, WIDEST / max(frame.width, frame.height))
	width, height = (max(2, int(side * ratio) // 2 * 2) for side in (frame.width, frame.height))
	source = graph.add_buffer(width=frame.width, height=frame.height, format=frame.format, time_base=_TICKS)
	scale = graph.add("scale", f"{width}:{height}")
	rgba = graph.add("format", "rgba")
	halves, white = graph.add("split"), graph.add("lutrgb", "r=255:g=255:b=255:a=255")
	over, plain = graph.add("overlay", "format=auto"), graph.add("format", "yuv420p")
	graph.link_nodes(source, scale, rgba, halves)
	halves.link_to(white, 0, 0)
	white.link_to(over, 0, 0)
	halves.link_to(over, 1, 1)
	graph.link_nodes(over, plain, graph.add("buffersink"))
	graph.configure()
	return graph


def _through(graph: Graph, frame: VideoFrame) -> VideoFrame:
	graph.push(frame)
	return cast(VideoFrame, graph.pull())


def _webp(content: bytes, quality: str, moves: bool, milliseconds: int) -> bytes:
	written = BytesIO()
	picture: OutputContainer
	encoder: Any = "libwebp_anim" if moves else "libwebp"
	with av.open(written, "w", format="webp", options={"loop": "0"}) as picture:
		stream: VideoStream | None = None
		graph: Graph | None = None
		last = -1
		for frame in _frames(content, _PICTURES):
			time = frame.pts or 0
			if moves and (
				time > milliseconds or (last >= 0 and time - last < 1000 // _STICKER_FRAMES_PER_SECOND)
			):
				continue
			last = time
			if stream is None or graph is None:
				graph = _in_square(frame)
				stream = picture.add_stream(encoder, rate=1000, options={"quality": quality})
				stream.width, stream.height, stream.pix_fmt = STICKER_SIZE, STICKER_SIZE, "yuva420p"
				stream.time_base = _TICKS
			square = _through(graph, frame)
			square.pts, square.time_base = time, _TICKS
			picture.mux(stream.encode(square))
			if not moves:
				break
		if stream is None:
			raise Permanent("There is no picture in the file")
		picture.mux(stream.encode(None))
	return written.getvalue()


def _in_square(frame: VideoFrame) -> Graph:
	graph = Graph()
	source = graph.add_buffer(width=frame.width, height=frame.height, format=frame.format, time_base=_TICKS)
	scale = graph.add("scale", f"{STICKER_SIZE}:{STICKER_SIZE}:force_original_aspect_ratio=decrease")
	rgba = graph.add("format", "rgba")
	pad = graph.add("pad", f"{STICKER_SIZE}:{STICKER_SIZE}:(ow-iw)/2:(oh-ih)/2:color=0x00000000")
	plain = graph.add("format", "yuva420p")
	graph.link_nodes(source, scale, rgba, pad, plain, graph.add("buffersink"))
	graph.configure()
	return graph
