"""One running sandbox: three servers on one event loop, and the switches between them."""

from __future__ import annotations

import asyncio
import random

from wuzapi_chatwoot.sandbox.bridge_watch import BridgeWatch
from wuzapi_chatwoot.sandbox.changes import Changes
from wuzapi_chatwoot.sandbox.chatwoot.server import Chatwoot
from wuzapi_chatwoot.sandbox.control.app import control_app
from wuzapi_chatwoot.sandbox.gateway.server import Gateway
from wuzapi_chatwoot.sandbox.options import Options
from wuzapi_chatwoot.sandbox.switches import SwitchBoard
from wuzapi_chatwoot.sandbox.web.deliveries import Deliveries
from wuzapi_chatwoot.sandbox.web.listener import Listener


class Sandbox:
	"""Gateway, Chatwoot and page with everything that they share."""

	def __init__(self, options: Options) -> None:
		self.options = options
		self.board = SwitchBoard()
		self.changes = Changes()
		# Only the delays come from here, never an id.
		self._deliveries = Deliveries(self.board, random.Random(options.seed))
		self.gateway = Gateway(options, self.board, self._deliveries, self.changes.happened)
		self.chatwoot = Chatwoot(options, self.board, self._deliveries, self.changes.happened)
		self.watch = BridgeWatch(options, self.changes.happened)
		self._gateway_port = Listener("gateway", self.gateway.app, options.host, options.gateway_port)
		self._chatwoot_port = Listener("chatwoot", self.chatwoot.app, options.host, options.chatwoot_port)
		self.gateway.app.drop_connection = self._gateway_port.drop_connection
		self.chatwoot.app.drop_connection = self._chatwoot_port.drop_connection
		self._page_port = Listener("page", control_app(self), options.host, options.port)
		self._moving_ports = asyncio.Lock()
		self.board.on_change(self._switched)

	@property
	def urls(self) -> dict[str, str]:
		"""The addresses of the three servers."""
		return {
			"page": self._page_port.url,
			"gateway": self._gateway_port.url,
			"chatwoot": self._chatwoot_port.url,
		}

	async def start(self) -> None:
		"""Open all ports; raises PortBusy when one is taken."""
		for listener in (self._gateway_port, self._chatwoot_port, self._page_port):
			await listener.open()
		self.chatwoot.desk.base_url = self._chatwoot_port.url

	async def stop(self) -> None:
		"""Cut everything and leave nothing running."""
		await self._deliveries.stop()
		await self.watch.stop()
		await asyncio.gather(
			*(listener.close() for listener in (self._gateway_port, self._chatwoot_port, self._page_port))
		)
		self.gateway.client.close()
		self.chatwoot.client.close()

	async def move_ports(self) -> None:
		"""Take ports down or put them up, as the switches say; returns when that is done."""
		async with self._moving_ports:
			for listener, down in (
				(self._chatwoot_port, self.board.now.chatwoot_down),
				(self._gateway_port, self.board.now.gateway_down),
			):
				await (listener.close() if down else listener.open())
		if self.board.now.gateway_down:
			self.gateway.webhooks.up.clear()
		elif not self.gateway.webhooks.up.is_set():
			self.gateway.webhooks.up.set()
			self.gateway.life.gateway_is_back()

	async def reset(self) -> None:
		"""Begin again: no messages, no contacts, all switches back, counters at zero."""
		await self._deliveries.stop()
		self.gateway.reset()
		self.chatwoot.reset()
		self.board.reset()
		await self.move_ports()
		self.changes.happened()

	def _switched(self, names: set[str]) -> None:
		if self.board.now.gateway_down:
			# At once, before the port has moved: nothing may slip out in between.
			self.gateway.webhooks.up.clear()
		if "lock_to_single_conversation" in names:
			for inbox in self.chatwoot.store.inboxes.values():
				inbox.lock_to_single_conversation = self.board.now.lock_to_single_conversation
		self.changes.happened()
