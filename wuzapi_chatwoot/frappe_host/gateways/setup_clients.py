"""A session's two sides for setting up and looking after: what they should post, and where; who speaks with them."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import urlencode

import frappe
import requests

from wuzapi_chatwoot.bridge.model.records import Secret, Session, Source
from wuzapi_chatwoot.bridge.ports.chatwoot_setup import ChatwootProfile, ChatwootSetup
from wuzapi_chatwoot.bridge.ports.gateway_setup import GatewayAdmin, GatewaySetup, WebhookSettings
from wuzapi_chatwoot.chatwoot import ChatwootAccount, ProfileOfToken
from wuzapi_chatwoot.gateways.wuzapi.client.calls import pooled_http
from wuzapi_chatwoot.gateways.wuzapi.event_names import EVENTS
from wuzapi_chatwoot.gateways.wuzapi.setup.admin import WuzapiAdmin
from wuzapi_chatwoot.gateways.wuzapi.setup.setup import WuzapiSetup

METHODS = {Source.GATEWAY: "wuzapi", Source.CHATWOOT: "chatwoot"}


def site_url(known: str | None = None) -> str:
	"""Where others reach this site: as set, else as this request was addressed, else as `known` from before."""
	found = frappe.db.get_single_value("WuzAPI Settings", "public_url")
	if not found and not getattr(frappe.local, "request", None):
		found = known
	return str(found or frappe.utils.get_url()).rstrip("/")


def callback_of(session: Session, source: Source, base: str) -> str:
	"""Our address for webhooks, token and all: never to be shown whole."""
	query = {"session": session.name}
	if session.webhook_tokens:
		query["token"] = session.webhook_tokens[0].value
	return f"{webhook_path(base, source)}?{urlencode(query)}"


def webhook_path(base: str, source: Source) -> str:
	return f"{base}/api/method/wuzapi_chatwoot.api.webhooks.{METHODS[source]}"


def webhook_of(session: Session, base: str) -> WebhookSettings:
	"""What the gateway should use."""
	return WebhookSettings(callback_of(session, Source.GATEWAY, base), frozenset(EVENTS))


def callback_base(name: str) -> str | None:
	"""`None`: the session was set up by hand, and posts where somebody has chosen."""
	return frappe.db.get_value("WuzAPI Session", name, "callback_url") or None


@lru_cache(maxsize=1)
def _http() -> requests.Session:
	"""Connections of this process for looking after sessions, apart from those that messages go through."""
	return pooled_http()


def gateway_setup_of(session: Session) -> GatewaySetup:
	"""Without care about connects: that is `session_connects.exclusive_gateway_of`."""
	return WuzapiSetup(session.gateway_url, session.gateway_token, _http())


def gateway_admin_of(session: Session, admin_token: Secret) -> GatewayAdmin | None:
	return gateway_admin_at(session.gateway_url, admin_token) if admin_token else None


def gateway_admin_at(url: str, admin_token: Secret) -> GatewayAdmin:
	return WuzapiAdmin(url, admin_token, _http())


def chatwoot_setup_of(session: Session) -> ChatwootSetup:
	return chatwoot_setup_at(session.chatwoot_url, session.chatwoot_token, session.account_id)


def chatwoot_setup_at(url: str, token: Secret, account_id: int) -> ChatwootSetup:
	return ChatwootAccount(url, token, account_id)


def chatwoot_profile_of(url: str, token: Secret) -> ChatwootProfile:
	return ProfileOfToken(url, token)
