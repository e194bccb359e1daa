"""Every call of the administrator, its body and its answer in full."""

from __future__ import annotations

import pytest
from responses import matchers

from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.errors import (
	BridgeError,
	DuplicateRow,
	NotFound,
	Permanent,
	Retriable,
	Uncertain,
)
from wuzapi_chatwoot.bridge.model.session import Secret
from wuzapi_chatwoot.bridge.ports.gateway_setup import GatewayAdmin, GatewayUser, WebhookSettings
from wuzapi_chatwoot.gateways.wuzapi import pooled_http
from wuzapi_chatwoot.gateways.wuzapi.event_names import EVENTS
from wuzapi_chatwoot.gateways.wuzapi.setup.admin import WuzapiAdmin

BASE = "http://gateway.test:8080"
ADMIN_TOKEN = "the-administrators-token"
USER_TOKEN = "token-of-the-new-user"
KEY = "0123456789abcdef0123456789abcdef"
ID = "4e4942c7dee1deef99ab8fd9f7350de5"
HOOK = WebhookSettings(
	"https://bridge.test/webhooks/a-secret-path", frozenset({"Message", "Connected", "QR"})
)


@pytest.fixture
def admin() -> GatewayAdmin:
	return WuzapiAdmin(f" {BASE}/ ", Secret(f"{ADMIN_TOKEN}\n"), pooled_http())


@pytest.fixture
def expect(http):
	"""Expect exactly this request, with the raw token and no other header of ours, and answer it."""

	def expect(method, path, body=None, *, answer, status=200):
		match = [
			matchers.header_matcher({"Authorization": ADMIN_TOKEN}),
			lambda request: ("token" not in request.headers, "a token where none belongs"),
			matchers.query_param_matcher({}),
		]
		if body is not None:
			match.append(matchers.json_params_matcher(body))
		http.add(method, BASE + path, json=answer, status=status, match=match)

	return expect


def _row(**changes):
	return {
		"id": ID,
		"name": "Front desk",
		"token": USER_TOKEN,
		"webhook": HOOK.url,
		"jid": "12025550100:12@s.whatsapp.net",
		"qrcode": "",
		"connected": True,
		"loggedIn": True,
		"expiration": 0,
		"proxy_url": "",
		"events": "Message,QR,Connected",
		"proxy_config": {"enabled": False, "proxy_url": ""},
		"s3_config": {"enabled": False, "media_delivery": "base64"},
	} | changes


def _listed(*rows):
	return {"code": 200, "data": list(rows), "success": True}


USER = GatewayUser(
	id=ID,
	name="Front desk",
	token=Secret(USER_TOKEN),
	webhook=HOOK.url,
	events=("Message", "QR", "Connected"),
	connected=True,
	logged_in=True,
	address=Address("12025550100", "s.whatsapp.net"),
)


def test_users(expect, admin):
	fresh = _row(
		id="2", name="New", token="t2", webhook="", jid="", events="", connected=False, loggedIn=False
	)
	expect("GET", "/admin/users", answer=_listed(_row(), fresh))

	users = admin.users()

	assert users == [USER, GatewayUser("2", "New", Secret("t2"))]
	assert USER_TOKEN not in repr(users)


def test_a_gateway_without_users(expect, admin):
	expect("GET", "/admin/users", answer=_listed())
	assert admin.users() == []


def test_one_user(expect, admin):
	expect("GET", f"/admin/users/{ID}", answer=_listed(_row()))
	assert admin.user(ID) == USER


def test_an_unknown_user_is_an_empty_list(expect, admin):
	expect("GET", "/admin/users/0", answer=_listed())
	assert admin.user("0") is None


def test_without_an_id_nothing_is_asked_and_nobody_removed(http, admin):
	assert admin.user("") is None
	admin.delete_user("")
	assert len(http.calls) == 0


def test_an_id_stays_inside_its_part_of_the_path(http, admin):
	http.delete(f"{BASE}/admin/users/a%2F..%2Fb%3F/full", json={"code": 200, "success": True})
	admin.delete_user("a/../b?")
	assert http.calls[0].request.url == f"{BASE}/admin/users/a%2F..%2Fb%3F/full"


NEW_USER = {
	"name": "Front desk",
	"token": USER_TOKEN,
	"webhook": HOOK.url,
	"events": "Connected,Message,QR",
	"hmacKey": KEY,
	"s3Config": {"enabled": False, "mediaDelivery": "base64"},
}
CREATED = {
	"code": 201,
	"data": {
		"id": ID,
		"name": "Front desk",
		"token": USER_TOKEN,
		"webhook": HOOK.url,
		"expiration": 0,
		"events": "Connected,Message,QR",
		"proxy_config": {"enabled": False, "proxy_url": "", "webhook_use_proxy": True},
		"s3_config": {
			"enabled": False,
			"access_key": "***",
			"media_delivery": "base64",
			"retention_days": 30,
		},
		"hmac_key": True,
	},
	"success": True,
}


def _create(admin, name="Front desk", token=USER_TOKEN, key=KEY):
	return admin.create_user(name, Secret(token), HOOK, Secret(key))


def test_a_user_is_created_with_all_that_wuzapi_would_leave_out(expect, admin):
	expect("POST", "/admin/users", NEW_USER, answer=CREATED, status=201)

	assert _create(admin) == GatewayUser(
		ID, "Front desk", Secret(USER_TOKEN), HOOK.url, ("Connected", "Message", "QR")
	)


@pytest.mark.parametrize(
	("wrong", "reason"),
	[
		({"key": KEY[:31]}, "A signing key must have at least 32 characters"),
		({"key": ""}, "A signing key must have at least 32 characters"),
		({"name": " "}, "A new user of the gateway needs a name"),
		*(
			(
				{"token": token},
				"A new user of the gateway needs a token of plain letters and digits, without blanks",
			)
			for token in ("", "two words", "line\nbreak", "täken")
		),
	],
)
def test_what_wuzapi_would_take_but_could_not_use_is_refused_before_any_call(http, admin, wrong, reason):
	with pytest.raises(Permanent) as raised:
		_create(admin, **wrong)
	assert (type(raised.value), raised.value.reason, raised.value.detail) == (Permanent, reason, "")
	assert len(http.calls) == 0


def _failure(call) -> BridgeError:
	with pytest.raises(BridgeError) as raised:
		call()
	for secret in (ADMIN_TOKEN, USER_TOKEN, KEY, HOOK.url):
		assert secret not in f"{raised.value!s} {raised.value!r}"
	return raised.value


def _error(status, words, **more):
	return {"code": status, "error": words, "success": False, **more}


def test_a_token_that_another_user_has(expect, admin):
	words = "user with this token already exists"
	expect("POST", "/admin/users", NEW_USER, answer=_error(409, words), status=409)

	failure = _failure(lambda: _create(admin))

	assert type(failure) is DuplicateRow
	assert failure.reason == "Another user of the gateway has this token already"
	assert failure.detail == f"HTTP 409: {words}"


def test_an_event_that_the_gateway_does_not_know(expect, admin):
	answer = _error(400, "invalid event type", details="invalid event: QR")
	expect("POST", "/admin/users", NEW_USER, answer=answer, status=400)

	failure = _failure(lambda: _create(admin))

	assert type(failure) is Permanent
	assert (
		failure.reason == "The gateway does not know one of the events that the bridge needs: update WuzAPI"
	)
	assert failure.detail == "HTTP 400: invalid event type"


def test_a_gateway_that_cannot_encrypt(expect, admin):
	answer = _error(500, "failed to encrypt HMAC key")
	expect("POST", "/admin/users", NEW_USER, answer=answer, status=500)

	failure = _failure(lambda: _create(admin))

	assert type(failure) is Retriable
	assert failure.reason == (
		"The gateway cannot keep a signing key: its WUZAPI_GLOBAL_ENCRYPTION_KEY must have exactly 32 characters"
	)
	assert failure.detail == "HTTP 500: failed to encrypt HMAC key"


def test_secrets_that_the_gateway_repeats_are_not_told(expect, admin):
	repeated = f"no {USER_TOKEN}, {KEY}, {ADMIN_TOKEN} or {HOOK.url}"
	expect("POST", "/admin/users", NEW_USER, answer=_error(400, repeated), status=400)

	failure = _failure(lambda: _create(admin))

	assert failure.reason == "The gateway refused this: no ***, ***, *** or ***"
	assert failure.detail == "HTTP 400: no ***, ***, *** or ***"


@pytest.mark.parametrize("answer", [{}, {"code": 201, "data": {}, "success": True}, {"status": "ok"}])
def test_a_user_that_may_or_may_not_be_there(expect, admin, answer):
	expect("POST", "/admin/users", NEW_USER, answer=answer, status=201)

	failure = _failure(lambda: _create(admin))

	assert type(failure) is Uncertain
	assert failure.reason == "What answered is not WuzAPI: check the gateway's address"


def test_an_answer_that_is_no_list_of_users(expect, admin):
	expect("GET", "/admin/users", answer={"status": "ok"})

	failure = _failure(admin.users)

	assert type(failure) is Retriable
	assert failure.reason == "What answered is not WuzAPI: check the gateway's address"


def test_a_user_is_removed_in_full(expect, admin):
	answer = {"code": 200, "data": {"id": ID, "jid": "", "name": "Front desk"}, "success": True}
	expect("DELETE", f"/admin/users/{ID}/full", answer=answer)
	admin.delete_user(ID)


def test_nothing_happens_if_there_is_none_to_remove(expect, admin):
	expect("DELETE", f"/admin/users/{ID}/full", answer=_error(404, "user not found"), status=404)
	admin.delete_user(ID)


def test_a_404_of_another_program_is_no_removal(http, admin):
	http.delete(f"{BASE}/admin/users/{ID}/full", body="404 page not found", status=404)

	failure = _failure(lambda: admin.delete_user(ID))

	assert isinstance(failure, Retriable)
	assert not isinstance(failure, NotFound)
	assert failure.reason == "What answered is not WuzAPI: check the gateway's address"
	assert failure.detail == "HTTP 404: 404 page not found"


def test_every_name_that_the_bridge_subscribes_to():
	assert len(EVENTS) == len(set(EVENTS)) == 23
	assert "All" not in EVENTS
	assert all("," not in name and name.isalpha() for name in EVENTS)
