"""One HTTP call to a WuzAPI gateway, or to where it says a file lies. Knows time-outs, but no single call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

import requests
import urllib3

from ..bridge.describe import readable_size
from ..bridge.errors import BridgeError, Fault, Permanent, Retriable, Uncertain
from ..http_pool import CONNECTIONS, PooledHttp
from .failures import failure_of, failure_of_picture, failure_of_storage
from .fields import Fields, load

# Seconds. WuzAPI waits up to 75 s for WhatsApp to confirm a send, and gives up writing any answer after 120 s.
CONNECT = 5.0
READ = 30.0
READ_SEND = 90.0
READ_DOWNLOAD = 120.0
_CHUNK = 64 * 1024

_NO_ANSWER = (requests.RequestException, urllib3.exceptions.HTTPError, UnicodeError)


def pooled_http(size: int = CONNECTIONS) -> requests.Session:
	"""Connections for all gateways of a process; threads may share it."""
	return PooledHttp(size)


class FailureOf(Protocol):
	"""What an answer that is no success, or no answer at all, means."""

	def __call__(self, failure: requests.Response | Exception, *, sending: bool = False) -> BridgeError: ...


class Calls:
	"""Calls with one token, sent in the header of that name, to one gateway. Thread-safe."""

	def __init__(
		self,
		http: requests.Session,
		address: str,
		token: str,
		*,
		header: str = "token",
		failure: FailureOf = failure_of,
	) -> None:
		self._http = http
		self._address = address
		self._headers = {header: token}
		self._failure_of = failure

	def get(self, path: str, query: Mapping[str, str] | None = None) -> Fields:
		return self._call("GET", path, query=query).inner("data")

	def get_bare(self, path: str) -> Fields:
		"""What answers without an envelope."""
		return self._call("GET", path)

	def get_rows(self, path: str) -> list[Fields]:
		"""Where `data` is a list."""
		answer = self._call("GET", path)
		if "data" not in answer:
			raise not_wuzapi("no list in the answer")
		return answer.rows("data")

	def post(
		self, path: str, body: Mapping[str, object], *, read_timeout: float = READ, sending: bool = False
	) -> Fields:
		"""`sending`: it changes something on WhatsApp, so an unknown outcome is `Uncertain`."""
		answer = self._call("POST", path, body=body, read_timeout=read_timeout, sending=sending)
		return answer.inner("data")

	def delete(self, path: str, *, read_timeout: float = READ) -> None:
		self._call("DELETE", path, read_timeout=read_timeout)

	def fetch_stored(self, url: str, most: int) -> bytes:
		"""A file in the gateway's own storage. Raises `Permanent` if it has more than `most` bytes."""
		try:
			return self._fetch(url, most, failure_of_storage)
		except _NO_ANSWER as error:
			raise failure_of(error) from error

	def fetch_picture(self, url: str, most: int) -> bytes:
		"""A picture on WhatsApp's servers. Raises `Permanent` if it has more than `most` bytes."""
		try:
			return self._fetch(url, most, failure_of_picture)
		except _NO_ANSWER as error:
			raise failure_of_picture(error) from error

	def _call(
		self,
		method: str,
		path: str,
		*,
		body: Mapping[str, object] | None = None,
		query: Mapping[str, str] | None = None,
		read_timeout: float = READ,
		sending: bool = False,
	) -> Fields:
		"""The whole answer. The HTTP status decides: WuzAPI's `success` may be true on a 500."""
		try:
			answer = self._http.request(
				method,
				self._address + path,
				params=query,
				json=body,
				headers=self._headers,
				timeout=(CONNECT, read_timeout),
				# A redirected POST would become a GET, and its 200 no proof of a sent message.
				allow_redirects=False,
			)
		except _NO_ANSWER as error:
			# A ValueError quotes what is not valid: the token.
			cause = None if isinstance(error, ValueError) else error
			raise self._failure_of(error, sending=sending) from cause
		if not 200 <= answer.status_code < 300:
			raise self._failure_of(answer, sending=sending)
		return _read(answer, sending)

	def _fetch(self, url: str, most: int, refusal: Callable[[requests.Response], BridgeError]) -> bytes:
		"""Without our token: what answers is not the gateway."""
		content = bytearray()
		with self._http.get(url, stream=True, timeout=(CONNECT, READ), allow_redirects=False) as answer:
			if answer.status_code != 200:
				raise refusal(answer)
			for chunk in answer.iter_content(_CHUNK):
				content += chunk
				check_size(len(content), most)
		return bytes(content)


def check_size(size: int, most: int) -> None:
	if size > most:
		raise Permanent(f"The file is larger than the {readable_size(most)} that are allowed")


def not_wuzapi(detail: str, *, sending: bool = False) -> BridgeError:
	reason = "What answered is not WuzAPI: check the gateway's address"
	if sending:
		return Uncertain(reason, detail=detail, fault=Fault.UNWELL)
	return Retriable(reason, detail=detail, fault=Fault.UNWELL)


def _read(answer: requests.Response, sending: bool) -> Fields:
	try:
		# Not `answer.text`, which guesses the encoding byte by byte: a file may be inside.
		envelope = load(answer.content.decode())
	except (ValueError, RecursionError):
		envelope = None
	if isinstance(envelope, dict):
		return Fields(envelope)
	raise not_wuzapi(f"HTTP {answer.status_code}, no JSON object", sending=sending)
