"""What a failed call to WuzAPI means for the bridge: the one place where answers become errors of the core.

Reasons are sentences for people. Details are the gateway's words, shortened; never a token, never message text.
"""

from __future__ import annotations

import re

import requests

from wuzapi_chatwoot.bridge.model.errors import BridgeError, Fault, NotFound, Permanent, Retriable, Uncertain
from wuzapi_chatwoot.bridge.model.retry import asked_pause
from wuzapi_chatwoot.gateways.wuzapi.client.whatsapp_failures import failure_by_words
from wuzapi_chatwoot.gateways.wuzapi.parse.fields import Fields, load
from wuzapi_chatwoot.net.tls_trouble import certificate_trouble

_LONGEST_DETAIL = 200
_LONGEST_BODY = 20_000

# 408 is a proxy's: this request took too long, perhaps for its size.
_CUT_BY_PROXY = (408, 502, 503, 504)
_NO_PICTURE = ("no avatar found", "hidden their profile picture", "not have a profile picture")
NOT_WUZAPI = "What answered is not WuzAPI: check the gateway's address"


class NoPicture(NotFound):
	"""Whoever was asked for has no profile picture, or hides it. Stays inside the connector."""


def failure_of(failure: requests.Response | Exception, *, sending: bool = False) -> BridgeError:
	"""The error to raise for an answer that is no success, or for no answer at all.

	`sending`: the call changes something on WhatsApp, so an unknown outcome is `Uncertain`. (WhatsApp shows a
	message once, however often it gets the same id: repeating a send is harmless, but it is a repeat.)
	"""
	if isinstance(failure, requests.Response):
		return _failure_of_answer(failure, sending)
	return _failure_of_exception(failure, sending)


def failure_of_storage(answer: requests.Response) -> BridgeError:
	"""For a file that the gateway put into its S3 storage: what is refused there once is refused for ever."""
	status = answer.status_code
	detail = f"HTTP {status}"
	if status == 429 or status >= 500:
		return Retriable("The gateway's storage reports an error", detail=detail, fault=Fault.REQUEST)
	return NotFound("The gateway's storage does not give out this file", detail=detail)


def failure_of_picture(failure: requests.Response | Exception) -> BridgeError:
	"""For a profile picture on WhatsApp's servers. Whatever it is, it does not speak against the gateway."""
	if isinstance(failure, requests.Response):
		status = failure.status_code
		if status != 429 and status < 500:
			return NotFound("WhatsApp does not give out this picture", detail=f"HTTP {status}")
		return Retriable(
			"WhatsApp's picture server reports an error", detail=f"HTTP {status}", fault=Fault.REQUEST
		)
	return Retriable(
		"WhatsApp's picture server cannot be reached", detail=_cause(failure), fault=Fault.REQUEST
	)


def _failure_of_exception(failure: Exception, sending: bool) -> BridgeError:
	detail = _cause(failure)
	if isinstance(failure, ValueError):
		# Retriable, so that a slip in the settings costs time and no message.
		return Retriable("The gateway's address or token is not valid", detail=type(failure).__name__)
	certificate = certificate_trouble(failure, "The gateway's")
	if certificate is not None:
		return Retriable(certificate, detail=detail)
	if _never_sent(failure):
		return Retriable("The gateway cannot be reached", detail=detail)
	if sending:
		return Uncertain(
			"The gateway did not answer, so it is not known whether it did its work", detail=detail
		)
	return Retriable("The gateway did not answer", detail=detail, fault=Fault.UNANSWERED)


def _never_sent(failure: Exception) -> bool:
	if isinstance(
		failure, (requests.ConnectTimeout, requests.exceptions.ProxyError, requests.exceptions.SSLError)
	):
		return True
	cause = type(_root(failure)).__name__
	return cause in {
		"NewConnectionError",
		"NameResolutionError",
		"ConnectTimeoutError",
		"ConnectionRefusedError",
	}


def _root(failure: BaseException) -> BaseException:
	"""What urllib3 wrapped: `ConnectionError(MaxRetryError(reason=NewConnectionError(…)))`."""
	inner = failure.args[0] if failure.args else None
	reason = getattr(inner, "reason", inner)
	return reason if isinstance(reason, BaseException) else failure


def _cause(failure: Exception) -> str:
	root = _root(failure)
	# urllib3 puts the connection's repr in front of the words, or as the first argument.
	words = re.sub(r"^.*?(<[^>]*>|\(host=.*?\)):\s*", "", str(root))
	return f"{type(root).__name__}: {words}"[:_LONGEST_DETAIL]


def _failure_of_answer(answer: requests.Response, sending: bool) -> BridgeError:
	status, envelope = answer.status_code, _envelope(answer)
	error = envelope.text("error")[:_LONGEST_DETAIL] if envelope is not None else ""
	detail = _detail(answer, error)
	if status == 429:
		return Retriable(
			"The gateway asks for a pause",
			detail=detail,
			retry_after=asked_pause(answer.headers.get("retry-after"), answer.headers.get("date")),
			rate_limited=True,
		)
	if status < 400:
		return Retriable("The gateway's address leads elsewhere: enter its final address", detail=detail)
	if status == 413:
		return Permanent("The file is too large for the gateway", detail=detail)
	if status in _CUT_BY_PROXY:
		return Retriable(
			f"The gateway cannot be reached (HTTP {status})", detail=detail, fault=Fault.UNANSWERED
		)
	if status >= 500:
		return _failure_of_gateway(error, sending, detail)
	if envelope is None or not _is_refusal(envelope, status):
		# A proxy, a firewall, another program, with a page or with JSON of its own. Perhaps it has something against this request, perhaps against all.
		return Retriable(NOT_WUZAPI, detail=detail, fault=Fault.UNANSWERED)
	if status in (401, 403, 407):
		return Retriable("The gateway refuses our token", detail=detail)
	if status == 404:
		return NotFound("The gateway does not know what was asked for", detail=detail)
	return Permanent(f"The gateway refused this: {error or status}", detail=detail)


def _failure_of_gateway(error: str, sending: bool, detail: str) -> BridgeError:
	"""WuzAPI answers 500 to nearly everything; only its words tell what happened."""
	words = error.lower()
	if not sending and any(sign in words for sign in _NO_PICTURE):
		return NoPicture("There is no such picture, or it is hidden", detail=detail)
	known = failure_by_words(words, sending=sending, detail=detail)
	return known or Retriable("The gateway reports an error", detail=detail, fault=Fault.UNWELL)


def _envelope(answer: requests.Response) -> Fields | None:
	"""The answer, if it is WuzAPI's own: of anything else (a proxy's page) `None`."""
	try:
		found = Fields(load(_text(answer)))
	except (ValueError, RecursionError):
		return None
	return found if "code" in found or "error" in found or "success" in found else None


def _is_refusal(envelope: Fields, status: int) -> bool:
	"""WuzAPI's own repeats its status, and says whether it is a success."""
	return envelope.whole("code") == status and "success" in envelope


def _text(answer: requests.Response) -> str:
	return answer.content[:_LONGEST_BODY].decode("utf-8", "replace")


def _detail(answer: requests.Response, error: str) -> str:
	words = " ".join((error or _text(answer)).split())
	token = answer.request.headers.get("token") if answer.request is not None else None
	if token:
		words = words.replace(str(token), "***")
	return f"HTTP {answer.status_code}: {words}"[:_LONGEST_DETAIL]
