"""The endpoints for a user's own settings: webhook, key, media delivery, proxy. With what each of them forgets."""

from __future__ import annotations

from urllib.parse import urlsplit

from wuzapi_chatwoot.sandbox.gateway.api.requests import UNREADABLE_SETTING, decoded, refuse, success
from wuzapi_chatwoot.sandbox.gateway.api.routes import Routes
from wuzapi_chatwoot.sandbox.gateway.api.session_api import record_of
from wuzapi_chatwoot.sandbox.gateway.clients import Clients
from wuzapi_chatwoot.sandbox.gateway.posts import event_names
from wuzapi_chatwoot.sandbox.gateway.users import ProxySettings, S3Settings, UserRecord, UserRow
from wuzapi_chatwoot.sandbox.switches import SwitchBoard
from wuzapi_chatwoot.sandbox.web.http_server import Call, Reply, json_reply

KEY_LENGTH = 32
DELIVERIES = ("base64", "s3", "both")


def check_encryption(board: SwitchBoard) -> None:
	"""Refuse to store a key that cannot be encrypted."""
	if board.now.gateway_encryption_key == "wrong_length":
		raise refuse(500, "failed to encrypt HMAC key: crypto/aes: invalid key size 12")


class SettingsApi:
	"""Handlers that change the row, the record, or one of the two."""

	def __init__(self, clients: Clients, board: SwitchBoard) -> None:
		self._clients = clients
		self._board = board
		self._users = clients.users

	def add_routes(self, server: Routes) -> None:
		"""Register the handlers."""
		server.route("GET", "/webhook", self.get_webhook)
		server.route("POST", "/webhook", self.set_webhook)
		server.route("PUT", "/webhook", self.change_webhook)
		server.route("DELETE", "/webhook", self.delete_webhook)
		server.route("POST", "/session/hmac/config", self.set_hmac_key)
		server.route("GET", "/session/hmac/config", self.get_hmac_key)
		server.route("DELETE", "/session/hmac/config", self.delete_hmac_key)
		server.route("POST", "/session/s3/config", self.set_s3)
		server.route("GET", "/session/s3/config", self.get_s3)
		server.route("DELETE", "/session/s3/config", self.delete_s3)
		server.route("POST", "/session/s3/test", self.test_s3)
		server.route("POST", "/session/proxy", self.set_proxy)

	def _row(self, user: UserRecord) -> UserRow:
		row = self._users.rows.get(user.id)
		if row is None:
			raise refuse(500, "sql: no rows in result set")
		return row

	def get_webhook(self, call: Call) -> Reply:
		"""Show what the database holds, which need not be what is used."""
		row = self._row(record_of(self._clients, call))
		# An empty list is split into one empty name, as Go does.
		return success({"webhook": row.webhook, "subscribe": row.events.split(",")})

	def set_webhook(self, call: Call) -> Reply:
		"""Set the address; without `events` nothing is subscribed to any more, in memory only."""
		user = record_of(self._clients, call)
		fields = decoded(call, UNREADABLE_SETTING, webhookurl=str, events=list)
		self._subscribe(user, fields["webhookurl"], fields["events"])
		return success({"webhook": fields["webhookurl"]})

	def change_webhook(self, call: Call) -> Reply:
		"""Set or clear the address; without `events` the same happens."""
		user = record_of(self._clients, call)
		fields = decoded(call, UNREADABLE_SETTING, webhook=str, events=list, active=bool)
		url = fields["webhook"] if fields["active"] else ""
		names = self._subscribe(user, url, fields["events"])
		return success({"webhook": url, "events": list(names), "active": bool(fields["active"])})

	def _subscribe(self, user: UserRecord, url: str, events: list[object]) -> tuple[str, ...]:
		names = event_names.known(events)
		self._users.remember(user, webhook=url, events=names)

		def store(row: UserRow) -> None:
			row.webhook = url
			if names:
				row.events = ",".join(names)

		self._users.store(user.id, store)
		return names

	def delete_webhook(self, call: Call) -> Reply:
		"""Clear the address and the subscription."""
		user = record_of(self._clients, call)
		self._users.remember(user, webhook="", events=())

		def store(row: UserRow) -> None:
			row.webhook = row.events = ""

		self._users.store(user.id, store)
		return success({"Details": "Webhook and events deleted successfully"})

	def set_hmac_key(self, call: Call) -> Reply:
		"""Sign with this key from now on; the answer has no envelope."""
		user = record_of(self._clients, call)
		key = decoded(call, UNREADABLE_SETTING, hmac_key=str)["hmac_key"]
		if len(key) < KEY_LENGTH:
			raise refuse(400, "HMAC key must be at least 32 characters long")
		check_encryption(self._board)
		self._set_key(user, key)
		return json_reply({"Details": "HMAC configuration saved successfully"})

	def get_hmac_key(self, call: Call) -> Reply:
		"""Say whether the database holds a key, which does not mean that anything is signed."""
		row = self._row(record_of(self._clients, call))
		return json_reply({"hmac_key": "***" if row.hmac_key else ""})

	def delete_hmac_key(self, call: Call) -> Reply:
		"""Sign no more."""
		self._set_key(record_of(self._clients, call), "")
		return json_reply({"Details": "HMAC configuration deleted successfully"})

	def _set_key(self, user: UserRecord, key: str) -> None:
		self._users.remember(user, hmac_key=key)

		def store(row: UserRow) -> None:
			row.hmac_key = key

		self._users.store(user.id, store)

	def set_s3(self, call: Call) -> Reply:
		"""Say where files go; it takes effect at once."""
		user = record_of(self._clients, call)
		fields = decoded(
			call,
			UNREADABLE_SETTING,
			enabled=bool,
			endpoint=str,
			region=str,
			bucket=str,
			access_key=str,
			secret_key=str,
			path_style=bool,
			public_url=str,
			media_delivery=str,
			retention_days=int,
		)
		fields["media_delivery"] = fields["media_delivery"] or "base64"
		if fields["media_delivery"] not in DELIVERIES:
			raise refuse(400, "media_delivery must be 'base64', 's3', or 'both'")
		fields["enabled"], fields["path_style"] = bool(fields["enabled"]), bool(fields["path_style"])
		self._set_s3(user, S3Settings(**fields))
		return success({"Details": "S3 configuration saved successfully", "Enabled": fields["enabled"]})

	def get_s3(self, call: Call) -> Reply:
		"""Show what the database holds, without the secret."""
		return success(self._row(record_of(self._clients, call)).s3.as_json())

	def delete_s3(self, call: Call) -> Reply:
		"""Deliver files in the body again."""
		self._set_s3(record_of(self._clients, call), S3Settings(media_delivery="base64"))
		return success({"Details": "S3 configuration deleted successfully"})

	def test_s3(self, call: Call) -> Reply:
		"""Say that the bucket can be reached, when there is one; nobody looks."""
		settings = self._row(record_of(self._clients, call)).s3
		if not settings.enabled:
			raise refuse(400, "S3 is not enabled for this user")
		details = {"Details": "S3 connection test successful"}
		return success({**details, "Bucket": settings.bucket, "Region": settings.region})

	def _set_s3(self, user: UserRecord, settings: S3Settings) -> None:
		self._users.remember(user, s3=settings)

		def store(row: UserRow) -> None:
			row.s3 = settings

		self._users.store(user.id, store)

	def set_proxy(self, call: Call) -> Reply:
		"""Set the way out to WhatsApp, while nobody uses it."""
		user = record_of(self._clients, call)
		fields = decoded(call, UNREADABLE_SETTING, proxy_url=str, enable=bool, webhook_use_proxy=bool)
		if self._clients.is_connected(user.id):
			raise refuse(400, "cannot set proxy while connected. Please disconnect first")
		url, enabled = fields["proxy_url"], bool(fields["enable"])
		if enabled and not url:
			raise refuse(400, "missing proxy_url in payload")
		if enabled and urlsplit(url).scheme not in ("http", "socks5"):
			raise refuse(400, "only HTTP and SOCKS5 proxies are supported")
		settings = ProxySettings(enabled, url if enabled else "", fields["webhook_use_proxy"] is not False)
		self._users.remember(user, proxy_url=settings.url)

		def store(row: UserRow) -> None:
			row.proxy = settings

		self._users.store(user.id, store)
		if not enabled:
			return success({"Details": "Proxy disabled successfully"})
		use = settings.webhook_use_proxy
		return success(
			{"Details": "Proxy configured successfully", "ProxyURL": url, "webhook_use_proxy": use}
		)
