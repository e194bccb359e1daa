"""Pairing: codes that rotate and run out, scanning them, and typing a code. With the original's undone settings.

The gateway keeps a copy of the user record from when `/session/connect` was called and writes it back at every new
code, at success and at time-out. What was set in between is lost from the running process.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import replace

from wuzapi_chatwoot.sandbox.gateway.clients import UP, Client, Clients
from wuzapi_chatwoot.sandbox.gateway.phones.whatsapp import Line
from wuzapi_chatwoot.sandbox.gateway.posts import session_payloads
from wuzapi_chatwoot.sandbox.gateway.qr_picture import qr_data_url
from wuzapi_chatwoot.sandbox.gateway.users import UserRow
from wuzapi_chatwoot.sandbox.options import Options
from wuzapi_chatwoot.sandbox.switches import SwitchBoard
from wuzapi_chatwoot.sandbox.web.deliveries import Deliveries

# As WhatsApp makes linking codes: no letters that look like digits.
CODE_LETTERS = "123456789ABCDEFGHJKLMNPQRSTVWXYZ"


class Pairing:
	"""Shows codes to phones and links those that take one."""

	def __init__(
		self,
		clients: Clients,
		options: Options,
		board: SwitchBoard,
		deliveries: Deliveries,
		changed: Callable[[], None],
	) -> None:
		self._clients = clients
		self._options = options
		self._board = board
		self._deliveries = deliveries
		self._changed = changed
		clients.unpaired_is_up = lambda client: self._shows_code(client, options.qr_codes)

	def _shows_code(self, client: Client, left: int) -> None:
		if client.state != UP or client.device is not None:
			return
		if not left:
			self._shown(client, "")
			self._clients.last_word(client, session_payloads.qr_timeout())
			self._changed()
			return
		self._shown(client, qr_data_url("2@" + secrets.token_urlsafe(60)))
		self._clients.deliver(client, session_payloads.qr(client.qr))

		async def shows_next() -> None:
			self._shows_code(client, left - 1)

		self._deliveries.later((self._board.now.gateway_qr_ms or self._options.qr_ms) / 1000, shows_next)
		self._changed()

	def _shown(self, client: Client, picture: str) -> None:
		client.qr = picture

		def store(row: UserRow) -> None:
			row.qrcode = picture

		self._clients.users.store(client.user_id, store)
		self._writes_back(client, picture)

	def _writes_back(self, client: Client, picture: str) -> None:
		self._clients.users.records[client.token] = replace(client.snapshot, qrcode=picture)

	def on_screen(self, user_id: str) -> Client | None:
		"""Return the client whose code a phone would see; of two it is the one that drew last."""
		row = self._clients.users.rows.get(user_id)
		waiting = [client for client in self._clients.of(user_id) if client.qr and client.device is None]
		return next((client for client in waiting if row is None or client.qr == row.qrcode), None)

	def linking_code(self, client: Client, phone: str) -> str:
		"""Ask WhatsApp for a code that can be typed on this phone."""
		letters = "".join(secrets.choice(CODE_LETTERS) for _ in range(8))
		client.linking_code, client.linking_phone = f"{letters[:4]}-{letters[4:]}", phone
		return client.linking_code

	def asked_by(self, code: str) -> Client | None:
		"""Find who waits for a linking code."""
		waiting = (client for client in self._clients.all if client.state == UP and client.device is None)
		return next((client for client in waiting if client.linking_code == code), None)

	def succeeds(self, client: Client, line: Line) -> str:
		"""Let a phone take the code; returns the address of the new device."""
		device = line.link()

		def store(row: UserRow) -> None:
			row.jid, row.qrcode, row.connected = device.jid, "", True

		self._clients.users.store(client.user_id, store)
		client.device, client.qr, client.linking_code, client.is_new = device, "", "", True
		# The copy knows no address, so in 1.0.6 the address is lost from memory until the next start.
		self._writes_back(client, "")
		if self._board.now.gateway_version != "1.0.6":
			users = self._clients.users
			users.remember(users.records[client.token], jid=device.jid)
		self._clients.deliver(client, session_payloads.pair_success(device.jid, device.lid))
		# WhatsApp closes the stream after pairing; the client comes back as the new device.
		self._clients.comes_up_after(client)
		self._changed()
		return device.jid

	def fails(self, client: Client, line: Line) -> None:
		"""Let the phone's answer be worth nothing: nobody is paired, and the client has stopped."""
		device = line.link()
		line.devices.remove(device)
		self._shown(client, "")
		self._clients.deliver(client, session_payloads.pair_error(device.jid, device.lid))
		self._clients.ends(client)
		self._changed()
