"""Whose token it is, and which endpoints are open to it. Who may see or change one inbox is said beside the inboxes.

What is written through the API is the bridge's user's all the same, whichever token it came with.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from wuzapi_chatwoot.sandbox.chatwoot.api.answers import NO_TOKEN, NOT_FOUND, UNKNOWN_TOKEN, refuse
from wuzapi_chatwoot.sandbox.chatwoot.records import User
from wuzapi_chatwoot.sandbox.chatwoot.store import AGENT, BRIDGE_USER
from wuzapi_chatwoot.sandbox.defaults import (
	ACCOUNT_ID,
	CHATWOOT_AGENT_TOKEN,
	CHATWOOT_BOT_TOKEN,
	FOREIGN_ACCOUNT_ID,
	SECOND_ACCOUNT_ID,
)
from wuzapi_chatwoot.sandbox.switches import SwitchBoard
from wuzapi_chatwoot.sandbox.web.http_server import Call, Reply, json_reply

NOT_FOR_BOTS = {"error": "Access to this endpoint is not authorized for bots"}
NOT_ALLOWED = {"error": "You are not authorized to do this action"}
NOT_IN_ACCOUNT = {"error": "You are not authorized to access this account"}
SUSPENDED = {"error": "Account is suspended"}
WITHOUT_API = {"error": "API access is not enabled for this account"}

_ACCOUNT = r"/api/v1/accounts/\d+"
_FOR_BOTS = re.compile(
	rf"(GET|POST|PATCH|PUT) {_ACCOUNT}/conversations/\d+/?$"
	rf"|POST {_ACCOUNT}/conversations/?$"
	rf"|POST {_ACCOUNT}/conversations/\d+/(toggle_status|toggle_typing_status|toggle_priority)/?$"
	rf"|POST {_ACCOUNT}/conversations/\d+/(custom_attributes|messages|assignments|labels)/?$"
	rf"|GET {_ACCOUNT}/conversations/\d+/labels/?$"
)
_LISTS_INBOXES = re.compile(rf"GET {_ACCOUNT}/inboxes/?$")
_FOR_ADMINISTRATORS = re.compile(rf"DELETE {_ACCOUNT}/(contacts|conversations)/\d+/?$")


@dataclass(frozen=True)
class Owner:
	"""Somebody with an access token; a bot is no user."""

	user: User | None
	role: str

	@property
	def administrator(self) -> bool:
		"""Whether they may do everything."""
		return self.role == "administrator"


class Access:
	"""The tokens of one Chatwoot."""

	def __init__(self, board: SwitchBoard, administrator_token: str) -> None:
		self._board = board
		self._owners = {
			administrator_token: Owner(BRIDGE_USER, "administrator"),
			CHATWOOT_AGENT_TOKEN: Owner(AGENT, "agent"),
			CHATWOOT_BOT_TOKEN: Owner(None, "bot"),
		}

	def owner(self, call: Call) -> Owner:
		"""Tell whose call it is, of one that was let through."""
		return self._owners[_token(call)]

	def guard(self, call: Call) -> Reply | None:
		"""Answer what is not open to this token."""
		token = _token(call)
		if not token:
			return json_reply(NO_TOKEN, 401)
		owner = self._owners.get(token)
		if owner is None:
			return json_reply(UNKNOWN_TOKEN, 401)
		asked = f"{call.method} {call.path}"
		if owner.user is None and not _FOR_BOTS.match(asked):
			return json_reply(NOT_FOR_BOTS, 401)
		account = call.parameters.get("account")
		if account == str(SECOND_ACCOUNT_ID) and self.second_role(owner) is not None:
			# It is there to be chosen or not; nothing is in it.
			return json_reply({"payload": []}) if _LISTS_INBOXES.match(asked) else json_reply(NOT_FOUND, 404)
		if account is not None and (reply := self._guard_account(account)):
			return reply
		if not owner.administrator and _FOR_ADMINISTRATORS.match(asked):
			return json_reply(NOT_ALLOWED, 401)
		return None

	def _guard_account(self, account: str) -> Reply | None:
		if account == str(FOREIGN_ACCOUNT_ID):
			return json_reply(NOT_IN_ACCOUNT, 401)
		if account != str(ACCOUNT_ID):
			return json_reply(NOT_FOUND, 404)
		state = self._board.now.chatwoot_account
		if state == "suspended":
			return json_reply(SUSPENDED, 401)
		return json_reply(WITHOUT_API, 403) if state == "without_api" else None

	def second_role(self, owner: Owner) -> str | None:
		"""In the second account; `None`: they are not in it."""
		role = self._board.now.chatwoot_second_account
		return role if owner.user is BRIDGE_USER and role != "none" else None

	def only_administrators(self, call: Call) -> None:
		"""Refuse everybody else."""
		if not self.owner(call).administrator:
			raise refuse(401, NOT_ALLOWED)


def _token(call: Call) -> str:
	# Rack makes one header out of both spellings.
	return call.header(b"api-access-token") or call.header(b"api_access_token") or ""
