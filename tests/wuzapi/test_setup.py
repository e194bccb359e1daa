"""Every call about one session's settings and connecting, its body and its answer in full; every trap survived."""

from __future__ import annotations

import pytest
import requests

from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.errors import BridgeError, Fault, Permanent, Retriable, Uncertain
from wuzapi_chatwoot.bridge.model.session import Secret
from wuzapi_chatwoot.bridge.ports.gateway_setup import GatewaySetup, GatewayStatus, WebhookSettings
from wuzapi_chatwoot.gateways.wuzapi import pooled_http
from wuzapi_chatwoot.gateways.wuzapi.event_names import EVENTS
from wuzapi_chatwoot.gateways.wuzapi.setup.setup import WuzapiSetup

BASE = "http://gateway.test:8080"
TOKEN = "front-desk-token"
KEY = "0123456789abcdef0123456789abcdef"
HOOK = WebhookSettings("https://bridge.test/hook", frozenset({"Message", "Connected", "QR"}))
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
	for secret in (TOKEN, KEY):
		assert secret not in f"{raised.value!s} {raised.value!r}"
	return raised.value


def _status(**changes):
	return {
		"id": "4e4942c7dee1deef99ab8fd9f7350de5",
		"name": "Front desk",
		"connected": True,
		"loggedIn": True,
		"token": TOKEN,
		"jid": "12025550100:12@s.whatsapp.net",
		"webhook": HOOK.url,
		"events": "Message,QR,Connected",
		"proxy_url": "",
		"qrcode": "",
		"history": "0",
		"proxy_config": {"enabled": False, "proxy_url": ""},
		"s3_config": {"enabled": False, "media_delivery": "base64"},
		"hmac_configured": True,
	} | changes


# ---- status and settings


def test_the_status_of_a_paired_session(expect, setup):
	expect("GET", "/session/status", answer=_answer(_status()))

	status = setup.status()

	assert status == GatewayStatus(
		connected=True,
		logged_in=True,
		webhook=HOOK,
		address=Address("12025550100", "s.whatsapp.net"),
		delivers_media=True,
		has_signing_key=True,
		id="4e4942c7dee1deef99ab8fd9f7350de5",
		name="Front desk",
	)
	assert TOKEN not in repr(status)


def test_the_status_while_a_code_is_on_screen(expect, setup):
	changes = {"loggedIn": False, "jid": "", "qrcode": PICTURE, "hmac_configured": False, "s3_config": None}
	expect("GET", "/session/status", answer=_answer(_status(**changes)))

	assert setup.status() == GatewayStatus(
		connected=True,
		logged_in=False,
		webhook=HOOK,
		qr=PICTURE,
		id="4e4942c7dee1deef99ab8fd9f7350de5",
		name="Front desk",
	)


@pytest.mark.parametrize(
	("text", "events"),
	[
		("", frozenset()),
		(",", frozenset()),
		("All", frozenset({"All"})),
		(" Message , QR,", frozenset({"Message", "QR"})),
		(None, frozenset()),
	],
)
def test_events_are_names_between_commas(expect, setup, text, events):
	expect("GET", "/session/status", answer=_answer(_status(events=text)))
	assert setup.status().webhook == WebhookSettings(HOOK.url, events)


@pytest.mark.parametrize(
	("storage", "delivers"),
	[
		({"enabled": False, "media_delivery": "base64"}, True),
		({"enabled": True, "media_delivery": "both"}, True),
		({"enabled": True, "media_delivery": "s3"}, True),
		({"enabled": False, "media_delivery": "s3"}, False),
		({"enabled": False, "media_delivery": ""}, False),
		({}, False),
	],
)
def test_whether_files_come_with_the_webhooks(expect, setup, storage, delivers):
	expect("GET", "/session/status", answer=_answer(_status(s3_config=storage)))
	assert setup.status().delivers_media is delivers


@pytest.mark.parametrize("answer", [{}, {"status": "ok"}, _answer([]), _answer({"Details": "hello"})])
@pytest.mark.parametrize("method", ["status", "stored_webhook"])
def test_json_of_another_program(http, setup, method, answer):
	http.get(f"{BASE}{'/session/status' if method == 'status' else '/webhook'}", json=answer)

	failure = _failure(getattr(setup, method))

	assert type(failure) is Retriable
	assert failure.reason == "What answered is not WuzAPI: check the gateway's address"


@pytest.mark.parametrize(
	("subscribed", "events"),
	[(["QR", "Message"], frozenset({"Message", "QR"})), ([""], frozenset()), (None, frozenset())],
)
def test_the_stored_webhook(expect, setup, subscribed, events):
	expect("GET", "/webhook", answer=_answer({"webhook": HOOK.url, "subscribe": subscribed}))
	assert setup.stored_webhook() == WebhookSettings(HOOK.url, events)


def test_no_stored_webhook(expect, setup):
	expect("GET", "/webhook", answer=_answer({"webhook": "", "subscribe": [""]}))
	assert setup.stored_webhook() == WebhookSettings("", frozenset())


def test_a_webhook_is_always_set_with_its_events(expect, setup):
	body = {"webhookurl": HOOK.url, "events": ["Connected", "Message", "QR"]}
	expect("POST", "/webhook", body, answer=_answer({"webhook": HOOK.url}))
	setup.set_webhook(HOOK)


def test_all_the_bridges_events(expect, setup):
	body = {"webhookurl": "", "events": sorted(EVENTS)}
	expect("POST", "/webhook", body, answer=_answer({"webhook": ""}))
	setup.set_webhook(WebhookSettings("", frozenset(EVENTS)))


def test_media_are_put_into_the_webhooks(expect, setup):
	body = {"enabled": False, "media_delivery": "base64"}
	expect("POST", "/session/s3/config", body, answer=_answer({"Details": "saved", "Enabled": False}))
	setup.deliver_media()


def test_a_signing_key_is_taken_without_an_envelope(expect, setup):
	answer = {"Details": "HMAC configuration saved successfully"}
	expect("POST", "/session/hmac/config", {"hmac_key": KEY}, answer=answer)
	setup.set_signing_key(Secret(KEY))


def test_a_short_signing_key_is_refused_before_any_call(http, setup):
	failure = _failure(lambda: setup.set_signing_key(Secret(KEY[:31])))
	assert type(failure) is Permanent
	assert (failure.reason, failure.detail) == ("A signing key must have at least 32 characters", "")
	assert len(http.calls) == 0


# ---- connecting


def test_connect_does_not_touch_the_events(expect, setup):
	answer = _answer({"webhook": HOOK.url, "jid": "", "events": "Message", "details": "Connected!"})
	expect("POST", "/session/connect", {"Immediate": True}, answer=answer)
	setup.connect()


def test_the_events_that_are_wished_go_along(expect, setup):
	body = {"Immediate": True, "Subscribe": ["Message", "ReadReceipt"]}
	expect("POST", "/session/connect", body, answer=_answer({"details": "Connected!"}))
	setup.connect({"ReadReceipt", "Message"})


@pytest.mark.parametrize(
	("status", "answer", "outdated"),
	[
		(404, "404 page not found", True),
		(400, _error(400, 'invalid privacy setting name ""'), False),
		(500, _error(500, "no session"), False),
		(401, _error(401, "unauthorized"), False),
		(404, _error(404, "not found"), False),
	],
)
def test_an_old_release_is_told_by_what_it_does_not_know(expect, setup, status, answer, outdated):
	expect("POST", "/user/privacy", {}, answer=answer, status=status)
	assert setup.is_outdated() is outdated


@pytest.mark.parametrize("status", [500, 409])
def test_connected_already_is_a_success_if_the_status_says_so_too(expect, setup, status):
	answer = _error(status, "already connected")
	expect("POST", "/session/connect", {"Immediate": True}, answer=answer, status=status)
	expect("GET", "/session/status", answer=_answer(_status()))
	setup.connect()


@pytest.mark.parametrize("status", [500, 409])
def test_a_gateway_that_contradicts_itself(expect, setup, status):
	answer = _error(status, "already connected")
	expect("POST", "/session/connect", {"Immediate": True}, answer=answer, status=status)
	expect("GET", "/session/status", answer=_answer(_status(connected=False, loggedIn=False)))

	failure = _failure(setup.connect)

	assert type(failure) is Retriable
	assert failure.reason == (
		"The gateway says of this session both that it is connected and that it is not: "
		"if this lasts for some minutes, restart the gateway"
	)
	assert failure.detail == f"HTTP {status}: already connected"
	assert failure.fault is Fault.UNWELL


# ---- what may be done again, and what is to be looked at first


@pytest.mark.parametrize(
	("path", "call", "kind"),
	[
		("/webhook", lambda setup: setup.set_webhook(HOOK), Retriable),
		("/session/s3/config", lambda setup: setup.deliver_media(), Retriable),
		("/session/hmac/config", lambda setup: setup.set_signing_key(Secret(KEY)), Retriable),
		("/session/disconnect", lambda setup: setup.disconnect(), Retriable),
		("/session/logout", lambda setup: setup.log_out(), Retriable),
		("/session/connect", lambda setup: setup.connect(), Uncertain),
		("/session/pairphone", lambda setup: setup.pair_by_phone("+447700900123"), Uncertain),
	],
)
@pytest.mark.parametrize("body", [requests.ReadTimeout("read timed out"), "<html>Welcome</html>"])
def test_no_proper_answer(http, setup, path, call, kind, body):
	http.post(BASE + path, body=body)
	assert type(_failure(lambda: call(setup))) is kind
