"""Sessions, for the desk."""

# No `annotations` from `__future__`: Frappe converts what the browser sends by these types, and passes over text.
from typing import Any

import frappe

from ..frappe_host.connection_test import steps_of


@frappe.whitelist(methods=["POST"])
def test_connection(session: str) -> dict[str, list[dict[str, Any]]]:
	"""Try both sides of a session with what is saved, and see whether anybody works.

	Returns `{"steps": [{"step", "ok", "detail"}]}`. What cannot be tried because an earlier step of the same side is
	broken is left out, so the last step of a side is the broken one.
	"""
	doc = frappe.get_doc("WuzAPI Session", session)
	frappe.has_permission("WuzAPI Session", doc=doc, throw=True)
	return {"steps": [step.as_json() for step in steps_of(doc)]}
