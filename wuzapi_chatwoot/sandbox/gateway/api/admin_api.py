"""The endpoints of the gateway's administrator: its users. Not every change reaches the running process."""

from __future__ import annotations

import secrets
from typing import Any

from wuzapi_chatwoot.sandbox.gateway.api.requests import decoded, refuse, success
from wuzapi_chatwoot.sandbox.gateway.api.routes import Routes
from wuzapi_chatwoot.sandbox.gateway.api.session_api import unlink
from wuzapi_chatwoot.sandbox.gateway.api.settings_api import KEY_LENGTH, check_encryption
from wuzapi_chatwoot.sandbox.gateway.clients import Clients
from wuzapi_chatwoot.sandbox.gateway.posts import event_names
from wuzapi_chatwoot.sandbox.gateway.users import ProxySettings, S3Settings, UserRow
from wuzapi_chatwoot.sandbox.switches import SwitchBoard
from wuzapi_chatwoot.sandbox.web.http_server import Call, Refused, Reply, json_reply

UNREADABLE_USER = "invalid request payload"
FIELDS: dict[str, type] = {
	"name": str,
	"token": str,
	"webhook": str,
	"events": str,
	"expiration": int,
	"history": int,
	"proxyconfig": dict,
	"s3config": dict,
}
# The names in a request's s3Config, and those of the settings.
S3_NAMES = {
	"enabled": "enabled",
	"endpoint": "endpoint",
	"region": "region",
	"bucket": "bucket",
	"accesskey": "access_key",
	"secretkey": "secret_key",
	"pathstyle": "path_style",
	"publicurl": "public_url",
	"mediadelivery": "media_delivery",
	"retentiondays": "retention_days",
}


class AdminApi:
	"""Handlers around the rows of all users."""

	def __init__(self, clients: Clients, board: SwitchBoard) -> None:
		self._clients = clients
		self._board = board
		self._users = clients.users

	def add_routes(self, server: Routes) -> None:
		"""Register the handlers."""
		server.route("GET", "/admin/users", lambda call: success(self._listed("")))
		server.route("GET", "/admin/users/{id}", lambda call: success(self._listed(call.parameters["id"])))
		server.route("POST", "/admin/users", self.create)
		server.route("PUT", "/admin/users/{id}", self.change)
		server.route("DELETE", "/admin/users/{id}", self.delete)
		server.route("DELETE", "/admin/users/{id}/full", self.delete_fully)

	def _listed(self, wanted: str) -> list[dict[str, Any]]:
		rows = self._users.rows.values()
		return [self._item(row) for row in rows if not wanted or row.id == wanted]

	def _item(self, row: UserRow) -> dict[str, Any]:
		return {
			"id": row.id,
			"name": row.name,
			"token": row.token,
			"webhook": row.webhook,
			"jid": row.jid,
			"qrcode": row.qrcode,
			"connected": self._clients.is_connected(row.id),
			"loggedIn": self._clients.is_logged_in(row.id),
			"expiration": row.expiration,
			"proxy_url": row.proxy.url,
			"events": row.events,
			"proxy_config": row.proxy.as_json(),
			"s3_config": row.s3.as_json(),
		}

	def create(self, call: Call) -> Reply:
		"""Add a row. Its key is not used before it is posted, and without s3Config webhooks carry no files."""
		fields = decoded(call, UNREADABLE_USER, **FIELDS, hmackey=str)
		if fields["hmackey"] and len(fields["hmackey"].encode()) < KEY_LENGTH:
			raise refuse(400, "HMAC key must be at least 32 characters long")
		if fields["hmackey"]:
			check_encryption(self._board)
		events = _checked_events(fields["events"])
		if self._users.row_of_token(fields["token"]) is not None:
			raise refuse(409, "user with this token already exists")
		row = UserRow(
			secrets.token_hex(16),
			fields["name"],
			fields["token"],
			fields["webhook"],
			events,
			expiration=fields["expiration"],
			history=fields["history"],
			proxy=_proxy(fields["proxyconfig"]),
			s3=_s3(fields["s3config"], S3Settings()),
			hmac_key=fields["hmackey"],
		)
		self._users.rows[row.id] = row
		data = {
			"id": row.id,
			"name": row.name,
			"token": row.token,
			"webhook": row.webhook,
			"expiration": row.expiration,
			"events": row.events,
			"proxy_config": row.proxy.as_json(),
			"s3_config": row.s3.as_json(),
			"hmac_key": bool(row.hmac_key),
		}
		return json_reply({"code": 201, "data": data, "success": True}, 201)

	def change(self, call: Call) -> Reply:
		"""Change a row; what is empty or 0 is left alone.

		The running process takes over everything but the delivery of files; with another token it takes over nothing.
		"""
		row = self._row(call)
		fields = decoded(call, UNREADABLE_USER, **FIELDS)
		if not any(fields.values()):
			raise refuse(400, "no fields to update")
		events = _checked_events(fields["events"])
		other = self._users.row_of_token(fields["token"]) if fields["token"] else None
		if other is not None and other is not row:
			raise refuse(409, "user with this token already exists")
		if fields["token"] and fields["token"] != row.token:
			# The client goes on under the old token, under which nobody is known any more.
			self._users.records.pop(row.token, None)
			row.token = fields["token"]
		row.name = fields["name"] or row.name
		row.webhook = fields["webhook"] or row.webhook
		row.events = events or row.events
		row.expiration = fields["expiration"] or row.expiration
		row.history = fields["history"] or row.history
		if fields["proxyconfig"]:
			row.proxy = _proxy(fields["proxyconfig"])
		row.s3 = _s3(fields["s3config"], row.s3)
		record = self._users.records.get(row.token)
		if record is not None:
			self._users.remember(
				record,
				name=row.name,
				webhook=row.webhook,
				events=event_names.split(row.events),
				history=row.history,
				proxy_url=row.proxy.url if row.proxy.enabled else "",
			)
		return json_reply({"code": 200, "message": "user updated successfully", "success": True})

	def delete(self, call: Call) -> Reply:
		"""Remove the row and nothing else: a session goes on, and so does its token."""
		row = self._row(call, by_details=True)
		del self._users.rows[row.id]
		return json_reply(
			{"code": 200, "data": {"id": row.id}, "details": "user deleted successfully", "success": True}
		)

	def delete_fully(self, call: Call) -> Reply:
		"""Log out, disconnect, and remove everything."""
		row = self._row(call, by_details=True)
		client = self._clients.tracked.get(row.id)
		if client is not None:
			unlink(self._clients, client)
		del self._users.rows[row.id]
		self._users.records.pop(row.token, None)
		data = {"id": row.id, "name": row.name, "jid": row.jid}
		details = "user instance removed completely"
		return json_reply({"code": 200, "data": data, "details": details, "success": True})

	def _row(self, call: Call, *, by_details: bool = False) -> UserRow:
		wanted = call.parameters["id"]
		row = self._users.rows.get(wanted)
		if row is None:
			error: dict[str, Any] = {"code": 404, "error": "user not found", "success": False}
			if by_details:
				error["details"] = f"No user found with ID: {wanted}"
			raise Refused(json_reply(error, 404))
		return row


def _checked_events(text: str) -> str:
	names = event_names.split(text)
	for name in names:
		if name not in event_names.EVENT_NAMES:
			error = {"code": 400, "error": "invalid event type", "details": f"invalid event: {name}"}
			raise Refused(json_reply({**error, "success": False}, 400))
	return ",".join(names)


def _proxy(given: dict[str, Any]) -> ProxySettings:
	lowered = {key.lower(): value for key, value in given.items()}
	url = lowered.get("proxyurl", "")
	if not isinstance(url, str):
		raise refuse(400, "could not decode Payload")
	use = lowered.get("webhookuseproxy", True)
	return ProxySettings(bool(lowered.get("enabled", False)), url, use is not False)


def _s3(given: dict[str, Any], before: S3Settings) -> S3Settings:
	if not given:
		return before
	wanted = {S3_NAMES[key.lower()]: value for key, value in given.items() if key.lower() in S3_NAMES}
	for name, value in wanted.items():
		if not isinstance(value, type(getattr(before, name))):
			raise refuse(400, "could not decode Payload")
	return S3Settings(**wanted)
