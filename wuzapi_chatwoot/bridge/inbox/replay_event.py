"""Let an operator try a dead event again."""

from __future__ import annotations

from wuzapi_chatwoot.bridge.context import Bridge
from wuzapi_chatwoot.bridge.model.records import EventRow


def replay_event(bridge: Bridge, id: int) -> EventRow | None:
	"""`None` if there is no dead or ignored event of that id."""
	event = bridge.store.replay_event(id, bridge.clock.now())
	if event is not None:
		bridge.wake(event.lane)
	return event
