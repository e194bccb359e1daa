"""What is wrong with an address, a token or the way to a gateway, in sentences that say what to do."""

from __future__ import annotations

import base64

import pytest
import requests
from urllib3.exceptions import MaxRetryError, NameResolutionError, NewConnectionError, SSLError

from wuzapi_chatwoot.bridge.model.errors import (
	BridgeError,
	Fault,
	NotFound,
	Permanent,
	Retriable,
	TokenRefused,
	Uncertain,
)
from wuzapi_chatwoot.bridge.model.session import Secret
from wuzapi_chatwoot.bridge.ports.gateway_setup import WebhookSettings
from wuzapi_chatwoot.gateways.wuzapi.setup.admin import WuzapiAdmin
from wuzapi_chatwoot.gateways.wuzapi.setup.setup import WuzapiSetup
from wuzapi_chatwoot.gateways.wuzapi.setup.setup_failures import UnknownPath

BASE = "http://gateway.test:8080"
TOKEN = "a-token-of-the-gateway"
STATUS, USERS = f"{BASE}/session/status", f"{BASE}/admin/users"

ADMIN_REFUSED = (
	"The gateway does not accept the administrator's token: enter the value of its WUZAPI_ADMIN_TOKEN as it is, "
	"with nothing before it"
)
USER_REFUSED = "The gateway does not know the session's token: enter the token of its WuzAPI user, not the administrator's"
FRONT_REFUSED = (
	"Something in front of the gateway refuses us before the gateway is asked: check the gateway's address, "
	"and whom the proxy there lets through"
)
NOT_WUZAPI = "What answered is not WuzAPI: check the gateway's address"
WANTS_TLS = "The gateway speaks TLS at this address: write https:// in front of it"


def _raised(call) -> BridgeError:
	with pytest.raises(BridgeError) as raised:
		call()
	assert TOKEN not in f"{raised.value!s} {raised.value!r} {raised.value.__cause__!r}"
	return raised.value


def _of_user(http, url=BASE, token=TOKEN, **answer) -> BridgeError:
	if answer:
		http.get(STATUS, **answer)
	return _raised(WuzapiSetup(url, Secret(token)).status)


def _of_admin(http, url=BASE, token=TOKEN, **answer) -> BridgeError:
	if answer:
		http.get(USERS, **answer)
	return _raised(WuzapiAdmin(url, Secret(token)).users)


BOTH = pytest.mark.parametrize("failing", [_of_user, _of_admin])
UNAUTHORIZED = {"code": 401, "error": "unauthorized", "success": False}


@pytest.mark.parametrize(("failing", "reason"), [(_of_user, USER_REFUSED), (_of_admin, ADMIN_REFUSED)])
def test_a_wrong_token_is_named(http, failing, reason):
	failure = failing(http, json=UNAUTHORIZED, status=401)

	assert type(failure) is TokenRefused
	assert (failure.reason, failure.detail) == (reason, "HTTP 401: unauthorized")
	assert failure.fault is Fault.UNREACHABLE


def test_a_user_name_in_the_address_takes_the_place_of_the_administrators_token(http):
	address = BASE.replace("http://", "http://ada:lovelace@")
	http.get(f"{address}/admin/users", json=UNAUTHORIZED, status=401)

	failure = _of_admin(http, address)

	given = http.calls[0].request.headers["Authorization"]
	assert given == "Basic " + base64.b64encode(b"ada:lovelace").decode()
	assert failure.reason == (
		"The gateway's address holds a user name, which takes the place of the administrator's token: "
		"enter the address without it"
	)
	assert "lovelace" not in str(failure)


@BOTH
@pytest.mark.parametrize(
	("status", "body", "kind", "reason"),
	[
		(401, "<html>Sign in</html>", Retriable, FRONT_REFUSED),
		(403, "Forbidden", Retriable, FRONT_REFUSED),
		(407, "", Retriable, FRONT_REFUSED),
		(400, "Client sent an HTTP request to an HTTPS server.", Retriable, WANTS_TLS),
		(400, "<h1>The plain HTTP request was sent to HTTPS port</h1>", Retriable, WANTS_TLS),
		(400, "Bad Request", Retriable, NOT_WUZAPI),
		(404, "404 page not found", UnknownPath, NOT_WUZAPI),
		(404, '{"detail": "Not Found"}', UnknownPath, NOT_WUZAPI),
		(405, "<html>Not allowed</html>", Retriable, NOT_WUZAPI),
		(200, "<html>Welcome</html>", Retriable, NOT_WUZAPI),
		(200, "[]", Retriable, NOT_WUZAPI),
		(200, "{}", Retriable, NOT_WUZAPI),
		(404, '{"code": 404, "error": "user not found", "success": false}', NotFound, None),
		(302, "", Retriable, "The gateway's address leads elsewhere: enter its final address"),
		(429, "", Retriable, "The gateway asks for a pause"),
		(500, "<html>Oops</html>", Retriable, "The gateway reports an error"),
		(502, "<html>Bad gateway</html>", Retriable, "The gateway cannot be reached (HTTP 502)"),
	],
)
def test_answers(http, failing, status, body, kind, reason):
	failure = failing(http, body=body, status=status, headers={"location": "/elsewhere"})

	assert type(failure) is kind
	assert failure.reason == (reason or "The gateway does not know what was asked for")


def _unreached(reason: Exception) -> requests.ConnectionError:
	return requests.ConnectionError(MaxRetryError(None, "/", reason))  # type: ignore[arg-type]


def _tls(words: str) -> requests.exceptions.SSLError:
	return requests.exceptions.SSLError(MaxRetryError(None, "/", SSLError(words)))  # type: ignore[arg-type]


@BOTH
@pytest.mark.parametrize(
	("error", "reason"),
	[
		(
			_unreached(NameResolutionError("gateway.test", None, OSError("unknown"))),  # type: ignore[arg-type]
			"The gateway's host name is not known: check the gateway's address",
		),
		(
			_unreached(NewConnectionError(None, "[Errno 111] Connection refused")),  # type: ignore[arg-type]
			"Nothing answers at the gateway's address: check its port, and whether the gateway is running",
		),
		(
			requests.ConnectTimeout("connect timed out"),
			"The gateway cannot be reached in time: check its address, and whether a firewall lies between",
		),
		(
			_tls("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed"),
			"The gateway's TLS certificate for gateway.test cannot be trusted: check that it is valid, is made for this host "
			"name, and comes with its whole chain",
		),
		(
			_tls("[SSL: WRONG_VERSION_NUMBER] wrong version number"),
			"What answers at the gateway's address speaks no TLS: check its port, or write http:// in front of it",
		),
		(
			_tls("[SSL: TLSV1_ALERT_INTERNAL_ERROR] internal error"),
			"TLS with the gateway fails: check the gateway's address and what ends TLS in front of it",
		),
		(
			requests.exceptions.ProxyError("no proxy"),
			"The proxy on the way to the gateway does not let us through: check HTTP_PROXY and NO_PROXY",
		),
		(requests.ReadTimeout("read timed out"), "The gateway did not answer"),
	],
	ids=repr,
)
def test_ways_that_do_not_lead_to_the_gateway(http, failing, error, reason):
	failure = failing(http, body=error)

	assert type(failure) is Retriable
	silent = isinstance(error, requests.ReadTimeout)
	assert (failure.reason, failure.fault) == (reason, Fault.UNANSWERED if silent else Fault.UNREACHABLE)
	assert failure.detail.startswith(f"{type(_innermost(error)).__name__}: ")


def _innermost(error: Exception) -> object:
	inner = error.args[0]
	return getattr(inner, "reason", error)


@pytest.mark.parametrize(
	"error",
	[
		_unreached(NewConnectionError(None, "[Errno 111] Connection refused")),  # type: ignore[arg-type]
		requests.ConnectTimeout("connect timed out"),
	],
	ids=repr,
)
def test_a_call_that_never_came_through_did_nothing(http, error):
	http.post(f"{BASE}/session/connect", body=error)
	assert type(_raised(WuzapiSetup(BASE, Secret(TOKEN)).connect)) is Retriable


def test_a_call_without_an_answer_may_have_done_something(http):
	http.post(f"{BASE}/admin/users", body=requests.ReadTimeout("read timed out"))
	admin = WuzapiAdmin(BASE, Secret(TOKEN))

	failure = _raised(
		lambda: admin.create_user("a", Secret("t"), WebhookSettings("", frozenset()), Secret("k" * 32))
	)

	assert type(failure) is Uncertain
	assert failure.reason == "The gateway did not answer, so it is not known whether it did its work"


@BOTH
@pytest.mark.parametrize("url", ["nonsense", "http://[x", "", "ftp://gateway.test"])
def test_an_address_that_is_none(http, failing, url):
	failure = failing(http, url)

	assert type(failure) is Retriable
	assert (
		failure.reason
		== "The gateway's address is not valid: it is written as https://host or http://host:port"
	)


@pytest.mark.parametrize(
	("failing", "whose"), [(_of_user, "The session's token"), (_of_admin, "The administrator's token")]
)
@pytest.mark.parametrize("end", ["\nx", "\rx", "€"])
def test_a_token_that_no_header_can_bear(failing, whose, end):
	failure = failing(None, token=TOKEN + end)

	assert type(failure) is TokenRefused
	assert (
		failure.reason == f"{whose} is not valid: it holds a line break, or letters that no header can bear"
	)
	assert failure.__suppress_context__  # whose message quotes the token


@pytest.mark.parametrize("written", ["https://bridge.test/h?a=1&b=2", r"https://bridge.test/h?a=1\u0026b=2"])
def test_the_address_of_a_webhook_is_not_repeated(http, written):
	http.post(
		f"{BASE}/webhook", body=f'{{"code": 400, "error": "bad url {written}", "success": false}}', status=400
	)
	setup = WuzapiSetup(BASE, Secret(TOKEN))

	failure = _raised(
		lambda: setup.set_webhook(WebhookSettings("https://bridge.test/h?a=1&b=2", frozenset({"Message"})))
	)

	assert type(failure) is Permanent
	assert (failure.reason, failure.detail) == (
		"The gateway refused this: bad url ***",
		"HTTP 400: bad url ***",
	)
