"""Sound in every format that people send becomes a voice note."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import av
import pytest
from voice.sounds import silent, steady, tone

from wuzapi_chatwoot.media.voice_notes import voice_note

FORMATS = {
	"mp3, as the dashboard records": ("mp3", "libmp3lame", {"rate": 44_100}),
	"mp3 in stereo": ("mp3", "libmp3lame", {"rate": 44_100, "channels": "stereo"}),
	"wav": ("wav", "pcm_s16le", {"rate": 44_100}),
	"wav of a telephone": ("wav", "pcm_mulaw", {"rate": 8_000}),
	"webm, as browsers record": ("webm", "libopus", {}),
	"ogg with opus in stereo": ("ogg", "libopus", {"channels": "stereo"}),
	"ogg with flac": ("ogg", "flac", {"rate": 44_100}),
	"m4a": ("ipod", "aac", {"rate": 44_100}),
	"aac without a container": ("adts", "aac", {"rate": 44_100}),
	"flac": ("flac", "flac", {"rate": 44_100}),
	"the sound of a video": ("mp4", "aac", {"rate": 44_100, "picture": True}),
}


@pytest.mark.parametrize("name", FORMATS)
def test_becomes_opus_in_ogg_with_one_channel(name, hear):
	container, codec, more = FORMATS[name]
	source = tone(container, codec, seconds=3.0, title="Private", **more)

	note = voice_note(source)

	heard = hear(note.content)
	assert (heard.container, heard.codecs, heard.channels, heard.rate) == ("ogg", ["opus"], "mono", 48_000)
	assert heard.samples == pytest.approx(3 * 48_000, abs=4_800)
	assert heard.tags == {}
	assert note.seconds == 3


@pytest.mark.parametrize("name", FORMATS)
def test_the_waveform_shows_which_half_is_loud(name):
	container, codec, more = FORMATS[name]
	source = tone(container, codec, loudness=lambda at: 0.1 if at < 1 else 0.8, **more)

	bars = list(voice_note(source).waveform)

	assert len(bars) == 64
	assert max(bars) == 100
	# A tenth against eight tenths. The middle and the last bars may be mixed: codecs add some time at the ends.
	assert max(bars[2:28]) < 20
	assert min(bars[36:60]) > 85


@pytest.mark.parametrize("name", FORMATS)
def test_silence_has_an_empty_waveform(name):
	container, codec, more = FORMATS[name]
	note = voice_note(tone(container, codec, loudness=silent, **more))
	assert note.waveform == bytes(64)
	assert note.seconds == 2


def test_amr_as_old_phones_record_it(hear):
	"""A file, since not every PyAV can write AMR: two seconds of the tone, at a tenth and at eight tenths."""
	note = voice_note((Path(__file__).parent / "quiet-then-loud.amr").read_bytes())

	heard = hear(note.content)
	assert (heard.container, heard.codecs, heard.channels, heard.rate) == ("ogg", ["opus"], "mono", 48_000)
	assert note.seconds == 2
	assert max(note.waveform[2:28]) < 25
	assert min(note.waveform[36:60]) > 75


@pytest.mark.parametrize("rate", [8_000, 16_000, 24_000, 48_000])
def test_what_is_a_voice_note_already_stays_as_it_is(rate):
	source = tone("ogg", "libopus", seconds=2.0, rate=rate, loudness=lambda at: 0.1 if at < 1 else 0.8)

	note = voice_note(source)

	assert note.content == source
	assert note.seconds == 2
	assert max(note.waveform[:28]) < 20 < 85 < min(note.waveform[36:60])


def test_what_was_made_here_passes_unchanged_the_next_time():
	note = voice_note(tone("mp3", "libmp3lame"))
	assert voice_note(note.content).content == note.content


def test_the_same_sound_gives_the_same_bytes():
	source = tone("mp3", "libmp3lame")
	assert voice_note(source) == voice_note(source)


@pytest.mark.parametrize(("seconds", "shown"), [(0.02, 1), (0.4, 1), (1.4, 1), (1.6, 2), (2.6, 3)])
def test_seconds_are_rounded_and_at_least_one(seconds, shown):
	note = voice_note(tone("wav", "pcm_s16le", seconds=seconds))
	assert note.seconds == shown
	assert len(note.waveform) == 64


def test_a_sound_shorter_than_the_waveform_fills_it():
	note = voice_note(tone("wav", "pcm_s16le", seconds=0.1, loudness=steady))
	assert min(note.waveform) > 95


def test_the_voice_is_still_the_same_tone():
	"""One second of 440 Hz crosses zero 880 times."""
	samples: list[int] = []
	with av.open(BytesIO(voice_note(tone("mp3", "libmp3lame", rate=44_100)).content)) as file:
		resampler = av.AudioResampler("s16", "mono", 48_000)
		for frame in file.decode(audio=0):
			for block in resampler.resample(frame):
				samples.extend(memoryview(block.planes[0])[: block.samples * 2].cast("h"))
	middle = samples[24_000:72_000]
	crossings = sum((one < 0) != (other < 0) for one, other in pairwise(middle))
	assert crossings == pytest.approx(880, abs=6)
	assert 12_000 < max(middle) < 20_000


def test_threads_do_not_disturb_each_other():
	sources = [
		tone(container, codec, seconds=seconds)
		for container, codec in (("mp3", "libmp3lame"), ("webm", "libopus"), ("ogg", "libopus"))
		for seconds in (1.0, 2.0, 3.0)
	]
	alone = [voice_note(source) for source in sources]
	with ThreadPoolExecutor(4) as pool:
		together = list(pool.map(voice_note, sources * 3))
	assert together == alone * 3
