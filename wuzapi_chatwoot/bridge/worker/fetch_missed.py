"""Read from Chatwoot what its webhooks did not bring: it posts each once and forgets.

And who has looked at what. Run at start, after an outage and every few minutes. Adds events to the inbox as a webhook
would have done; the event's key keeps one that did arrive from being worked twice.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from wuzapi_chatwoot.bridge.context import Bridge
from wuzapi_chatwoot.bridge.inbox.store_event import event_key
from wuzapi_chatwoot.bridge.model.errors import (
	BridgeError,
	Deferred,
	Fault,
	Retriable,
	StoreUnavailable,
	Uncertain,
)
from wuzapi_chatwoot.bridge.model.events import Status
from wuzapi_chatwoot.bridge.model.lanes import chat_lane
from wuzapi_chatwoot.bridge.model.records import (
	ECHO_MARK,
	ConversationRow,
	Direction,
	MessageRow,
	NewEvent,
	ReconcileMarks,
	Session,
	Source,
)
from wuzapi_chatwoot.bridge.ports.chatwoot import ActiveConversation, SeenMessage
from wuzapi_chatwoot.bridge.to_whatsapp.mark_read import mark_read
from wuzapi_chatwoot.bridge.to_whatsapp.relay_to_whatsapp import FETCHED, FETCHED_FAILED
from wuzapi_chatwoot.bridge.to_whatsapp.track_conversation import has_seen
from wuzapi_chatwoot.bridge.worker.inbox_fence import InboxChanged, inbox_fence

# Clocks differ, and a message may become visible after a younger one: each pass looks back a little further.
_OVERLAP = timedelta(minutes=10)
_STILL_MOVING = timedelta(seconds=60)
# So long a conversation that cannot be read is looked for again. After that only when something new happens in it.
_LOOKED_FOR = timedelta(days=1)


def fetch_missed(bridge: Bridge, session: Session) -> int:
	"""How many messages were found that had not reached us. Raises when Chatwoot cannot be read.

	A conversation that it cannot show stops no other: it is looked for again by the next fetches, and told of once.
	"""
	bridge, began = inbox_fence(bridge, session), bridge.clock.now()
	marks = bridge.store.reconcile_marks(session.name, began)
	# Chatwoot tells whole seconds: what was written in the second of our first start is ours.
	marks = replace(marks, baseline=marks.baseline.replace(microsecond=0))
	found, fetched_to = 0, began
	for active in bridge.chatwoot(session).active_conversations(marks.fetched_to - _OVERLAP):
		try:
			found += _look_through(bridge, session, active, marks)
		except Exception as error:
			if _concerns_all(error):
				raise
			_tell_once(bridge, session, active, error)
			fetched_to = max(marks.fetched_to, began - _LOOKED_FOR)
	bridge.store.set_fetched_to(session.name, fetched_to)
	return found


def _concerns_all(error: Exception) -> bool:
	"""Of our store, of another inbox, of a Chatwoot that cannot be reached: the next conversation would fare no better."""
	if isinstance(error, (StoreUnavailable, Deferred, InboxChanged)):
		return True
	return isinstance(error, (Retriable, Uncertain)) and error.fault is Fault.UNREACHABLE


def _tell_once(bridge: Bridge, session: Session, active: ActiveConversation, error: Exception) -> None:
	id = active.conversation.id
	if bridge.first_time(f"unreadable conversation {session.name} {id}"):
		bridge.observer.notice(
			"a conversation cannot be read for missed messages",
			session=session.name,
			conversation=id,
			error=error.reason if isinstance(error, BridgeError) else type(error).__name__,
		)


def _look_through(bridge: Bridge, session: Session, active: ActiveConversation, marks: ReconcileMarks) -> int:
	row = bridge.store.find_conversation_by_chatwoot_id(session.name, active.conversation.id)
	if row is not None and session.mark_read_on_view and has_seen(row, active.conversation):
		# No webhook tells that an agent has looked.
		mark_read(bridge, session, row)
	mark = row.reconciled_up_to if row is not None else None
	if mark is not None and active.last_message_id is not None and active.last_message_id <= mark:
		return 0
	seen = bridge.chatwoot(session).messages_after(active.conversation, mark, marks.baseline)
	found = sum(_take(bridge, session, active, message, marks.baseline) for message in seen)
	_remember(bridge, row, seen)
	return found


def _take(
	bridge: Bridge, session: Session, active: ActiveConversation, message: SeenMessage, baseline: datetime
) -> bool:
	if message.source_id is not None and message.source_id.startswith(ECHO_MARK):
		if message.failed:
			# Chatwoot could not tell us of our own message and therefore shows it as failed. It is not.
			_show(bridge, session, active.conversation.id, message.id, Status.SENT)
		return False
	if message.to_send is None or message.created_at < baseline:
		return False
	rows = bridge.store.find_messages_by_chatwoot_id(session.name, message.id)
	if rows:
		_heal(bridge, session, active.conversation.id, message, rows)
		return False
	return _add(bridge, session, active, message)


def _heal(
	bridge: Bridge, session: Session, conversation_id: int, message: SeenMessage, rows: list[MessageRow]
) -> None:
	"""Sent here, failed there: our answer to the webhook was lost, not the message."""
	status = min((row.status for row in rows), key=lambda status: status.rank)
	told_so = any(row.chatwoot_status is Status.FAILED for row in rows)
	if message.failed and not told_so and status.rank >= Status.SENT.rank:
		_show(bridge, session, conversation_id, message.id, status)


def _show(bridge: Bridge, session: Session, conversation_id: int, message_id: int, status: Status) -> None:
	try:
		bridge.chatwoot(session).set_status(conversation_id, message_id, status)
	except BridgeError as error:
		bridge.observer.notice(
			"a wrong failure mark could not be cleared", error=error.reason, message=message_id
		)


def _add(bridge: Bridge, session: Session, active: ActiveConversation, message: SeenMessage) -> bool:
	now = bridge.clock.now()
	lane = chat_lane(session.name, Direction.OUT, str(active.conversation.id))
	event = NewEvent(
		key=event_key(session.chatwoot_key, Source.CHATWOOT, f"message_created/{message.id}"),
		session=session.name,
		source=Source.CHATWOOT,
		kind=FETCHED_FAILED if message.failed else FETCHED,
		lane=lane,
		payload=message.payload,
		occurred_at=message.created_at,
		order=message.id,
		trace_id=bridge.ids.new(),
	)
	with bridge.store.atomic():
		added = bridge.store.add_event(event, due_at=now, received_at=now)
	if added:
		bridge.wake(lane)
	return added


def _remember(bridge: Bridge, row: ConversationRow | None, seen: list[SeenMessage]) -> None:
	if row is None:
		return
	settled_before = bridge.clock.now() - _STILL_MOVING
	settled = [message.id for message in seen if message.created_at < settled_before]
	if settled and max(settled) > (row.reconciled_up_to or 0):
		with bridge.store.atomic():
			bridge.store.update_conversation(row.id, {"reconciled_up_to": max(settled)})
