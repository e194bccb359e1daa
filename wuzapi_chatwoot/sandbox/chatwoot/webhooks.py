"""Posts the inbox callbacks as Chatwoot does: once, with five seconds of patience, and a failure is remembered."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from http import HTTPStatus

from wuzapi_chatwoot.sandbox.chatwoot.records import Inbox, Json
from wuzapi_chatwoot.sandbox.chatwoot.versions import has_secrets
from wuzapi_chatwoot.sandbox.counters import Counters
from wuzapi_chatwoot.sandbox.switches import SwitchBoard
from wuzapi_chatwoot.sandbox.web.deliveries import Deliveries
from wuzapi_chatwoot.sandbox.web.http_client import HttpClient, NoAnswer
from wuzapi_chatwoot.sandbox.web.wire import chatwoot_signature, rails_json

PATIENCE_SECONDS = 5.0

# What the agent gets to read when there was no answer at all.
NO_ANSWER = {
	"refused": "Failed to open TCP connection (Connection refused - connect(2))",
	"timeout": "Net::ReadTimeout with #<TCPSocket:(closed)>",
	"broken": "end of file reached",
}


class ChatwootWebhooks:
	"""Sends events to the callback address of an inbox."""

	def __init__(
		self, board: SwitchBoard, counters: Counters, deliveries: Deliveries, client: HttpClient
	) -> None:
		self._board = board
		self._counters = counters
		self._deliveries = deliveries
		self._client = client

	def emit(
		self, inbox: Inbox, event: str, body: Callable[[], Json], failed: Callable[[str], None] | None = None
	) -> None:
		"""Send one event; `body` is built when the delivery runs, `failed` is told why it did not arrive."""
		switches = self._board.now
		if not inbox.webhook_url or not switches.notify_bridge:
			return
		self._counters.webhooks["sent"] += max(1, switches.duplicate_webhooks)
		self._counters.events[event] += 1
		self._deliveries.start(lambda: self._deliver(inbox, body, failed))

	async def _deliver(
		self, inbox: Inbox, body: Callable[[], Json], failed: Callable[[str], None] | None
	) -> None:
		# Built from the state of now, which may have moved on since the event: Chatwoot's background jobs do
		# the same.
		raw = rails_json(body())
		headers = {
			"Content-Type": "application/json",
			"Accept": "application/json",
			"X-Chatwoot-Delivery": str(uuid.uuid4()),
		}
		if self._board.now.sign_webhooks and has_secrets(self._board.now) and inbox.secret:
			timestamp = str(int(time.time()))
			headers["X-Chatwoot-Timestamp"] = timestamp
			headers["X-Chatwoot-Signature"] = chatwoot_signature(inbox.secret, timestamp, raw)
		problem = await self._post(inbox.webhook_url, headers, raw)
		if not problem:
			self._counters.webhooks["acknowledged"] += 1
			return
		self._counters.webhooks["failed_attempts"] += 1
		self._counters.webhooks["given_up"] += 1
		if failed is not None:
			failed(problem)

	async def _post(self, url: str, headers: dict[str, str], raw: bytes) -> str:
		async with self._deliveries.slots:
			self._counters.webhooks["attempts"] += 1
			try:
				answer = await self._client.request("POST", url, headers, raw, timeout=PATIENCE_SECONDS)
			except NoAnswer as error:
				return NO_ANSWER[error.why]
		if 200 <= answer.status < 300:
			return ""
		try:
			return f"{answer.status} {HTTPStatus(answer.status).phrase}"
		except ValueError:
			return str(answer.status)
