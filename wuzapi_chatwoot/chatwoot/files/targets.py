"""Which addresses files may be fetched from: Chatwoot itself, and the public internet. Fetches nothing.

A file's address comes from outside, and Chatwoot answers it with a redirect to wherever it stores files. Without
these rules a forged one could make us read from the network we run in.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from wuzapi_chatwoot.bridge.model.errors import Fault, Permanent, Retriable
from wuzapi_chatwoot.net.public_http import Resolve, is_public
from wuzapi_chatwoot.net.public_http import resolve as resolve

_STORAGE_PATH = "/rails/active_storage"
_DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Target:
	"""An address we may ask. `trusted`: it is Chatwoot's own host, wherever on the network that is."""

	url: str
	trusted: bool


class Targets:
	"""The rules for one Chatwoot."""

	def __init__(self, chatwoot_url: str, resolve: Resolve = resolve) -> None:
		self._base = chatwoot_url.strip().rstrip("/")
		self._resolve = resolve

	def check(self, url: str, *, redirected: bool, by_trusted: bool = True) -> Target:
		"""Raises `Permanent` when the address is not allowed, `Retriable` when its name does not resolve now.

		A redirect of Chatwoot's own (`by_trusted`) may go to another port of its host, where self-hosted file stores often
		are. One of a stranger may not: it would lead us to whatever else runs there.
		"""
		url = self._at_chatwoot(url)
		parts, port = _split(url)
		own, own_port = _split(self._base)
		at_home = (parts.scheme, port) == (own.scheme, own_port)
		if parts.hostname == own.hostname and ((redirected and by_trusted) or at_home):
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
