"""Which network addresses are public, and a pool of connections that reach those only. Knows no file and no side.

The name of a host is resolved twice: when the address is judged (`is_public`) and when it is connected to. Between
the two, a hostile name server may change its answer. So the address that was really reached is judged again, after
connecting and before a byte of the request is sent. What remains: such a name server can make us open, and close, a
TCP connection (and begin a TLS handshake) to an address of its choice, without learning more than that it exists.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Collection
from functools import lru_cache
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import NewConnectionError
from urllib3.poolmanager import PoolManager

from wuzapi_chatwoot.net.http_pool import PooledHttp

Resolve = Callable[[str, int], Collection[str]]
"""Host name and port to IP addresses. Raises `OSError`."""

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


def resolve(host: str, port: int) -> list[str]:
	"""Ask the system's resolver."""
	return [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


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


class NotPublicError(NewConnectionError):
	"""The connection led to an address that is not public, and was closed unused."""


class _PublicConnection(HTTPConnection):
	def connect(self) -> None:
		super().connect()
		_insist_on_public(self)


class _PublicTlsConnection(HTTPSConnection):
	def connect(self) -> None:
		super().connect()
		_insist_on_public(self)


class _PublicPool(HTTPConnectionPool):
	ConnectionCls = _PublicConnection


class _PublicTlsPool(HTTPSConnectionPool):
	ConnectionCls = _PublicTlsConnection


class _PublicAdapter(HTTPAdapter):
	def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
		super().init_poolmanager(*args, **kwargs)
		manager: PoolManager = self.poolmanager
		manager.pool_classes_by_scheme = {"http": _PublicPool, "https": _PublicTlsPool}


def new_public_http() -> requests.Session:
	"""Uses no proxy of the environment: behind one, nobody here would see where the connection leads."""
	http = PooledHttp(connections=8, use_proxies=False)
	http.mount("http://", _PublicAdapter(pool_connections=8, pool_maxsize=8))
	http.mount("https://", _PublicAdapter(pool_connections=8, pool_maxsize=8))
	return http


def _insist_on_public(connection: HTTPConnection) -> None:
	peer = connection.sock.getpeername()[0] if connection.sock is not None else ""
	if not is_public(peer):
		connection.close()
		raise NotPublicError(connection, f"{peer} is not a public address")


@lru_cache(maxsize=1)
def shared_public_http() -> requests.Session:
	"""The pool of this process."""
	return new_public_http()
