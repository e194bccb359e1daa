"""The gateway's WhatsApp clients: how they come up, drop, replace one another, and hand events to the webhooks.

As in WuzAPI there is one *tracked* client for each user, the one that the API works with. Others may live on
without anybody knowing: a second connect does not stop the first client. How an unpaired client gets its device is
in pairing.py; a restart is in restart.py.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from typing import Any

from wuzapi_chatwoot.sandbox.gateway.phones.whatsapp import Device
from wuzapi_chatwoot.sandbox.gateway.posts import event_names, session_payloads
from wuzapi_chatwoot.sandbox.gateway.posts.media_delivery import as_delivered
from wuzapi_chatwoot.sandbox.gateway.posts.webhooks import GatewayWebhooks
from wuzapi_chatwoot.sandbox.gateway.users import UserRecord, UserRow, Users
from wuzapi_chatwoot.sandbox.switches import SwitchBoard
from wuzapi_chatwoot.sandbox.web.deliveries import Deliveries

Json = dict[str, Any]

CONNECTING, UP, AWAY, ENDED = "connecting", "up", "away", "ended"


class Client:
	"""One client of whatsmeow, with the user record as it was when it was made."""

	def __init__(self, number: int, record: UserRecord, device: Device | None) -> None:
		self.number = number
		self.user_id = record.id
		# Deliveries look the user up by this token, also when the user has got another one since.
		self.token = record.token
		self.snapshot = record
		self.device = device
		self.state = CONNECTING
		# While pairing: what is on screen, what was asked for by code, and for which number.
		self.qr = self.linking_code = self.linking_phone = ""
		# Just paired: the phone's settings come with the first connection.
		self.is_new = False


class Refusal:
	"""Why WhatsApp does not let a user's clients in; `until` is a monotonic time, or None for a lasting one."""

	def __init__(self, payload: Callable[[], Json], until: float | None) -> None:
		self.payload = payload
		self._until = until

	@property
	def over(self) -> bool:
		"""Say whether it has passed."""
		return self._until is not None and time.monotonic() >= self._until


class Clients:
	"""Every client, and which of them the gateway knows."""

	def __init__(
		self,
		users: Users,
		webhooks: GatewayWebhooks,
		board: SwitchBoard,
		deliveries: Deliveries,
		changed: Callable[[], None],
	) -> None:
		self.users = users
		self.tracked: dict[str, Client] = {}
		self.all: list[Client] = []
		# Users whose deliveries have an HTTP client to go out by; without one they are skipped.
		self.posting: set[str] = set()
		self.began = time.monotonic()
		"""When the gateway's process began."""
		self.refusals: dict[str, Refusal] = {}
		# Events that were acknowledged to WhatsApp and then posted to nobody, by user and by reason.
		self.skipped: dict[str, Counter[str]] = {}
		# Where every user's events go as well, and the key that those are signed with; the user's is never used.
		self.everywhere = ("", "")
		self.unpaired_is_up: Callable[[Client], None] = lambda client: None
		self._webhooks = webhooks
		self._board = board
		self._deliveries = deliveries
		self._changed = changed
		self._numbers = count(1)

	def start(self, record: UserRecord, device: Device | None, *, seconds: float | None = None) -> Client:
		"""Make a client that comes up a moment later; one that is there already goes on beside it."""
		client = Client(next(self._numbers), record, device)
		self.all[:] = [*(each for each in self.all if each.state != ENDED), client]
		self.tracked[record.id] = client
		self.posting.add(record.id)
		self.comes_up_after(client, seconds)
		return client

	def clear(self) -> None:
		"""Begin again with nobody connected."""
		for client in self.all:
			client.state = ENDED
		for kept in (self.all, self.tracked, self.posting, self.refusals, self.skipped):
			kept.clear()

	def is_there(self, record: UserRecord, device: Device) -> None:
		"""Begin with a client that is up, and that nobody needs to be told of."""
		client = Client(next(self._numbers), record, device)
		client.state = UP
		self.all.append(client)
		self.tracked[record.id] = client
		self.posting.add(record.id)
		device.opened(lambda payload: self.deliver(client, payload))

	def comes_up_after(self, client: Client, seconds: float | None = None) -> None:
		"""Let a client connect; the pause is the usual one when none is given."""
		client.state = CONNECTING if client.state != AWAY else AWAY
		pause = self._board.now.gateway_connect_ms / 1000 if seconds is None else seconds

		async def connected() -> None:
			self._comes_up(client)

		self._deliveries.later(pause, connected)

	def of(self, user_id: str) -> list[Client]:
		"""Return the clients of a user that are there, known or not."""
		return [client for client in self.all if client.user_id == user_id and client.state != ENDED]

	def is_connected(self, user_id: str) -> bool:
		"""Say what the API says: only the tracked client counts."""
		client = self.tracked.get(user_id)
		return client is not None and client.state == UP

	def is_logged_in(self, user_id: str) -> bool:
		"""Say whether the tracked client is up and paired."""
		client = self.tracked.get(user_id)
		return client is not None and client.state == UP and client.device is not None

	def _comes_up(self, client: Client) -> None:
		if client.state not in (CONNECTING, AWAY):
			return
		if client.device is not None and self._younger_is_connecting(client):
			# Of two that connect at once either may win in reality. Here it is always the one that the gateway
			# has lost sight of: the harmless outcome needs no sandbox.
			self.comes_up_after(client)
			return
		refusal = self.refusals.get(client.user_id)
		if refusal is not None and not refusal.over:
			client.state = ENDED
			self.deliver(client, refusal.payload())
		elif client.device is not None and not client.device.linked:
			self.logs_out(client, 401, on_connect=True)
		else:
			self._is_up(client, client.device)
		self._changed()

	def _is_up(self, client: Client, device: Device | None) -> None:
		client.state = UP
		if device is None:
			self.unpaired_is_up(client)
			return
		for other in self.all:
			if other is not client and other.device is device and other.state == UP:
				# "Stream replaced": the other one does not come back, and no webhook tells of it.
				other.state = ENDED
		device.opened(lambda payload: self.deliver(client, payload))
		if client.user_id in self.posting:
			self.users.store(client.user_id, _set_connected)
		self.deliver(client, session_payloads.plain("Connected"))
		if client.is_new:
			client.is_new = False
			self.deliver(client, session_payloads.own_name(device.line.owner.name, int(time.time())))
		device.hands_over()

	def _younger_is_connecting(self, client: Client) -> bool:
		return any(
			other.number > client.number and other.device is client.device and other.state == CONNECTING
			for other in self.all
		)

	def drops(self, client: Client, seconds: float | None) -> None:
		"""Cut the network; the client comes back by itself after a while (None: never)."""
		self.deliver(client, session_payloads.plain("Disconnected"))
		self._closed(client, AWAY)
		if seconds is not None:
			self.comes_up_after(client, seconds)

	def ends(self, client: Client) -> None:
		"""Stop a client for good; the gateway may go on counting on it."""
		self._closed(client, ENDED)

	def forgets(self, client: Client) -> None:
		"""Stop a client and take it out of the gateway's books."""
		self.ends(client)
		if self.tracked.get(client.user_id) is client:
			del self.tracked[client.user_id]
			self.posting.discard(client.user_id)

		def store(row: UserRow) -> None:
			row.connected, row.qrcode = False, ""

		self.users.store(client.user_id, store)

	def last_word(self, client: Client, payload: Json) -> None:
		"""Post what ends a session and tear it down; which of the two comes first is a race in the original."""
		if self._board.now.gateway_lose_last_webhooks:
			self.forgets(client)
			self.deliver(client, payload)
		else:
			self.deliver(client, payload)
			self.forgets(client)

	def logs_out(self, client: Client, reason: int, *, on_connect: bool) -> None:
		"""Let WhatsApp end the pairing of a client."""
		if client.device is not None and client.device in client.device.line.devices:
			client.device.line.devices.remove(client.device)
		self.last_word(client, session_payloads.logged_out(reason, on_connect=on_connect))

	def _closed(self, client: Client, state: str) -> None:
		if client.device is not None and client.state == UP:
			client.device.closed()
		client.state = state

	def deliver(self, client: Client, payload: Json) -> None:
		"""Post an event as the gateway does, or skip it for one of the gateway's reasons."""
		record = self.users.records.get(client.token)
		if client.user_id not in self.posting:
			self._skips(client, "no client")
		elif record is None:
			self._skips(client, "no user for token")
		elif not event_names.subscribed(record.events, payload["type"]):
			self._skips(client, "not subscribed")
		else:
			delivered = as_delivered(payload, record.s3)
			url, key = self.everywhere
			if url:
				self._webhooks.post(replace(record, webhook=url, hmac_key=key), delivered)
			if record.webhook:
				self._webhooks.post(record, delivered)
			else:
				self._skips(client, "no webhook address")

	def _skips(self, client: Client, reason: str) -> None:
		self.skipped.setdefault(client.user_id, Counter())[reason] += 1


def _set_connected(row: UserRow) -> None:
	row.connected = True
