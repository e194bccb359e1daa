"""The gateway of a session that people have wired by hand: what they chose there is right, and is kept alive."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from wuzapi_chatwoot.bridge.model.session import Secret
from wuzapi_chatwoot.bridge.ports.gateway_setup import GatewaySetup, GatewayStatus, WebhookSettings

AS_STORED = WebhookSettings("as stored", frozenset())
"""What such a session should use."""


class ManualGateway:
	"""Implements `GatewaySetup`. It says that `AS_STORED` is used, or else what is used instead.

	Its address, its events and the way of its files are theirs. Posted again is only what the gateway has stored, where
	the running process may have lost it. An empty list of events is nobody's choice: old gateways empty it, stored and
	used, at every connect that does not name it.
	"""

	def __init__(self, gateway: GatewaySetup, events: Collection[str]) -> None:
		"""`events`: what to be told of where no list is left."""
		self._gateway = gateway
		self._events = frozenset(events)

	def _wanted(self) -> WebhookSettings:
		stored = self._gateway.stored_webhook()
		return stored if stored.events else replace(stored, events=self._events)

	def status(self) -> GatewayStatus:
		status, wanted = self._gateway.status(), self._wanted()
		# Where no address is stored, none can be posted again.
		right = not wanted.url or status.webhook == wanted
		return replace(status, webhook=AS_STORED if right else status.webhook)

	def running_since(self, now: datetime) -> datetime | None:
		return self._gateway.running_since(now)

	def stored_webhook(self) -> WebhookSettings:
		return AS_STORED

	def is_outdated(self) -> bool:
		return self._gateway.is_outdated()

	def set_webhook(self, webhook: WebhookSettings) -> None:
		wanted = self._wanted()
		if wanted.url:
			self._gateway.set_webhook(wanted)

	def deliver_media(self) -> None:
		status = self._gateway.status()
		if status.delivers_media and not status.has_storage:
			self._gateway.deliver_media()

	def set_signing_key(self, key: Secret) -> None:
		self._gateway.set_signing_key(key)

	def connect(self, events: Collection[str] = ()) -> None:
		self._gateway.connect(self._wanted().events)

	def qr(self) -> str | None:
		return self._gateway.qr()

	def pair_by_phone(self, phone: str) -> str:
		return self._gateway.pair_by_phone(phone)

	def disconnect(self) -> None:
		self._gateway.disconnect()

	def log_out(self) -> None:
		self._gateway.log_out()
