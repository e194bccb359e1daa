"""Stopping and starting the gateway: what is forgotten, who is connected again, and how that goes wrong."""

from __future__ import annotations

import time

from wuzapi_chatwoot.sandbox.gateway.clients import Clients
from wuzapi_chatwoot.sandbox.gateway.phones.whatsapp import WhatsApp
from wuzapi_chatwoot.sandbox.gateway.posts.session_payloads import gateway_connect_failure
from wuzapi_chatwoot.sandbox.gateway.posts.webhooks import GatewayWebhooks
from wuzapi_chatwoot.sandbox.gateway.users import UserRow, Users


def restarted(
	clients: Clients,
	whatsapp: WhatsApp,
	webhooks: GatewayWebhooks,
	failing: frozenset[str],
	*,
	all_fail: bool,
	with_keys: bool,
) -> list[str]:
	"""Restart the gateway; returns the ids of the users that it connects again.

	For those in `failing` (or everybody) the first try fails and the second one succeeds: the gateway has thrown
	its books away in between, so the client lives without an owner. `with_keys` is false when the keys in the
	rows cannot be decrypted any more.
	"""
	users = clients.users
	webhooks.forget()
	clients.began = time.monotonic()
	for client in clients.all:
		clients.ends(client)
	clients.all.clear()
	clients.tracked.clear()
	clients.posting.clear()
	users.records.clear()
	begun = []
	for row in list(users.rows.values()):
		if row.connected:
			_begin(clients, users, whatsapp, row, fails=all_fail or row.id in failing, with_key=with_keys)
			begun.append(row.id)
	return begun


def _begin(
	clients: Clients, users: Users, whatsapp: WhatsApp, row: UserRow, *, fails: bool, with_key: bool
) -> None:
	record = users.load(row, with_key=with_key)
	client = clients.start(record, whatsapp.device(row.jid))
	if fails:
		del clients.tracked[row.id]
		clients.posting.discard(row.id)
		users.records.pop(row.token)
		row.connected = False
		# Nobody gets it: the gateway's own ConnectFailure is skipped for want of the client it is about.
		clients.deliver(client, gateway_connect_failure())
