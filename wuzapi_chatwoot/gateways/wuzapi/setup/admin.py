"""A whole WuzAPI by its administrator's token: the port `GatewayAdmin`. Makes and removes users, and sends nothing."""

from __future__ import annotations

from urllib.parse import quote

import requests

from wuzapi_chatwoot.bridge.model.errors import NotFound, Permanent
from wuzapi_chatwoot.bridge.model.session import Secret
from wuzapi_chatwoot.bridge.ports.gateway_setup import GatewayUser, WebhookSettings
from wuzapi_chatwoot.gateways.wuzapi.client.calls import READ_SEND, Calls, not_wuzapi, pooled_http
from wuzapi_chatwoot.gateways.wuzapi.setup.setup_failures import failure_of_admin
from wuzapi_chatwoot.gateways.wuzapi.setup.setup_values import (
	checked_key,
	checked_new_token,
	ordered,
	user_from,
)


class WuzapiAdmin:
	"""Thread-safe. The users it gives out hold their tokens."""

	def __init__(self, url: str, admin_token: Secret, http: requests.Session | None = None) -> None:
		self._calls = Calls(
			http or pooled_http(),
			url.strip().rstrip("/"),
			admin_token.value.strip(),
			header="Authorization",
			failure=failure_of_admin,
		)

	def users(self) -> list[GatewayUser]:
		return [user_from(row) for row in self._calls.get_rows("/admin/users")]

	def user(self, id: str) -> GatewayUser | None:
		"""Its address is here right after pairing already, when its own status does not tell it yet."""
		if not id:
			return None
		rows = self._calls.get_rows(f"/admin/users/{quote(id, safe='')}")
		return next((user for user in map(user_from, rows) if user.id == id), None)

	def create_user(
		self, name: str, token: Secret, webhook: WebhookSettings, signing_key: Secret
	) -> GatewayUser:
		"""WuzAPI keeps the signing key, but signs only after `GatewaySetup.set_signing_key`."""
		if not name.strip():
			raise Permanent("A new user of the gateway needs a name")
		body = {
			"name": name,
			"token": checked_new_token(token),
			"webhook": webhook.url,
			"events": ",".join(ordered(webhook.events)),
			"hmacKey": checked_key(signing_key),
			# Without it WuzAPI puts no files into webhooks, in either way.
			"s3Config": {"enabled": False, "mediaDelivery": "base64"},
		}
		user = user_from(self._calls.post("/admin/users", body, sending=True))
		if not user.id:
			raise not_wuzapi("no user in the answer", sending=True)
		return GatewayUser(user.id, name, token, webhook.url, tuple(ordered(webhook.events)))

	def delete_user(self, id: str) -> None:
		"""Logs it out of WhatsApp too, which may take a minute."""
		if not id:
			return
		try:
			# Without `full` its running session would run on, and its token stay valid.
			self._calls.delete(f"/admin/users/{quote(id, safe='')}/full", read_timeout=READ_SEND)
		except NotFound:
			return
