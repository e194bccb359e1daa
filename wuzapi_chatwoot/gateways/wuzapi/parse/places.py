"""Places in messages: their coordinates, and what they are called."""

from __future__ import annotations

from wuzapi_chatwoot.bridge.model.content import Location
from wuzapi_chatwoot.gateways.wuzapi.parse.fields import Fields


def location(body: Fields, *, live: bool = False) -> Location | None:
	"""`None` without coordinates."""
	latitude, longitude = body.real("degreesLatitude"), body.real("degreesLongitude")
	if latitude is None or longitude is None:
		return None
	return Location(
		latitude=latitude,
		longitude=longitude,
		name=body.text("name") or None,
		address=body.text("address") or None,
		caption=body.text("caption", "comment") or None,
		live=live or body.flag("isLive"),
	)


def live_location(body: Fields) -> Location | None:
	return location(body, live=True)
