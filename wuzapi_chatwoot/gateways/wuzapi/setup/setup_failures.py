"""What a failed call means to whoever sets up a gateway or a session: which setting is wrong, and what to do.

`failures.py` tells what a failure means for a message; what is not different here is left to it. Nothing that is said
holds a token, a signing key or the address of a webhook, even where the gateway repeats one.
"""

from __future__ import annotations

import io

import requests

from wuzapi_chatwoot.bridge.model.errors import (
	BridgeError,
	DuplicateRow,
	Fault,
	Permanent,
	Retriable,
	TokenRefused,
)
from wuzapi_chatwoot.gateways.wuzapi.client.calls import not_wuzapi
from wuzapi_chatwoot.gateways.wuzapi.client.failures import failure_of
from wuzapi_chatwoot.gateways.wuzapi.parse.fields import Fields, load
from wuzapi_chatwoot.net.tls_trouble import certificate_trouble

_LONGEST_BODY = 20_000
_SECRET_KEYS = ("token", "hmacKey", "hmac_key", "webhook", "webhookurl")

_ADMIN_REFUSED = (
	"The gateway does not accept the administrator's token: enter the value of its WUZAPI_ADMIN_TOKEN as it is, "
	"with nothing before it"
)
_ADMIN_REPLACED = (
	"The gateway's address holds a user name, which takes the place of the administrator's token: "
	"enter the address without it"
)
_USER_REFUSED = "The gateway does not know the session's token: enter the token of its WuzAPI user, not the administrator's"
_FRONT_REFUSED = (
	"Something in front of the gateway refuses us before the gateway is asked: check the gateway's address, "
	"and whom the proxy there lets through"
)
_WANTS_TLS = "The gateway speaks TLS at this address: write https:// in front of it"
_NO_TLS = (
	"What answers at the gateway's address speaks no TLS: check its port, or write http:// in front of it"
)
_TLS_FAILED = "TLS with the gateway fails: check the gateway's address and what ends TLS in front of it"
_PROXY_FAILED = "The proxy on the way to the gateway does not let us through: check HTTP_PROXY and NO_PROXY"
_BAD_ADDRESS = "The gateway's address is not valid: it is written as https://host or http://host:port"
_UNFIT = "is not valid: it holds a line break, or letters that no header can bear"
_TAKEN = "Another user of the gateway has this token already"
_PAIRED = "The session is paired already: log it out before you pair it with another phone"
_UNKNOWN_EVENT = "The gateway does not know one of the events that the bridge needs: update WuzAPI"
_PAUSE = "WhatsApp asks for a pause: try again in some minutes"
_NO_ENCRYPTION = (
	"The gateway cannot keep a signing key: its WUZAPI_GLOBAL_ENCRYPTION_KEY must have exactly 32 characters"
)

_BY_CAUSE = {
	"NameResolutionError": "The gateway's host name is not known: check the gateway's address",
	"NewConnectionError": (
		"Nothing answers at the gateway's address: check its port, and whether the gateway is running"
	),
	"ConnectTimeoutError": (
		"The gateway cannot be reached in time: check its address, and whether a firewall lies between"
	),
}
_SPEAKS_TLS = ("http request to an https server", "plain http request was sent to https port")
_SPEAKS_NO_TLS = (
	"wrong_version_number",
	"wrong version number",
	"record_layer_failure",
	"record layer failure",
)
_NOT_CONNECTED = ("no session", "not connected", "not logged in")
_TOO_OFTEN = ("rate-overlimit", "status 429")
_LOGGED_IN = ("already logged in", "already loggedin")


class AlreadyConnected(Retriable):
	"""Asked to connect, the gateway says that it is. Stays inside the connector."""


class AlreadyLoggedIn(Retriable):
	"""There is no code to scan since the session is paired. Stays inside the connector."""


class NotConnected(Retriable):
	"""What was asked for needs a live session. Comes out of the connector as a `Retriable`."""


class UnknownPath(Retriable):
	"""What answers does not know the path: another program, or an older release. Comes out as a `Retriable`."""


def failure_of_admin(failure: requests.Response | Exception, *, sending: bool = False) -> BridgeError:
	"""For a call with the administrator's token."""
	refused = _ADMIN_REFUSED
	if isinstance(failure, requests.Response):
		given = str(failure.request.headers.get("authorization", ""))
		refused = _ADMIN_REPLACED if given.startswith("Basic ") else refused
	return _failure_of(failure, refused, f"The administrator's token {_UNFIT}", sending)


def failure_of_user(failure: requests.Response | Exception, *, sending: bool = False) -> BridgeError:
	"""For a call with a session's token."""
	return _failure_of(failure, _USER_REFUSED, f"The session's token {_UNFIT}", sending)


def _failure_of(
	failure: requests.Response | Exception, refused: str, unfit: str, sending: bool
) -> BridgeError:
	if isinstance(failure, requests.Response):
		return _failure_of_answer(failure, refused, sending)
	usual = failure_of(failure, sending=sending)
	if isinstance(failure, (requests.exceptions.InvalidHeader, UnicodeError)):
		return TokenRefused(unfit, detail=usual.detail)
	reason = _reason_of_exception(failure, usual.detail)
	return Retriable(reason, detail=usual.detail) if reason else usual


def _reason_of_exception(failure: Exception, detail: str) -> str | None:
	"""Of one that the call never came through; `None` of any other."""
	if isinstance(failure, ValueError):
		return _BAD_ADDRESS
	words = str(failure).lower()
	if isinstance(failure, requests.exceptions.SSLError):
		if any(sign in words for sign in _SPEAKS_NO_TLS):
			return _NO_TLS
		return certificate_trouble(failure, "The gateway's") or _TLS_FAILED
	if isinstance(failure, requests.exceptions.ProxyError):
		return _PROXY_FAILED
	if isinstance(failure, requests.exceptions.ConnectTimeout):
		return _BY_CAUSE["ConnectTimeoutError"]
	return _BY_CAUSE.get(detail.partition(":")[0])


def _failure_of_answer(answer: requests.Response, refused: str, sending: bool) -> BridgeError:
	status, words = answer.status_code, answer.content.decode("utf-8", "replace").lower()
	usual = failure_of(_without_secrets(answer), sending=sending)
	if not _is_wuzapis(answer):
		return _failure_of_stranger(status, words, usual)
	if status == 401:
		return TokenRefused(refused, detail=usual.detail)
	if status in (409, 500) and "already connected" in words:
		return AlreadyConnected("The session is connected already", detail=usual.detail)
	if status == 409:
		return DuplicateRow(_TAKEN, detail=usual.detail)
	if status == 400 and "already paired" in words:
		return Permanent(_PAIRED, detail=usual.detail)
	if status == 400 and "invalid event" in words:
		return Permanent(_UNKNOWN_EVENT, detail=usual.detail)
	if status in (400, 500) and any(sign in words for sign in _TOO_OFTEN):
		return Retriable(_PAUSE, detail=usual.detail, fault=Fault.REQUEST, rate_limited=True)
	# WuzAPI answers 400 to whatever goes wrong while it asks for a code.
	if status in (400, 500) and any(sign in words for sign in _NOT_CONNECTED):
		return NotConnected("WhatsApp is not connected on the gateway", detail=usual.detail)
	if status == 400 and "timed out" in words:
		return Retriable("WhatsApp does not answer the gateway", detail=usual.detail, fault=Fault.REQUEST)
	if status != 500:
		return usual
	if any(sign in words for sign in _LOGGED_IN):
		return AlreadyLoggedIn("The session is paired already", detail=usual.detail)
	if "encrypt" in words:
		return Retriable(_NO_ENCRYPTION, detail=usual.detail)
	return usual


def _failure_of_stranger(status: int, words: str, usual: BridgeError) -> BridgeError:
	"""For an answer that bears no envelope: a proxy's, or that of another program."""
	if status == 400 and any(sign in words for sign in _SPEAKS_TLS):
		return Retriable(_WANTS_TLS, detail=usual.detail)
	if status in (401, 403, 407):
		return Retriable(_FRONT_REFUSED, detail=usual.detail)
	if 400 <= status < 500 and status not in (408, 413, 429):
		stranger = not_wuzapi(usual.detail)
		if status == 404:
			return UnknownPath(stranger.reason, detail=stranger.detail, fault=Fault.UNWELL)
		return stranger
	return usual


def _is_wuzapis(answer: requests.Response) -> bool:
	try:
		envelope = Fields(load(answer.content.decode()))
	except (ValueError, RecursionError):
		return False
	return "code" in envelope and "success" in envelope


def _without_secrets(answer: requests.Response) -> requests.Response:
	"""The same answer with `***` in place of every secret that the request held."""
	text = answer.content[:_LONGEST_BODY].decode("utf-8", "replace")
	for secret in _secrets_in(answer.request):
		# Go writes an ampersand inside JSON as an escape.
		for written in (secret, secret.replace("&", "\\u0026")):
			text = text.replace(written, "***")
	clean = requests.Response()
	clean.status_code = answer.status_code
	clean.headers = answer.headers
	clean.request = answer.request
	clean.raw = io.BytesIO(text.encode())
	return clean


def _secrets_in(request: requests.PreparedRequest) -> list[str]:
	"""The longest first: one may be a part of another."""
	body = Fields(load(request.body.decode())) if isinstance(request.body, bytes) else Fields(None)
	secrets = {str(request.headers.get(name, "")) for name in ("token", "authorization")}
	secrets |= {body.text(key) for key in _SECRET_KEYS}
	return sorted(secrets - {""}, key=len, reverse=True)
