"""Times on their way into and out of the site's database. The bridge knows aware UTC only; columns know no zone.

What people read (when a message was sent or received) is kept in the site's time zone, as Frappe expects. What only
machines read (when a lane is due, a lease ends, a try is next) is kept in UTC: when the clocks are set back, a site's
hour comes twice, and a lane must not wait for the second one.
"""

from __future__ import annotations

from datetime import datetime, timezone
from zoneinfo import ZoneInfo

import frappe
from frappe.utils.data import get_system_timezone


def to_site(time: datetime) -> datetime:
	"""Aware → naive, in the site's time zone."""
	return time.astimezone(_zone()).replace(tzinfo=None)


def from_site(time: datetime) -> datetime:
	"""Naive, in the site's time zone → aware UTC."""
	return time.replace(tzinfo=_zone()).astimezone(timezone.utc)


def to_utc(time: datetime) -> datetime:
	"""Aware → naive UTC."""
	return time.astimezone(timezone.utc).replace(tzinfo=None)


def from_utc(time: datetime) -> datetime:
	"""Naive UTC → aware."""
	return time.replace(tzinfo=timezone.utc)


def _zone() -> ZoneInfo:
	# Once per request or job: asking the settings costs a look into the cache each time.
	zone = getattr(frappe.local, "wuzapi_chatwoot_zone", None)
	if zone is None:
		zone = frappe.local.wuzapi_chatwoot_zone = ZoneInfo(get_system_timezone())
	return zone
