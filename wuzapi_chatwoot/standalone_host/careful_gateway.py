"""A session's gateway for whoever acts by hand: never a second connect beside one that may be under way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from ..bridge.errors import Retriable
from ..bridge.events import SessionChanged, SessionState
from ..bridge.gateway_setup_port import GatewaySetup, GatewayStatus, WebhookSettings
from ..bridge.ports import Bridge
from ..bridge.records import Secret, Session
from .watcher import Watcher

# A connect takes this long until it shows, at most.
_UNDER_WAY = timedelta(seconds=20)
# How long somebody waits for a look of the watcher to end, in seconds.
_HANDS = 15.0


class CarefulGateway:
	"""Implements `GatewaySetup`. `woken` is called before a connect: the session rests no more."""

	def __init__(
		self,
		bridge: Bridge,
		watcher: Watcher,
		session: Session,
		gateway: GatewaySetup,
		woken: Callable[[str], None],
	) -> None:
		self._bridge = bridge
		self._watcher = watcher
		self._session = session
		self._gateway = gateway
		self._woken = woken

	def connect(self) -> None:
		with self._watcher.hands_on(self._session.name, _HANDS) as held:
			if not held:
				raise Retriable("somebody else is at work on this session; try again in a moment")
			if self._gateway.status().connected:
				self._woken(self._session.name)
				return
			now = self._bridge.clock.now()
			asked = self._watcher.connect_asked_at(self._session.name)
			if asked is not None and now - asked < _UNDER_WAY:
				return
			known = self._bridge.store.session_status(self._session.name)
			if (
				known is not None
				and known.state is SessionState.RECONNECTING
				and (now - known.since).total_seconds() < self._session.reconnect_seconds
				and not self._watcher.rests(self._session.name)
			):
				raise Retriable(
					"the gateway connects again by itself, and a second connection would cut off the first; "
					"try again in a few minutes"
				)
			if self._watcher.rests(self._session.name):
				# What we noted when it was disconnected by hand is over. Of any other connect the gateway tells.
				self._bridge.store.note_session_change(
					self._session.name, SessionChanged(SessionState.STARTING), now
				)
			self._woken(self._session.name)
			self._watcher.connect_asked(self._session.name)
			self._gateway.connect()

	def status(self) -> GatewayStatus:
		return self._gateway.status()

	def stored_webhook(self) -> WebhookSettings:
		return self._gateway.stored_webhook()

	def set_webhook(self, webhook: WebhookSettings) -> None:
		self._gateway.set_webhook(webhook)

	def deliver_media(self) -> None:
		self._gateway.deliver_media()

	def set_signing_key(self, key: Secret) -> None:
		self._gateway.set_signing_key(key)

	def qr(self) -> str | None:
		return self._gateway.qr()

	def pair_by_phone(self, phone: str) -> str:
		return self._gateway.pair_by_phone(phone)

	def disconnect(self) -> None:
		self._gateway.disconnect()

	def log_out(self) -> None:
		self._gateway.log_out()
