"""WhatsApp ids: of the messages that we send, and how long the others may be.

Ours are derived, never random: a repeat bears the same id and shows once. And keyed, for whoever can tell the id of our
next answer can send a message of his own under it. Rows keep the ids that were sent, so those of an earlier key, or of
releases without one, go on being known by them.
"""

from __future__ import annotations

import hashlib
import hmac

from wuzapi_chatwoot.bridge.model.session import Secret

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
	return _shaped(hashlib.sha256(unguessable.encode()).hexdigest())


def derived_id(key: Secret, session: str, chatwoot_message_id: int, part: int, taken: int = 0) -> str:
	"""`key` is the installation's, `session` its `chatwoot_key`. `taken`: so many before it were somebody else's.

	`3EB0` and 18 upper-case hex digits, the shape WhatsApp's own libraries use.
	"""
	text = f"{session}\n{chatwoot_message_id}\n{part}" + (f"\n{taken}" if taken else "")
	return _shaped(hmac.new(key.value.encode(), text.encode(), hashlib.sha256).hexdigest())


def further_id(id: str, number: int) -> str:
	"""For the second, third, … of several messages that one part becomes; the first (0) bears `id` itself.

	Without a key: nothing of ours is ever looked up by it.
	"""
	if number == 0:
		return id
	return _shaped(hashlib.sha256(f"{id}\n{number}".encode()).hexdigest())


def _shaped(digest: str) -> str:
	return "3EB0" + digest[:18].upper()
