"""Animated GIFs become films that every phone plays, pictures become stickers; what strangers send does no harm."""

from __future__ import annotations

from fractions import Fraction
from io import BytesIO

import av
import pytest

from wuzapi_chatwoot.bridge.model.errors import Permanent
from wuzapi_chatwoot.media import moving_pictures
from wuzapi_chatwoot.media.moving_pictures import film_of_gif, sticker_of

RED, BLUE = (255, 0, 0), (0, 0, 255)


def picture(width: int, height: int, colour: tuple[int, int, int]) -> av.VideoFrame:
	frame = av.VideoFrame(width, height, "rgb24")
	plane = frame.planes[0]
	row = bytes(colour) * width
	plane.update(row.ljust(plane.line_size, b"\0") * height)
	return frame


def written(
	container: str, codec: str, pixels: str, frames: list[av.VideoFrame], hundredths: int = 20
) -> bytes:
	file = BytesIO()
	with av.open(file, "w", format=container) as output:
		stream = output.add_stream(codec, rate=100)
		stream.width, stream.height, stream.pix_fmt = frames[0].width, frames[0].height, pixels
		for number, frame in enumerate(frames):
			plain = frame.reformat(format=pixels)
			plain.pts, plain.time_base = number * hundredths, Fraction(1, 100)
			output.mux(stream.encode(plain))
		output.mux(stream.encode(None))
	return file.getvalue()


def gif(*colours: tuple[int, int, int], size: tuple[int, int] = (65, 33), hundredths: int = 20) -> bytes:
	return written("gif", "gif", "rgb8", [picture(*size, colour) for colour in colours], hundredths)


def png(size: tuple[int, int] = (100, 50)) -> bytes:
	return written("image2pipe", "png", "rgb24", [picture(*size, RED)])


def test_a_gif_becomes_a_short_silent_film() -> None:
	film = film_of_gif(gif(RED, BLUE))
	assert film is not None
	with av.open(BytesIO(film)) as file:
		[stream] = file.streams
		assert (stream.codec_context.name, stream.codec_context.pix_fmt) == ("h264", "yuv420p")
		# Even sides, as phones need them.
		assert (stream.width, stream.height) == (64, 32)
		frames = list(file.decode(stream))
		seconds = len(frames) / moving_pictures.FRAMES_PER_SECOND
	assert moving_pictures.SHORTEST_SECONDS <= seconds <= moving_pictures.SHORTEST_SECONDS + 1
	first, second = (frames[at].to_rgb().reformat(1, 1) for at in (1, 4))
	assert bytes(first.planes[0])[0] > 200 > bytes(second.planes[0])[0]


def test_what_shines_through_is_white() -> None:
	frame = av.VideoFrame(64, 32, "bgra")
	plane = frame.planes[0]
	plane.update((b"\0\0\0\0" * 32 + b"\0\0\xff\xff" * 32).ljust(plane.line_size, b"\0") * 32)
	frame.pts, frame.time_base = 0, Fraction(1, 1000)
	shown = moving_pictures._through(moving_pictures._on_white(frame), frame).reformat(format="rgb24")
	row = bytes(shown.planes[0])[: 64 * 3]
	assert min(row[:30]) > 240
	assert (row[-3] > 200, row[-2] < 60) == (True, True)


def test_a_large_one_is_made_smaller() -> None:
	film = film_of_gif(gif(RED, BLUE, size=(1440, 20)))
	assert film is not None
	with av.open(BytesIO(film)) as file:
		assert (file.streams.video[0].width, file.streams.video[0].height) == (720, 10)


@pytest.mark.parametrize(
	"content",
	[b"", b"no picture", gif(RED)[:3], b"GIF89a" + b"\xff" * 40, gif(RED, BLUE)[:20], gif(RED)],
	ids=["empty", "text", "short", "junk", "cut", "still"],
)
def test_what_is_no_moving_gif_is_left_alone(content: bytes) -> None:
	assert film_of_gif(content) is None


@pytest.mark.parametrize(
	"content",
	[
		gif(RED, BLUE, hundredths=20_000),
		b"GIF89a\xff\xff\xff\xff" + gif(RED, BLUE)[10:],
	],
	ids=["too long", "too large"],
)
def test_a_bad_gif_is_refused(content: bytes) -> None:
	with pytest.raises(Permanent):
		film_of_gif(content)


def test_too_many_frames_are_refused_before_they_are_unfolded(monkeypatch: pytest.MonkeyPatch) -> None:
	monkeypatch.setattr(moving_pictures, "MOST_FRAMES", 3)
	monkeypatch.setattr(moving_pictures, "_frames", None)
	with pytest.raises(Permanent, match="longer"):
		film_of_gif(gif(RED, BLUE, RED, BLUE))


def chunks(webp: bytes) -> list[bytes]:
	assert (webp[:4], webp[8:12]) == (b"RIFF", b"WEBP")
	found, at = [], 12
	while at + 8 <= len(webp):
		found.append(webp[at : at + 4])
		size = int.from_bytes(webp[at + 4 : at + 8], "little")
		at += 8 + size + size % 2
	return found


def test_a_picture_becomes_a_square_sticker() -> None:
	webp = sticker_of(png())
	with av.open(BytesIO(webp)) as file:
		assert (file.streams.video[0].width, file.streams.video[0].height) == (512, 512)
	# With the transparency around what is not square.
	assert b"ALPH" in chunks(webp) or b"VP8L" in chunks(webp)
	assert len(webp) <= moving_pictures.LARGEST_STICKER


def test_what_moves_becomes_a_moving_sticker() -> None:
	found = chunks(sticker_of(gif(RED, BLUE, RED)))
	assert (found.count(b"ANIM"), found.count(b"ANMF")) == (1, 3)


def test_webp_stays_as_it_is() -> None:
	webp = sticker_of(png())
	assert sticker_of(webp) is webp


@pytest.mark.parametrize(
	"content", [b"", b"no picture at all", png()[:30], b"#EXTM3U\nhttp://inside.example/"]
)
def test_what_is_no_picture_is_no_sticker(content: bytes) -> None:
	with pytest.raises(Permanent):
		sticker_of(content)
