"""One session's gateway over HTTP: the port `Gateway` for WuzAPI. Knows paths and time-outs, not bodies or meanings."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence

import requests
import urllib3

from ..bridge.addresses import Address
from ..bridge.content import Media
from ..bridge.errors import Fault, Permanent, Retriable, Uncertain
from ..bridge.ports import OutgoingFile
from ..bridge.records import Session
from ..http_pool import CONNECTIONS, PooledHttp
from . import compose
from .failures import failure_of, failure_of_storage
from .fields import Fields, load
from .tickets import read_ticket

# Seconds. WuzAPI waits up to 75 s for WhatsApp to confirm a send, and gives up writing any answer after 120 s.
_CONNECT = 5.0
_READ = 30.0
_READ_SEND = 90.0
_READ_DOWNLOAD = 120.0
_CHUNK = 64 * 1024

_NO_ANSWER = (requests.RequestException, urllib3.exceptions.HTTPError, UnicodeError)


def pooled_http(size: int = CONNECTIONS) -> requests.Session:
	"""Connections for all gateways of a process; threads may share it."""
	return PooledHttp(size)


class WuzapiGateway:
	def __init__(self, session: Session, http: requests.Session | None = None) -> None:
		self._address = session.gateway_url.strip().rstrip("/")
		self._token = session.gateway_token.value.strip()
		self._largest_file = session.largest_file
		self._http = http or pooled_http()

	def send_text(self, to: Address, text: str, message_id: str) -> None:
		self._send(compose.text(to, text, message_id))

	def send_file(self, to: Address, file: OutgoingFile, message_id: str, caption: str | None = None) -> None:
		"""Audio cannot bear a caption: send it as a text of its own."""
		self._send(compose.file(to, file, message_id, caption))

	def send_sticker(self, to: Address, file: OutgoingFile, message_id: str) -> None:
		"""Not part of the port: `send_file` sends WebP as a picture."""
		self._send(compose.sticker(to, file, message_id))

	def mark_read(self, chat: Address, message_ids: Sequence[str], sender: Address) -> None:
		if message_ids:
			request = compose.mark_read(chat, message_ids, sender)
			self._call("POST", request.path, body=request.body, sending=True)

	def download(self, media: Media) -> bytes:
		"""From the gateway's S3 storage if it put the file there, else by way of the gateway from WhatsApp."""
		ticket = read_ticket(media.ticket)
		if ticket.url:
			try:
				return self._fetch(ticket.url)
			except (Permanent, Retriable):
				if not ticket.endpoint:
					raise
		answer = self._call("POST", ticket.endpoint, body=ticket.body, read_timeout=_READ_DOWNLOAD)
		content = _decoded(answer.text("Data"))
		self._check_size(len(content))
		return content

	def group_name(self, group: Address) -> str | None:
		return self._call("GET", "/group/info", query={"groupJID": str(group)}).text("Name") or None

	def check(self) -> None:
		status = self._call("GET", "/session/status")
		if not status.flag("connected"):
			raise Retriable("WhatsApp is not connected on the gateway")
		if not status.flag("loggedIn"):
			raise Retriable("The number is not logged in to WhatsApp: pair it with the phone")

	def _send(self, request: compose.GatewayRequest) -> None:
		self._call("POST", request.path, body=request.body, read_timeout=_READ_SEND, sending=True)

	def _call(
		self,
		method: str,
		path: str,
		*,
		body: Mapping[str, object] | None = None,
		query: Mapping[str, str] | None = None,
		read_timeout: float = _READ,
		sending: bool = False,
	) -> Fields:
		"""The `data` of the answer. The HTTP status decides: WuzAPI's `success` may be true on a 500."""
		try:
			answer = self._http.request(
				method,
				self._address + path,
				params=query,
				json=body,
				headers={"token": self._token},
				timeout=(_CONNECT, read_timeout),
				# A redirected POST would become a GET, and its 200 no proof of a sent message.
				allow_redirects=False,
			)
		except _NO_ANSWER as error:
			raise failure_of(error, sending=sending) from error
		if not 200 <= answer.status_code < 300:
			raise failure_of(answer, sending=sending)
		return _data_of(answer, sending)

	def _fetch(self, url: str) -> bytes:
		"""Without our token: the storage is not the gateway."""
		content = bytearray()
		try:
			with self._http.get(url, stream=True, timeout=(_CONNECT, _READ), allow_redirects=False) as answer:
				if answer.status_code != 200:
					raise failure_of_storage(answer)
				for chunk in answer.iter_content(_CHUNK):
					content += chunk
					self._check_size(len(content))
		except _NO_ANSWER as error:
			raise failure_of(error) from error
		return bytes(content)

	def _check_size(self, size: int) -> None:
		if size > self._largest_file:
			raise Permanent(f"The file is larger than the {self._largest_file} bytes that are allowed")


def _data_of(answer: requests.Response, sending: bool) -> Fields:
	try:
		# Not `answer.text`, which guesses the encoding byte by byte: a file may be inside.
		envelope = load(answer.content.decode())
	except (ValueError, RecursionError):
		envelope = None
	if isinstance(envelope, dict):
		return Fields(envelope).inner("data")
	reason = "What answered is not WuzAPI: check the gateway's address"
	detail = f"HTTP {answer.status_code}, no JSON object"
	if sending:
		raise Uncertain(reason, detail=detail, fault=Fault.UNWELL)
	raise Retriable(reason, detail=detail, fault=Fault.UNWELL)


def _decoded(data_url: str) -> bytes:
	"""The bytes of `data:image/jpeg;base64,…`."""
	try:
		content = base64.b64decode(data_url.partition(",")[2], validate=True)
	except (binascii.Error, ValueError):
		content = b""
	if not content:
		raise Retriable("The gateway's answer holds no readable file", fault=Fault.UNWELL)
	return content
