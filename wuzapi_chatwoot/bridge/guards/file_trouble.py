"""Whose trouble it is when a file cannot be carried: its own, as soon as Chatwoot itself answers.

A file may fail alone, by its storage, by its size or by a proxy that gives up on it, in a conversation where nobody
else asks meanwhile who could tell. It holds up what was written after it, so Chatwoot is asked, and then it counts.
"""

from __future__ import annotations

from wuzapi_chatwoot.bridge.model.errors import Permanent, TokenRefused
from wuzapi_chatwoot.bridge.ports.chatwoot import Chatwoot

FILE_TRIES = 9
"""Some minutes by the schedule of pauses."""


def ask_chatwoot(chatwoot: Chatwoot) -> None:
	"""Returns if it answers, whatever it says. Raises `Retriable` or `Uncertain` if it does not."""
	try:
		chatwoot.check()
	except (Permanent, TokenRefused):
		return
