"""What a gateway posted without a signature though it signs: kept apart, and worked only once it is confirmed.

A gateway may lose its signing key by itself, and whether to sign is decided once for an event: its repeats stay
unsigned. The message would be lost, or whoever read the address in a log could write in the gateway's name. So the
event waits in a lane of its own until the gateway itself shows that it had no key: that it began, or was connected,
after it was last given one.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from wuzapi_chatwoot.bridge.context import Bridge
from wuzapi_chatwoot.bridge.inbox.effects import Effects
from wuzapi_chatwoot.bridge.inbox.internal_work import kind_of, payload_of
from wuzapi_chatwoot.bridge.inbox.store_event import event_key, store_reading
from wuzapi_chatwoot.bridge.model.errors import Permanent
from wuzapi_chatwoot.bridge.model.events import SessionState, UnprovedEvent
from wuzapi_chatwoot.bridge.model.lanes import chat_lane
from wuzapi_chatwoot.bridge.model.records import Direction, EventRow, NewEvent, Session, Source
from wuzapi_chatwoot.bridge.ports.connector import Reading

MOST_IN_AN_HOUR = 200
"""Of one session. Whoever knows the address shall not fill the store."""
LONGEST = 1024 * 1024
"""Characters of one event, without its file."""
MOST_CHARACTERS_IN_AN_HOUR = 4 * LONGEST
"""Of one session, all together."""
_ABOUT = "unproved"
# A gateway tells in whole seconds how long it has been running.
_ROUNDED = timedelta(seconds=1)


def hold_unverified(bridge: Bridge, session: Session, reading: Reading) -> bool:
	"""False: there are too many, or it is too long. Its file is not kept: a confirmed event's comes from the gateway.

	Raises `StoreUnavailable`.
	"""
	now = bridge.clock.now()
	lane = _lane(session.name)
	if len(reading.payload) > LONGEST:
		return False
	key = event_key(session.name, Source.BRIDGE, f"{_ABOUT}/{reading.key}")
	if bridge.store.find_event(key) is not None:
		return True
	since = now - timedelta(hours=1)
	kept = bridge.store.size_of_lane(lane, since)
	characters = kept.characters + len(reading.payload)
	if kept.events >= MOST_IN_AN_HOUR or characters > MOST_CHARACTERS_IN_AN_HOUR:
		return False
	posted = bridge.store.signing(session.name).key_posted_at
	work = UnprovedEvent(
		key=reading.key,
		hook=reading.kind,
		payload=reading.payload,
		received_at=now.isoformat(),
		key_posted_at=posted.isoformat() if posted is not None else None,
	)
	event = NewEvent(
		key=key,
		session=session.name,
		source=Source.BRIDGE,
		kind=kind_of(work),
		lane=lane,
		payload=payload_of(work),
		occurred_at=now,
		order=0,
		trace_id=bridge.ids.new(),
	)
	if bridge.store.add_event(event, due_at=now, received_at=now):
		bridge.wake(lane)
	return True


def confirm_unverified(bridge: Bridge, session: Session, row: EventRow, work: UnprovedEvent) -> Effects:
	"""Work it like a signed one if its gateway confirms that it had no key, or if somebody replays it.

	Raises `Permanent` if it does not, and whatever keeps the gateway from being asked.
	"""
	if not _replayed(bridge, row) and not _had_no_key(bridge, session, work):
		raise Permanent(
			"this came unsigned, and the gateway gives no reason why it should have lost its key; "
			"somebody may know the webhook's address. Replay it if you know that it is genuine"
		)
	event = bridge.connectors[Source.GATEWAY].parse(work.payload)
	reading = Reading(event=event, kind=work.hook, payload=work.payload, key=work.key)

	def write() -> None:
		store_reading(bridge, Source.GATEWAY, session, reading, datetime.fromisoformat(work.received_at))

	return write


def _replayed(bridge: Bridge, row: EventRow) -> bool:
	"""It was dead before: a person has looked at it since."""
	return any(attempt.outcome == "dead" for attempt in bridge.store.attempts_of(row.id))


def _had_no_key(bridge: Bridge, session: Session, work: UnprovedEvent) -> bool:
	if work.key_posted_at is None:
		# We have never given it one while it was connected; what it was given at its creation signs nothing.
		return True
	if bridge.gateway_setup is None:
		return False
	posted = datetime.fromisoformat(work.key_posted_at)
	setup = bridge.gateway_setup(session)
	began = setup.running_since(bridge.clock.now())
	if began is not None and began - _ROUNDED > posted:
		return True
	# Pairing, and connecting anew, bring back the settings from before.
	status, known = setup.status(), bridge.store.session_status(session.name)
	if not (status.connected and status.logged_in):
		return False
	return known is None or known.state is not SessionState.CONNECTED or known.since > posted


def _lane(session: str) -> str:
	return chat_lane(session, Direction.IN, _ABOUT)
