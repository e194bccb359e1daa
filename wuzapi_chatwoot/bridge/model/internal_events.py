"""What begins on our own side: in the host's desk or in the bridge itself. Part of `events.py`."""

from __future__ import annotations

from dataclasses import dataclass

from wuzapi_chatwoot.bridge.model.content import Location, Media


@dataclass(frozen=True, slots=True)
class DeskMessage:
	"""Written in the host's own desk. Its row is there already, pending, under the same WhatsApp id."""

	whatsapp_id: str
	conversation: int
	"""Ours, not Chatwoot's."""
	text: str
	author_name: str = ""
	file: str | None = None
	"""Key in `Files`."""
	file_name: str = ""
	mime_type: str = ""
	voice: bool = False
	"""The file is somebody speaking."""
	location: Location | None = None
	reply_to: str | None = None
	"""WhatsApp id of the message answered to."""
	row: int = 0
	"""The message's own, and"""
	answered: int = 0
	"""that of the message answered to; 0 in what was stored by earlier releases."""


@dataclass(frozen=True, slots=True)
class DeskReaction:
	"""A reaction from the host's own desk; `emoji` empty takes it back. `id` is ours, for its line in Chatwoot."""

	id: str
	conversation: int
	target_id: str
	"""WhatsApp id of the message reacted to."""
	emoji: str
	author_name: str = ""
	target: int = 0
	"""The row of that message; 0 in what was stored by earlier releases."""


@dataclass(frozen=True, slots=True)
class RefreshContact:
	"""Look up a contact's name and picture and carry them to Chatwoot."""

	contact: int
	was: str = ""
	"""The name before, if it has just changed: Chatwoot's is written over only if nobody has changed it there."""
	phone: str | None = None
	"""A number (E.164) that has just become known, and that Chatwoot does not have yet."""


@dataclass(frozen=True, slots=True)
class FetchMedia:
	"""Try again to get the file of a message that came without."""

	whatsapp_id: str
	media: Media
	part: int = 2
	"""Under which it is kept: 0 is the message itself, 1 what stands in for one that could not be read."""
	row: int = 0
	"""Of the message, here."""


@dataclass(frozen=True, slots=True)
class UnprovedEvent:
	"""Came from a gateway without the signature that it should bear: to be worked once the gateway confirms it."""

	key: str
	hook: str
	payload: str
	"""Key, kind and payload as `Reading` has them."""
	received_at: str
	"""ISO 8601, like the next."""
	key_posted_at: str | None
	"""When the gateway had last been given its key by then."""


@dataclass(frozen=True, slots=True)
class HeldChange:
	"""Look again at an event about a message that had not come."""

	event: int


@dataclass(frozen=True, slots=True)
class ShowFailure:
	"""Mark a message in Chatwoot as failed, which could not be done at once."""

	conversation_id: int
	message_id: int
	cause: str


@dataclass(frozen=True, slots=True)
class NoteToAgents:
	"""A private note in a conversation in Chatwoot. Markdown. `id` is ours: one note of an id."""

	conversation_id: int
	id: str
	text: str


@dataclass(frozen=True, slots=True)
class TellAgents:
	"""Say something in the bridge's own conversation in Chatwoot. Markdown."""

	text: str
