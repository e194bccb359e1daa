"""What the tests of voice notes share."""

from __future__ import annotations

from dataclasses import dataclass, field
from io import BytesIO

import av
import pytest


@dataclass
class Heard:
	"""What a player finds in a file."""

	container: str
	codecs: list[str]
	channels: str
	rate: int
	samples: int
	tags: dict[str, str] = field(default_factory=dict)


@pytest.fixture
def hear():
	def play(content: bytes) -> Heard:
		with av.open(BytesIO(content)) as file:
			stream = file.streams.audio[0]
			context = stream.codec_context
			return Heard(
				file.format.name,
				[each.codec_context.codec.canonical_name for each in file.streams],
				context.layout.name,
				context.sample_rate,
				sum(frame.samples for frame in file.decode(stream)),
				{**file.metadata, **stream.metadata},
			)

	return play
