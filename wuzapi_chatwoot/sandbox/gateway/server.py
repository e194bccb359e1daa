"""Puts the simulated gateway together. Everything it does is in the modules beside this one."""

from __future__ import annotations

from collections.abc import Callable

from ..counters import Counters
from ..deliveries import Deliveries
from ..http_client import HttpClient
from ..http_server import Call, Reply, SimulatedServer, text_reply
from ..options import Options
from ..switches import SwitchBoard
from .account import Account
from .chat import ChatActions
from .life import Life
from .phone import Phone
from .requests import failure
from .sending import Sending
from .webhooks import GatewayWebhooks


class Gateway:
	"""The simulated WuzAPI with one paired user."""

	def __init__(
		self, options: Options, board: SwitchBoard, deliveries: Deliveries, changed: Callable[[], None]
	) -> None:
		self._options = options
		self._board = board
		self._token = options.gateway_token
		self.counters = Counters()
		self.client = HttpClient("go-resty/2.16.5 (https://github.com/go-resty/resty)")
		url = options.gateway_webhook_url
		self.webhooks = GatewayWebhooks(
			board, self.counters, deliveries, self.client, url, options.gateway_hmac_key
		)
		self.life = Life(self._new_phone(), self.webhooks, board, deliveries, changed)
		self._account = Account(self.life.phone, self.webhooks, self._token)
		missing = text_reply("404 page not found\n", 404)
		self.app = SimulatedServer("gateway", lambda: board.now, self.counters, self._guard, missing)
		Sending(self.life, self.counters).add_routes(self.app)
		ChatActions(self.life, board).add_routes(self.app)
		self._account.add_routes(self.app)

	def reset(self) -> None:
		"""Forget all messages and put the settings back."""
		phone = self._account.phone = self._new_phone()
		self.life.begin_again(phone)
		self.webhooks.url = self._options.gateway_webhook_url
		self.webhooks.hmac_key = self._options.gateway_hmac_key
		self.webhooks.events = ["All"]
		self.counters.clear()

	def _new_phone(self) -> Phone:
		return Phone(self._options.keep, lambda: self._board.now.shuffle_window_ms > 0)

	def _guard(self, call: Call) -> Reply | None:
		token = call.header(b"token") or call.query_value("token")
		return None if token == self._token else failure(401, "unauthorized")
