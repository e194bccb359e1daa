"""How gateway and Chatwoot are reached for setting up, and what a session should have there. Keeps nothing, calls nobody."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote, urlencode

import requests

from wuzapi_chatwoot.bridge.model.records import Secret, Session, Source
from wuzapi_chatwoot.bridge.ports.chatwoot_setup import ChatwootProfile, ChatwootSetup
from wuzapi_chatwoot.bridge.ports.gateway_setup import GatewayAdmin, GatewaySetup, WebhookSettings
from wuzapi_chatwoot.chatwoot.setup.profile import ProfileOfToken
from wuzapi_chatwoot.chatwoot.setup.setup import ChatwootAccount
from wuzapi_chatwoot.gateways.wuzapi.client.calls import pooled_http
from wuzapi_chatwoot.gateways.wuzapi.event_names import EVENTS
from wuzapi_chatwoot.gateways.wuzapi.setup.admin import WuzapiAdmin
from wuzapi_chatwoot.gateways.wuzapi.setup.setup import WuzapiSetup
from wuzapi_chatwoot.gateways.wuzapi.setup.setup_values import SHORTEST_KEY


@lru_cache(maxsize=1)
def _http() -> requests.Session:
	"""Connections for the looks at all gateways, apart from those that messages go through."""
	return pooled_http()


def _admin(url: str, token: Secret) -> GatewayAdmin:
	return WuzapiAdmin(url, token, _http())


def _gateway(url: str, token: Secret) -> GatewaySetup:
	return WuzapiSetup(url, token, _http())


@dataclass(frozen=True, slots=True)
class SetupClients:
	"""How those clients are made: by address and token, Chatwoot's by account too. Tests give twins."""

	admin: Callable[[str, Secret], GatewayAdmin] = _admin
	gateway: Callable[[str, Secret], GatewaySetup] = _gateway
	profile: Callable[[str, Secret], ChatwootProfile] = ProfileOfToken
	chatwoot: Callable[[str, Secret, int], ChatwootSetup] = ChatwootAccount


def gateway_webhook(public_url: str, session: str, token: Secret) -> WebhookSettings:
	"""Where the gateway posts, and what of."""
	return WebhookSettings(webhook_address(public_url, Source.GATEWAY, session, token), frozenset(EVENTS))


def chatwoot_callback(public_url: str, session: str, token: Secret) -> str:
	return webhook_address(public_url, Source.CHATWOOT, session, token)


def webhook_address(public_url: str, source: Source, session: str, token: Secret) -> str:
	"""With an empty token: without one."""
	side = "wuzapi" if source is Source.GATEWAY else "chatwoot"
	query = f"?{urlencode({'token': token.value})}" if token else ""
	return f"{public_url}/webhook/{side}/{quote(session, safe='')}{query}"


def token_of(session: Session) -> Secret:
	"""The one that stands in the addresses."""
	return session.webhook_tokens[0] if session.webhook_tokens else Secret("")


def key_of(session: Session) -> Secret | None:
	"""The one that the gateway should sign with.

	A shorter one is no key of WuzAPI's: something else signs, such as its global webhook.
	"""
	usable = (key for key in session.gateway_secrets[:1] if len(key.value) >= SHORTEST_KEY)
	return next(usable, None)
