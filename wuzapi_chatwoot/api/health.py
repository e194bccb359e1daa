"""Is all well? For managers and for monitoring."""

# No `annotations` from `__future__`: Frappe converts what the browser sends by these types, and passes over text.
from typing import Any

import frappe

from wuzapi_chatwoot.frappe_host.web.health import report


@frappe.whitelist(methods=["GET", "POST"])
def check() -> dict[str, Any]:
	"""Real checks of the store, of every gateway and Chatwoot, of workers and scheduler, and what waits.

	Returns `{"status": "ok" | "unhealthy", "checks": {name: "ok" | what is wrong}, "oldest_waiting_seconds",
	"waiting_events", "dead_events", "queued_jobs", "workers"}`.
	"""
	frappe.has_permission("WuzAPI Settings", throw=True)
	return report()
