"""Times in sentences of the desk: as its forms show them to whoever reads, and with the zone."""

from __future__ import annotations

from datetime import datetime

import frappe
from frappe.utils import format_datetime
from frappe.utils.data import get_system_timezone

from wuzapi_chatwoot.bridge.text.time_format import Told, zone_of


def told_to(user: str | None = None) -> Told:
	"""Without a `user`, to the one who asks."""
	name = frappe.db.get_value("User", user or frappe.session.user, "time_zone") or ""
	if zone_of(name) is None:
		name = get_system_timezone()

	def told(at: datetime) -> str:
		return f"{format_datetime(at.astimezone(zone_of(name)).replace(tzinfo=None))} {name}"

	return told
