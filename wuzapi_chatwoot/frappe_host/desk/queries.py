"""Small questions that the API asks before it acts."""

from __future__ import annotations

import frappe

from wuzapi_chatwoot.bridge.inbox.store_event import event_key
from wuzapi_chatwoot.bridge.model.records import Source
from wuzapi_chatwoot.frappe_host.i18n.refusal import refuse


def only_session_of(user: str) -> str:
	"""The one enabled session that the user may use."""
	with_rights = frappe.get_list(
		"WuzAPI Session", filters={"enabled": 1}, pluck="name", order_by="name asc", user=user, limit=2
	)
	if len(with_rights) != 1:
		refuse(frappe._("Name the session"))
	return str(with_rights[0])


def event_of_desk_message(message: int) -> int:
	"""The event that sends a message written in the desk."""
	row = frappe.db.get_value("WuzAPI Message", message, ["session", "whatsapp_id"], as_dict=True)
	key = event_key(row.session, Source.DESK, row.whatsapp_id)
	return int(frappe.db.get_value("WuzAPI Event", {"event_key": key}))
