"""Connections to the other sides, kept and shared by the threads of a process. Knows neither WuzAPI nor Chatwoot.

What the environment says of proxies and certificates is read once for each origin: requests would go through all of
it on every call, which costs a fifth of what relaying a message does.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from functools import lru_cache
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter
from requests.utils import get_environ_proxies

# More than the workers of a process: nobody waits for a connection.
CONNECTIONS = 64
LARGEST_ANSWER = 16 * 1024 * 1024
"""Bytes of an answer, unless the caller says otherwise: whoever answers may be somebody else, or broken."""
ANSWER_SECONDS = 120.0
"""For a whole answer, however slowly its bytes come."""
_PIECE = 64 * 1024


class AnswerTooLarge(requests.RequestException):
	pass


class AnswerTooSlow(requests.Timeout):
	pass


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

	def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:
		"""An answer is read here, no more of it than is allowed; unless `stream` leaves that to the caller."""
		stream = bool(options.pop("stream", False))
		answer = super().send(request, **options, stream=True)
		if not stream:
			take_answer(answer, LARGEST_ANSWER)
		return answer

	def merge_environment_settings(self, url: Any, proxies: Any, stream: Any, verify: Any, cert: Any) -> Any:
		parts = urlsplit(str(url))
		known = _proxies_of(f"{parts.scheme}://{parts.netloc}") if self._use_proxies else {}
		return super().merge_environment_settings(url, {**known, **(proxies or {})}, stream, verify, cert)


@lru_cache(maxsize=256)
def _proxies_of(origin: str) -> Mapping[str, str]:
	return dict(get_environ_proxies(origin))


def take_answer(answer: requests.Response, largest: int, seconds: float = ANSWER_SECONDS) -> None:
	"""Read a streamed answer, so that it is as if it had not been streamed.

	Raises `AnswerTooLarge` and `AnswerTooSlow`, and gives the connection up then.
	"""
	until = time.monotonic() + seconds
	content = bytearray()
	try:
		announced = answer.headers.get("content-length", "")
		if announced.isascii() and announced.isdigit() and int(announced[:20]) > largest:
			raise AnswerTooLarge(f"an answer of more than {largest} bytes")
		for piece in pieces_of(answer):
			content += piece
			if len(content) > largest:
				raise AnswerTooLarge(f"an answer of more than {largest} bytes")
			if time.monotonic() > until:
				raise AnswerTooSlow("the answer comes too slowly")
	except BaseException:
		answer.close()
		raise
	# What `requests` itself does when it reads one.
	answer._content, answer._content_consumed = bytes(content), True  # type: ignore[attr-defined]


def pieces_of(answer: requests.Response) -> Iterator[bytes]:
	"""A streamed answer in pieces, each as soon as bytes of it have come, so that whoever reads can look at a clock.

	`iter_content` waits until a piece is full: a sender of one byte at a time, each within the time-out, would hold it for
	days. Raises as `iter_content` does.
	"""
	raw = answer.raw
	if not isinstance(raw, urllib3.HTTPResponse) or not hasattr(raw, "read1"):
		yield from answer.iter_content(_PIECE)
		return
	try:
		while piece := raw.read1(_PIECE, decode_content=True):
			yield piece
	except urllib3.exceptions.DecodeError as error:
		raise requests.exceptions.ContentDecodingError(error) from error
	except urllib3.exceptions.ReadTimeoutError as error:
		raise requests.ConnectionError(error) from error
	except urllib3.exceptions.SSLError as error:
		raise requests.exceptions.SSLError(error) from error
	except urllib3.exceptions.HTTPError as error:
		raise requests.exceptions.ChunkedEncodingError(error) from error
