"""Which hosts are inside: those whose name or address says that what goes to them crosses no foreign network. Asks no DNS."""

from __future__ import annotations

import ipaddress
import re

# Nobody can own these in public DNS.
_INSIDE = (
	".localhost",
	".local",
	".internal",
	".home.arpa",
	".lan",
	".intranet",
	".corp",
	".home",
	".private",
)


_HOST = re.compile(r"\s*https?://(?:[^/?#@]*@)?(?:\[([^\]/]*)\]|([^:/?#\s]*))", re.IGNORECASE)


def host_of(url: str) -> str:
	"""In lower case; empty if there is none."""
	found = _HOST.match(url)
	return (found[1] or found[2] or "").rstrip(".").lower() if found else ""


def is_inside(host: str) -> bool:
	"""By the name alone: `redis`, `10.0.0.7`, `wuzapi.internal`."""
	try:
		return not ipaddress.ip_address(host.partition("%")[0]).is_global
	except ValueError:
		return "." not in host or host.endswith(_INSIDE)


def is_open(url: str) -> bool:
	"""Without TLS."""
	return url.strip().lower().startswith("http://")
