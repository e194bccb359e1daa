"""What the wizard offers to choose from. What was left empty is taken from what is kept of the session; keeps nothing."""

from __future__ import annotations

import re

from wuzapi_chatwoot.bridge.model.records import Secret
from wuzapi_chatwoot.bridge.sessions.list_options import list_chatwoot, list_gateway
from wuzapi_chatwoot.bridge.sessions.options import ChatwootChoices, Entry, GatewayChoices, Trouble
from wuzapi_chatwoot.standalone_host.config.settings_fields import ADDRESS, TOKEN
from wuzapi_chatwoot.standalone_host.sessions.resource_claims import resource_claims_of
from wuzapi_chatwoot.standalone_host.sessions.setup import SetUps
from wuzapi_chatwoot.standalone_host.wiring.host import Host

_ADDRESS = "This must be an address such as {}, without user name and password."
_TOKEN = "This must be a token: letters, digits and signs without a blank."  # noqa: S105 - a sentence


class Choices:
	def __init__(self, host: Host, set_ups: SetUps) -> None:
		self._host = host
		self._set_ups = set_ups

	def chatwoot(self, session: str, url: str, token: str, account_id: int | None) -> ChatwootChoices:
		"""`session` need not exist yet. An empty token is the kept one, at the kept address only."""
		known = self._set_ups.known(session)
		url, token = url.strip().rstrip("/"), token.strip()
		if known is not None and url in ("", known.chatwoot_url) and not token:
			url, token = known.chatwoot_url, known.chatwoot_token.value
			account_id = account_id or known.account_id
		url = url or (known.chatwoot_url if known is not None else "")
		trouble = _trouble(url, token, "https://chat.example.com")
		if trouble is not None:
			return ChatwootChoices(trouble=trouble)
		clients, secret = self._host.clients.setup, Secret(token)
		return list_chatwoot(
			clients.profile(url, secret),
			lambda id: clients.chatwoot(url, secret, id),
			url,
			account_id,
			resource_claims_of(self._host, session),
		)

	def gateway(self, session: str, url: str, admin_token: str) -> GatewayChoices:
		"""The administrator's token is never kept: it has to be given."""
		known = self._set_ups.known(session)
		url = url.strip().rstrip("/") or (known.gateway_url if known is not None else "")
		trouble = _trouble(url, admin_token.strip(), "http://wuzapi.example.com:8080")
		if trouble is not None:
			return GatewayChoices(trouble=trouble)
		admin = self._host.clients.setup.admin(url, Secret(admin_token.strip()))
		return list_gateway(admin, url, resource_claims_of(self._host, session))


def _trouble(url: str, token: str, example: str) -> Trouble | None:
	if not re.fullmatch(ADDRESS, url):
		return Trouble(Entry.ADDRESS, _ADDRESS.format(example))
	if not token:
		return Trouble(Entry.TOKEN, "To list what is there, the token for this address is needed.")
	return None if TOKEN.fullmatch(token) else Trouble(Entry.TOKEN, _TOKEN)
