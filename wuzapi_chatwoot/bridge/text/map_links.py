"""Places as map links: read out of a text that is nothing else, and written. Looks nothing up: no short links."""

from __future__ import annotations

import math

from wuzapi_chatwoot.bridge.model.content import Location
from wuzapi_chatwoot.bridge.text.query_string import query_fields, unquoted

_SCHEMES = ("https", "http")
_LONGEST_LINK = 4000


def link_to(location: Location) -> str:
	"""A link that every phone and browser opens as a map."""
	return f"https://maps.google.com/?q={location.latitude},{location.longitude}"


def location_of(text: str) -> Location | None:
	"""The place, when `text` is one map link (Google, OpenStreetMap, Apple, `geo:`) and nothing else.

	`None` too for a latitude or longitude of exactly 0: the gateway takes that for a missing one.
	"""
	link = text.strip()
	if not link or len(link) > _LONGEST_LINK or any(letter.isspace() for letter in link):
		return None
	scheme, _, rest = link.partition(":")
	if scheme.lower() == "geo":
		return _geo(rest)
	if scheme.lower() not in _SCHEMES or not rest.startswith("//"):
		return None
	rest, _, fragment = rest[2:].partition("#")
	rest, _, query = rest.partition("?")
	host, slash, path = rest.partition("/")
	return _at_host(
		host.lower().removesuffix(":443").removesuffix(":80"), slash + path, query_fields(query), fragment
	)


def _at_host(host: str, path: str, fields: dict[str, str], fragment: str) -> Location | None:
	if host == "maps.apple.com":
		place = _pair(fields.get("ll", "")) or _pair(fields.get("q", ""))
		name = fields.get("q") if "ll" in fields else None
		return _place(place, name if name and not _pair(name) else None)
	if host in ("openstreetmap.org", "www.openstreetmap.org"):
		if "mlat" in fields or "mlon" in fields:
			return _place(_numbers(fields.get("mlat", ""), fields.get("mlon", "")))
		_, latitude, longitude, *_ = [*query_fields(fragment).get("map", "").split("/"), "", "", ""]
		return _place(_numbers(latitude, longitude))
	if _is_google(host, "maps") or (_is_google(host, "www") and _is_below(path, "/maps")):
		return _google(path if host.startswith("maps.") else path.removeprefix("/maps"), fields)
	return None


def _is_google(host: str, service: str) -> bool:
	"""`www.google.com`, `maps.google.co.uk`; for `www` also `google.com`."""
	labels = host.split(".")
	if labels[0] == "google" and service == "www":
		labels = ["www", *labels]
	if labels[:2] != [service, "google"] or not 1 <= len(labels) - 2 <= 2:
		return False
	# google.com, google.de, google.co.uk, google.com.br: never a name that anyone can register.
	country = labels[-1] == "com" or (len(labels[-1]) == 2 and labels[-1].isalpha())
	return country and (len(labels) == 3 or labels[2] in ("com", "co"))


def _is_below(path: str, folder: str) -> bool:
	return path == folder or path.startswith(f"{folder}/")


def _google(path: str, fields: dict[str, str]) -> Location | None:
	parts = [part for part in path.removeprefix("/maps").split("/") if part]
	for key in ("q", "query", "ll"):
		if key in fields:
			return _place(_pair(fields[key].removeprefix("loc:")))
	name = None
	if len(parts) > 1 and parts[0] in ("place", "search"):
		name = unquoted(parts[1], plus=True)
		if _pair(name):
			return _place(_pair(name))
	at = next((part[1:] for part in parts if part.startswith("@")), "")
	latitude, longitude, *_ = [*at.split(","), "", ""]
	pinned = next((_pinned(part) for part in parts if part.startswith("data=")), None)
	return _place(
		pinned or _numbers(latitude, longitude), name if name and not name.startswith("@") else None
	)


def _pinned(data: str) -> tuple[float, float] | None:
	"""The place itself, `!3d…!4d…`; what follows `@` is only the middle of the map. The last one is the place."""
	latitude = longitude = ""
	for part in data.split("!"):
		if part.startswith("3d"):
			latitude, longitude = part[2:], ""
		elif part.startswith("4d"):
			longitude = part[2:]
	return _numbers(latitude, longitude)


def _geo(rest: str) -> Location | None:
	"""`geo:LAT,LON;u=35?z=17`; Android also writes `geo:0,0?q=LAT,LON(Name)`."""
	spot, _, query = rest.partition("?")
	wanted = query_fields(query).get("q", "")
	coordinates, _, name = wanted.partition("(")
	latitude, longitude, *_ = [*spot.partition(";")[0].split(","), "", ""]
	place = _pair(coordinates) or _numbers(latitude, longitude)
	return _place(place, name.removesuffix(")") if name.endswith(")") else None)


def _pair(text: str) -> tuple[float, float] | None:
	"""`LAT,LON` and nothing else."""
	latitude, comma, longitude = text.partition(",")
	return _numbers(latitude, longitude.strip(" ")) if comma else None


_NUMBER_LETTERS = frozenset("0123456789.+-")


def _numbers(latitude: str, longitude: str) -> tuple[float, float] | None:
	if not latitude or not longitude or not set(latitude + longitude) <= _NUMBER_LETTERS:
		return None
	try:
		return float(latitude), float(longitude)
	except ValueError:
		return None


def _place(place: tuple[float, float] | None, name: str | None = None) -> Location | None:
	if place is None:
		return None
	latitude, longitude = place
	if not (math.isfinite(latitude) and math.isfinite(longitude)):
		return None
	if abs(latitude) > 90 or abs(longitude) > 180 or not latitude or not longitude:
		return None
	clean = " ".join((name or "").split())
	return Location(latitude, longitude, name=clean or None)
