"""Times in sentences for people: with the zone they are meant in. Reads no clock, and no settings of whoever reads."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone, tzinfo
from zoneinfo import ZoneInfo

Told = Callable[[datetime], str]
"""How whoever reads a sentence is told a time: a host knows in which zone they live, and how they write times."""


def in_zone(name: str) -> Told:
	"""For readers of whom no more is known. By an IANA name; an unknown one is UTC."""
	zone = zone_of(name)

	def told(at: datetime) -> str:
		local = at.astimezone(zone or timezone.utc)
		return f"{local:%Y-%m-%d %H:%M} {name if zone else 'UTC'}"

	return told


def zone_of(name: str) -> tzinfo | None:
	"""The time zone of an IANA name; `None`: there is none. UTC is known where the machine knows no zone at all."""
	if name == "UTC":
		return timezone.utc
	try:
		return ZoneInfo(name)
	except (LookupError, ValueError, OSError):
		return None


in_utc = in_zone("UTC")
