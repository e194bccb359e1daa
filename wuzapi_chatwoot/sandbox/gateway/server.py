"""Puts the simulated gateway together. Everything it does is in the modules beside this one."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable

from wuzapi_chatwoot.sandbox.counters import Counters
from wuzapi_chatwoot.sandbox.defaults import GATEWAY_INSTANCE, GATEWAY_USER_ID, OWN_PHONE
from wuzapi_chatwoot.sandbox.gateway.api.account import Account
from wuzapi_chatwoot.sandbox.gateway.api.admin_api import AdminApi
from wuzapi_chatwoot.sandbox.gateway.api.chat import ChatActions
from wuzapi_chatwoot.sandbox.gateway.api.history_api import HistoryApi
from wuzapi_chatwoot.sandbox.gateway.api.privacy_api import PrivacyApi
from wuzapi_chatwoot.sandbox.gateway.api.requests import failure, refuse
from wuzapi_chatwoot.sandbox.gateway.api.routes import OFFLINE, WITHOUT_DEVICE, RouteTable
from wuzapi_chatwoot.sandbox.gateway.api.sending import Sending
from wuzapi_chatwoot.sandbox.gateway.api.session_api import SessionApi, record_of
from wuzapi_chatwoot.sandbox.gateway.api.settings_api import SettingsApi
from wuzapi_chatwoot.sandbox.gateway.clients import Clients
from wuzapi_chatwoot.sandbox.gateway.pairing import Pairing
from wuzapi_chatwoot.sandbox.gateway.phones.life import Life
from wuzapi_chatwoot.sandbox.gateway.phones.people import Person
from wuzapi_chatwoot.sandbox.gateway.phones.phone import Phone
from wuzapi_chatwoot.sandbox.gateway.phones.whatsapp import Line, WhatsApp
from wuzapi_chatwoot.sandbox.gateway.posts.webhooks import GatewayWebhooks
from wuzapi_chatwoot.sandbox.gateway.users import S3Settings, UserRow, Users
from wuzapi_chatwoot.sandbox.options import Options
from wuzapi_chatwoot.sandbox.switches import SwitchBoard
from wuzapi_chatwoot.sandbox.web.deliveries import Deliveries
from wuzapi_chatwoot.sandbox.web.http_client import HttpClient
from wuzapi_chatwoot.sandbox.web.http_server import (
	Call,
	Handler,
	Reply,
	SimulatedServer,
	json_reply,
	text_reply,
)

ADMIN = "/admin/"


class Gateway:
	"""The simulated WuzAPI. It begins with one user, paired and connected; others come beside it."""

	def __init__(
		self, options: Options, board: SwitchBoard, deliveries: Deliveries, changed: Callable[[], None]
	) -> None:
		self._options = options
		self._board = board
		self._deliveries = deliveries
		self._changed = changed
		self.counters = Counters()
		self.client = HttpClient("go-resty/2.16.5 (https://github.com/go-resty/resty)")
		self.webhooks = GatewayWebhooks(board, self.counters, deliveries, self.client)
		self.users = Users()
		self.users.reads_media = lambda: not board.now.gateway_before_june_2026
		self.clients = Clients(self.users, self.webhooks, board, deliveries, changed)
		self.clients.everywhere = (options.gateway_global_webhook, options.gateway_global_hmac_key)
		self.whatsapp = WhatsApp(self._new_phone, self._new_life, self._add_routes_of_line)
		self.pairing = Pairing(self.clients, options, board, deliveries, changed)
		self._begin()
		missing = text_reply("404 page not found\n", 404)
		self.app = SimulatedServer("gateway", lambda: board.now, self.counters, self._guard, missing)
		self.app.route("GET", "/health", self.health, open_to_all=True)
		self.app.route("GET", "/avatars/{name}", self.picture, open_to_all=True)
		SessionApi(self.clients, self.pairing, self.whatsapp, board).add_routes(self.app)
		SettingsApi(self.clients, board).add_routes(self.app)
		PrivacyApi(self.clients, board).add_routes(self.app)
		HistoryApi(self.clients, self.whatsapp, board).add_routes(self.app)
		AdminApi(self.clients, board).add_routes(self.app)
		for method, path in self._line.routes.handlers:
			self.app.route(method, path, self._on_line(method, path))

	def _begin(self) -> None:
		options = self._options
		self._line = self.whatsapp.line(OWN_PHONE)
		device = self._line.link()
		row = UserRow(
			GATEWAY_USER_ID,
			GATEWAY_INSTANCE,
			options.gateway_token,
			options.gateway_webhook_url,
			"All",
			jid=device.jid,
			connected=True,
			s3=S3Settings(media_delivery="base64"),
			hmac_key=options.gateway_hmac_key,
		)
		self.users.rows[row.id] = row
		self.clients.is_there(self.users.load(row, with_key=True), device)

	@property
	def life(self) -> Life:
		"""What happens on the phone of the user that the gateway begins with."""
		return self._line.life

	@property
	def keys_are_readable(self) -> bool:
		"""Say whether a restart can read the keys in the database."""
		return self._board.now.gateway_encryption_key == "kept"

	def reset(self) -> None:
		"""Forget all messages and users, and put the settings back."""
		self.webhooks.forget()
		self.clients.clear()
		self.users.clear()
		self.whatsapp.lines.clear()
		self._begin()
		self.counters.clear()

	def _new_phone(self, owner: Person) -> Phone:
		return Phone(self._options.keep, lambda: self._board.now.shuffle_window_ms > 0, owner)

	def _new_life(self, phone: Phone, line: Line) -> Life:
		is_up = self.webhooks.up.is_set
		return Life(phone, line, is_up, self._board, self._deliveries, self._changed)

	def _add_routes_of_line(self, life: Life, table: RouteTable) -> None:
		Sending(life, self.counters, self._board).add_routes(table)
		ChatActions(life, self._board).add_routes(table)
		Account(life).add_routes(table)

	def _on_line(self, method: str, path: str) -> Handler:
		def run(call: Call) -> Reply | Awaitable[Reply]:
			client = self.clients.tracked.get(record_of(self.clients, call).id)
			if client is None:
				raise refuse(500, "no session")
			if not self.clients.is_connected(client.user_id):
				call.trouble = OFFLINE
			elif client.device is None:
				call.trouble = WITHOUT_DEVICE
			# What is asked is looked at first all the same, by somebody who has no chats.
			line = client.device.line if client.device is not None else self.whatsapp.nobody
			return line.routes.handlers[method, path](call)

		return run

	def _guard(self, call: Call) -> Reply | None:
		if call.path.startswith(ADMIN):
			allowed = call.header(b"authorization") == self._options.gateway_admin_token
		else:
			token = call.header(b"token") or call.query_value("token")
			allowed = token is not None and self.users.authenticated(token) is not None
		return None if allowed else failure(401, "unauthorized")

	def health(self, call: Call) -> Reply:
		"""Answer without a token and without an envelope."""
		ids = list(self.users.rows)
		return json_reply(
			{
				"status": "ok",
				"timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
				"uptime": f"{int(time.monotonic() - self.clients.began)}s",
				"active_connections": len(self.clients.tracked),
				"total_users": len(ids),
				"connected_users": sum(map(self.clients.is_connected, ids)),
				"logged_in_users": sum(map(self.clients.is_logged_in, ids)),
				"memory_stats": {},
				"goroutines": 12,
				"version": self._board.now.gateway_version,
			}
		)

	def picture(self, call: Call) -> Reply:
		"""Hand out a profile picture, without a token, as WhatsApp's own servers do."""
		wanted = call.parameters["name"].partition(".")[0]
		for line in self.whatsapp.lines.values():
			for number, file in line.life.phone.pictures.values():
				if number == wanted:
					return Reply(200, file.data, file.mimetype.encode())
		return text_reply("URL signature expired", 403)
