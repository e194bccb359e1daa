"""Posts the gateway's webhooks as WuzAPI does: one task each, any 2xx is success, all else is tried again."""

from __future__ import annotations

import asyncio
from typing import Any

from wuzapi_chatwoot.sandbox.counters import Counters
from wuzapi_chatwoot.sandbox.gateway.users import UserRecord
from wuzapi_chatwoot.sandbox.switches import SwitchBoard
from wuzapi_chatwoot.sandbox.web.deliveries import Deliveries
from wuzapi_chatwoot.sandbox.web.http_client import HttpClient, NoAnswer
from wuzapi_chatwoot.sandbox.web.wire import gateway_body, gateway_signature

TRY_SECONDS = 30.0


class GatewayWebhooks:
	"""The sending; whose webhook it is, and where it goes, is in the user's record."""

	def __init__(
		self, board: SwitchBoard, counters: Counters, deliveries: Deliveries, client: HttpClient
	) -> None:
		self.up = asyncio.Event()
		self.up.set()
		self._board = board
		self._counters = counters
		self._deliveries = deliveries
		self._client = client
		self._run = 0

	def forget(self) -> None:
		"""Let no webhook be tried again that is under way now: a restart loses them."""
		self._run += 1

	def post(self, user: UserRecord, payload: dict[str, Any]) -> None:
		"""Post an event to a user's address."""
		switches = self._board.now
		as_form = switches.webhook_format == "form"
		content_type, body = gateway_body(payload, user.name, user.id, as_form=as_form)
		headers = {"Content-Type": content_type}
		if not as_form:
			headers["Accept"] = "application/json"
		# As in WuzAPI, whether to sign is decided once for an event, not for each try.
		if switches.sign_webhooks and user.hmac_key:
			headers["x-hmac-signature"] = gateway_signature(user.hmac_key, body)
		for _ in range(max(1, switches.duplicate_webhooks)):
			self._counters.webhooks["sent"] += 1
		self._counters.events[payload["type"]] += 1
		run = self._run
		self._deliveries.start(lambda: self._deliver(run, user.webhook, headers, body))

	async def _deliver(self, run: int, url: str, headers: dict[str, str], body: bytes) -> None:
		switches = self._board.now
		pause = switches.gateway_webhook_first_delay_ms / 1000
		for number in range(switches.gateway_webhook_tries):
			if number:
				await asyncio.sleep(pause)
				pause *= 2
				if run != self._run:
					break
			# While the gateway is off, WhatsApp keeps what was sent and hands it over afterwards. A real
			# gateway would also forget the tries under way; here they wait too, so that a test knows what to
			# expect.
			await self.up.wait()
			if await self._accepted(url, headers, body):
				self._counters.webhooks["acknowledged"] += 1
				return
			self._counters.webhooks["failed_attempts"] += 1
		self._counters.webhooks["given_up"] += 1

	async def _accepted(self, url: str, headers: dict[str, str], body: bytes) -> bool:
		async with self._deliveries.slots:
			self._counters.webhooks["attempts"] += 1
			try:
				answer = await self._client.request("POST", url, headers, body, timeout=TRY_SECONDS)
			except NoAnswer:
				return False
			return 200 <= answer.status < 300
