"""Names of lanes: which events must be worked one after the other."""

from __future__ import annotations

from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.records import Direction

_SEPARATOR = "|"


def chat_lane(session: str, direction: Direction, chat: Address | str) -> str:
	"""The lane of one conversation in one direction."""
	return _SEPARATOR.join((direction.value, session, str(chat)))


def session_lane(session: str) -> str:
	"""The lane of what concerns the session as a whole."""
	return _SEPARATOR.join((Direction.IN.value, session, "session"))


def session_of(lane: str) -> str:
	return lane.split(_SEPARATOR, 2)[1]


def direction_of(lane: str) -> Direction:
	return Direction(lane.split(_SEPARATOR, 1)[0])


def valid_session_name(name: str) -> bool:
	"""A session's name stands in lanes, addresses of webhooks and logs: keep it plain."""
	# What goes through the web takes a step of dots out of an address: the session would never be found.
	return 0 < len(name) <= 60 and name.strip(".") != "" and all(c.isalnum() or c in "-_. " for c in name)
