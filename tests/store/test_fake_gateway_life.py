"""What a session of the fake gateway goes through after it was paired: as on WuzAPI, with what is forgotten."""

from __future__ import annotations

import pytest

from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.session import Secret
from wuzapi_chatwoot.bridge.ports.gateway_setup import GatewaySetup, WebhookSettings
from wuzapi_chatwoot.testkit.twins.fake_gateway_setup import FakeGatewayAccount, FakeGatewayAdmin

TOKEN = Secret("front-desk-token")
KEY, OTHER_KEY = Secret("k" * 32), Secret("o" * 32)
HOOK = WebhookSettings("https://bridge.test/hook", frozenset({"Message", "Connected"}))
OTHER_HOOK = WebhookSettings("https://other.test/hook", frozenset({"All"}))
OWN = Address("12025550100", "s.whatsapp.net")
PICTURE = "data:image/png;base64,AAAA"


@pytest.fixture
def admin() -> FakeGatewayAdmin:
	return FakeGatewayAdmin()


@pytest.fixture
def setup(admin: FakeGatewayAdmin) -> GatewaySetup:
	admin.create_user("Front desk", TOKEN, HOOK, KEY)
	return admin.setup(TOKEN)


@pytest.fixture
def account(admin: FakeGatewayAdmin, setup: GatewaySetup) -> FakeGatewayAccount:
	return admin.accounts["user-1"]


def _paired(setup: GatewaySetup, account: FakeGatewayAccount) -> None:
	setup.set_signing_key(KEY)
	setup.connect()
	account.pair(OWN)


def test_connecting_twice_is_harmless_unless_it_reconnects_by_itself(
	setup: GatewaySetup, account: FakeGatewayAccount
) -> None:
	_paired(setup, account)
	setup.connect()
	assert account.clients == 1
	account.drop()
	assert (setup.status().connected, account.reconnecting) == (False, True)
	account.come_back()
	assert (setup.status().connected, setup.status().logged_in, account.clients) == (True, True, 1)
	account.drop()
	setup.connect()
	assert account.clients == 2


def test_a_restart_uses_what_is_stored(setup: GatewaySetup, account: FakeGatewayAccount) -> None:
	setup.connect()
	setup.set_webhook(OTHER_HOOK)
	setup.set_signing_key(OTHER_KEY)
	account.pair(OWN)
	assert (setup.status().webhook, account.used_key) == (HOOK, Secret(""))
	account.restart()
	status = setup.status()
	assert (status.connected, status.logged_in, status.webhook) == (True, True, OTHER_HOOK)
	assert (account.used_key, account.clients) == (OTHER_KEY, 1)


def test_a_restart_while_it_was_not_connected_forgets_the_key(
	setup: GatewaySetup, account: FakeGatewayAccount
) -> None:
	setup.set_signing_key(KEY)
	account.restart()
	setup.connect()
	assert (setup.status().has_signing_key, account.used_key) == (True, Secret(""))


def test_a_start_whose_first_try_fails_swallows_messages_until_it_is_connected_again(
	setup: GatewaySetup, account: FakeGatewayAccount
) -> None:
	_paired(setup, account)
	account.restart(first_try_fails=True)
	assert (setup.status().connected, account.swallows, account.used_key) == (False, True, Secret(""))
	setup.connect()
	assert (setup.status().logged_in, account.swallows, account.clients) == (True, False, 1)


def test_disconnect_keeps_the_pairing_but_an_untold_address_begins_a_new_one(
	setup: GatewaySetup, account: FakeGatewayAccount
) -> None:
	_paired(setup, account)
	setup.disconnect()
	setup.disconnect()
	assert (setup.status().connected, account.stored_address) == (False, OWN)
	setup.connect()
	assert (setup.status().connected, setup.status().logged_in) == (True, False)
	account.restart()
	setup.connect()
	assert setup.status().logged_in


def test_a_session_that_shows_a_code_is_disconnected_but_not_logged_out(
	setup: GatewaySetup, account: FakeGatewayAccount
) -> None:
	setup.connect()
	account.show_qr(PICTURE)
	setup.log_out()
	assert (setup.status().connected, setup.qr()) == (True, PICTURE)
	setup.disconnect()
	assert (setup.status().connected, setup.qr()) == (False, None)


def test_one_that_reconnects_by_itself_is_not_stopped(
	setup: GatewaySetup, account: FakeGatewayAccount
) -> None:
	_paired(setup, account)
	account.drop()
	setup.disconnect()
	setup.log_out()
	assert (account.reconnecting, account.clients, account.stored_address) == (True, 1, OWN)


def test_log_out_ends_a_pairing_only_while_it_is_connected(
	admin: FakeGatewayAdmin, setup: GatewaySetup, account: FakeGatewayAccount
) -> None:
	_paired(setup, account)
	setup.disconnect()
	setup.log_out()
	assert account.stored_address == OWN
	account.restart()
	setup.connect()
	setup.log_out()
	setup.log_out()
	assert (account.stored_address, setup.status().connected) == (None, False)
	setup.connect()
	assert not setup.status().logged_in


def test_a_phone_can_remove_the_device(setup: GatewaySetup, account: FakeGatewayAccount) -> None:
	_paired(setup, account)
	account.unlink()
	assert (setup.status().connected, setup.status().logged_in, account.stored_address) == (
		False,
		False,
		None,
	)
