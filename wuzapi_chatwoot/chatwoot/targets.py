"""Which addresses files may be fetched from: Chatwoot itself, and the public internet. Fetches nothing.

A file's address comes from outside, and Chatwoot answers it with a redirect to wherever it stores files. Without
these rules a forged one could make us read from the network we run in.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Collection
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from ..bridge.errors import Fault, Permanent, Retriable

Resolve = Callable[[str, int], Collection[str]]
"""Host name and port to IP addresses. Raises `OSError`."""

_STORAGE_PATH = "/rails/active_storage"
_DEFAULT_PORTS = {"http": 80, "https": 443}
_CLOSED_NETWORKS = tuple(
	ipaddress.ip_network(network)
	for network in (
		"100.64.0.0/10",  # carrier-grade NAT
		"fec0::/10",  # site-local, withdrawn but still in use
		# 6to4 and NAT64, behind which any IPv4 address may hide
		"192.88.99.0/24",
		"2002::/16",
		"64:ff9b::/96",
		"64:ff9b:1::/48",
	)
)


@dataclass(frozen=True, slots=True)
class Target:
	"""An address we may ask. `trusted`: it is Chatwoot's own host, wherever on the network that is."""

	url: str
	trusted: bool


def resolve(host: str, port: int) -> list[str]:
	"""Ask the system's resolver."""
	return [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


class Targets:
	"""The rules for one Chatwoot."""

	def __init__(self, chatwoot_url: str, resolve: Resolve = resolve) -> None:
		self._base = chatwoot_url.strip().rstrip("/")
		self._resolve = resolve

	def check(self, url: str, *, redirected: bool) -> Target:
		"""Raises `Permanent` when the address is not allowed, `Retriable` when its name does not resolve now.

		A redirect may go to another port of Chatwoot's host, where self-hosted file stores often are.
		"""
		url = self._at_chatwoot(url)
		parts, port = _split(url)
		own, own_port = _split(self._base)
		at_home = (parts.scheme, port) == (own.scheme, own_port)
		if parts.hostname == own.hostname and (redirected or at_home):
			return Target(url, trusted=True)
		self._refuse_private(parts.hostname or "", port)
		return Target(url, trusted=False)

	def _at_chatwoot(self, url: str) -> str:
		"""The address at the Chatwoot we know: its own setting of its address (FRONTEND_URL) is often wrong for us."""
		try:
			parts = urlsplit(url.strip())
		except ValueError:
			return url
		if not parts.path.startswith(_STORAGE_PATH + "/"):
			return url.strip()
		return self._base + parts.path + (f"?{parts.query}" if parts.query else "")

	def _refuse_private(self, host: str, port: int) -> None:
		try:
			found = self._resolve(host, port)
		except (OSError, UnicodeError):
			raise Retriable(
				"the file's host name does not resolve", detail=host[:100], fault=Fault.REQUEST
			) from None
		if not found or not all(is_public(address) for address in found):
			raise Permanent(
				"the file is at a private network address, and not at Chatwoot's own", detail=host[:100]
			)


def is_public(address: str) -> bool:
	"""An address of the open internet, and not one that leads back into a network of ours."""
	try:
		ip = ipaddress.ip_address(address.partition("%")[0])
	except ValueError:
		return False
	mapped = ip.ipv4_mapped if isinstance(ip, ipaddress.IPv6Address) else None
	ip = mapped or ip
	closed = ip.is_multicast or ip.is_reserved or ip.is_unspecified or ip.is_loopback or ip.is_link_local
	if closed or ip.is_private or not ip.is_global:
		return False
	return not any(ip.version == network.version and ip in network for network in _CLOSED_NETWORKS)


def _split(url: str) -> tuple[SplitResult, int]:
	"""The parts and the port. Raises `Permanent` for what is no http(s) address, or one with credentials."""
	try:
		parts = urlsplit(url)
		port = parts.port or _DEFAULT_PORTS.get(parts.scheme, 0)
	except ValueError:
		raise Permanent("the file has no usable address") from None
	if parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
		raise Permanent("the file has no usable address")
	if parts.username or parts.password:
		raise Permanent("the file's address contains credentials")
	return parts, port
