"""What is no sound, or not quite: a readable refusal or as much as there is, and never another error."""

from __future__ import annotations

import base64
import contextlib
import re
import resource
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from voice.sounds import tone, video_only

from wuzapi_chatwoot.bridge.model.errors import Permanent
from wuzapi_chatwoot.media import voice_notes
from wuzapi_chatwoot.media.voice_notes import voice_note

PIXEL = base64.b64decode(
	"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
SOURCES = {
	"mp3": tone("mp3", "libmp3lame", rate=44_100),
	"wav": tone("wav", "pcm_s16le", rate=44_100),
	"webm": tone("webm", "libopus"),
	"opus": tone("ogg", "libopus"),
	"m4a": tone("ipod", "aac", rate=44_100),
	"flac": tone("flac", "flac", rate=44_100),
}


def wav(*, rate: int, channels: int, samples: int) -> bytes:
	data = b"\x00\x20" * channels * samples
	shape = struct.pack("<HHIIHH", 1, channels, rate, min(rate * channels * 2, 2**32 - 1), channels * 2, 16)
	body = b"WAVEfmt " + struct.pack("<I", 16) + shape + b"data" + struct.pack("<I", len(data)) + data
	return b"RIFF" + struct.pack("<I", len(body)) + body


NO_SOUND = {
	"empty": (b"", "The sound file is empty"),
	"one byte": (b"\0", "The file is no sound that can be read"),
	"zeros": (bytes(5_000), "The file is no sound that can be read"),
	"text": (b"Dear Sir or Madam, " * 50, "The file is no sound that can be read"),
	"picture": (PIXEL, "The file is no sound that can be read"),
	"page": (b"<!doctype html><html><body>Not found</body></html>", "The file is no sound that can be read"),
	"video without sound": (video_only(), "The file has no sound in it"),
	"wav without samples": (wav(rate=8_000, channels=1, samples=0), "The file is no sound that can be read"),
	"wav without channels": (wav(rate=8_000, channels=0, samples=9), "The file is no sound that can be read"),
	"one sample a second": (wav(rate=1, channels=1, samples=9_000), "The file is no sound that can be read"),
	"too many a second": (
		wav(rate=2**31 - 1, channels=1, samples=9_000),
		"The file is no sound that can be read",
	),
	"hundreds of channels": (
		wav(rate=8_000, channels=300, samples=99),
		"The file is no sound that can be read",
	),
	"unknown codec": (
		SOURCES["wav"][:20] + b"\xee\xee" + SOURCES["wav"][22:],
		"The sound is of a kind that cannot be read",
	),
	"start of an mp3": (SOURCES["mp3"][:60], "The file is no sound that can be read"),
	"start of an opus file": (SOURCES["opus"][:60], "The file is no sound that can be read"),
}


@pytest.mark.parametrize("name", NO_SOUND)
def test_what_is_no_sound_is_refused_in_a_sentence(name):
	content, sentence = NO_SOUND[name]
	with pytest.raises(Permanent) as refused:
		voice_note(content)
	assert refused.value.reason == sentence
	assert type(refused.value) is Permanent


@pytest.mark.parametrize(
	"leads_on",
	[
		"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{}\n#EXT-X-ENDLIST\n",
		"ffconcat version 1.0\nfile '{}'\n",
		"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 5004 RTP/AVP 0\na=control:{}\n",
	],
	ids=["playlist", "list of parts", "session description"],
)
def test_a_list_does_not_make_us_read_other_files(leads_on, tmp_path):
	other = tmp_path / "other.wav"
	other.write_bytes(SOURCES["wav"])
	with pytest.raises(Permanent, match="no sound that can be read"):
		voice_note(leads_on.format(other).encode())


@pytest.mark.parametrize("name", ["mp3", "wav", "webm", "opus", "flac"])
def test_a_file_that_breaks_off_is_used_as_far_as_it_goes(name, hear):
	source = SOURCES[name]
	note = voice_note(source[: len(source) // 2 + 11])
	heard = hear(note.content)
	assert (heard.container, heard.codecs, heard.channels) == ("ogg", ["opus"], "mono")
	assert 24_000 < heard.samples < 72_000
	assert note.seconds == 1
	assert max(note.waveform) == 100


def test_a_broken_voice_note_is_made_anew_and_not_passed_on():
	broken = SOURCES["opus"][:-5]
	note = voice_note(broken)
	assert not broken.startswith(note.content)
	assert voice_note(note.content).content == note.content


def test_a_voice_note_with_a_packet_that_is_none_is_made_anew():
	"""All pages are whole, and their check sums right; one packet says that it holds no frames."""
	source = SOURCES["opus"]
	start = source.index(b"OggS", source.index(b"OpusTags"))
	packets = start + 27 + source[start + 26]
	page = bytearray(source[start : packets + sum(source[start + 27 : packets])])
	first = packets - start
	page[22:26] = bytes(4)
	page[first : first + 2] = b"\x03\x00"
	page[22:26] = _ogg_check_sum(page).to_bytes(4, "little")
	broken = source[:start] + bytes(page) + source[start + len(page) :]

	note = voice_note(broken)

	assert note.content != broken
	assert note.seconds == 2
	assert voice_note(note.content).content == note.content


def _ogg_check_sum(page: bytes) -> int:
	remainder = 0
	for byte in page:
		remainder ^= byte << 24
		for _ in range(8):
			remainder = (remainder << 1) ^ (0x104C11DB7 if remainder >> 31 else 0)
	return remainder


def test_two_voice_notes_in_one_file_become_one(hear):
	note = voice_note(SOURCES["opus"] * 2)
	assert note.content != SOURCES["opus"] * 2
	assert note.seconds == 4
	assert hear(note.content).samples == pytest.approx(4 * 48_000, abs=4_800)


def test_a_bad_stretch_in_the_middle_is_left_out():
	source = bytearray(SOURCES["mp3"])
	middle = len(source) // 2
	source[middle : middle + 700] = bytes(index * 7 % 256 for index in range(700))
	assert voice_note(bytes(source)).seconds == 2


def test_a_sound_that_changes_its_shape_on_the_way(hear):
	stereo = tone("mp3", "libmp3lame", rate=44_100, channels="stereo")
	note = voice_note(stereo + tone("mp3", "libmp3lame", rate=22_050))
	assert note.seconds == 4
	assert hear(note.content).samples == pytest.approx(4 * 48_000, abs=9_600)


def test_tags_in_an_old_alphabet_do_no_harm():
	tag = b"TAG" + "Grüße".encode("latin-1").ljust(125, b"\0")
	assert voice_note(SOURCES["mp3"] + tag).seconds == 2


def test_a_small_file_cannot_claim_much_memory():
	tags = b"LIST" + struct.pack("<I", 2**31) + b"INFOINAM" + struct.pack("<I", 2**30)
	source = wav(rate=8_000, channels=1, samples=16_000)
	before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
	with pytest.raises(Permanent, match="no sound that can be read"):
		voice_note(source.replace(b"data", tags + b"data", 1))
	assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000  # KiB


@pytest.mark.parametrize("more", [b"LIST\xff\xff\xff\x7fINFO", b"LIST", b"\0", b"LIST\x04\0\0\0INFO"])
def test_what_follows_the_samples_does_no_harm(more):
	assert voice_note(wav(rate=8_000, channels=1, samples=16_000) + more).seconds == 2


@pytest.mark.parametrize("length", [0, 0xFFFFFFFF], ids=["none", "endless"])
def test_a_recorder_that_never_wrote_the_length(length):
	source = wav(rate=8_000, channels=1, samples=16_000)
	known = b"data" + struct.pack("<I", 32_000)
	assert known in source
	assert voice_note(source.replace(known, b"data" + struct.pack("<I", length))).seconds == 2


@pytest.mark.parametrize("channels", [2, 3, 6, 8])
def test_many_channels_become_one(channels, hear):
	note = voice_note(wav(rate=8_000, channels=channels, samples=16_000))
	assert hear(note.content).channels == "mono"
	assert note.seconds == 2


@pytest.mark.parametrize("name", ["mp3", "opus"])
def test_endless_sound_is_refused(name, monkeypatch):
	monkeypatch.setattr(voice_notes, "LONGEST_SECONDS", 1)
	with pytest.raises(Permanent, match="The sound is longer than"):
		voice_note(SOURCES[name])


def test_nothing_is_printed(capfd):
	for source in SOURCES.values():
		for content in (source, source[: len(source) // 2], source[:100], source[100:]):
			with contextlib.suppress(Permanent):
				voice_note(content)
	assert capfd.readouterr() == ("", "")


@given(st.binary(max_size=2_000))
def test_any_bytes_give_a_note_or_a_refusal(content):
	_note_or_refusal(content)


@given(st.sampled_from(sorted(SOURCES)), st.data())
def test_any_damage_gives_a_note_or_a_refusal(name, data):
	content = bytearray(SOURCES[name])
	for _ in range(data.draw(st.integers(1, 8))):
		# Half of the damage is where the headers are.
		at = data.draw(st.one_of(st.integers(0, 300), st.integers(0, len(content) - 1)))
		patch = data.draw(st.binary(max_size=40))
		content[at : at + len(patch)] = patch
	_note_or_refusal(bytes(content[: data.draw(st.integers(0, len(content)))]))


def _note_or_refusal(content: bytes) -> None:
	try:
		note = voice_note(content)
	except Permanent as error:
		refusal = error.reason
	else:
		refusal = None
		assert note.content[:4] == b"OggS"
		assert note.seconds >= 1
		assert len(note.waveform) == 64
		assert max(note.waveform) <= 100
	assert refusal is None or re.match(r"The (sound )?file |The sound ", refusal)
