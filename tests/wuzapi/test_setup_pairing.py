"""Every call that pairs a session or ends it, its body and its answer in full; every refusal told apart."""

from __future__ import annotations

import pytest

from wuzapi_chatwoot.bridge.model.errors import BridgeError, Fault, Permanent, Retriable
from wuzapi_chatwoot.bridge.model.session import Secret
from wuzapi_chatwoot.bridge.ports.gateway_setup import GatewaySetup
from wuzapi_chatwoot.gateways.wuzapi import pooled_http
from wuzapi_chatwoot.gateways.wuzapi.setup.setup import WuzapiSetup

BASE = "http://gateway.test:8080"
TOKEN = "front-desk-token"
PICTURE = "data:image/png;base64,iVBORw0KGgo="


@pytest.fixture
def setup(http) -> GatewaySetup:
	return WuzapiSetup(f" {BASE}/ ", Secret(f"{TOKEN}\n"), pooled_http())


def _answer(data):
	return {"code": 200, "data": data, "success": True}


def _error(status, words):
	return {"code": status, "error": words, "success": False}


def _failure(call) -> BridgeError:
	with pytest.raises(BridgeError) as raised:
		call()
	assert TOKEN not in f"{raised.value!s} {raised.value!r}"
	return raised.value


# ---- pairing


def test_a_code_to_scan(expect, setup):
	expect("GET", "/session/qr", answer=_answer({"QRCode": PICTURE}))
	assert setup.qr() == PICTURE


def test_no_code_yet(expect, setup):
	expect("GET", "/session/qr", answer=_answer({"QRCode": ""}))
	assert setup.qr() is None


@pytest.mark.parametrize("words", ["no session", "not connected", "already logged in", "Already Loggedin"])
def test_no_code_to_scan(expect, setup, words):
	expect("GET", "/session/qr", answer=_error(500, words), status=500)
	assert setup.qr() is None


def test_an_error_is_not_taken_for_a_missing_code(expect, setup):
	expect("GET", "/session/qr", answer=_error(500, "problem accessing DB"), status=500)
	failure = _failure(setup.qr)
	assert (type(failure), failure.reason) == (Retriable, "The gateway reports an error")
	assert failure.detail == "HTTP 500: problem accessing DB"


@pytest.mark.parametrize("phone", ["+447700900123", "447700900123", " +447700900123 "])
def test_a_code_to_type(expect, setup, phone):
	answer = _answer({"LinkingCode": "9H3J-H3J8"})
	expect("POST", "/session/pairphone", {"Phone": "447700900123"}, answer=answer)
	assert setup.pair_by_phone(phone) == "9H3J-H3J8"


@pytest.mark.parametrize("phone", ["", "+", "07700 900123", "++44", "447700900123@s.whatsapp.net", "٤٤٧٧"])
def test_what_is_no_phone_number_is_not_sent(http, setup, phone):
	failure = _failure(lambda: setup.pair_by_phone(phone))
	assert type(failure) is Permanent
	assert failure.reason == ("A phone is paired by its number with the country code, as in +447700900123")
	assert len(http.calls) == 0


@pytest.mark.parametrize(
	("status", "words", "kind", "reason"),
	[
		(
			400,
			"already paired",
			Permanent,
			"The session is paired already: log it out before you pair it with another phone",
		),
		(
			500,
			"no session",
			Retriable,
			"The session does not speak with WhatsApp yet: connect it, then ask for the code",
		),
		(
			400,
			"websocket not connected",
			Retriable,
			"The session does not speak with WhatsApp yet: connect it, then ask for the code",
		),
		(
			400,
			"info query returned status 429: rate-overlimit",
			Retriable,
			"WhatsApp asks for a pause: try again in some minutes",
		),
		(400, "info query timed out", Retriable, "WhatsApp does not answer the gateway"),
		(400, "phone number too short", Permanent, "The gateway refused this: phone number too short"),
		(500, "something else", Retriable, "The gateway reports an error"),
	],
)
def test_a_phone_that_is_not_paired(expect, setup, status, words, kind, reason):
	body = {"Phone": "447700900123"}
	expect("POST", "/session/pairphone", body, answer=_error(status, words), status=status)

	failure = _failure(lambda: setup.pair_by_phone("+447700900123"))

	assert (type(failure), failure.reason) == (kind, reason)
	assert failure.detail == f"HTTP {status}: {words}"


def test_an_answer_without_a_code(expect, setup):
	expect("POST", "/session/pairphone", {"Phone": "447700900123"}, answer=_answer({"LinkingCode": ""}))
	failure = _failure(lambda: setup.pair_by_phone("+447700900123"))
	assert (type(failure), failure.reason) == (Retriable, "The gateway's answer holds no code")


# ---- ending it

ENDINGS = [
	("disconnect", "/session/disconnect", "Disconnected"),
	("log_out", "/session/logout", "Logged out"),
]


@pytest.mark.parametrize(("method", "path", "details"), ENDINGS)
def test_endings(expect, setup, method, path, details):
	expect("POST", path, {}, answer=_answer({"Details": details}))
	getattr(setup, method)()


@pytest.mark.parametrize(
	"words",
	[
		"no session",
		"cannot disconnect because it is not logged in",
		"could not logout as it was not logged in",
		"could not disconnect as it was not connected",
	],
)
@pytest.mark.parametrize(("method", "path", "details"), ENDINGS)
def test_what_is_over_already(expect, setup, method, path, details, words):
	expect("POST", path, {}, answer=_error(500, words), status=500)
	getattr(setup, method)()


@pytest.mark.parametrize(("method", "path", "details"), ENDINGS)
def test_endings_that_fail(expect, setup, method, path, details):
	expect("POST", path, {}, answer=_error(500, "could not perform logout"), status=500)
	failure = _failure(getattr(setup, method))
	assert (type(failure), failure.reason) == (Retriable, "The gateway reports an error")
	assert failure.fault is Fault.UNWELL
