"""WhatsApp ids for the messages we send. Derived, never random: a repeat bears the same id and shows once."""

from __future__ import annotations

import hashlib


def fresh_id(unguessable: str) -> str:
	"""For a message that begins here: made once, when it is stored, from what `Ids.new` gives."""
	return "3EB0" + hashlib.sha256(unguessable.encode()).hexdigest()[:18].upper()


def derived_id(session: str, chatwoot_message_id: int, part: int) -> str:
	"""`session` is its `chatwoot_key`. `3EB0` and 18 upper-case hex digits, the shape WhatsApp's own libraries use."""
	text = f"{session}\n{chatwoot_message_id}\n{part}"
	return "3EB0" + hashlib.sha256(text.encode()).hexdigest()[:18].upper()


def further_id(id: str, number: int) -> str:
	"""For the second, third, … of several messages that one part becomes; the first (0) bears `id` itself."""
	if number == 0:
		return id
	return "3EB0" + hashlib.sha256(f"{id}\n{number}".encode()).hexdigest()[:18].upper()
