"""Where gateways and Chatwoot post their webhooks: `?session=NAME`, and `&token=…` for those that do not sign.

Guests may call these; who they are is proved by their signature. They take no parameters: the body is read raw.
"""

from __future__ import annotations

import frappe

from ..bridge.records import Source
from ..frappe_host.web import receive


@frappe.whitelist(allow_guest=True, methods=["POST"], xss_safe=True)
def wuzapi() -> dict[str, str | None]:
	return receive(Source.GATEWAY)


@frappe.whitelist(allow_guest=True, methods=["POST"], xss_safe=True)
def chatwoot() -> dict[str, str | None]:
	return receive(Source.CHATWOOT)
