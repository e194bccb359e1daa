"""What the network and WhatsApp itself do to a paired user, with the webhooks that tell of it."""

import json
from pathlib import Path

import pytest
from gateway_user import PHONE, Admin, GatewayUser

from wuzapi_chatwoot.sandbox import defaults
from wuzapi_chatwoot.sandbox.gateway.posts import session_payloads
from wuzapi_chatwoot.sandbox.process import wait_until

PAYLOADS = Path(__file__).resolve().parents[1] / "payloads" / "wuzapi-webhooks"
OWN = ("12025550100:12@s.whatsapp.net", "111100001111000:12@lid")
RECORDED = {
	"qr-timeout": session_payloads.qr_timeout(),
	"pair-success": session_payloads.pair_success(*OWN),
	"pair-error": session_payloads.pair_error(*OWN),
	"connected": session_payloads.plain("Connected"),
	"connected-from-pushname-setting": session_payloads.own_name("Example Shop", 1773483667),
	"disconnected": session_payloads.plain("Disconnected"),
	"client-outdated": session_payloads.plain("ClientOutdated"),
	"loggedout-device-removed": session_payloads.logged_out(401, on_connect=False),
	"loggedout-on-connect": session_payloads.logged_out(403, on_connect=True),
	"temporary-ban": session_payloads.temporary_ban(101, 86_400),
	"stream-error": session_payloads.stream_error("500"),
	"connect-failure-server": session_payloads.connect_failure(409, "fictional"),
	"connect-failure-gateway": session_payloads.gateway_connect_failure(),
}


@pytest.mark.parametrize("name", RECORDED)
def test_events_are_those_that_were_recorded(name):
	recorded = json.loads((PAYLOADS / f"{name}.json").read_text())
	about = {key: recorded[key] for key in ("instanceName", "userID")}
	assert {**RECORDED[name], **about} == recorded


def test_code_has_the_keys_of_the_recorded_one():
	recorded = json.loads((PAYLOADS / "qr.json").read_text())
	about = {key: recorded[key] for key in ("instanceName", "userID")}
	assert {**session_payloads.qr(recorded["qrCodeBase64"]), **about} == recorded


@pytest.fixture
def user(sandbox, receiver):
	sandbox.switch(gateway_connect_ms=10)
	return GatewayUser(sandbox, receiver)


def test_network_drop_heals_itself_and_loses_nothing(user):
	user.pair()
	user.act("gateway/drop", seconds=0.15)
	assert user.wait("Disconnected") == [user.own("Disconnected", {})]
	assert user.is_up == (False, False)
	user.is_written_to("late")
	assert user.texts() == []
	user.wait("Connected", 2)
	user.wait("Message")
	assert (user.texts(), user.is_up) == (["late"], (True, True))


def test_drop_without_a_user_is_for_all(sandbox, receiver, user):
	user.pair()
	assert sandbox.control("gateway/drop", {"seconds": 0.05}) == {"dropped": 2}
	receiver.wait("wuzapi", type="Connected")
	user.wait("Connected", 2)


def test_ban_throws_out_until_it_is_over(user):
	user.pair()
	user.act("gateway/ban", code=102, seconds=86_400)
	event = {"Code": 102, "Expire": 86_400_000_000_000}
	assert user.wait("TemporaryBan") == [user.own("TemporaryBan", event)]
	assert user.is_up == (False, False)
	user.connect()
	user.wait("TemporaryBan", 2)
	assert user.is_up == (False, False)
	user.act("gateway/ban", seconds=0)
	user.act("gateway/restart")
	wait_until(lambda: user.is_up == (True, True))


def test_whatsapp_refuses_the_connection(user):
	user.pair()
	user.act("gateway/connect_failure", reason=409)
	raw = {"Attrs": {"location": "cln", "reason": "409"}, "Content": None, "Tag": "failure"}
	event = {"Message": "fictional", "Raw": raw, "Reason": 409}
	assert user.wait("ConnectFailure") == [user.own("ConnectFailure", event)]
	assert user.is_up == (False, False)
	user.act("gateway/restart")
	wait_until(lambda: user.is_up == (True, True))
	assert len(user.posted("ConnectFailure")) == 1


def test_gateway_is_too_old_until_it_is_brought_up_to_date(user):
	user.pair()
	user.act("gateway/client_outdated", lasting=True)
	assert user.wait("ClientOutdated") == [user.own("ClientOutdated", {})]
	user.act("gateway/restart")
	user.wait("ClientOutdated", 2)
	assert user.is_up == (False, False)
	user.act("gateway/accept")
	user.act("gateway/restart")
	wait_until(lambda: user.is_up == (True, True))


def test_stream_error_is_a_drop_with_a_reason(user):
	user.pair()
	user.act("gateway/stream_error", code="503", seconds=0.02)
	raw = {"Attrs": {"code": "503"}, "Content": None, "Tag": "stream:error"}
	assert user.wait("StreamError") == [user.own("StreamError", {"Code": "503", "Raw": raw})]
	user.wait("Connected", 2)


def test_any_other_event_is_posted_as_given(user):
	payload = {"type": "KeepAliveTimeout", "event": {"ErrorCount": 2}}
	user.shows_code()
	user.act("gateway/webhook", payload=payload)
	user.wait("KeepAliveTimeout")
	user.act("phone/scan", phone=PHONE)
	user.wait("Connected")
	user.act("gateway/webhook", payload=payload)
	assert user.wait("KeepAliveTimeout", 2)[1] == user.own("KeepAliveTimeout", {"ErrorCount": 2})


@pytest.mark.parametrize(
	("path", "body"),
	[
		("phone/scan", {"user": "nobody", "phone": PHONE}),
		("gateway/drop", {"seconds": -1}),
		("gateway/drop", {"seconds": True}),
		("phone/send", {"user": "second", "customer": "447700900123", "text": "x"}),
		("phone/unlink", {"user": "second"}),
		("gateway/restart", {"first_try_fails": 1}),
	],
)
def test_acts_that_make_no_sense_are_refused(sandbox, user, path, body):
	with pytest.raises(ValueError, match=r"40[04]"):
		sandbox.control(path, body)


def test_acts_are_refused_when_there_is_no_user_at_all(sandbox):
	Admin(sandbox)("DELETE", f"/{defaults.GATEWAY_USER_ID}/full")
	with pytest.raises(ValueError, match="404"):
		sandbox.control("phone/send", {"customer": "447700900123", "text": "x"})
