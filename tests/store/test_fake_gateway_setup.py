"""The fake gateway forgets what WuzAPI forgets, and refuses what it refuses."""

from __future__ import annotations

import pytest

from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.errors import DuplicateRow, Permanent, Retriable, Uncertain
from wuzapi_chatwoot.bridge.model.session import Secret
from wuzapi_chatwoot.bridge.ports.gateway_setup import (
	GatewayAdmin,
	GatewaySetup,
	GatewayStatus,
	GatewayUser,
	WebhookSettings,
)
from wuzapi_chatwoot.testkit.twins.fake_gateway_setup import (
	LINKING_CODE,
	FakeGatewayAccount,
	FakeGatewayAdmin,
)

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


def test_users_come_and_go(admin: FakeGatewayAdmin) -> None:
	port: GatewayAdmin = admin
	assert port.users() == []
	user = GatewayUser("user-1", "Front desk", TOKEN, HOOK.url, ("Connected", "Message"))
	assert port.create_user("Front desk", TOKEN, HOOK, KEY) == user
	assert port.create_user("Back office", Secret("t2"), HOOK, KEY).id == "user-2"
	assert [each.id for each in port.users()] == ["user-1", "user-2"]
	assert (port.user("user-1"), port.user("user-3")) == (user, None)
	port.delete_user("user-1")
	port.delete_user("user-1")
	assert [each.id for each in port.users()] == ["user-2"]
	with pytest.raises(Retriable, match="does not know the session's token"):
		admin.setup(TOKEN).status()


def test_what_no_user_can_be_made_of(admin: FakeGatewayAdmin) -> None:
	admin.have_user("Front desk", TOKEN)
	with pytest.raises(DuplicateRow, match="has this token already"):
		admin.create_user("Back office", TOKEN, HOOK, KEY)
	with pytest.raises(Permanent, match="needs a name"):
		admin.create_user(" ", Secret("t2"), HOOK, KEY)
	with pytest.raises(Permanent, match="needs a token"):
		admin.create_user("Back office", Secret(""), HOOK, KEY)
	with pytest.raises(Permanent, match="at least 32 characters"):
		admin.create_user("Back office", Secret("t2"), HOOK, Secret("k" * 31))
	assert list(admin.accounts) == ["user-1"]


def test_a_lost_answer_leaves_a_user_behind(admin: FakeGatewayAdmin) -> None:
	admin.fail_next("create_user", Uncertain("No answer"), after_doing=True)
	with pytest.raises(Uncertain):
		admin.create_user("Front desk", TOKEN, HOOK, KEY)
	assert [user.token for user in admin.users()] == [TOKEN]


def test_a_token_has_one_setup(admin: FakeGatewayAdmin, setup: GatewaySetup) -> None:
	assert admin.setup(Secret(TOKEN.value)) is setup


def test_a_new_user_stores_its_key_and_does_not_sign(
	setup: GatewaySetup, account: FakeGatewayAccount
) -> None:
	assert setup.status() == GatewayStatus(
		False, False, HOOK, delivers_media=True, has_signing_key=True, id="user-1", name="Front desk"
	)
	setup.connect()
	assert (account.stored_key, account.used_key) == (KEY, Secret(""))
	setup.set_signing_key(OTHER_KEY)
	assert (account.stored_key, account.used_key) == (OTHER_KEY, OTHER_KEY)
	with pytest.raises(Permanent, match="at least 32 characters"):
		setup.set_signing_key(Secret("k" * 31))


def test_settings(admin: FakeGatewayAdmin) -> None:
	account = admin.have_user("Old", Secret("t"), delivers_media=False)
	setup = admin.setup(Secret("t"))
	assert setup.status() == GatewayStatus(
		False, False, WebhookSettings("", frozenset()), id="user-1", name="Old"
	)
	setup.deliver_media()
	setup.set_webhook(HOOK)
	assert setup.stored_webhook() == HOOK
	assert setup.status() == GatewayStatus(False, False, HOOK, delivers_media=True, id="user-1", name="Old")
	assert not account.used_key


def test_pairing_by_a_picture(
	admin: FakeGatewayAdmin, setup: GatewaySetup, account: FakeGatewayAccount
) -> None:
	assert setup.qr() is None
	setup.connect()
	assert setup.qr() is None
	account.show_qr(PICTURE)
	assert (setup.qr(), setup.status().qr) == (PICTURE, PICTURE)
	assert (setup.status().connected, setup.status().logged_in) == (True, False)
	account.pair(OWN)
	assert (setup.qr(), setup.status().logged_in) == (None, True)


def test_the_address_is_told_by_the_administrator_first(
	admin: FakeGatewayAdmin, setup: GatewaySetup, account: FakeGatewayAccount
) -> None:
	_paired(setup, account)
	assert setup.status().address is None
	user = admin.user("user-1")
	assert user is not None
	assert user.address == OWN
	account.restart()
	assert setup.status().address == OWN


def test_newer_releases_tell_the_address_at_once(setup: GatewaySetup, account: FakeGatewayAccount) -> None:
	account.tells_address = True
	_paired(setup, account)
	assert setup.status().address == OWN


@pytest.mark.parametrize("what", ["show_qr", "pair", "expire_qr"])
def test_what_is_set_while_a_code_is_on_screen_is_undone(
	setup: GatewaySetup, account: FakeGatewayAccount, what: str
) -> None:
	setup.set_signing_key(KEY)
	setup.connect()
	account.show_qr(PICTURE)
	setup.set_webhook(OTHER_HOOK)
	setup.set_signing_key(OTHER_KEY)
	assert (setup.status().webhook, account.used_key) == (OTHER_HOOK, OTHER_KEY)
	{
		"show_qr": lambda: account.show_qr("data:next"),
		"pair": lambda: account.pair(OWN),
		"expire_qr": account.expire_qr,
	}[what]()
	assert (setup.status().webhook, account.used_key) == (HOOK, KEY)
	assert (setup.stored_webhook(), account.stored_key) == (OTHER_HOOK, OTHER_KEY)


def test_a_code_that_nobody_scans_ends_the_connection(
	setup: GatewaySetup, account: FakeGatewayAccount
) -> None:
	setup.connect()
	account.show_qr(PICTURE)
	account.expire_qr()
	account.expire_qr()
	assert (setup.status().connected, setup.qr(), account.clients) == (False, None, 0)
	account.restart()
	account.expire_qr()
	setup.connect()
	assert setup.status().connected


def test_pairing_by_a_phone_code(setup: GatewaySetup, account: FakeGatewayAccount) -> None:
	with pytest.raises(Retriable, match="connect it"):
		setup.pair_by_phone("+447700900123")
	setup.connect()
	with pytest.raises(Permanent, match="country code"):
		setup.pair_by_phone("07700 900123")
	assert setup.pair_by_phone("+447700900123") == LINKING_CODE
	assert account.linking == "+447700900123"
	account.pair(OWN)
	assert account.linking is None
	with pytest.raises(Permanent, match="paired already"):
		setup.pair_by_phone("+447700900123")


def test_only_what_waits_for_a_phone_can_be_paired(setup: GatewaySetup, account: FakeGatewayAccount) -> None:
	for act in (lambda: account.pair(OWN), lambda: account.show_qr(PICTURE)):
		with pytest.raises(ValueError, match="connected and not paired"):
			act()
	_paired(setup, account)
	for act in (lambda: account.pair(OWN), lambda: account.show_qr(PICTURE)):
		with pytest.raises(ValueError, match="connected and not paired"):
			act()


def test_failures_are_ordered_and_calls_are_written_down(admin: FakeGatewayAdmin) -> None:
	admin.have_user("Front desk", TOKEN, HOOK)
	setup = admin.setup(TOKEN)
	setup.fail_next("connect", Uncertain("No answer"), after_doing=True)
	with pytest.raises(Uncertain):
		setup.connect()
	assert admin.accounts["user-1"].connected
	setup.fail_next("status", Retriable("Down"))
	with pytest.raises(Retriable):
		setup.status()
	assert [call.method for call in setup.calls] == ["connect", "status"]
	assert TOKEN.value not in f"{setup!r} {admin!r}"
