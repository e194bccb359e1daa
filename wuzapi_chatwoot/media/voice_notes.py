"""Turns any sound file into a WhatsApp voice note: Opus in Ogg, one channel, with its length and its waveform.

It is the one place that knows PyAV. It does not decide what becomes a voice note, it sends nothing, and the core does
not import it: hosts hand `voice_note` to the core, as its `VoiceMaker`.

A file is read and written packet by packet. What stays in memory is the file, the note, and one number per 20 ms.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator
from fractions import Fraction
from io import BytesIO
from math import sqrt
from operator import mul
from typing import Any

import av
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.container import InputContainer, OutputContainer

from wuzapi_chatwoot.bridge.model.errors import Permanent
from wuzapi_chatwoot.bridge.ports.gateway import VoiceNote

RATE = 48_000
"""Samples per second, of the note and of what is measured. Opus plays at this rate whatever it was made from."""
BLOCK = 960
"""Samples in 20 ms: one Opus packet, and one step of the measuring."""
BITS_PER_SECOND = 32_000
BARS = 64
"""Of the waveform, each 0 to 100."""
LONGEST_SECONDS = 2 * 3600
"""A few bytes can stand for hours of silence; nobody's message may keep a worker busy for that long."""

_SILENCE = 10.0
"""Root mean square of 16-bit samples up to which a sound is silence: what lossy codecs make of nothing."""
_RATES = range(4_000, 768_001)
"""Samples per second of a source. Far below, one packet would unfold to hundreds of megabytes."""
_CONTAINERS = "aac,amr,flac,matroska,mov,mp3,ogg,wav"
"""By FFmpeg's names. Nothing that leads to other files or addresses (playlists), no pictures, nothing exotic."""
_READING = {"format_whitelist": _CONTAINERS, "protocol_whitelist": "none"}
# Old files have tags in old alphabets. From version 19 on PyAV has no such parameter.
_TAGS: dict[str, Any] = {"metadata_errors": "replace"} if int(av.__version__.split(".")[0]) < 19 else {}
_WRITING = {"fflags": "+bitexact"}  # the same sound gives the same bytes, and no word about the encoder
_ENCODER = {"application": "voip"}
_FIRST_PAGE = 2
"""The flag of an Ogg page that begins a stream."""


def voice_note(content: bytes) -> VoiceNote:
	"""`content` is a whole file: MP3, WAV, WebM, Ogg, M4A, AAC, AMR, FLAC, or a video whose sound is wanted.

	What is Opus in Ogg with one channel already stays as it is, byte by byte. A file that breaks off is used as far as it
	goes. Safe to call from several threads. Raises `Permanent` when there is no sound that can be read.
	"""
	if not content:
		raise Permanent("The sound file is empty")
	sound = _Sound(content)
	loudness = _Loudness()
	if _is_voice_note(content):
		for block in sound:
			loudness.add(block)
		if not sound.damaged:
			return VoiceNote(content, loudness.seconds, loudness.waveform())
		loudness = _Loudness()
	encoded = _encoded(sound, loudness.add)
	return VoiceNote(encoded, loudness.seconds, loudness.waveform())


class _Sound:
	"""A file's first sound stream as blocks of `BLOCK` samples (the last ones may be shorter): 48 kHz, mono, 16 bit.

	Can be read more than once. Iterating raises `Permanent` if there is nothing to be had.
	"""

	def __init__(self, content: bytes) -> None:
		self._content = _without_false_claims(content)
		self.damaged = False
		"""Whether anything was left out, as far as it has been read."""

	def __iter__(self) -> Iterator[AudioFrame]:
		length = 0
		try:
			for block in self._blocks():
				length += block.samples
				if length > LONGEST_SECONDS * RATE:
					break
				yield block
		except Permanent:
			raise
		except Exception as error:  # a stranger's bytes: whatever they make FFmpeg or PyAV do is their fault
			self.damaged = True
			if not length:
				raise _unreadable(error) from error
		if length > LONGEST_SECONDS * RATE:
			raise Permanent(f"The sound is longer than the {LONGEST_SECONDS // 3600} hours that are allowed")
		if not length:
			raise _unreadable()

	def _blocks(self) -> Iterator[AudioFrame]:
		resampler: AudioResampler | None = None
		shape = None
		for frame in self._frames():
			if frame.sample_rate not in _RATES:
				self.damaged = True
				continue
			# Streams may change on the way, and a resampler takes only what it began with.
			if resampler is None or shape != _shape(frame):
				if resampler is not None:
					yield from resampler.resample(None)
				resampler, shape = AudioResampler("s16", "mono", RATE, BLOCK), _shape(frame)
			frame.pts = None
			yield from resampler.resample(frame)
		if resampler is not None:
			yield from resampler.resample(None)

	def _frames(self) -> Iterator[AudioFrame]:
		source: InputContainer
		with av.open(BytesIO(self._content), "r", options=_READING, **_TAGS) as source:
			if not source.streams.audio:
				raise Permanent("The file has no sound in it")
			stream = source.streams.audio[0]
			if stream.codec_context is None:
				raise Permanent("The sound is of a kind that cannot be read")
			for packet in source.demux(stream):
				try:
					frames = packet.decode()
				except av.FFmpegError:  # one bad packet; the next may be good
					self.damaged = True
					continue
				yield from frames


def _shape(frame: AudioFrame) -> tuple[str, str, int]:
	return frame.format.name, frame.layout.name, frame.sample_rate


def _unreadable(error: Exception | None = None) -> Permanent:
	detail = "" if error is None else getattr(error, "strerror", None) or type(error).__name__
	return Permanent("The file is no sound that can be read", detail=detail)


def _without_false_claims(content: bytes) -> bytes:
	"""A WAV file up to the first chunk that claims to be longer than the file; any other file as it is.

	FFmpeg would take the memory for a tag before it reads it: up to 2 GB for a file of a few bytes.
	"""
	if content[:4] not in (b"RIFF", b"RIFX", b"RF64", b"BW64"):
		return content
	at = 12
	while at + 8 <= len(content):
		name = content[at : at + 4]
		size = int.from_bytes(content[at + 4 : at + 8], "big" if content[:4] == b"RIFX" else "little")
		end = at + 8 + size + size % 2
		if name == b"data" and (size == 0 or end > len(content)):
			return content  # its recorder never wrote the length, or the file breaks off here
		if end > len(content) + 1:
			return content[:at]
		at = end
	return content


def _encoded(sound: _Sound, heard: Callable[[AudioFrame], None]) -> bytes:
	"""As Opus in Ogg. Each block is shown to `heard`. What goes wrong in the encoder is our fault, and not `Permanent`."""
	blocks = iter(sound)
	block = next(blocks, None)  # before anything is written: most bad files fail here
	written = BytesIO()
	ogg: OutputContainer
	with av.open(written, "w", format="ogg", options=_WRITING) as ogg:
		stream = ogg.add_stream("libopus", rate=RATE)
		stream.codec_context.options = _ENCODER
		stream.codec_context.bit_rate = BITS_PER_SECOND
		stream.codec_context.layout = "mono"
		length = 0
		while block is not None:
			heard(block)
			block.pts, block.time_base = length, Fraction(1, RATE)
			length += block.samples
			ogg.mux(stream.encode(block))
			block = next(blocks, None)
		ogg.mux(stream.encode(None))
	return written.getvalue()


class _Loudness:
	"""Collects how loud each block is."""

	def __init__(self) -> None:
		self._powers = array("f")  # mean squares
		self._samples = 0

	def add(self, block: AudioFrame) -> None:
		plane = memoryview(block.planes[0])[: block.samples * 2]  # what follows is padding
		samples = plane.cast("h")
		self._powers.append(sum(map(mul, samples, samples)) / max(1, block.samples))
		self._samples += block.samples

	@property
	def seconds(self) -> int:
		return max(1, round(self._samples / RATE))

	def waveform(self) -> bytes:
		"""`BARS` bytes, 0 to 100: 100 is the loudest part of this sound. All 0 for silence."""
		count = len(self._powers)
		bars = []
		for bar in range(BARS):
			start = bar * count // BARS
			part = self._powers[start : max(start + 1, (bar + 1) * count // BARS)]
			bars.append(sqrt(sum(part) / len(part)))
		loudest = max(bars)
		return bytes(round(100 * bar / loudest) if loudest > _SILENCE else 0 for bar in bars)


def _is_voice_note(content: bytes) -> bool:
	"""Is this Ogg from the first to the last byte, and in it nothing but one stream of Opus with one channel?

	Looks at the pages only (RFC 3533, RFC 7845), not into the packets.
	"""
	head = content[28:47]  # the first packet, after a page header with one segment
	if head[:8] != b"OpusHead" or len(head) < 19 or head[9] != 1:
		return False
	at, stream = 0, content[14:18]
	while at < len(content):
		header = content[at : at + 27]
		if len(header) < 27 or header[:5] != b"OggS\0" or header[14:18] != stream:
			return False
		if (header[5] & _FIRST_PAGE != 0) != (at == 0):
			return False  # several recordings, one after the other
		segments = content[at + 27 : at + 27 + header[26]]
		at += 27 + header[26] + sum(segments)
	return at == len(content)
