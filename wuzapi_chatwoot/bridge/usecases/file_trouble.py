"""Whose trouble it is when a file cannot be carried: its own, as soon as Chatwoot itself answers.

A file may fail alone, by its storage, by its size or by a proxy that gives up on it, in a conversation where nobody
else asks meanwhile who could tell. It holds up what was written after it, so Chatwoot is asked, and then it counts.
"""

from __future__ import annotations

from ..errors import Permanent, TokenRefused
from ..ports import Bridge
from ..records import Session

FILE_TRIES = 9
"""Some minutes by the schedule of pauses."""


def ask_chatwoot(bridge: Bridge, session: Session) -> None:
	"""Returns if it answers, whatever it says. Raises `Retriable` or `Uncertain` if it does not."""
	try:
		bridge.chatwoot(session).check()
	except (Permanent, TokenRefused):
		return
