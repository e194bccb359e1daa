"""Connect a session with WhatsApp, and post its settings around that. The one place that decides when a connect may be asked for.

Two connects at once cut each other off for good. Right after a pairing, while WhatsApp closes the connection and the
gateway opens it again, a second one is worse: the gateway then works with a client that has no device, the phone says
that it is linked, and nothing can be sent.
"""

from __future__ import annotations

from collections.abc import Collection
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Protocol, cast

from wuzapi_chatwoot.bridge.context import Bridge
from wuzapi_chatwoot.bridge.model.errors import BridgeError, Permanent, Retriable
from wuzapi_chatwoot.bridge.model.events import SessionChanged, SessionState
from wuzapi_chatwoot.bridge.model.phone import to_e164
from wuzapi_chatwoot.bridge.model.records import Secret, Session, SessionStatus
from wuzapi_chatwoot.bridge.ports.gateway_setup import GatewaySetup, WebhookSettings

# Until a connect that was asked for shows in the gateway's status.
_CONNECT_SHOWS = timedelta(seconds=20)
# The reconnect after a pairing takes some seconds, at most about a minute.
_PAIRING_ENDS = timedelta(seconds=75)
# WhatsApp gives out six codes for a connect: the first is valid for 60 seconds, each of the others for 20.
_CODES_LAST = timedelta(seconds=160)

_PHONE_WANTED = "Write the phone's number with its country code, as in +447700900123"


class ConnectMemory(Protocol):
	"""What a host remembers of the connects of one session, wherever they were asked for."""

	def alone(self) -> AbstractContextManager[bool]:
		"""While it is held, nobody else connects or disconnects this session. False: somebody else does."""

	def asked_at(self) -> datetime | None:
		"""When it was last asked to connect."""

	def note_asked(self) -> None: ...

	def is_held(self) -> bool:
		"""Somebody has disconnected it on purpose."""

	def release(self) -> None:
		"""It is no longer disconnected on purpose."""


def is_starting(known: SessionStatus | None, asked_at: datetime | None, now: datetime) -> bool:
	"""Whether a session that the gateway calls not connected is connecting, or has perhaps just been paired.

	`known`: what was last told of it. Nobody may connect it then.
	"""
	if asked_at is not None and _within(now - asked_at, _CONNECT_SHOWS):
		return True
	if known is None:
		return False
	lasting = now - known.since
	if known.state is SessionState.STARTING:
		paired = known.address is not None or known.lid is not None
		return _within(lasting, _PAIRING_ENDS if paired else _CONNECT_SHOWS)
	# A code was shown, and nothing was told of what came of it.
	return known.state is SessionState.SCAN_QR and _within(lasting, _CODES_LAST + _PAIRING_ENDS)


def _within(lasting: timedelta, limit: timedelta) -> bool:
	"""A clock that was set back must not keep anybody waiting."""
	return timedelta(0) <= lasting < limit


def post_settings(
	gateway: GatewaySetup, webhook: WebhookSettings, signing_key: Secret | None, *, media: bool = True
) -> None:
	"""Everything that a gateway forgets. What it has stored proves nothing about what its running process uses."""
	gateway.set_webhook(webhook)
	if media:
		gateway.deliver_media()
	if signing_key is not None:
		gateway.set_signing_key(signing_key)


def connect_with_settings(
	gateway: GatewaySetup, webhook: WebhookSettings, signing_key: Secret | None, *, media: bool = True
) -> None:
	"""To be called only where a connect is allowed. Raises `BridgeError`.

	Before: what is set while a code is on screen is lost at the next code. After: a connect of an old release empties
	the list of events, and a key that was given before may be out of use.
	"""
	post_settings(gateway, webhook, signing_key, media=media)
	gateway.connect(webhook.events)
	try:
		post_settings(gateway, webhook, signing_key, media=media)
	except BridgeError:
		# It is connecting. The watchdog posts them again when it is connected.
		return


def connect_session(
	bridge: Bridge,
	session: Session,
	gateway: GatewaySetup,
	webhook: WebhookSettings,
	signing_key: Secret | None,
	memory: ConnectMemory,
) -> None:
	"""By hand. Nothing happens if it is connected, or may be connecting. Raises `BridgeError`."""
	with memory.alone() as alone:
		if not alone:
			raise Retriable("somebody else is at work on this session; try again in a moment")
		status, now = gateway.status(), bridge.clock.now()
		if status.connected:
			memory.release()
			return
		known, held = bridge.store.session_status(session.name), memory.is_held()
		if is_starting(known, memory.asked_at(), now):
			memory.release()
			return
		if not held and _reconnects(session, known, now):
			raise Retriable(
				"the gateway connects again by itself, and a second connection would cut off the first; "
				"try again in a few minutes"
			)
		memory.release()
		# Before the call: a connect whose answer is lost may be under way all the same.
		memory.note_asked()
		connect_with_settings(
			gateway, webhook, signing_key, media=not (status.has_storage and status.delivers_media)
		)
		banned = known is not None and known.state is SessionState.BANNED
		# Unless a webhook has told more since.
		if not banned and bridge.store.session_status(session.name) == known:
			bridge.store.note_session_change(session.name, SessionChanged(SessionState.STARTING), now)


def _reconnects(session: Session, known: SessionStatus | None, now: datetime) -> bool:
	if known is None or known.state is not SessionState.RECONNECTING:
		return False
	return (now - known.since).total_seconds() < session.reconnect_seconds


def code_to_type(session: Session, gateway: GatewaySetup, phone: str) -> str:
	"""`phone` as people write it. Raises `BridgeError`."""
	number = to_e164(phone, session.default_region)
	if number is None:
		raise Permanent(_PHONE_WANTED)
	return gateway.pair_by_phone(number)


def note_code(bridge: Bridge, session: Session) -> None:
	"""A code is there that a phone may take. The webhook about it may be lost."""
	known = bridge.store.session_status(session.name)
	if known is None or known.state is not SessionState.SCAN_QR:
		bridge.store.note_session_change(
			session.name, SessionChanged(SessionState.SCAN_QR), bridge.clock.now()
		)


class ExclusiveGateway:
	"""A session's gateway whose `connect` is `connect_session`, and whose codes are noted. The rest is the gateway's own."""

	def __init__(
		self,
		bridge: Bridge,
		session: Session,
		gateway: GatewaySetup,
		webhook: WebhookSettings,
		signing_key: Secret | None,
		memory: ConnectMemory,
	) -> None:
		self._gateway = gateway
		self._note_code = partial(note_code, bridge, session)
		self._connect = partial(connect_session, bridge, session, gateway, webhook, signing_key, memory)

	def __getattr__(self, name: str) -> Any:
		return getattr(self._gateway, name)

	def connect(self, events: Collection[str] = ()) -> None:
		"""`events`: those of the settings, whatever is said here."""
		self._connect()

	def qr(self) -> str | None:
		picture = self._gateway.qr()
		if picture is not None:
			self._note_code()
		return picture

	def pair_by_phone(self, phone: str) -> str:
		code = self._gateway.pair_by_phone(phone)
		self._note_code()
		return code


def careful_gateway(
	bridge: Bridge,
	session: Session,
	gateway: GatewaySetup,
	webhook: WebhookSettings,
	signing_key: Secret | None,
	memory: ConnectMemory,
) -> GatewaySetup:
	"""`webhook` and `signing_key`: what it should use."""
	return cast(GatewaySetup, ExclusiveGateway(bridge, session, gateway, webhook, signing_key, memory))
