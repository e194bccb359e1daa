"""Where gateways and Chatwoot post their webhooks: `?session=NAME`, and `&token=…` for those that do not sign.

Guests may call these, and look at them with a browser; who they are is proved by their signature. They take no parameters: the body is read raw.
"""

from __future__ import annotations

import frappe

from wuzapi_chatwoot.bridge.model.records import Source
from wuzapi_chatwoot.frappe_host.web.webhook_endpoint import receive


@frappe.whitelist(allow_guest=True, methods=["GET", "HEAD", "POST"], xss_safe=True)
def wuzapi() -> dict[str, str | None] | str:
	return receive(Source.GATEWAY)


@frappe.whitelist(allow_guest=True, methods=["GET", "HEAD", "POST"], xss_safe=True)
def chatwoot() -> dict[str, str | None] | str:
	return receive(Source.CHATWOOT)
