"""Fetching files from addresses that a gateway names: its own storage, WhatsApp's picture servers.

Whoever can write to the gateway, or in its name, chooses these addresses. So they are the gateway's own host, or public;
without our token, without redirects, no more bytes than are allowed, and not for ever.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from urllib.parse import urlsplit

import requests

from wuzapi_chatwoot.bridge.model.errors import BridgeError, Fault, Permanent, Retriable, TooLarge
from wuzapi_chatwoot.bridge.text.describe import readable_size
from wuzapi_chatwoot.bridge.text.internal_hosts import host_of
from wuzapi_chatwoot.net.http_pool import pieces_of
from wuzapi_chatwoot.net.public_http import Resolve, is_public, resolve, shared_public_http

LONGEST_SECONDS = 150.0
"""For one file, however slowly its bytes come: below the time for which a lane is leased."""
_PORTS = {"http": 80, "https": 443}


class NamedFiles:
	"""For one gateway. Thread-safe."""

	def __init__(
		self,
		gateway_url: str,
		http: requests.Session,
		timeout: tuple[float, float],
		*,
		public_http: requests.Session | None = None,
		resolve: Resolve = resolve,
		seconds: Callable[[], float] = time.monotonic,
	) -> None:
		"""`http` is for the gateway's own host, wherever on the network that is."""
		self._own_host = host_of(gateway_url)
		self._http = http
		self._public_http = public_http
		self._timeout = timeout
		self._resolve = resolve
		self._seconds = seconds

	def fetch(self, url: str, most: int, refusal: Callable[[requests.Response], BridgeError]) -> bytes:
		"""Raises `TooLarge`, `Permanent` where we must not look, and what `requests` raises."""
		http = self._http_for(url)
		until = self._seconds() + LONGEST_SECONDS
		content = bytearray()
		# Compressed, a small answer could unpack to any size.
		headers = {"Accept-Encoding": "identity"}
		with http.get(
			url, stream=True, timeout=self._timeout, allow_redirects=False, headers=headers
		) as answer:
			if answer.status_code != 200:
				raise refusal(answer)
			for chunk in pieces_of(answer):
				content += chunk
				check_size(len(content), most)
				if self._seconds() > until:
					raise Retriable("The file arrives too slowly", fault=Fault.REQUEST)
		return bytes(content)

	def _http_for(self, url: str) -> requests.Session:
		try:
			parts = urlsplit(url)
			port = parts.port or _PORTS.get(parts.scheme, 0)
		except ValueError:
			raise Permanent("The file has no usable address") from None
		if parts.scheme not in _PORTS or not parts.hostname or parts.username or parts.password:
			raise Permanent("The file has no usable address")
		if host_of(url) == self._own_host:
			return self._http
		try:
			found = self._resolve(parts.hostname, port)
		except (OSError, UnicodeError):
			raise Retriable("The file's host name does not resolve", fault=Fault.REQUEST) from None
		if not found or not all(is_public(address) for address in found):
			raise Permanent("The file is at a private network address, and not at the gateway's own")
		return self._public_http or shared_public_http()


def check_size(size: int, most: int) -> None:
	if size > most:
		raise TooLarge(f"The file is larger than the {readable_size(most)} that are allowed")
