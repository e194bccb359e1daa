"""Connections to the other sides, kept and shared by the threads of a process. Knows neither WuzAPI nor Chatwoot.

What the environment says of proxies and certificates is read once for each origin: requests would go through all of
it on every call, which costs a fifth of what relaying a message does.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import lru_cache
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.utils import get_environ_proxies

# More than the workers of a process: nobody waits for a connection.
CONNECTIONS = 64


class PooledHttp(requests.Session):
	"""Keeps no cookies, adds no credentials of its own (not from a .netrc either), never tries again by itself.

	`use_proxies`: those that the environment names.
	"""

	def __init__(self, connections: int = CONNECTIONS, *, use_proxies: bool = True) -> None:
		super().__init__()
		self._use_proxies = use_proxies
		self.trust_env = False
		self.verify = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE") or True
		self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
		adapter = HTTPAdapter(pool_connections=connections, pool_maxsize=connections, max_retries=0)
		self.mount("http://", adapter)
		self.mount("https://", adapter)

	def merge_environment_settings(self, url: Any, proxies: Any, stream: Any, verify: Any, cert: Any) -> Any:
		parts = urlsplit(str(url))
		known = _proxies_of(f"{parts.scheme}://{parts.netloc}") if self._use_proxies else {}
		return super().merge_environment_settings(url, {**known, **(proxies or {})}, stream, verify, cert)


@lru_cache(maxsize=256)
def _proxies_of(origin: str) -> Mapping[str, str]:
	return dict(get_environ_proxies(origin))
