"""Put work of the bridge's own into the inbox, to be done apart from the messages."""

from __future__ import annotations

from datetime import timedelta

from wuzapi_chatwoot.bridge.context import Bridge
from wuzapi_chatwoot.bridge.inbox.internal_work import kind_of, payload_of
from wuzapi_chatwoot.bridge.inbox.store_event import event_key
from wuzapi_chatwoot.bridge.model.events import OwnEvent
from wuzapi_chatwoot.bridge.model.lanes import chat_lane
from wuzapi_chatwoot.bridge.model.records import Direction, NewEvent, Session, Source


def enqueue_internal(
	bridge: Bridge, session: Session, work: OwnEvent, *, key: str, about: str, after: timedelta = timedelta()
) -> None:
	"""`key` makes the same work given twice one; `about` names its lane. `after` delays its first try."""
	now = bridge.clock.now()
	lane = lane_of_internal(session, about)
	event = NewEvent(
		key=event_key(session.name, Source.BRIDGE, f"{kind_of(work)}/{key}"),
		session=session.name,
		source=Source.BRIDGE,
		kind=kind_of(work),
		lane=lane,
		payload=payload_of(work),
		occurred_at=now,
		order=0,
		trace_id=bridge.ids.new(),
	)
	if bridge.store.add_event(event, due_at=now + after, received_at=now) and not after:
		bridge.wake(lane)


def lane_of_internal(session: Session, about: str) -> str:
	return chat_lane(session.name, Direction.IN, about)
