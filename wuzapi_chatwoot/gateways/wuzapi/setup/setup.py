"""One WuzAPI user by its own token: the port `GatewaySetup`. Settings and pairing, no messages.

What WuzAPI loses, and when a setting is to be made again, is for the use cases to know.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

import requests

from wuzapi_chatwoot.bridge.model.errors import BridgeError, Fault, Permanent, Retriable
from wuzapi_chatwoot.bridge.model.session import Secret
from wuzapi_chatwoot.bridge.ports.gateway_setup import GatewayStatus, WebhookSettings
from wuzapi_chatwoot.gateways.wuzapi.client.calls import READ_SEND, Calls, not_wuzapi, pooled_http
from wuzapi_chatwoot.gateways.wuzapi.setup.setup_failures import (
	AlreadyConnected,
	AlreadyLoggedIn,
	NotConnected,
	UnknownPath,
	failure_of_user,
)
from wuzapi_chatwoot.gateways.wuzapi.setup.setup_values import checked_key, ordered, seconds_of, status_from


class WuzapiSetup:
	"""Thread-safe, but `connect` is to be called once at a time."""

	def __init__(self, url: str, token: Secret, http: requests.Session | None = None) -> None:
		self._calls = Calls(
			http or pooled_http(), url.strip().rstrip("/"), token.value.strip(), failure=failure_of_user
		)

	# ---- settings

	def status(self) -> GatewayStatus:
		"""Some releases of WuzAPI tell the address of a session that was just paired only after their next start."""
		data = self._calls.get("/session/status")
		if "connected" not in data:
			raise not_wuzapi("no status in the answer")
		return status_from(data)

	def running_since(self, now: datetime) -> datetime | None:
		seconds = seconds_of(self._calls.get_bare("/health").text("uptime"))
		return None if seconds is None else now - timedelta(seconds=seconds)

	def stored_webhook(self) -> WebhookSettings:
		data = self._calls.get("/webhook")
		if "webhook" not in data:
			raise not_wuzapi("no webhook in the answer")
		# An emptied list comes as one empty name.
		return WebhookSettings(data.text("webhook"), frozenset(filter(None, data.texts("subscribe"))))

	def is_outdated(self) -> bool:
		"""Older than June 2026: only what came with that month tells, since the releases bear the same version."""
		try:
			# Without a name nothing is set.
			self._calls.post("/user/privacy", {})
		except UnknownPath:
			return True
		except BridgeError:
			return False
		return False

	def set_webhook(self, webhook: WebhookSettings) -> None:
		# Without `events` WuzAPI would send none until its next start.
		self._calls.post("/webhook", {"webhookurl": webhook.url, "events": ordered(webhook.events)})

	def deliver_media(self) -> None:
		"""Ends a delivery by S3, if there is one."""
		self._calls.post("/session/s3/config", {"enabled": False, "media_delivery": "base64"})

	def set_signing_key(self, key: Secret) -> None:
		self._calls.post("/session/hmac/config", {"hmac_key": checked_key(key)})

	# ---- connecting and pairing

	def connect(self, events: Collection[str] = ()) -> None:
		body: dict[str, object] = {"Immediate": True}
		if events:
			# Without it, releases before June 2026 empty the list, in memory and in their database.
			body["Subscribe"] = ordered(events)
		try:
			self._calls.post("/session/connect", body, sending=True)
		except AlreadyConnected as error:
			if not self.status().connected:
				reason = (
					"The gateway says of this session both that it is connected and that it is not: "
					"if this lasts for some minutes, restart the gateway"
				)
				raise Retriable(reason, detail=error.detail, fault=Fault.UNWELL) from error

	def qr(self) -> str | None:
		"""`None` also while the session is not connecting, which its status tells."""
		try:
			return self._calls.get("/session/qr").text("QRCode") or None
		except (NotConnected, AlreadyLoggedIn):
			return None

	def pair_by_phone(self, phone: str) -> str:
		"""The session must be connecting: `connect` first. Raises `Permanent` when it is paired."""
		digits = phone.strip().removeprefix("+")
		if not (digits.isascii() and digits.isdigit()):
			raise Permanent("A phone is paired by its number with the country code, as in +447700900123")
		try:
			answer = self._calls.post(
				"/session/pairphone", {"Phone": digits}, read_timeout=READ_SEND, sending=True
			)
		except NotConnected as error:
			reason = "The session does not speak with WhatsApp yet: connect it, then ask for the code"
			raise Retriable(reason, detail=error.detail) from error
		code = answer.text("LinkingCode")
		if not code:
			raise Retriable("The gateway's answer holds no code", fault=Fault.UNWELL)
		return code

	def disconnect(self) -> None:
		"""A session that is reconnecting by itself goes on doing so.

		Releases of WuzAPI that do not tell the address yet may begin a new pairing at the next `connect`.
		"""
		try:
			self._calls.post("/session/disconnect", {})
		except NotConnected:
			return

	def log_out(self) -> None:
		"""WuzAPI ends a pairing only while it is connected. Else nothing happens: it is to be ended on the phone."""
		try:
			self._calls.post("/session/logout", {}, read_timeout=READ_SEND)
		except NotConnected:
			return
