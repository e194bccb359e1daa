"""Fetching the files of Chatwoot's messages: redirects, missing moments and sizes. Where to is for `targets.py`."""

from __future__ import annotations

import time
from collections.abc import Callable
from urllib.parse import urljoin

import requests

from wuzapi_chatwoot.bridge.model.errors import BridgeError, Fault, NotThereYet, Permanent, Retriable
from wuzapi_chatwoot.chatwoot.client.calls import CONNECT_SECONDS, READ_SECONDS
from wuzapi_chatwoot.chatwoot.files.targets import Target, Targets
from wuzapi_chatwoot.net.http_pool import pieces_of
from wuzapi_chatwoot.net.public_http import NotPublicError, Resolve, resolve, shared_public_http

PAUSES = (0.5, 1.0, 2.0, 4.0)
"""Seconds between tries: Chatwoot tells of a file before its storage has it."""
MOST_REDIRECTS = 5
LONGEST_SECONDS = 150.0
"""For one try, however slowly the bytes trickle: below the time for which a lane is leased."""
SLOW_TRIES = 3
"""Of one that takes longer than that: its conversation waits for each."""
_GONE_FOR_NOW = (403, 404)
"""Storages that do not let strangers list files say 403 of a file that is not there yet."""
_PAUSE = 429
_AWAY = (408, 502, 503, 504)


class _GoneForNowError(Exception):
	pass


class Attachments:
	"""Fetches files for one Chatwoot. Never sends the access token: the addresses need none. Thread-safe."""

	def __init__(
		self,
		chatwoot_url: str,
		http: requests.Session,
		*,
		public_http: requests.Session | None = None,
		resolve: Resolve = resolve,
		sleep: Callable[[float], None] = time.sleep,
		seconds: Callable[[], float] = time.monotonic,
	) -> None:
		self._targets = Targets(chatwoot_url, resolve)
		self._http = http
		self._public_http = public_http or shared_public_http()
		self._sleep = sleep
		self._seconds = seconds

	def fetch(self, url: str, largest: int) -> bytes:
		"""The file's bytes. Raises `Permanent` if it has more than `largest`, or lies where we must not look."""
		for pause in (*PAUSES, None):
			try:
				return self._try(url, largest)
			except _GoneForNowError:
				if pause is not None:
					self._sleep(pause)
		raise NotThereYet("Chatwoot's storage does not have the file (yet)", fault=Fault.REQUEST)

	def _try(self, url: str, largest: int) -> bytes:
		until = self._seconds() + LONGEST_SECONDS
		trusted = True
		for hop in range(MOST_REDIRECTS + 1):
			target = self._targets.check(url, redirected=hop > 0, by_trusted=trusted)
			trusted = target.trusted
			try:
				with self._open(target) as answer:
					onward = _onward(answer)
					if onward is None:
						_refuse_failure(answer, target)
						return self._read(answer, largest, until)
					url = urljoin(target.url, onward)
			except (requests.RequestException, ValueError) as error:
				raise _of_exception(error, target) from error
		raise Permanent("the file's address leads on and on")

	def _open(self, target: Target) -> requests.Response:
		http = self._http if target.trusted else self._public_http
		return http.get(
			target.url,
			stream=True,
			allow_redirects=False,
			timeout=(CONNECT_SECONDS, READ_SECONDS),
			# Compressed, a small answer could unpack to any size.
			headers={"Accept-Encoding": "identity"},
		)

	def _read(self, answer: requests.Response, largest: int, until: float) -> bytes:
		announced = answer.headers.get("content-length", "")
		if announced.isascii() and announced.isdigit() and int(announced) > largest:
			raise _too_large(largest)
		content = bytearray()
		for chunk in pieces_of(answer):
			content += chunk
			if len(content) > largest:
				raise _too_large(largest)
			if self._seconds() > until:
				raise Retriable("the file arrives too slowly", fault=Fault.REQUEST, tries=SLOW_TRIES)
		return bytes(content)


def _onward(answer: requests.Response) -> str | None:
	"""Where a redirect leads to. Headers are read as Latin-1, but servers write UTF-8."""
	return answer.headers["location"].encode("latin-1").decode("utf-8") if answer.is_redirect else None


def _too_large(largest: int) -> Permanent:
	size = f"{largest / 1024 / 1024:.0f} MB" if largest >= 1024 * 1024 else f"{largest / 1024:.0f} kB"
	return Permanent(f"the file is larger than {size}")


def _refuse_failure(answer: requests.Response, target: Target) -> None:
	status = answer.status_code
	if 200 <= status < 300:
		return
	if status in _GONE_FOR_NOW:
		raise _GoneForNowError
	if status in (_PAUSE, *_AWAY) or status >= 500:
		raise Retriable(
			"the file could not be fetched from Chatwoot's storage",
			detail=str(status),
			fault=_fault_of(status, target),
		)
	raise Permanent("Chatwoot's storage refuses the file", detail=str(status))


def _fault_of(status: int, target: Target) -> Fault:
	"""Only what Chatwoot itself answers speaks against Chatwoot, and a proxy may have given up on this one file."""
	if not target.trusted:
		return Fault.REQUEST
	if status == _PAUSE:
		return Fault.UNREACHABLE
	return Fault.UNANSWERED if status in _AWAY else Fault.REQUEST


def _of_exception(error: Exception, target: Target) -> BridgeError:
	cause = error.args[0] if error.args else None
	if isinstance(getattr(cause, "reason", cause), NotPublicError):
		return Permanent("the file is at a private network address, and not at Chatwoot's own")
	if isinstance(error, ValueError):
		return Permanent("the file has no usable address", detail=type(error).__name__)
	fault = Fault.UNANSWERED if target.trusted else Fault.REQUEST
	return Retriable(
		"the file could not be fetched from Chatwoot's storage", detail=type(error).__name__, fault=fault
	)
