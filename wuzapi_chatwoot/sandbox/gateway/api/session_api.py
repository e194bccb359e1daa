"""The endpoints under `/session` that connect, pair and end a session. Its settings are in settings_api.py."""

from __future__ import annotations

import asyncio

from wuzapi_chatwoot.sandbox.gateway.api.requests import decoded, recipient, refuse, success
from wuzapi_chatwoot.sandbox.gateway.api.routes import OFFLINE, Routes
from wuzapi_chatwoot.sandbox.gateway.clients import UP, Client, Clients
from wuzapi_chatwoot.sandbox.gateway.pairing import Pairing
from wuzapi_chatwoot.sandbox.gateway.phones.people import PHONE_SERVER, without_device
from wuzapi_chatwoot.sandbox.gateway.phones.whatsapp import WhatsApp
from wuzapi_chatwoot.sandbox.gateway.posts import event_names
from wuzapi_chatwoot.sandbox.gateway.users import UserRecord, UserRow
from wuzapi_chatwoot.sandbox.switches import SwitchBoard
from wuzapi_chatwoot.sandbox.web.http_server import Call, Reply


def record_of(clients: Clients, call: Call) -> UserRecord:
	"""Return whose call this is; the guard has let it in."""
	record = clients.users.authenticated(call.header(b"token") or call.query_value("token") or "")
	if record is None:
		raise refuse(401, "unauthorized")
	return record


class SessionApi:
	"""Handlers around the tracked client of each user."""

	def __init__(self, clients: Clients, pairing: Pairing, whatsapp: WhatsApp, board: SwitchBoard) -> None:
		self._clients = clients
		self._pairing = pairing
		self._whatsapp = whatsapp
		self._board = board

	def add_routes(self, server: Routes) -> None:
		"""Register the handlers."""
		server.route("POST", "/session/connect", self.connect)
		server.route("POST", "/session/disconnect", self.disconnect)
		server.route("POST", "/session/logout", self.logout)
		server.route("GET", "/session/status", self.status)
		server.route("GET", "/session/qr", self.qr)
		server.route("POST", "/session/pairphone", self.pair_phone)

	async def connect(self, call: Call) -> Reply:
		"""Make a client, also when one is just coming up or coming back: that is the original's trap."""
		user = record_of(self._clients, call)
		fields = decoded(call, subscribe=list, immediate=bool)
		if not all(isinstance(name, str) for name in fields["subscribe"]):
			raise refuse(400, "could not decode Payload")
		if self._clients.is_connected(user.id):
			status = 500 if self._board.now.gateway_version == "1.0.6" else 409
			raise refuse(status, "already connected")
		if fields["subscribe"]:
			names = event_names.known(fields["subscribe"])
			user = self._clients.users.remember(user, events=names)
			self._clients.users.store(user.id, lambda row: _subscribe(row, names))
		elif self._board.now.gateway_before_june_2026:
			user = self._clients.users.remember(user, events=())
			self._clients.users.store(user.id, lambda row: _subscribe(row, ()))
		# The address from memory, which a pairing has emptied: without one a new pairing begins.
		self._clients.start(user, self._whatsapp.device(user.jid))
		if not fields["immediate"]:
			await asyncio.sleep(self._board.now.gateway_connect_block_ms / 1000)
			if not self._clients.is_connected(user.id):
				raise refuse(500, "failed to connect")
		return success(
			{
				"webhook": user.webhook,
				"jid": user.jid,
				"events": ",".join(user.events),
				"details": "Connected!",
			}
		)

	def disconnect(self, call: Call) -> Reply:
		"""Close the connection and keep the pairing; no webhook tells of it."""
		user = record_of(self._clients, call)
		client = self._connected(user, "cannot disconnect because it is not logged in")
		if call.query_value("clear") == "true":
			self._clients.users.remember(user, events=())
			self._clients.users.store(user.id, lambda row: _subscribe(row, ()))
		self._clients.forgets(client)
		return success({"Details": "Disconnected"})

	def logout(self, call: Call) -> Reply:
		"""Give the pairing up; no webhook tells of it."""
		user = record_of(self._clients, call)
		client = self._connected(user, "could not disconnect as it was not connected")
		if client.device is None:
			raise refuse(500, "could not logout as it was not logged in")
		unlink(self._clients, client)
		return success({"Details": "Logged out"})

	def _connected(self, user: UserRecord, complaint: str) -> Client:
		client = self._clients.tracked.get(user.id)
		if client is None:
			raise refuse(500, "no session")
		if client.state != UP:
			raise refuse(500, complaint)
		return client

	def status(self, call: Call) -> Reply:
		"""Show what memory holds, and in the same answer some of what the database holds."""
		user = record_of(self._clients, call)
		row = self._clients.users.rows.get(user.id) or UserRow(user.id, user.name, user.token)
		# The newer release shows the number, the older one the device.
		jid = user.jid if self._board.now.gateway_version == "1.0.6" else without_device(user.jid)
		return success(
			{
				"id": user.id,
				"name": user.name,
				"connected": self._clients.is_connected(user.id),
				"loggedIn": self._clients.is_logged_in(user.id),
				"token": user.token,
				"jid": jid,
				"webhook": user.webhook,
				"events": ",".join(user.events),
				"proxy_url": user.proxy_url,
				"qrcode": user.qrcode,
				"history": str(user.history),
				"proxy_config": row.proxy.as_json(),
				"s3_config": row.s3.as_json(),
				"hmac_configured": bool(row.hmac_key),
			}
		)

	def qr(self, call: Call) -> Reply:
		"""Show the code that is on screen; empty when none has come yet."""
		user = record_of(self._clients, call)
		client = self._connected(user, "not connected")
		if client.device is not None:
			raise refuse(500, "already logged in")
		row = self._clients.users.rows.get(user.id)
		return success({"QRCode": row.qrcode if row else ""})

	def pair_phone(self, call: Call) -> Reply:
		"""Ask for a code to be typed on the phone."""
		user = record_of(self._clients, call)
		client = self._clients.tracked.get(user.id)
		if client is None:
			raise refuse(500, "no session")
		phone = decoded(call, phone=str)["phone"]
		if not phone:
			raise refuse(400, "missing Phone in Payload")
		if self._clients.is_logged_in(user.id):
			raise refuse(400, "already paired")
		if client.state != UP:
			raise refuse(400, OFFLINE)
		number = recipient(phone).removesuffix(PHONE_SERVER)
		return success({"LinkingCode": self._pairing.linking_code(client, number)})


def unlink(clients: Clients, client: Client) -> None:
	"""Take a client's device off the phone, and the client out of the books."""
	device = client.device
	if device is not None and device in device.line.devices:
		device.line.devices.remove(device)
	clients.forgets(client)


def _subscribe(row: UserRow, names: tuple[str, ...]) -> None:
	row.events = ",".join(names)
