"""A webhook between Frappe and the bridge: raw bytes in, status out. Never reads Frappe's parsed form."""

from __future__ import annotations

import frappe

from wuzapi_chatwoot.bridge.context import Bridge
from wuzapi_chatwoot.bridge.inbox.receive_webhook import Answer, receive_webhook
from wuzapi_chatwoot.bridge.inbox.webhook_greeting import greeting
from wuzapi_chatwoot.bridge.inbox.webhook_probe import is_probe
from wuzapi_chatwoot.bridge.model.records import Source
from wuzapi_chatwoot.bridge.ports.connector import WebhookRequest
from wuzapi_chatwoot.frappe_host.sessions.watch import note_unsigned
from wuzapi_chatwoot.frappe_host.wiring.bridge import bridge_of_site
from wuzapi_chatwoot.runtime.system import SystemClock


def receive(source: Source) -> dict[str, str | None] | str:
	"""The status is set, not raised: raising would roll the record of a refused attempt back."""
	if frappe.request.method != "POST":
		told = greeting(SystemClock().now())
		message = str(told.pop("message"))
		frappe.local.response.update(told)
		return message
	request = WebhookRequest(
		body=frappe.request.get_data(),
		headers={name.lower(): value for name, value in frappe.request.headers.items()},
		# Not `form_dict`: Frappe leaves the query out of it when the body is JSON.
		query={name: frappe.request.args[name] for name in frappe.request.args},
	)
	bridge = bridge_of_site()
	answer = receive_webhook(bridge, source, request)
	if not is_probe(request):
		_note_if_unsigned(bridge, source, request, answer)
	frappe.local.response["http_status_code"] = answer.status
	return {"status": answer.reason, "trace_id": answer.trace_id}


def _note_if_unsigned(bridge: Bridge, source: Source, request: WebhookRequest, answer: Answer) -> None:
	"""Refused, or taken for the token in its address: either way the gateway has lost the key that it should sign with."""
	session = bridge.sessions().get(answer.session or "")
	if source is not Source.GATEWAY or session is None or not session.gateway_secrets:
		return
	if not bridge.connectors[source].signed(request):
		note_unsigned(session.name)
