"""What a bubble on a phone shows beside its text and its file. Holds and shows; knows no webhook and no HTTP.

The names of the keys are what the page and the tests look for, so they do not change.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass(slots=True)
class Details:
	"""Everything special about one message; what a message does not have is empty."""

	seconds: int = 0
	# Base64 of 64 heights between 0 and 100, as phones send them.
	waveform: str = ""
	animated: bool = False
	view_once: bool = False
	ephemeral: bool = False
	forwarded: bool = False
	mentions: list[str] = field(default_factory=list)
	# {"id", "text", "author"}: what stands in the box above a reply
	quoted: Json | None = None
	# {"url", "title", "description"}
	link_preview: Json | None = None
	# {"title", "body", "url"}
	ad: Json | None = None
	# {"latitude", "longitude", "name", "address", "live"}
	location: Json | None = None
	# [{"name", "vcard"}]
	contacts: list[Json] = field(default_factory=list)
	# {"question", "options": [text], "votes": {who: [text]}}
	poll: Json | None = None
	# {"id", "video", "reason", "rejected"}; the reason is empty while it rings
	call: Json | None = None
	# {"id", "text", "description"}: which button or row was chosen
	answer: Json | None = None
	# {"id", "title", "items", "total", "currency", "message"}; money in thousandths
	order: Json | None = None
	# {"id", "title", "description", "price", "currency"}; money in thousandths
	product: Json | None = None
	# {"group", "name", "code"}
	invite: Json | None = None
	# {"pictures", "videos"} on the message that announces an album; its pictures name it in album_of
	album: Json | None = None
	album_of: str = ""

	def as_json(self) -> Json:
		"""Return all keys, in the order in which they are listed above."""
		return {
			"seconds": self.seconds,
			"waveform": self.waveform,
			"animated": self.animated,
			"view_once": self.view_once,
			"ephemeral": self.ephemeral,
			"forwarded": self.forwarded,
			"mentions": list(self.mentions),
			"quoted": self.quoted,
			"link_preview": self.link_preview,
			"ad": self.ad,
			"location": self.location,
			"contacts": list(self.contacts),
			"poll": self.poll,
			"call": self.call,
			"answer": self.answer,
			"order": self.order,
			"product": self.product,
			"invite": self.invite,
			"album": self.album,
			"album_of": self.album_of,
		}
