"""What this host remembers of connects, and what a session's gateway should use. When one may connect is the bridge's to decide."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime

from wuzapi_chatwoot.bridge.model.records import Secret, Session
from wuzapi_chatwoot.bridge.ports.gateway_setup import GatewaySetup, WebhookSettings
from wuzapi_chatwoot.bridge.sessions.manual_gateway import AS_STORED, ManualGateway
from wuzapi_chatwoot.gateways.wuzapi.event_names import EVENTS
from wuzapi_chatwoot.standalone_host.registry.setup_clients import gateway_webhook, key_of, token_of
from wuzapi_chatwoot.standalone_host.workers.watcher import Watcher

# How long somebody waits for a look of the watcher to end, in seconds.
_HANDS = 15.0


class ConnectsOfSession:
	"""Implements `ConnectMemory`. `woken` is told that the session rests no more."""

	def __init__(self, watcher: Watcher, session: str, woken: Callable[[str], None]) -> None:
		self._watcher = watcher
		self._session = session
		self._woken = woken

	def alone(self) -> AbstractContextManager[bool]:
		return self._watcher.hands_on(self._session, _HANDS)

	def asked_at(self) -> datetime | None:
		return self._watcher.connect_asked_at(self._session)

	def note_asked(self) -> None:
		self._watcher.connect_asked(self._session)

	def is_held(self) -> bool:
		return self._watcher.rests(self._session)

	def release(self) -> None:
		self._woken(self._session)


def gateway_and_settings(
	session: Session, gateway: GatewaySetup, public_url: str, *, by_hand: bool
) -> tuple[GatewaySetup, WebhookSettings, Secret | None]:
	"""The gateway to be worked with, and what it should use. `by_hand`: people have wired the session."""
	if by_hand:
		return ManualGateway(gateway, EVENTS), AS_STORED, key_of(session)
	return gateway, gateway_webhook(public_url, session.name, token_of(session)), key_of(session)
