"""Functions of Frappe that stand behind ours, or behind another app's that replaced them before us."""

from __future__ import annotations

from typing import Any

import frappe


def call_original(method: str, /, **arguments: Any) -> Any:
	"""With the arguments that it knows, and under the same conditions as if the browser had called it."""
	replaced = frappe.get_hooks("override_whitelisted_methods", {}).get(method, [])
	for each in reversed(replaced):
		if not each.startswith("wuzapi_chatwoot."):
			method = each
			break
	function = frappe.get_attr(method)
	frappe.is_whitelisted(function)
	return frappe.call(function, **arguments)
