"""What reached us, for those who look after it."""

# No `annotations` from `__future__`: Frappe converts what the browser sends by these types, and passes over text.
import frappe

from wuzapi_chatwoot.bridge.inbox.replay_event import replay_event
from wuzapi_chatwoot.frappe_host.wiring.bridge import bridge_of_site


@frappe.whitelist(methods=["POST"])
def replay(events: str | int | list[int | str]) -> dict[str, list[int]]:
	"""Try dead or ignored events again: a number, a list of numbers, or such a list as JSON text.

	For managers, and for users of the events' sessions. Returns those that wait again: `{"replayed": [int]}`.
	"""
	given = frappe.parse_json(events)
	rows = frappe.get_all(
		"WuzAPI Event",
		filters={"name": ["in", [int(each) for each in (given if isinstance(given, list) else [given])]]},
		fields=["name", "session"],
		order_by="name asc",
	)
	for session in {row.session for row in rows}:
		frappe.has_permission("WuzAPI Session", doc=frappe.get_doc("WuzAPI Session", session), throw=True)
	bridge = bridge_of_site()
	return {"replayed": [row.name for row in rows if replay_event(bridge, row.name)]}
