"""What this site remembers of connects, and what a session's gateway should use. When one may connect is the bridge's to decide."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, cast

import frappe

from wuzapi_chatwoot.bridge.context import Bridge
from wuzapi_chatwoot.bridge.model.records import Secret, Session
from wuzapi_chatwoot.bridge.ports.gateway_setup import GatewaySetup, WebhookSettings
from wuzapi_chatwoot.bridge.sessions.connect_session import careful_gateway
from wuzapi_chatwoot.bridge.sessions.manual_gateway import AS_STORED, ManualGateway
from wuzapi_chatwoot.frappe_host.gateways import setup_clients as sides
from wuzapi_chatwoot.frappe_host.task_state.task_state import claim, forget, recall, remember
from wuzapi_chatwoot.frappe_host.threads.call_interceptor import CallInterceptor
from wuzapi_chatwoot.gateways.wuzapi.event_names import EVENTS
from wuzapi_chatwoot.gateways.wuzapi.setup.setup_values import SHORTEST_KEY
from wuzapi_chatwoot.runtime.system import SystemClock

# Seconds. Whoever connects by hand waits for a look of the watchdog to end.
_HANDS = 15.0
_PAUSE = 0.2
# One look, or one connect with its settings, makes a handful of calls.
_LONGEST = 120
_ASKED_FOR = 600


class ConnectsOfSession:
	"""Implements `ConnectMemory`."""

	def __init__(self, session: str, patience: float | None = None) -> None:
		"""`patience`: how long to wait for somebody else, in seconds; as long as people would, if it is not given."""
		self._session = session
		self._patience = _HANDS if patience is None else patience

	@contextmanager
	def alone(self) -> Iterator[bool]:
		ends = time.monotonic() + self._patience
		while not (alone := claim(self._session, "connecting", _LONGEST)) and time.monotonic() < ends:
			time.sleep(_PAUSE)
		try:
			yield alone
		finally:
			if alone:
				forget(self._session, "connecting")

	def asked_at(self) -> datetime | None:
		at = recall(self._session, "connect_asked").get("at")
		return datetime.fromisoformat(at) if at else None

	def note_asked(self) -> None:
		remember(self._session, "connect_asked", {"at": SystemClock().now().isoformat()}, _ASKED_FOR)

	def is_held(self) -> bool:
		return bool(frappe.db.get_value("WuzAPI Session", self._session, "held"))

	def release(self) -> None:
		if self.is_held():
			frappe.db.set_value("WuzAPI Session", self._session, "held", 0)


def exclusive_gateway_of(bridge: Bridge, session: Session, gateway: GatewaySetup) -> GatewaySetup:
	"""For whoever acts by hand. `gateway`: the session's own."""
	base = sides.callback_base(session.name)
	return careful_gateway(
		bridge, session, *gateway_and_settings(session, gateway, base), ConnectsOfSession(session.name)
	)


def gateway_and_settings(
	session: Session, gateway: GatewaySetup, base: str | None
) -> tuple[GatewaySetup, WebhookSettings, Secret | None]:
	"""The gateway to be worked with, and what it should use. `base`: as `session_sides.callback_base` has it."""
	if not base:
		return ManualGateway(gateway, EVENTS), AS_STORED, signing_key_of(session)
	return gateway, sides.webhook_of(session, base), signing_key_of(session)


def signing_key_of(session: Session) -> Secret | None:
	"""`None`: there is none that WuzAPI would take."""
	usable = (key for key in session.gateway_secrets[:1] if len(key.value) >= SHORTEST_KEY)
	return next(usable, None)


def outside_transactions(bridge: Bridge, gateway: GatewaySetup) -> GatewaySetup:
	"""No transaction stays open while the gateway is asked: a migration would wait for it."""
	store: Any = bridge.store
	return cast(GatewaySetup, CallInterceptor(gateway, store.end_reading))
