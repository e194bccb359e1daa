"""WhatsApp ids: of the messages that we send, and how long the others may be.

Ours are derived, never random: a repeat bears the same id and shows once.
"""

from __future__ import annotations

import hashlib

LONGEST_ID = 120
"""Characters. Every column for an id holds so many, and some more: a call's id gets words around it. A test compares.
WhatsApp's own ids have at most some 40.
"""
_DIGEST = 40


def stored_id(id: str) -> str:
	"""An id from outside as it is used here. The end of one that is too long is replaced by a digest of the whole: two of
	them that begin alike stay two.
	"""
	if len(id) <= LONGEST_ID:
		return id
	digest = hashlib.sha256(id.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGEST]
	return f"{id[: LONGEST_ID - _DIGEST - 1]}~{digest}"


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
