"""The two endpoints that tell who asks and what answers."""

from __future__ import annotations

import time

from wuzapi_chatwoot.sandbox.chatwoot.api.access import NOT_FOR_BOTS, Access
from wuzapi_chatwoot.sandbox.chatwoot.api.answers import refuse
from wuzapi_chatwoot.sandbox.defaults import ACCOUNT_ID, ACCOUNT_NAME, SECOND_ACCOUNT_ID, SECOND_ACCOUNT_NAME
from wuzapi_chatwoot.sandbox.switches import SwitchBoard
from wuzapi_chatwoot.sandbox.web.http_server import Call, Reply, SimulatedServer, json_reply


class ProfileApi:
	"""Handlers for the profile and the version."""

	def __init__(self, access: Access, board: SwitchBoard) -> None:
		self._access = access
		self._board = board

	def add_routes(self, server: SimulatedServer) -> None:
		"""Register the handlers."""
		server.route("GET", "/api", self.version, open_to_all=True)
		server.route("GET", "/api/v1/profile", self.profile)

	def version(self, call: Call) -> Reply:
		"""Tell the version, to anybody."""
		now = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime())
		services = {"queue_services": "ok", "data_services": "ok"}
		return json_reply({"version": self._board.now.chatwoot_version, "timestamp": now, **services})

	def profile(self, call: Call) -> Reply:
		"""Tell whose token it is, also in a suspended account."""
		owner = self._access.owner(call)
		if owner.user is None:
			raise refuse(401, NOT_FOR_BOTS)
		status = "suspended" if self._board.now.chatwoot_account == "suspended" else "active"
		accounts = [{"id": ACCOUNT_ID, "name": ACCOUNT_NAME, "role": owner.role, "status": status}]
		role = self._access.second_role(owner)
		if role is not None:
			accounts.append(
				{"id": SECOND_ACCOUNT_ID, "name": SECOND_ACCOUNT_NAME, "role": role, "status": "active"}
			)
		return json_reply(
			{
				"id": owner.user.id,
				"name": owner.user.name,
				"email": owner.user.email,
				"account_id": ACCOUNT_ID,
				"role": owner.role,
				"accounts": accounts,
			}
		)
