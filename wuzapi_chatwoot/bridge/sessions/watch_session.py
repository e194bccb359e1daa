"""Look after a session: ask its gateway how it stands, and mend what has drifted. Run about once a minute.

Webhooks about a connection may be lost, and a gateway may say one thing and use another. Never starts a second connect
while one may be under way: two at once cut each other off for good.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from wuzapi_chatwoot.bridge.context import Bridge
from wuzapi_chatwoot.bridge.inbox.enqueue_internal import enqueue_internal
from wuzapi_chatwoot.bridge.model.errors import BridgeError
from wuzapi_chatwoot.bridge.model.events import SessionChanged, SessionState, TellAgents
from wuzapi_chatwoot.bridge.model.records import Secret, Session, SessionStatus
from wuzapi_chatwoot.bridge.ports.gateway_setup import GatewaySetup, GatewayStatus, WebhookSettings
from wuzapi_chatwoot.bridge.sessions.connect_session import connect_with_settings, is_starting
from wuzapi_chatwoot.bridge.sessions.status_messages import words_of
from wuzapi_chatwoot.bridge.text.command_parser import CONTROL, HELP
from wuzapi_chatwoot.bridge.text.time_format import in_zone

# Between two connects that we ask for.
_CONNECT_AGAIN = timedelta(minutes=5)
# States that only people can end.
_LOST = (SessionState.LOGGED_OUT, SessionState.BANNED, SessionState.FAILED)
# A shorter break is nothing that people must know of.
_ALERT_AFTER = timedelta(minutes=2)
_FOR_PEOPLE = (SessionState.LOGGED_OUT, SessionState.SCAN_QR)
_PERHAPS_NEVER_PAIRED = (SessionState.STARTING, SessionState.FAILED)


@dataclass(frozen=True, slots=True)
class Watched:
	"""What is remembered from one look to the next."""

	alerted: bool = False
	"""The agents have been told that the connection is lost."""

	lost_since: datetime | None = None
	connect_asked_at: datetime | None = None
	posted_at: datetime | None = None
	"""When the settings were last posted to a session that was connected."""
	unsigned: bool = False
	"""An unsigned webhook has come for this session: its key has fallen out of use."""


def watch_session(
	bridge: Bridge,
	session: Session,
	gateway: GatewaySetup,
	webhook: WebhookSettings,
	signing_key: Secret | None,
	watched: Watched,
) -> Watched:
	"""`webhook` and `signing_key`: what the gateway should use. Returns what to remember. Raises nothing of the gateway's."""
	return _tell(bridge, session, _look(bridge, session, gateway, webhook, signing_key, watched))


def _look(
	bridge: Bridge,
	session: Session,
	gateway: GatewaySetup,
	webhook: WebhookSettings,
	signing_key: Secret | None,
	watched: Watched,
) -> Watched:
	now = bridge.clock.now()
	known = bridge.store.session_status(session.name)
	try:
		status = gateway.status()
	except BridgeError as error:
		# What is over for another reason stays so: a number that was logged out is not to be connected again.
		connected = known is None or known.state is SessionState.CONNECTED
		if watched.lost_since is None and connected:
			_note_loss(bridge, session, known, f"the gateway cannot be asked: {error.reason}")
		return replace(watched, lost_since=watched.lost_since or now)
	try:
		if status.connected and status.logged_in:
			return _connected(bridge, session, gateway, status, known, webhook, signing_key, watched)
		if status.connected:
			# Without a code on screen, a number that was paired is just about to log in.
			paired = known is not None and (known.address is not None or known.lid is not None)
			asks = status.qr is not None or not paired
			if asks and (known is None or known.state is not SessionState.SCAN_QR):
				_note(bridge, session, SessionState.SCAN_QR)
			return replace(watched, lost_since=None)
		return _lost(bridge, session, gateway, status, webhook, signing_key, known, watched, now)
	except BridgeError as error:
		bridge.observer.notice("a session could not be mended", session=session.name, error=error.reason)
		return watched


def _connected(
	bridge: Bridge,
	session: Session,
	gateway: GatewaySetup,
	status: GatewayStatus,
	known: SessionStatus | None,
	webhook: WebhookSettings,
	signing_key: Secret | None,
	watched: Watched,
) -> Watched:
	now = bridge.clock.now()
	back = known is None or known.state is not SessionState.CONNECTED
	# The webhook that told of the connection may have come before us: what counts is what was posted since.
	anew = back or watched.posted_at is None or (known is not None and watched.posted_at < known.since)
	drifted = status.webhook != webhook or gateway.stored_webhook() != webhook
	if drifted or anew:
		gateway.set_webhook(webhook)
	# What is stored proves nothing about what the running process uses.
	if not status.delivers_media or (anew and not status.has_storage):
		gateway.deliver_media()
	# What is set while a QR code is on screen is undone by the pairing, and a restart may forget the key.
	if signing_key is not None and (anew or watched.unsigned or not status.has_signing_key):
		gateway.set_signing_key(signing_key)
		bridge.store.note_key_posted(session.name, now)
	if drifted:
		bridge.observer.notice("a gateway's webhook had drifted and was set again", session=session.name)
	if back:
		# What the pairing told goes before the status: until its next start, a gateway may name the number that was
		# paired before.
		told = known is not None and (known.address is not None or known.lid is not None)
		change = SessionChanged(SessionState.CONNECTED, address=None if told else status.address)
		bridge.store.note_session_change(session.name, change, now)
	return Watched(alerted=watched.alerted, posted_at=now if anew else watched.posted_at)


def _lost(
	bridge: Bridge,
	session: Session,
	gateway: GatewaySetup,
	status: GatewayStatus,
	webhook: WebhookSettings,
	signing_key: Secret | None,
	known: SessionStatus | None,
	watched: Watched,
	now: datetime,
) -> Watched:
	if is_starting(known, watched.connect_asked_at, now):
		return watched
	if known is None or known.state in _FOR_PEOPLE:
		return watched
	if known.state in _PERHAPS_NEVER_PAIRED and known.address is None and known.lid is None:
		if known.state is SessionState.STARTING:
			_note(bridge, session, SessionState.FAILED, "no code came from WhatsApp")
		return watched
	if known.state is SessionState.BANNED and known.banned_until is not None and known.banned_until > now:
		return watched
	if known.state in (SessionState.CONNECTED, SessionState.STARTING):
		_note_loss(bridge, session, known, "the gateway says that it is not connected")
	lost_since = watched.lost_since or now
	asked = watched.connect_asked_at
	patience = timedelta(seconds=session.reconnect_seconds)
	if now - lost_since >= patience and (asked is None or now - asked >= _CONNECT_AGAIN):
		# Remembered before the call: a connect whose answer was lost may be under way all the same.
		watched = replace(watched, connect_asked_at=now)
		bridge.observer.notice("a lost session is connected again", session=session.name)
		try:
			media = not (status.has_storage and status.delivers_media)
			connect_with_settings(gateway, webhook, signing_key, media=media)
		except BridgeError as error:
			bridge.observer.notice("connecting failed", session=session.name, error=error.reason)
	return replace(watched, lost_since=lost_since)


def _note_loss(bridge: Bridge, session: Session, known: SessionStatus | None, detail: str) -> None:
	"""Unless something was told while the gateway was asked: who told of a loss knows more of it than we do."""
	if bridge.store.session_status(session.name) == known:
		_note(bridge, session, SessionState.RECONNECTING, detail)


def _note(bridge: Bridge, session: Session, state: SessionState, detail: str = "") -> None:
	bridge.store.note_session_change(session.name, SessionChanged(state, detail), bridge.clock.now())


def _tell(bridge: Bridge, session: Session, watched: Watched) -> Watched:
	"""The agents whom the session names: who we are, once; that the connection is lost, once; that it is back, once."""
	if not session.control_agents:
		return watched
	if bridge.store.find_conversation(session.name, CONTROL) is None:
		_say(bridge, session, f"I am the bridge to WhatsApp. {HELP}", "greeting")
	status = bridge.store.session_status(session.name)
	if status is None:
		return watched
	lasting = bridge.clock.now() - status.since >= _ALERT_AFTER
	lost = status.state in _LOST or (status.state is SessionState.RECONNECTING and lasting)
	since = status.since.isoformat()
	if lost and not watched.alerted:
		words = words_of(status, in_zone(session.time_zone))
		_say(bridge, session, f"⚠️ {words.sentence}\n{words.advice}", f"lost {since}")
		return replace(watched, alerted=True)
	if status.state is SessionState.CONNECTED and watched.alerted:
		_say(bridge, session, "✅ Connected to WhatsApp again.", f"back {since}")
		return replace(watched, alerted=False)
	return watched


def _say(bridge: Bridge, session: Session, text: str, key: str) -> None:
	enqueue_internal(bridge, session, TellAgents(text), key=f"{session.name} {key}", about="control")
