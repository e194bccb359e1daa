"""Endpoints that came in June 2026: privacy settings and blocked people. By them alone an older release can be told."""

from __future__ import annotations

from wuzapi_chatwoot.sandbox.gateway.api.requests import decoded, refuse, success
from wuzapi_chatwoot.sandbox.gateway.api.routes import Routes
from wuzapi_chatwoot.sandbox.gateway.api.session_api import record_of
from wuzapi_chatwoot.sandbox.gateway.clients import Clients
from wuzapi_chatwoot.sandbox.switches import SwitchBoard
from wuzapi_chatwoot.sandbox.web.http_server import Call, Refused, Reply, text_reply

# What can be set is no business of the sandbox: nobody's privacy is changed here.
SETTINGS = {
	"GroupAdd": "all",
	"LastSeen": "all",
	"Status": "all",
	"Profile": "all",
	"ReadReceipts": "all",
	"CallAdd": "all",
	"Online": "all",
}


class PrivacyApi:
	"""Handlers that are there or not, as the release has it."""

	def __init__(self, clients: Clients, board: SwitchBoard) -> None:
		self._clients = clients
		self._board = board

	def add_routes(self, server: Routes) -> None:
		"""Register the handlers."""
		server.route("GET", "/user/privacy", self.settings)
		server.route("POST", "/user/privacy", self.change)
		server.route("GET", "/user/blocklist", self.blocked)

	def settings(self, call: Call) -> Reply:
		"""Show the settings."""
		self._check(call)
		return success(SETTINGS)

	def change(self, call: Call) -> Reply:
		"""Refuse every change."""
		self._check(call)
		name = decoded(call, name=str, value=str)["name"]
		raise refuse(400, f'invalid privacy setting name "{name}"')

	def blocked(self, call: Call) -> Reply:
		"""List nobody."""
		self._check(call)
		return success({"Blocklist": [], "DHash": ""})

	def _check(self, call: Call) -> None:
		if self._board.now.gateway_before_june_2026:
			raise Refused(text_reply("404 page not found\n", 404))
		if self._clients.tracked.get(record_of(self._clients, call).id) is None:
			raise refuse(500, "no session")
