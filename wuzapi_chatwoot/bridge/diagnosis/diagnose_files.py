"""The doctor's look at how customers' files have come of late: inside the webhooks, or not."""

from __future__ import annotations

from wuzapi_chatwoot.bridge.context import Bridge
from wuzapi_chatwoot.bridge.model.content import Media, MediaKind
from wuzapi_chatwoot.bridge.model.events import WhatsAppMessage
from wuzapi_chatwoot.bridge.model.records import EventRow, EventState, Session, Source

_LATELY = 200
# Gateways never put these into webhooks.
_NEVER_INSIDE = (MediaKind.VIDEO_NOTE,)


def files_come(bridge: Bridge, session: Session) -> bool | None:
	"""`None`: there was no file among the latest events.

	One that came proves the delivery. One that did not proves nothing alone: it may have been too large.
	"""
	found = [row.file is not None for row in _latest(bridge, session) if _has_file(bridge, row)]
	return any(found) if found else None


def _latest(bridge: Bridge, session: Session) -> list[EventRow]:
	rows = bridge.store.list_events(EventState.DONE, _LATELY)
	return [row for row in rows if row.session == session.name and row.source is Source.GATEWAY]


def _has_file(bridge: Bridge, row: EventRow) -> bool:
	event = bridge.connectors[Source.GATEWAY].parse(row.payload)
	if not isinstance(event, WhatsAppMessage) or not isinstance(event.content, Media):
		return False
	return event.content.kind not in _NEVER_INSIDE
