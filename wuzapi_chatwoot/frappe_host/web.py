"""A webhook between Frappe and the bridge: raw bytes in, status out. Never reads Frappe's parsed form."""

from __future__ import annotations

import frappe

from ..bridge.ports import WebhookRequest
from ..bridge.records import Source
from ..bridge.usecases.receive_webhook import receive_webhook
from .wiring import bridge_of_site


def receive(source: Source) -> dict[str, str | None]:
	"""The status is set, not raised: raising would roll the record of a refused attempt back."""
	request = WebhookRequest(
		body=frappe.request.get_data(),
		headers={name.lower(): value for name, value in frappe.request.headers.items()},
		# Not `form_dict`: Frappe leaves the query out of it when the body is JSON.
		query={name: frappe.request.args[name] for name in frappe.request.args},
	)
	answer = receive_webhook(bridge_of_site(), source, request)
	frappe.local.response["http_status_code"] = answer.status
	return {"status": answer.reason, "trace_id": answer.trace_id}
