"""A sender that signs is not believed without a signature; what its gateway lost its key for is not lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from bridge_world import ANA, OWNER, World, at

from wuzapi_chatwoot.bridge.inbox import hold_unverified
from wuzapi_chatwoot.bridge.inbox.admit_webhook import Admission, admit_webhook
from wuzapi_chatwoot.bridge.inbox.hold_unverified import MOST_IN_AN_HOUR
from wuzapi_chatwoot.bridge.inbox.receive_webhook import receive_webhook
from wuzapi_chatwoot.bridge.inbox.replay_event import replay_event
from wuzapi_chatwoot.bridge.model.content import Media, MediaKind
from wuzapi_chatwoot.bridge.model.errors import Retriable
from wuzapi_chatwoot.bridge.model.events import SessionChanged, SessionState, Typing
from wuzapi_chatwoot.bridge.model.records import EventState, Secret, Source
from wuzapi_chatwoot.bridge.ports.connector import WebhookRequest
from wuzapi_chatwoot.bridge.ports.gateway_setup import WebhookSettings
from wuzapi_chatwoot.bridge.sessions.watch_session import Watched, watch_session
from wuzapi_chatwoot.testkit.twins.fake_gateway_setup import FakeGatewayAdmin

TOKEN = {"token": "let-me-in"}
KEY = Secret("a-fictional-key-of-32-characters-")


@pytest.fixture
def gateway(world: World) -> FakeGatewayAdmin:
	"""That of a session with a token in its address, connected."""
	admin = FakeGatewayAdmin()
	account = admin.have_user("front-desk", world.session.gateway_token)
	account.connected = account.logged_in = True
	world.change_session(webhook_tokens=(Secret("let-me-in"),))
	setup = admin.setup(world.session.gateway_token)
	world.bridge = replace(world.bridge, gateway_setup=lambda session: setup)
	world.store.note_session_change("front-desk", SessionChanged(SessionState.CONNECTED), at(-3600))
	world.store.note_key_posted("front-desk", at(-1800))
	admin.running_since = at(-7200)
	return admin


def post(world: World, body: str, source: Source = Source.GATEWAY, **headers: str) -> tuple[int, str]:
	answer = receive_webhook(world.bridge, source, WebhookRequest(body.encode(), headers, TOKEN))
	return answer.status, answer.reason


def signs(world: World, source: Source = Source.GATEWAY) -> None:
	event = world.customer(id="3A99") if source is Source.GATEWAY else Typing(ANA, ANA, active=True)
	assert post(world, world.told(event, source=source), source, signature="good")[0] == 200
	world.work()


def written(world: World) -> list[str]:
	"""What customers have written, as Chatwoot has it."""
	return [each.text for talk in world.chatwoot.conversations.values() for each in talk.messages]


# ---- who is believed


@pytest.mark.parametrize("source", [Source.GATEWAY, Source.CHATWOOT])
def test_the_token_is_enough_until_the_sender_has_signed(
	world: World, gateway: FakeGatewayAdmin, source: Source
) -> None:
	typing = world.told(Typing(ANA, ANA, active=True), source=source)
	assert post(world, typing, source)[0] == 200
	signs(world, source)
	assert world.store.signing("front-desk").since(source) == at(0)
	status, reason = post(world, typing, source)
	assert status == 401
	assert "not signed, though this sender signs" in reason
	# Of the other one nothing is known yet.
	other = Source.CHATWOOT if source is Source.GATEWAY else Source.GATEWAY
	assert post(world, world.told(Typing(ANA, ANA, active=True), source=other), other)[0] == 200


@pytest.mark.parametrize("source", [Source.GATEWAY, Source.CHATWOOT])
def test_a_session_may_demand_signatures_from_the_start(
	world: World, gateway: FakeGatewayAdmin, source: Source
) -> None:
	world.change_session(require_signatures=True)
	assert post(world, world.told(Typing(ANA, ANA, active=True), source=source), source)[0] == 401
	# Where we know no secret, nothing can be signed.
	world.change_session(gateway_secrets=(), chatwoot_secrets=())
	assert post(world, world.told(Typing(ANA, ANA, active=True), source=source), source)[0] == 200


def test_a_wrong_signature_leaves_no_mark(world: World, gateway: FakeGatewayAdmin) -> None:
	assert post(world, world.told(world.customer()), signature="forged")[0] == 401
	assert world.store.signing("front-desk").gateway_since is None


def test_the_mark_is_written_once_and_then_not_even_read(
	world: World, gateway: FakeGatewayAdmin, monkeypatch: pytest.MonkeyPatch
) -> None:
	signs(world)
	signs(world)
	monkeypatch.setattr(world.store, "signing", None)
	assert post(world, world.told(world.customer()), signature="good")[0] == 200


def test_the_head_alone_tells_who_may_send_a_body(world: World, gateway: FakeGatewayAdmin) -> None:
	def head(query: dict[str, str], **headers: str) -> object:
		return admit_webhook(world.bridge, Source.GATEWAY, WebhookRequest(b"", headers, query))

	assert isinstance(head(TOKEN), Admission)
	assert isinstance(head({}, signature="anything"), Admission)
	assert getattr(head({}), "status", None) == 401
	assert getattr(head({"token": "wrong"}), "status", None) == 401
	assert getattr(head({"session": "unknown"}), "status", None) == 404


# ---- what a gateway without its key tells


def test_what_comes_unsigned_is_not_worked_before_the_gateway_confirms_it(
	world: World, gateway: FakeGatewayAdmin
) -> None:
	signs(world)
	before = len(written(world))
	assert post(world, world.told(world.customer("Forged")))[0] == 202
	world.work()
	assert len(written(world)) == before
	[dead] = world.events(EventState.DEAD)
	assert "the gateway gives no reason" in str(dead.last_error)
	assert "Forged" not in str(world.observer.notices)


def test_a_gateway_that_has_begun_anew_since_confirms_it(world: World, gateway: FakeGatewayAdmin) -> None:
	signs(world)
	before = len(written(world))
	gateway.running_since = world.clock.now() - timedelta(seconds=30)
	body = world.told(world.customer("Is anybody there?"))
	assert post(world, body)[0] == 202
	# Our answer is lost, and the gateway repeats it, unsigned as before.
	assert post(world, body)[0] == 202
	# Its key is posted again meanwhile, as it is at once.
	world.store.note_key_posted("front-desk", world.clock.now())
	world.work()
	world.work()
	assert len(written(world)) == before + 1
	assert world.events(EventState.DEAD) == []
	# From then on it signs: what comes unsigned now is somebody else's.
	post(world, world.told(world.customer("Forged", id="3A55")))
	world.work()
	assert len(written(world)) == before + 1
	assert len(world.events(EventState.DEAD)) == 1


@pytest.mark.parametrize("state", [SessionState.CONNECTED, SessionState.SCAN_QR])
def test_a_pairing_since_confirms_it(world: World, gateway: FakeGatewayAdmin, state: SessionState) -> None:
	signs(world)
	world.store.note_session_change("front-desk", SessionChanged(SessionState.SCAN_QR), world.clock.now())
	world.store.note_session_change("front-desk", SessionChanged(state), world.clock.now())
	assert post(world, world.told(SessionChanged(SessionState.CONNECTED, address=OWNER)))[0] == 202
	world.work()
	world.work()
	assert world.events(EventState.DEAD) == []
	assert world.store.own_addresses("front-desk") == (OWNER,)


def test_a_number_that_is_not_connected_has_sent_nothing(world: World, gateway: FakeGatewayAdmin) -> None:
	signs(world)
	world.store.note_session_change("front-desk", SessionChanged(SessionState.SCAN_QR), world.clock.now())
	next(iter(gateway.accounts.values())).logged_in = False
	post(world, world.told(world.customer("Forged")))
	world.work()
	assert len(world.events(EventState.DEAD)) == 1


def test_a_gateway_that_cannot_be_asked_is_asked_again(world: World, gateway: FakeGatewayAdmin) -> None:
	signs(world)
	gateway.running_since = world.clock.now()
	setup = gateway.setup(world.session.gateway_token)
	setup.fail_next("running_since", Retriable("It is away"), times=3)
	before = len(written(world))
	post(world, world.told(world.customer("Waits")))
	world.outlast()
	assert len(written(world)) == before + 1


def test_somebody_who_knows_better_replays_it(world: World, gateway: FakeGatewayAdmin) -> None:
	signs(world)
	before = len(written(world))
	post(world, world.told(world.customer("Genuine all the same")))
	world.work()
	[dead] = world.events(EventState.DEAD)
	replay_event(world.bridge, dead.id)
	world.work()
	world.work()
	assert len(written(world)) == before + 1


def test_a_signed_copy_is_worked_whatever_was_kept_before(world: World, gateway: FakeGatewayAdmin) -> None:
	signs(world)
	before = len(written(world))
	body = world.told(world.customer("Told twice"))
	post(world, body)
	assert post(world, body, signature="good") == (200, "stored")
	world.work()
	world.work()
	assert len(written(world)) == before + 1


def test_neither_the_store_nor_the_disk_is_filled(world: World, gateway: FakeGatewayAdmin) -> None:
	signs(world)
	for number in range(MOST_IN_AN_HOUR + 5):
		picture = world.customer(id=f"3B{number}", content=Media(MediaKind.IMAGE, "image/png"))
		post(world, world.told(picture, media=b"large"))
	assert len(world.events(EventState.WAITING)) <= MOST_IN_AN_HOUR
	assert world.files.contents == {}
	assert len([each for each in world.observer.notices if "without a signature" in each.what]) == 1


def test_what_is_kept_is_little_altogether(
	world: World, gateway: FakeGatewayAdmin, monkeypatch: pytest.MonkeyPatch
) -> None:
	"""Who knows the token alone shall not make each further post slow, either: nothing of what is kept is read for it."""
	monkeypatch.setattr(hold_unverified, "MOST_CHARACTERS_IN_AN_HOUR", 2_000)
	signs(world)
	monkeypatch.setattr(type(world.store), "events_of_lane", lambda *_: pytest.fail("rows were read"))
	answers = [post(world, world.told(world.customer(id=f"3B{number}")))[0] for number in range(50)]
	assert (answers[0], answers[-1]) == (202, 401)
	assert sum(len(row.payload) for row in world.events(EventState.WAITING)) <= 2_500


def test_when_the_key_is_posted_is_remembered(world: World, gateway: FakeGatewayAdmin) -> None:
	setup = gateway.setup(world.session.gateway_token)
	webhook = WebhookSettings("http://bridge.example", frozenset({"Message"}))
	watch_session(world.bridge, world.session, setup, webhook, KEY, Watched(unsigned=True))
	assert world.store.signing("front-desk").key_posted_at == at(0)
