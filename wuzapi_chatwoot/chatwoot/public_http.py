"""A pool of connections that reach the public internet only. Knows nothing of files or Chatwoot.

The name of a host is resolved twice: when the address is judged (`targets.py`) and when it is connected to. Between
the two, a hostile name server may change its answer. So the address that was really reached is judged again, after
connecting and before a byte of the request is sent. What remains: such a name server can make us open, and close, a
TCP connection (and begin a TLS handshake) to an address of its choice, without learning more than that it exists.
"""

from __future__ import annotations

from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import NewConnectionError
from urllib3.poolmanager import PoolManager

from ..http_pool import PooledHttp
from .targets import is_public


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
