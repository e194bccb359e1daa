"""The gateway loses, forgets and contradicts itself where WuzAPI does: each trap is sprung once, and escaped."""

import pytest
import requests
from gateway_user import PHONE, GatewayUser

from wuzapi_chatwoot.sandbox.process import SandboxProcess, wait_until

ANA = "447700900123"
KEY = "a-fictional-key-of-32-characters-"
OTHER_KEY = "another-fictional-key-of-32-chars"


@pytest.fixture
def user(sandbox, receiver):
	sandbox.switch(gateway_connect_ms=10)
	return GatewayUser(sandbox, receiver)


def made(sandbox, receiver, **fields):
	sandbox.switch(gateway_connect_ms=10)
	return GatewayUser(sandbox, receiver, **fields)


def skipped(user, reason):
	return wait_until(lambda: user.seen["skipped"].get(reason))


# ---- two views of the settings


def test_webhook_without_events_empties_memory_and_a_restart_heals_it(user):
	user.pair()
	user("POST", "/webhook", {"webhookurl": user.url})
	assert (user.data("/webhook")["subscribe"], user.status["events"]) == (["All"], "")
	user.is_written_to("lost")
	assert skipped(user, "not subscribed") == 1
	user.act("gateway/restart")
	wait_until(lambda: user.is_up == (True, True))
	assert user.status["events"] == "All"
	user.is_written_to("seen")
	user.wait("Message")
	assert user.texts() == ["seen"]


def test_webhook_is_put_without_events_and_falls_into_the_same_trap(user):
	user("PUT", "/webhook", {"webhook": user.url, "active": True})
	assert (user.data("/webhook")["subscribe"], user.status["events"]) == (["All"], "")


def test_key_given_at_creation_signs_nothing_until_it_is_posted(sandbox, receiver):
	user = made(sandbox, receiver, hmacKey=KEY)
	assert user.status["hmac_configured"] is True
	user.pair()
	user.is_written_to("unsigned")
	user.wait("Message")
	user("POST", "/session/hmac/config", {"hmac_key": KEY})
	user.is_written_to("signed")
	user.wait("Message", 2)
	assert user.signed(KEY, "Message") == [None, True]


def test_key_given_at_creation_is_read_by_a_restart(sandbox, receiver):
	user = made(sandbox, receiver, hmacKey=KEY)
	user.pair()
	user.act("gateway/restart")
	user.wait("Connected", 2)
	assert user.signed(KEY, "Connected") == [None, True]


def test_restart_does_not_read_the_key_of_a_user_that_was_not_connected(user):
	user("POST", "/session/hmac/config", {"hmac_key": KEY})
	user.pair()
	user("POST", "/session/disconnect", {})
	assert user.id not in user.act("gateway/restart")["reconnecting"]
	user.connect()
	user.wait("Connected", 2)
	assert user.status["hmac_configured"] is True
	# The first one was signed: the key was there before connecting, so the copy of it had the key too.
	assert user.signed(KEY, "Connected") == [True, None]


def test_settings_posted_while_a_code_is_shown_are_undone_by_the_next_one(sandbox, user):
	sandbox.switch(gateway_qr_ms=900)
	user.shows_code()
	url = f"{user.receiver.url}/webhook/elsewhere"
	user("POST", "/webhook", {"webhookurl": url, "events": ["PairSuccess"]})
	user("POST", "/session/hmac/config", {"hmac_key": KEY})
	user("POST", "/session/s3/config", {"media_delivery": "s3"})
	status = user.status
	assert (status["webhook"], status["events"]) == (url, "PairSuccess")
	wait_until(lambda: user.status["webhook"] == user.url)
	seen = user.seen
	assert (user.status["events"], user.data("/webhook")["subscribe"]) == ("All", ["PairSuccess"])
	assert (seen["memory"]["hmac_key"], seen["database"]["hmac_key"]) == ("", KEY)
	assert (seen["memory"]["media_delivery"], seen["database"]["media_delivery"]) == ("base64", "s3")


def test_settings_posted_while_a_code_is_shown_are_undone_by_pairing(user):
	user.shows_code()
	user("POST", "/session/hmac/config", {"hmac_key": KEY})
	user.act("phone/scan", phone=PHONE)
	user.wait("Connected")
	assert user.signed(KEY, "PairSuccess") + user.signed(KEY, "Connected") == [None, None]
	user("POST", "/session/hmac/config", {"hmac_key": KEY})
	user.is_written_to("signed")
	user.wait("Message")
	assert user.signed(KEY, "Message") == [True]


def test_settings_posted_while_a_code_is_shown_are_undone_by_its_time_out(sandbox, user):
	user("POST", "/session/hmac/config", {"hmac_key": KEY})
	sandbox.switch(gateway_qr_ms=250)
	user.connect()
	wait_until(lambda: len(user.posted("QR")) == 6)
	user("POST", "/session/hmac/config", {"hmac_key": OTHER_KEY})
	user.wait("QRTimeout")
	seen = user.seen
	assert (seen["memory"]["hmac_key"], seen["database"]["hmac_key"]) == (KEY, OTHER_KEY)


def test_what_was_set_before_connecting_stays(user):
	user("POST", "/session/hmac/config", {"hmac_key": KEY})
	user.pair()
	assert set(user.signed(KEY, "QR") + user.signed(KEY, "PairSuccess")) == {True}


def test_address_is_missing_after_pairing_until_a_restart(user):
	jid = user.pair()["jid"]
	assert user.status["jid"] == ""
	assert user.admin("GET", f"/{user.id}").json()["data"][0]["jid"] == jid
	user.act("gateway/restart")
	wait_until(lambda: user.is_up == (True, True))
	assert user.status["jid"] == jid


def test_disconnect_and_connect_begin_a_new_pairing(user):
	user.pair()
	user("POST", "/session/disconnect", {})
	user.shows_code()
	assert user.is_up == (True, False)


def test_disconnect_and_connect_resume_once_the_address_is_known(user):
	user.pair()
	user.act("gateway/restart")
	wait_until(lambda: user.is_up == (True, True))
	user("POST", "/session/disconnect", {})
	user.connect()
	wait_until(lambda: user.is_up == (True, True))


def test_no_media_settings_mean_no_media(sandbox, receiver):
	user = made(sandbox, receiver, s3Config={})
	user.pair()
	user.is_written_to("", kind="image")
	(without,) = user.wait("Message")
	assert not {"base64", "mimeType", "fileName", "s3"} & without.keys()
	assert without["event"]["Message"]["imageMessage"]["mimetype"] == "image/jpeg"
	# By the administrator: in the database only.
	user.admin("PUT", f"/{user.id}", {"s3Config": {"enabled": False, "mediaDelivery": "base64"}})
	assert user.data("/session/s3/config")["media_delivery"] == "base64"
	user.is_written_to("", kind="image")
	assert "base64" not in user.wait("Message", 2)[1]
	user("POST", "/session/s3/config", {"enabled": False, "media_delivery": "base64"})
	user.is_written_to("", kind="image")
	assert user.wait("Message", 3)[2]["base64"]


def test_changed_token_cuts_the_webhooks_of_the_running_session(user):
	user.pair()
	old, user.token = user.token, "fictional-new-token"
	user.admin("PUT", f"/{user.id}", {"token": user.token})
	answer = requests.get(f"{user.sandbox.gateway}/session/status", headers={"token": old}, timeout=30)
	assert answer.status_code == 401
	assert user.is_up == (True, True)
	user.is_written_to("lost")
	assert skipped(user, "no user for token") == 1
	user.act("gateway/restart")
	wait_until(lambda: user.is_up == (True, True))
	user.is_written_to("seen")
	user.wait("Message")
	assert user.texts() == ["seen"]


def test_deleted_user_goes_on_until_a_restart(sandbox, user):
	user.pair()
	assert user.admin("DELETE", f"/{user.id}").status_code == 200
	assert user.admin("GET", f"/{user.id}").json()["data"] == []
	assert user("POST", "/chat/send/text", {"Phone": ANA, "Body": "still here"}).status_code == 200
	assert sandbox.control("gateway/users")["deleted"][0]["id"] == user.id
	user.wait("ReadReceipt")
	sandbox.control("gateway/restart", {})
	assert user("GET", "/session/status").status_code == 401


def test_history_that_is_off_costs_webhooks_and_then_the_key(user):
	user("POST", "/session/hmac/config", {"hmac_key": KEY})
	user.pair()
	assert user("GET", f"/chat/history?chat_jid={ANA}@s.whatsapp.net").status_code == 501
	user.is_written_to("lost")
	assert skipped(user, "no user for token") == 1
	# Any call brings the record back, but not the key.
	assert user.status["hmac_configured"] is True
	user.is_written_to("unsigned")
	user.wait("Message")
	user("POST", "/session/hmac/config", {"hmac_key": KEY})
	user.is_written_to("signed")
	user.wait("Message", 2)
	assert user.texts() == ["signed", "unsigned"]
	assert user.signed(KEY, "Message") == [None, True]


def test_restart_with_another_encryption_key_signs_nothing_more(sandbox, user):
	user("POST", "/session/hmac/config", {"hmac_key": KEY})
	user.pair()
	sandbox.switch(gateway_encryption_key="random")
	user.act("gateway/restart")
	user.wait("Connected", 2)
	assert user.signed(KEY, "Connected") == [True, None]
	assert user.status["hmac_configured"] is True


def test_no_key_can_be_stored_without_proper_encryption(sandbox, user):
	sandbox.switch(gateway_encryption_key="wrong_length")
	assert user("POST", "/session/hmac/config", {"hmac_key": KEY}).status_code == 500
	assert user.admin("POST", "", {"name": "x", "token": "x", "hmacKey": KEY}).status_code == 500
	assert user.status["hmac_configured"] is False


def test_newer_release_knows_its_address_and_says_conflict(sandbox, user):
	sandbox.switch(gateway_version="1.0.9")
	assert user("POST", "/session/history", {"history": 1}).status_code == 200
	user.pair()
	assert user.status["jid"] == f"{PHONE}@s.whatsapp.net"
	answer = user("POST", "/session/connect", {"Immediate": True})
	assert (answer.status_code, answer.json()["error"]) == (409, "already connected")
	user("POST", "/session/disconnect", {})
	user.connect()
	wait_until(lambda: user.is_up == (True, True))


def test_global_webhook_is_filtered_by_the_user_and_signed_with_its_own_key(receiver_process):
	receiver_process.clear()
	everywhere = f"{receiver_process.url}/webhook/everywhere"
	options = ("--gateway-global-webhook", everywhere, "--gateway-global-hmac-key", OTHER_KEY)
	with SandboxProcess(*options, bridge_url=receiver_process.url) as sandbox:
		user = GatewayUser(sandbox, receiver_process, "fourth", events="Message,Connected")
		user("POST", "/session/hmac/config", {"hmac_key": KEY})
		user.pair()
		user.is_written_to("twice")
		user.wait("Message")
		user("DELETE", "/webhook")
		user("POST", "/webhook", {"webhookurl": "", "events": ["Message"]})
		user.is_written_to("once")
		receiver_process.wait("everywhere", 2, type="Message")
		assert (user.texts(), user.signed(KEY, "Message")) == (["twice"], [True])
		user.name = "everywhere"
		assert (user.texts(), user.signed(OTHER_KEY, "Message")) == (["once", "twice"], [True, True])
		assert set(user.kinds()) == {"Connected", "own name", "Message"}


# ---- webhooks that never come


@pytest.mark.parametrize("kind", ["LoggedOut", "QRTimeout"])
def test_last_words_can_be_lost(sandbox, user, kind):
	sandbox.switch(gateway_lose_last_webhooks=True)
	if kind == "LoggedOut":
		user.pair()
		user.act("phone/unlink")
	else:
		sandbox.switch(gateway_qr_ms=20)
		user.connect()
	wait_until(lambda: user.seen["skipped"].get("no client") == 1)
	assert (user.is_up, user.seen["clients"], user.posted(kind)) == ((False, False), 0, [])


def test_no_address_means_no_webhooks_at_all(sandbox, receiver):
	user = made(sandbox, receiver, webhook="")
	user.connect()
	assert skipped(user, "no webhook address")
	assert user.posted() == []
