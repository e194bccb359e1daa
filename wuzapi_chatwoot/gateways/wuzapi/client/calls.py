"""One HTTP call to a WuzAPI gateway, or to where it says a file lies. Knows time-outs, but no single call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import requests
import urllib3

from wuzapi_chatwoot.bridge.model.errors import BridgeError, Fault, Retriable, TooLarge, Uncertain
from wuzapi_chatwoot.gateways.wuzapi.client.failures import (
	NOT_WUZAPI,
	failure_of,
	failure_of_picture,
	failure_of_storage,
)
from wuzapi_chatwoot.gateways.wuzapi.client.named_files import NamedFiles
from wuzapi_chatwoot.gateways.wuzapi.parse.fields import Fields, load
from wuzapi_chatwoot.net.http_pool import CONNECTIONS, LARGEST_ANSWER, AnswerTooLarge, PooledHttp, take_answer

# Seconds. WuzAPI waits up to 75 s for WhatsApp to confirm a send, and gives up writing any answer after 120 s.
CONNECT = 5.0
READ = 30.0
READ_SEND = 90.0
READ_DOWNLOAD = 120.0

_DOWNLOADS = "/chat/download"
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
		files: NamedFiles | None = None,
	) -> None:
		self._http = http
		self._address = address
		self._headers = {header: token}
		self._failure_of = failure
		self._files = NamedFiles(address, http, (CONNECT, READ)) if files is None else files

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
		self,
		path: str,
		body: Mapping[str, object],
		*,
		read_timeout: float = READ,
		sending: bool = False,
		largest: int = LARGEST_ANSWER,
	) -> Fields:
		"""`sending`: it changes something on WhatsApp, so an unknown outcome is `Uncertain`. `largest` answer in bytes."""
		answer = self._call(
			"POST", path, body=body, read_timeout=read_timeout, sending=sending, largest=largest
		)
		return answer.inner("data")

	def delete(self, path: str, *, read_timeout: float = READ) -> None:
		self._call("DELETE", path, read_timeout=read_timeout)

	def fetch_stored(self, url: str, most: int) -> bytes:
		"""A file in the gateway's own storage. Raises `Permanent` if it has more than `most` bytes."""
		try:
			return self._files.fetch(url, most, failure_of_storage)
		except _NO_ANSWER as error:
			raise failure_of(error) from error

	def fetch_picture(self, url: str, most: int) -> bytes:
		"""A picture on WhatsApp's servers. Raises `Permanent` if it has more than `most` bytes."""
		try:
			return self._files.fetch(url, most, failure_of_picture)
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
		largest: int = LARGEST_ANSWER,
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
				stream=True,
			)
			take_answer(answer, largest)
		except AnswerTooLarge as error:
			if largest > LARGEST_ANSWER or path.startswith(_DOWNLOADS):
				raise TooLarge("The gateway's answer is larger than a file may be") from error
			raise not_wuzapi("its answer is too large", sending=sending) from error
		except _NO_ANSWER as error:
			# A ValueError quotes what is not valid: the token.
			cause = None if isinstance(error, ValueError) else error
			raise self._failure_of(error, sending=sending) from cause
		if not 200 <= answer.status_code < 300:
			raise self._failure_of(answer, sending=sending)
		return _read(answer, sending)


def not_wuzapi(detail: str, *, sending: bool = False) -> BridgeError:
	if sending:
		return Uncertain(NOT_WUZAPI, detail=detail)
	return Retriable(NOT_WUZAPI, detail=detail, fault=Fault.UNANSWERED)


def _read(answer: requests.Response, sending: bool) -> Fields:
	try:
		# Not `answer.text`, which guesses the encoding byte by byte: a file may be inside.
		envelope = load(answer.content.decode())
	except (ValueError, RecursionError):
		envelope = None
	if isinstance(envelope, dict):
		return Fields(envelope)
	raise not_wuzapi(f"HTTP {answer.status_code}, no JSON object", sending=sending)
