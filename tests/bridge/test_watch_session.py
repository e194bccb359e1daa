"""The watchdog: what it finds, what it mends, and that it never connects twice."""

from __future__ import annotations

from dataclasses import replace

import pytest
from bridge_world import OWNER, World

from wuzapi_chatwoot.bridge.model.errors import Retriable
from wuzapi_chatwoot.bridge.model.events import SessionChanged, SessionState
from wuzapi_chatwoot.bridge.model.records import Secret, SessionStatus
from wuzapi_chatwoot.bridge.ports.gateway_setup import GatewayStatus, WebhookSettings
from wuzapi_chatwoot.bridge.sessions.status_messages import words_of
from wuzapi_chatwoot.bridge.sessions.watch_session import Watched, watch_session
from wuzapi_chatwoot.bridge.text.time_format import in_zone
from wuzapi_chatwoot.testkit.twins.clock import START
from wuzapi_chatwoot.testkit.twins.fake_gateway_setup import FakeGatewayAccount, FakeGatewayAdmin

TOKEN, KEY = Secret("token"), Secret("k" * 32)
WISH = WebhookSettings("https://bridge.example/hook", frozenset({"Message", "ReadReceipt"}))
OTHER = WebhookSettings("https://bridge.example/hook", frozenset())


class Watch:
	"""A session, its gateway, and what is remembered between two looks."""

	def __init__(self, world: World) -> None:
		self.world = world
		self.gateway = FakeGatewayAdmin()
		self.account: FakeGatewayAccount = self.gateway.have_user("front-desk", TOKEN, WISH)
		self.account.stored_key = self.account.used_key = KEY
		self.setup = self.gateway.setup(TOKEN)
		self.watched = Watched()

	def paired(self) -> None:
		self.account.connect()
		self.account.pair(OWNER)
		self.account.used_address = OWNER
		change = SessionChanged(SessionState.CONNECTED, address=OWNER)
		self.world.store.note_session_change("front-desk", change, self.world.clock.now())
		self.account.used = self.account.stored = WISH
		self.account.used_key = KEY

	def look(self, minutes: float = 1.0) -> SessionStatus | None:
		self.world.clock.advance(minutes * 60)
		self.watched = watch_session(
			self.world.bridge, self.world.session, self.setup, WISH, KEY, self.watched
		)
		return self.world.store.session_status("front-desk")

	def state(self) -> SessionState | None:
		status = self.world.store.session_status("front-desk")
		return status.state if status is not None else None


@pytest.fixture
def watch(world: World) -> Watch:
	return Watch(world)


def test_while_all_is_well_nothing_is_changed(watch: Watch) -> None:
	watch.paired()
	watch.look()
	watch.setup.calls.clear()
	for _ in range(3):
		watch.look()
	assert watch.state() is SessionState.CONNECTED
	assert watch.setup.count("set_webhook", "set_signing_key", "deliver_media", "connect") == 0


@pytest.mark.parametrize("drift", ["used", "stored"])
def test_a_webhook_that_drifted_is_set_again(watch: Watch, drift: str) -> None:
	watch.paired()
	setattr(watch.account, drift, OTHER)
	watch.look()
	assert (watch.account.used, watch.account.stored) == (WISH, WISH)
	assert watch.world.observer.noticed("a gateway's webhook had drifted and was set again")


def test_media_delivery_and_key_that_are_lost_are_set_again(watch: Watch) -> None:
	watch.paired()
	watch.account.delivers_media = False
	watch.account.stored_key = watch.account.used_key = Secret("")
	watch.look()
	assert (watch.account.delivers_media, watch.account.used_key) == (True, KEY)


def test_an_unsigned_webhook_makes_us_post_the_key(watch: Watch) -> None:
	watch.paired()
	watch.look()
	watch.account.used_key = Secret("")
	watch.look()
	assert watch.account.used_key == Secret("")
	watch.watched = replace(watch.watched, unsigned=True)
	watch.look()
	assert (watch.account.used_key, watch.watched.unsigned) == (KEY, False)


def test_a_number_that_is_about_to_log_in_is_not_asked_to_be_paired(watch: Watch) -> None:
	watch.paired()
	watch.account.logged_in = False
	watch.look()
	assert watch.state() is SessionState.CONNECTED


def test_after_a_pairing_everything_is_posted_once_more(watch: Watch) -> None:
	watch.account.connect()
	watch.account.show_qr("data:image/png;base64,QQ==")
	watch.look()
	assert watch.state() is SessionState.SCAN_QR
	watch.account.pair(OWNER)
	watch.account.used, watch.account.used_key = OTHER, Secret("")
	watch.look()
	assert (watch.state(), watch.account.used, watch.account.used_key) == (SessionState.CONNECTED, WISH, KEY)


def test_it_is_posted_too_when_the_webhook_of_the_connection_came_first(watch: Watch) -> None:
	watch.paired()
	watch.look()
	watch.account.used_key = Secret("")
	for state in (SessionState.RECONNECTING, SessionState.CONNECTED):
		watch.world.clock.advance(1)
		watch.world.store.note_session_change("front-desk", SessionChanged(state), watch.world.clock.now())
	watch.look()
	assert watch.account.used_key == KEY


def test_a_session_that_was_connected_is_so_again_though_nobody_told_its_number(watch: Watch) -> None:
	watch.account.connect()
	watch.account.pair(OWNER)
	watch.look()
	watch.account.restart(first_try_fails=True)
	for _ in range(6):
		watch.look()
	assert watch.state() is SessionState.CONNECTED


def test_a_session_that_nobody_paired_is_left_alone(watch: Watch) -> None:
	for _ in range(10):
		watch.look()
	assert watch.setup.count("connect") == 0
	assert watch.state() is None


def test_a_lost_connection_is_the_gateways_own_business_at_first(watch: Watch) -> None:
	watch.paired()
	watch.account.drop()
	for _ in range(3):
		watch.look()
	assert (watch.state(), watch.setup.count("connect")) == (SessionState.RECONNECTING, 0)
	watch.account.come_back()
	watch.look()
	assert (watch.state(), watch.account.clients, watch.watched.lost_since) == (
		SessionState.CONNECTED,
		1,
		None,
	)


def test_what_a_restart_lost_is_connected_again_with_a_pause_between_two_tries(watch: Watch) -> None:
	watch.paired()
	watch.account.restart(first_try_fails=True)
	watch.setup.fail_next("connect", Retriable("The gateway does not answer"))
	for _ in range(8):
		watch.look()
	assert watch.setup.count("connect") == 1
	for _ in range(3):
		watch.look()
	assert (watch.setup.count("connect"), watch.state()) == (2, SessionState.CONNECTED)


@pytest.mark.parametrize(
	"change",
	[
		SessionChanged(SessionState.LOGGED_OUT, "the phone removed this linked device"),
		SessionChanged(SessionState.BANNED, banned_for_seconds=86_400.0),
	],
)
def test_what_only_people_can_end_is_never_connected_again(watch: Watch, change: SessionChanged) -> None:
	watch.paired()
	watch.account.unlink()
	watch.world.store.note_session_change("front-desk", change, watch.world.clock.now())
	for _ in range(20):
		watch.look()
	assert (watch.setup.count("connect"), watch.state()) == (0, change.state)


def test_after_a_ban_the_session_is_connected_again(watch: Watch) -> None:
	watch.paired()
	watch.account.connected = watch.account.logged_in = False
	banned = SessionChanged(SessionState.BANNED, banned_for_seconds=600.0)
	watch.world.store.note_session_change("front-desk", banned, watch.world.clock.now())
	for _ in range(16):
		watch.look()
	assert watch.state() is SessionState.CONNECTED


def test_a_gateway_that_cannot_be_asked_is_told_once(watch: Watch) -> None:
	watch.paired()
	watch.setup.fail_next("status", Retriable("The gateway does not answer"), times=3)
	for _ in range(3):
		status = watch.look()
	assert status is not None
	assert (status.state, status.detail) == (
		SessionState.RECONNECTING,
		"the gateway cannot be asked: The gateway does not answer",
	)
	assert len(watch.world.store.noted_changes) == 2
	watch.look()
	assert watch.state() is SessionState.CONNECTED


@pytest.mark.parametrize("answers", [True, False])
def test_a_loss_that_is_told_while_the_gateway_is_asked_keeps_its_reason(
	watch: Watch, monkeypatch: pytest.MonkeyPatch, answers: bool
) -> None:
	watch.paired()
	told = SessionChanged(SessionState.RECONNECTING, "WhatsApp reported a stream error, code 500")

	def status(_setup: object) -> GatewayStatus:
		watch.account.drop()
		watch.world.store.note_session_change("front-desk", told, watch.world.clock.now())
		if not answers:
			raise Retriable("The gateway does not answer")
		return watch.account.status()

	monkeypatch.setattr(type(watch.setup), "status", status)
	found = watch.look()
	assert found is not None
	assert (found.state, found.detail) == (told.state, told.detail)
	assert [change.detail for change in watch.world.store.session_changes("front-desk", 2)] == [
		told.detail,
		"",
	]
	assert watch.watched.lost_since == watch.world.clock.now()


def test_the_agents_are_greeted_told_once_of_a_loss_and_once_of_its_end(watch: Watch) -> None:
	watch.world.change_session(control_agents=("maria@example.com",))
	watch.paired()
	watch.look()
	watch.account.drop()
	for _ in range(6):
		watch.look()
	watch.account.come_back()
	for _ in range(3):
		watch.look()
	watch.world.work()
	told = [message.text for message in watch.world.chatwoot.messages]
	assert [text.splitlines()[0] for text in told] == [
		"I am the bridge to WhatsApp. I understand:",
		"⚠️ The connection to WhatsApp was lost; the gateway connects again by itself "
		"(the gateway says that it is not connected).",
		"✅ Connected to WhatsApp again.",
	]
	[contact] = watch.world.chatwoot.contacts.values()
	assert (contact.name, contact.identifier) == ("WhatsApp bridge (front-desk)", "bridge@control")


def test_a_short_break_is_told_nobody(watch: Watch) -> None:
	watch.world.change_session(control_agents=("maria@example.com",))
	watch.paired()
	watch.look()
	watch.account.drop()
	watch.look()
	watch.account.come_back()
	for _ in range(3):
		watch.look()
	watch.world.work()
	assert len(watch.world.chatwoot.messages) == 1


def test_that_somebody_must_pair_again_is_told_at_once(watch: Watch) -> None:
	watch.world.change_session(control_agents=("maria@example.com",))
	watch.paired()
	watch.account.unlink()
	change = SessionChanged(SessionState.LOGGED_OUT, "the phone removed this linked device")
	watch.world.store.note_session_change("front-desk", change, watch.world.clock.now())
	watch.look(0.1)
	watch.look(0.1)
	watch.world.work()
	assert watch.world.chatwoot.messages[-1].text == (
		"⚠️ Somebody has ended the pairing: nothing comes in or goes out (the phone removed this linked device).\n"
		"Pair it again. What agents write meanwhile waits and is sent then."
	)
	assert len(watch.world.chatwoot.messages) == 2


def test_a_gateway_that_is_away_does_not_make_a_logged_out_number_a_lost_one(watch: Watch) -> None:
	watch.paired()
	watch.account.unlink()
	change = SessionChanged(SessionState.LOGGED_OUT)
	watch.world.store.note_session_change("front-desk", change, watch.world.clock.now())
	watch.setup.fail_next("status", Retriable("The gateway does not answer"), times=3)
	for _ in range(12):
		watch.look()
	assert (watch.state(), watch.setup.count("connect")) == (SessionState.LOGGED_OUT, 0)


@pytest.mark.parametrize("state", list(SessionState))
def test_every_state_has_words(state: SessionState) -> None:
	status = SessionStatus("front-desk", state, "a reason", START, None, None, None)
	words = words_of(status)
	assert words.sentence.endswith(" (a reason).")
	assert "{" not in words.sentence
	assert bool(words.advice) is (state is not SessionState.CONNECTED)


def test_a_reason_is_not_said_twice() -> None:
	lost = "the connection to WhatsApp was lost"
	status = SessionStatus("front-desk", SessionState.RECONNECTING, lost, START, None, None, None)
	assert words_of(status).sentence == (
		"The connection to WhatsApp was lost; the gateway connects again by itself."
	)


def test_who_let_the_codes_run_out_is_not_told_that_the_gateway_failed() -> None:
	why = "nobody scanned the code in time"
	status = SessionStatus("front-desk", SessionState.FAILED, why, START, None, None, None)
	assert words_of(status).sentence == f"The number is not connected to WhatsApp ({why})."


def test_a_ban_says_until_when_and_in_which_zone() -> None:
	status = SessionStatus("front-desk", SessionState.BANNED, "", START, None, None, START)
	assert words_of(status, in_zone("America/Sao_Paulo")).sentence == (
		"WhatsApp has banned the number until 2026-03-02 06:00 America/Sao_Paulo."
	)
	assert words_of(status, in_zone("No/Such")).sentence == (
		"WhatsApp has banned the number until 2026-03-02 09:00 UTC."
	)
	assert words_of(None).sentence == "The gateway has not told of this number yet."
