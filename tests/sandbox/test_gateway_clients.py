"""Clients that the gateway has lost sight of: after two connects, after a drop, after a restart that went wrong."""

import pytest
from gateway_user import GatewayUser

from wuzapi_chatwoot.sandbox.process import wait_until

ANA = "447700900123"
KEY = "a-fictional-key-of-32-characters-"


@pytest.fixture
def user(sandbox, receiver):
	sandbox.switch(gateway_connect_ms=10)
	return GatewayUser(sandbox, receiver)


def known_by_address(user):
	"""A paired user whose connection the gateway knows by its address."""
	user.pair()
	user.act("gateway/restart")
	wait_until(lambda: user.is_up == (True, True))


def lives_beside_its_owner(user):
	"""The webhooks go on, the status says no, and nothing can be sent."""
	user.is_written_to("heard")
	user.wait("Message")
	assert user.texts() == ["heard"]
	assert user.is_up == (False, False)
	assert user("POST", "/chat/send/text", {"Phone": ANA, "Body": "x"}).status_code == 500
	assert [(each["state"], each["tracked"]) for each in user.seen["sockets"]] == [("up", False)]


def test_connect_during_a_drop_makes_a_second_client_that_loses(user):
	known_by_address(user)
	user.act("gateway/drop", seconds=0.15)
	user.connect()
	assert user.seen["clients"] == 2
	user.wait("Connected", 4)
	wait_until(lambda: user.seen["clients"] == 1)
	lives_beside_its_owner(user)
	# One more connect, and only one, puts it right.
	user.connect()
	wait_until(lambda: user.is_up == (True, True))
	assert user.seen["clients"] == 1
	assert user("POST", "/chat/send/text", {"Phone": ANA, "Body": "x"}).status_code == 200


def test_connect_twice_at_once_makes_a_second_client_that_loses(sandbox, user):
	known_by_address(user)
	user("POST", "/session/disconnect", {})
	sandbox.switch(gateway_connect_ms=150)
	user.connect()
	user.connect()
	assert user.seen["clients"] == 2
	user.wait("Connected", 4)
	wait_until(lambda: user.seen["clients"] == 1)
	lives_beside_its_owner(user)


def test_connect_twice_at_once_while_pairing_shows_two_series_of_codes(sandbox, user):
	sandbox.switch(gateway_connect_ms=100)
	user.connect()
	user.connect()
	codes = [body["qrCodeBase64"] for body in user.wait("QR", 2)]
	assert (len(set(codes)), user.seen["clients"]) == (2, 2)


def test_restart_whose_first_try_fails_leaves_a_client_without_an_owner(user):
	user("POST", "/session/hmac/config", {"hmac_key": KEY})
	user.pair()
	assert user.act("gateway/restart", first_try_fails=True) == {"reconnecting": [*user_ids(user)]}
	wait_until(lambda: [each["state"] for each in user.seen["sockets"]] == ["up"])
	user.is_written_to("acknowledged and lost")
	# The gateway's own ConnectFailure, Connected, and the message.
	wait_until(lambda: user.seen["skipped"]["no client"] == 3)
	assert (user.is_up, user.seen["database"]["connected"]) == ((False, False), False)
	assert (user.texts(), user.posted("ConnectFailure")) == ([], [])
	user.connect()
	wait_until(lambda: user.is_up == (True, True))
	user.is_written_to("heard")
	user.wait("Message")
	assert (user.texts(), user.signed(KEY, "Message")) == (["heard"], [None])
	assert user.seen["clients"] == 1


def user_ids(user):
	return [each["id"] for each in user.sandbox.control("gateway/users")["users"]]


def test_restart_can_fail_for_everybody(sandbox, gateway, user):
	user.pair()
	sandbox.control("gateway/restart", {"first_try_fails": True})
	assert gateway("GET", "/session/status").json()["data"]["connected"] is False
	assert user.is_up == (False, False)


def test_restart_leaves_alone_who_was_not_connected(user):
	user.shows_code()
	assert user.id not in user.act("gateway/restart")["reconnecting"]
	assert (user.is_up, user.seen["clients"]) == ((False, False), 0)


def test_restart_forgets_webhooks_that_were_to_be_tried_again(sandbox, user):
	user.pair()
	sandbox.switch(gateway_webhook_first_delay_ms=150)
	user.receiver.statuses = [500]
	user.is_written_to("once")
	wait_until(lambda: sandbox.control("counters")["gateway"]["webhooks"]["failed_attempts"] == 1)
	user.act("gateway/restart")
	user.wait("Connected", 2)
	wait_until(lambda: sandbox.control("counters")["gateway"]["webhooks"]["given_up"] == 1)
	assert len(user.posted("Message")) == 1
