"""The one place where a failed call to Chatwoot becomes an error of the bridge. Makes no calls.

What matters is not what went wrong but what may have happened: `creates` says that the call makes something anew,
so that an answer which got lost leaves it open whether that exists.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import MaxRetryError, NewConnectionError

from wuzapi_chatwoot.bridge.model.errors import (
	BridgeError,
	DuplicateRow,
	Fault,
	NotFound,
	Permanent,
	Retriable,
	TokenRefused,
	TooLarge,
	Uncertain,
)
from wuzapi_chatwoot.bridge.model.retry import asked_pause
from wuzapi_chatwoot.chatwoot.parse import fields
from wuzapi_chatwoot.net.tls_trouble import certificate_trouble

_CUT_BY_PROXY = frozenset({502, 503, 504, 520, 521, 522, 523, 524})
_OFTEN_A_PROXYS = frozenset({408, 413, 429})
"""They mean the same whoever says them."""
_REFUSES = frozenset({400, 401, 402, 403, 404, 422})
"""Chatwoot itself refuses with no others what we ask."""
_NOT_FOUND = ("could not be found", "Not Found")
"""Chatwoot's words, and those of Rails."""
_BARE = frozenset({400, 401, 403, 404, 422})
"""Chatwoot says these without a word, too."""
_PAUSE_OF_FULL_MINUTE = 15.0
_LONGEST_DETAIL = 200
NOT_CHATWOOT = "what answered is not Chatwoot's API; check the address"
_REFUSALS = (
	(
		"Invalid Access Token",
		"Chatwoot refuses the access token; copy it again from the user's profile settings in Chatwoot",
	),
	(
		"You need to sign in",
		"Chatwoot refuses the access token: it did not arrive. Set one, or let the proxy before Chatwoot "
		"pass the header api-access-token",
	),
	("not authorized for bots", "this access token is a bot's; take that of a user"),
	(
		"Account is suspended",
		"this account is suspended in Chatwoot; only who runs that Chatwoot can change it",
	),
	(
		"not authorized to access this account",
		"the Chatwoot token's user is not in this account; check the account's number, or invite the user",
	),
	(
		"API access is not enabled",
		"Chatwoot denies API access to this account: its plan does not include it; choose one that does",
	),
)
"""What Chatwoot says, in English for every account, and what that means for people."""
_UNIQUE = frozenset({"identifier", "phone_number", "source_id"})


class Denied(TokenRefused):
	"""The token or its user's rights do not suffice. Can be mended in the settings, so it is worth waiting for."""


class LacksRight(Denied):
	"""The token is good, but its user may not do this, or not in this inbox."""


def of_exception(error: Exception, *, creates: bool) -> BridgeError:
	"""No answer came, or only part of one."""
	detail = type(error).__name__
	if isinstance(error, requests.exceptions.ProxyError):
		return Retriable("the proxy on the way to Chatwoot cannot be reached", detail=detail)
	certificate = certificate_trouble(error, "Chatwoot's")
	if certificate is not None:
		return Retriable(certificate, detail=detail)
	if _speaks_no_tls(error):
		return Retriable(
			"What answers at Chatwoot's address speaks no TLS: check its port, or write http:// in front of it",
			detail=detail,
		)
	if isinstance(error, requests.ConnectTimeout) or _never_connected(error):
		return Retriable("Chatwoot cannot be reached", detail=detail)
	if isinstance(error, ValueError):
		# Bad address, bad header: refused before anything was sent. Can be mended in the settings.
		return Retriable("Chatwoot's address or token is not valid", detail=detail)
	reason = (
		"Chatwoot did not answer in time" if isinstance(error, requests.Timeout) else "Chatwoot broke off"
	)
	if creates:
		return Uncertain(reason, detail=detail)
	return Retriable(reason, detail=detail, fault=Fault.UNANSWERED)


def of_answer(answer: requests.Response, *, creates: bool, timed: bool = False) -> BridgeError | None:
	"""An answer came; `None` if it tells of success. `timed`: this Chatwoot's answers say how long they took."""
	status = answer.status_code
	if 200 <= status < 300:
		return None if is_json(answer) or not answer.content else _not_chatwoot(answer)
	if 300 <= status < 400:
		where = urlsplit(answer.headers.get("location", "")).netloc
		return Retriable("Chatwoot's address redirects; set the one it leads to", detail=f"{status} {where}")
	if status not in _OFTEN_A_PROXYS and status < 500 and not _is_chatwoots(answer, timed):
		return _not_chatwoot(answer)
	if status in (401, 403, 404):
		return _of_refusal(answer)
	if status == 402:
		return Permanent(
			"Chatwoot's plan for this account is used up: choose a larger one, or remove what is not needed",
			detail=_words(answer),
		)
	if status == 422:
		return _of_invalid(answer)
	if status == 429:
		# Chatwoot names no time. Its minutes are fixed ones, so asking now and then finds the next one soonest.
		pause = asked_pause(answer.headers.get("retry-after"), answer.headers.get("date"))
		return Retriable("Chatwoot asks for a pause", detail="429", retry_after=pause, rate_limited=True)
	if status == 413:
		return TooLarge("too large for Chatwoot, or for a proxy before it", detail=_found(answer))
	if status == 408 or status >= 500:
		return _of_server_fault(answer, creates)
	return Permanent("Chatwoot refused the request", detail=_words(answer))


def is_timed(answer: requests.Response) -> bool:
	"""Rails writes into every answer how long it took. Where a proxy lets that through, what is without is not Rails'."""
	return "x-runtime" in answer.headers


def _is_chatwoots(answer: requests.Response, timed: bool) -> bool:
	"""Of a refusal: is it Chatwoot's own? A proxy or a firewall before it answers with a page, or with JSON of its own."""
	status = answer.status_code
	if status not in _REFUSES or (timed and not is_timed(answer)):
		return False
	if not answer.content:
		return status in _BARE
	data = fields.mapping(_load(answer))
	if status == 404:
		return any(words in (fields.text(data.get("error")) or "") for words in _NOT_FOUND)
	if fields.text(data.get("error")) is not None:
		return True
	if fields.text(data.get("message")) is not None:
		return status == 422
	errors = fields.sequence(data.get("errors"))
	return bool(errors) and all(isinstance(entry, str) for entry in errors)


def _not_chatwoot(answer: requests.Response) -> Retriable:
	"""Perhaps it has something against this request, perhaps against all."""
	return Retriable(NOT_CHATWOOT, detail=_found(answer), fault=Fault.UNANSWERED)


def is_json(answer: requests.Response) -> bool:
	return _load(answer) is not None


def _of_server_fault(answer: requests.Response, creates: bool) -> BridgeError:
	status = answer.status_code
	if status in _CUT_BY_PROXY or status == 408:
		reason, fault = "Chatwoot cannot be reached behind its proxy", Fault.UNANSWERED
	else:
		reason, fault = "Chatwoot failed on this request", Fault.UNWELL
	if creates:
		return Uncertain(reason, detail=_found(answer), fault=fault)
	return Retriable(reason, detail=_found(answer), fault=fault)


def _of_refusal(answer: requests.Response) -> BridgeError:
	words = _words(answer)
	if answer.status_code == 404:
		return NotFound("Chatwoot does not have it (any more)", detail=words)
	if "only allowed for API inboxes" in words:
		return Permanent("Chatwoot takes message statuses for API inboxes only", detail=words)
	for said, reason in _REFUSALS:
		if said in words:
			return Denied(reason, detail=words)
	if answer.status_code == 403:
		return Denied("Chatwoot denies API access to this token", detail=words)
	if "not authorized to do this" in words:
		return LacksRight(
			"the Chatwoot token's user lacks the right; add the user to the inbox", detail=words
		)
	return Denied("Chatwoot refuses the access token", detail=words)


def _of_invalid(answer: requests.Response) -> BridgeError:
	words = _words(answer)
	if "Too many messages" in words:
		return Retriable(
			"this conversation has had too many messages within a minute",
			detail=words,
			fault=Fault.REQUEST,
			retry_after=_PAUSE_OF_FULL_MINUTE,
		)
	if _is_taken(answer, words):
		return DuplicateRow(
			"Chatwoot has somebody else under this phone, identifier or address", detail=words
		)
	return Permanent("Chatwoot refused the data", detail=words)


def _is_taken(answer: requests.Response, words: str) -> bool:
	"""Chatwoot words its answer in the account's language, so the fields it names must do.

	They have no other fault that we let pass: what is no phone number is not sent as one.
	"""
	named = fields.sequence(fields.mapping(_load(answer)).get("attributes"))
	return any(name in _UNIQUE for name in named if isinstance(name, str)) or "should be unique" in words


def _words(answer: requests.Response) -> str:
	"""What Chatwoot says is wrong, shortened."""
	data = fields.mapping(_load(answer))
	said = fields.text(data.get("message")) or fields.text(data.get("error"))
	if said is None:
		errors = [entry for entry in fields.sequence(data.get("errors")) if isinstance(entry, str)]
		said = "; ".join(errors)
	return " ".join(f"{answer.status_code} {said}".split())[:_LONGEST_DETAIL] if said else _found(answer)


def _found(answer: requests.Response) -> str:
	"""Status and type of an answer whose text is nobody's words."""
	kind = answer.headers.get("content-type", "").partition(";")[0].strip()
	return f"{answer.status_code} {kind}".strip()[:_LONGEST_DETAIL]


def _load(answer: requests.Response) -> Mapping[str, Any] | list[Any] | None:
	try:
		data = json.loads(answer.content)
	except (ValueError, RecursionError):
		return None
	return data if isinstance(data, (dict, list)) else None


def _never_connected(error: Exception) -> bool:
	cause = error.args[0] if error.args else None
	reason = cause.reason if isinstance(cause, MaxRetryError) else cause
	return isinstance(reason, NewConnectionError)


def _speaks_no_tls(error: Exception) -> bool:
	words = str(error).lower()
	return "wrong_version_number" in words or "record_layer_failure" in words
