"""Which use case works which event. Protocol of each: do the outward calls, return what to write when done."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from wuzapi_chatwoot.bridge.contacts.refresh_contact import refresh_contact, refresh_picture
from wuzapi_chatwoot.bridge.context import Bridge
from wuzapi_chatwoot.bridge.desk.react_from_desk import react_from_desk
from wuzapi_chatwoot.bridge.desk.send_from_desk import fail_from_desk, send_from_desk
from wuzapi_chatwoot.bridge.guards.memory_budget import size_of
from wuzapi_chatwoot.bridge.inbox.effects import Effects, nothing_to_write
from wuzapi_chatwoot.bridge.inbox.hold_unverified import confirm_unverified
from wuzapi_chatwoot.bridge.inbox.store_event import event_key
from wuzapi_chatwoot.bridge.model.content import CallState, Edit, Media, PhoneCall, Quote
from wuzapi_chatwoot.bridge.model.errors import BridgeError, Deferred, Ignored, Permanent
from wuzapi_chatwoot.bridge.model.events import (
	Call,
	ChatwootDeletion,
	ChatwootMessage,
	ConversationChanged,
	DeskMessage,
	DeskReaction,
	Event,
	FetchMedia,
	GroupChanged,
	HeldChange,
	NoteToAgents,
	PictureChanged,
	Receipt,
	RefreshContact,
	SessionChanged,
	SessionState,
	ShowFailure,
	TellAgents,
	UnknownEvent,
	UnprovedEvent,
	WhatsAppMessage,
)
from wuzapi_chatwoot.bridge.model.records import EventRow, Session, Source
from wuzapi_chatwoot.bridge.sessions.agent_commands import is_for_bridge, run_agent_command
from wuzapi_chatwoot.bridge.to_chatwoot.early_changes import original_of
from wuzapi_chatwoot.bridge.to_chatwoot.fetch_media import fetch_media
from wuzapi_chatwoot.bridge.to_chatwoot.notify_agents import note_to_agents, notify_agents
from wuzapi_chatwoot.bridge.to_chatwoot.notify_loss import notify_loss
from wuzapi_chatwoot.bridge.to_chatwoot.relay_to_chatwoot import relay_to_chatwoot
from wuzapi_chatwoot.bridge.to_chatwoot.track_group import track_group
from wuzapi_chatwoot.bridge.to_chatwoot.track_status import track_status
from wuzapi_chatwoot.bridge.to_whatsapp.relay_to_whatsapp import mark_failure, relay_to_whatsapp, show_failure
from wuzapi_chatwoot.bridge.to_whatsapp.revoke_on_whatsapp import revoke_on_whatsapp
from wuzapi_chatwoot.bridge.to_whatsapp.track_conversation import track_conversation
from wuzapi_chatwoot.bridge.worker.inbox_fence import inbox_fence, refuse_changed_inbox

_CATCHING_UP = timedelta(seconds=0.5)
_ENDS = (SessionState.LOGGED_OUT, SessionState.BANNED, SessionState.FAILED)
_ROOM = timedelta(seconds=0.5)
# An event whose session is missing from the configuration looks for it again after this.
_SESSION_MISSING = timedelta(seconds=60)


def dispatch_event(bridge: Bridge, row: EventRow) -> Effects:
	"""Raises the errors of `errors.py`. What it returns is written in one step with the event's end."""
	session = _session_of(bridge, row)
	event = _event_of(bridge, row)
	if row.source is Source.CHATWOOT:
		_refuse_old_inbox(bridge, row)
	with bridge.room.taken(size_of(event)) as taken:
		if not taken:
			raise Deferred("other large files are being carried", bridge.clock.now() + _ROOM)
		effects = _handle(inbox_fence(bridge, session), session, row, event)

	def write() -> None:
		refuse_changed_inbox(bridge.store, session)
		effects()

	return write


def _refuse_old_inbox(bridge: Bridge, row: EventRow) -> None:
	"""Another Chatwoot counts its conversations anew: what was told of number 231 there is not of our 231."""
	since = bridge.store.inbox_since(row.session)
	if since is not None and row.received_at < since:
		raise Permanent("this is from an inbox that the session does not have any more")


def _handle(bridge: Bridge, session: Session, row: EventRow, event: Event) -> Effects:
	match event:
		case WhatsAppMessage():
			_note_connected(bridge, session)
			return relay_to_chatwoot(bridge, session, row, event)
		case Receipt():
			return track_status(bridge, session, event)
		case Call():
			if event.caller in bridge.store.own_addresses(session.name):
				raise Ignored("a call that was made on our own phone")
			_refuse_end_of_group_call(bridge, session, event)
			return relay_to_chatwoot(bridge, session, row, _as_message(event))
		case ChatwootMessage() if is_for_bridge(event):
			return run_agent_command(bridge, session, row, event)
		case ChatwootMessage():
			_wait_for_older_ones(bridge, session)
			return relay_to_whatsapp(bridge, session, row, event)
		case ChatwootDeletion():
			return revoke_on_whatsapp(bridge, session, event)
		case DeskMessage():
			return send_from_desk(bridge, session, row, event)
		case DeskReaction():
			return react_from_desk(bridge, session, row, event)
		case ConversationChanged():
			return track_conversation(bridge, session, event)
		case GroupChanged():
			return track_group(bridge, session, row, event)
		case PictureChanged():
			return refresh_picture(bridge, session, row, event)
		case RefreshContact():
			return refresh_contact(bridge, session, row, event)
		case TellAgents():
			try:
				return notify_agents(bridge, session, row, event.text)
			except Permanent as error:
				# Nothing to try again by hand: what it is about stands where it belongs.
				raise Ignored(f"the agents could not be told: {error.reason}") from error
		case UnprovedEvent():
			return confirm_unverified(bridge, session, row, event)
		case NoteToAgents():
			return note_to_agents(bridge, session, row, event)
		case ShowFailure():
			return mark_failure(bridge, session, event)
		case HeldChange():
			return _held(bridge, session, row, event)
		case FetchMedia():
			return fetch_media(bridge, session, row, event)
		case SessionChanged():
			_note_change(bridge, session, row, event)
			return nothing_to_write
		case UnknownEvent():
			raise Permanent("a message that does not say who wrote it, or under which id")
		case _:
			raise Ignored("nothing to do for this kind of event")


def _note_connected(bridge: Bridge, session: Session) -> None:
	"""A message proves a connection that nobody has told of: of a user that was connected before it became ours."""
	if session.name in bridge.status_known:
		return
	if bridge.store.session_status(session.name) is None:
		change = SessionChanged(SessionState.CONNECTED)
		bridge.store.note_session_change(session.name, change, bridge.clock.now())
	bridge.status_known.add(session.name)


def _held(bridge: Bridge, session: Session, row: EventRow, held: HeldChange) -> Effects:
	original = original_of(bridge, row, held)
	message = _event_of(bridge, original) if original is not None else None
	if original is None or not isinstance(message, WhatsAppMessage):
		raise Ignored("what was kept for its message is gone")
	return relay_to_chatwoot(bridge, session, original, message, waited=True)


def _note_change(bridge: Bridge, session: Session, row: EventRow, change: SessionChanged) -> None:
	"""Of a number that was seen connected since, what the gateway told while it was on its way there is no loss.

	A reason stays while nothing else is told: that the connection is lost is told once more without one.
	"""
	known = bridge.store.session_status(session.name)
	if change.state in _ENDS and _says_connected(bridge, session):
		raise Ignored(
			"the gateway itself says that the number is connected: this is over, or was repeated by somebody"
		)
	on_its_way = change.state in (SessionState.STARTING, SessionState.SCAN_QR)
	if (
		on_its_way
		and known is not None
		and known.state is SessionState.CONNECTED
		and row.received_at < known.since
	):
		change = replace(change, state=known.state, detail=known.detail)
	if known is not None and known.state is change.state and not change.detail:
		change = replace(change, detail=known.detail)
	bridge.store.note_session_change(session.name, change, row.received_at)


def _says_connected(bridge: Bridge, session: Session) -> bool:
	"""A captured webhook can be posted again at any time; over its API the gateway tells what holds now."""
	if bridge.gateway_setup is None:
		return False
	try:
		status = bridge.gateway_setup(session).status()
	except BridgeError:
		return False
	return status.connected and status.logged_in


def _wait_for_older_ones(bridge: Bridge, session: Session) -> None:
	"""What an agent wrote while we were away is still being fetched, and must not go out after younger messages."""
	if not bridge.caught_up(session.name):
		until = bridge.clock.now() + _CATCHING_UP
		raise Deferred("waiting for older messages that no webhook has brought", until)


def give_up(bridge: Bridge, row: EventRow, error: BridgeError) -> None:
	"""Tell the person concerned that an event failed for good. Best effort: the dead event itself is kept."""
	event = _event_of(bridge, row)
	if isinstance(event, ChatwootMessage):
		show_failure(bridge, _session_of(bridge, row), event, error.reason)
	if isinstance(event, DeskMessage):
		fail_from_desk(bridge, _session_of(bridge, row), event, error.reason)
	notify_loss(bridge, _session_of(bridge, row), row, event, error)


def _session_of(bridge: Bridge, row: EventRow) -> Session:
	session = bridge.sessions().get(row.session)
	if session is None:
		# Perhaps at this start only. What waits for it is lost to nobody, and nothing is asked of anybody.
		raise Deferred("the session is not configured", bridge.clock.now() + _SESSION_MISSING)
	return session


def _event_of(bridge: Bridge, row: EventRow) -> Event:
	event = bridge.connectors[row.source].parse(row.payload)
	if isinstance(event, WhatsAppMessage) and row.file is not None:
		if isinstance(event.content, Media):
			return replace(event, content=replace(event.content, file=row.file))
		if isinstance(event.content, Edit) and isinstance(event.content.content, Media):
			return replace(
				event, content=replace(event.content, content=replace(event.content.content, file=row.file))
			)
	return event


def _refuse_end_of_group_call(bridge: Bridge, session: Session, call: Call) -> None:
	"""The end of a call does not say that it was a group's; its beginning did."""
	if not call.ended:
		return
	began = bridge.store.find_event(event_key(session.name, Source.GATEWAY, replace(call, ended=False).key))
	event = _event_of(bridge, began) if began is not None else None
	if isinstance(event, Call) and event.in_group:
		raise Ignored("a call in a group")


_CALL_STATES = {"timeout": CallState.MISSED, "reject": CallState.REJECTED, "busy": CallState.REJECTED}


def _as_message(call: Call) -> WhatsAppMessage:
	"""A line when it rings, and one that answers to it when nobody took it."""
	if call.in_group:
		raise Ignored("a call in a group")
	state = CallState.RINGING
	if call.ended:
		reason = next((known for known in _CALL_STATES if known in call.reason.lower()), None)
		if reason is None:
			raise Ignored("a call was over")
		state = _CALL_STATES[reason]
	return WhatsAppMessage(
		id=f"call-{call.id}-{state.value}" if call.ended else f"call-{call.id}",
		chat=call.caller,
		chat_alt=call.caller_alt,
		sender=call.caller,
		sender_alt=call.caller_alt,
		content=PhoneCall(state, call.video),
		sent_at=call.at,
		quote=Quote(f"call-{call.id}") if call.ended else None,
	)
