"""Receiving: who is believed, what is stored, and what the sender is told."""

import hashlib
from dataclasses import replace

import pytest
from bridge_world import ANA, ANA_LID, GROUP, World, at

from wuzapi_chatwoot.bridge.inbox.receive_webhook import receive_webhook
from wuzapi_chatwoot.bridge.inbox.store_event import SAME_CHANGE_SECONDS
from wuzapi_chatwoot.bridge.model.content import Media, MediaKind
from wuzapi_chatwoot.bridge.model.errors import Retriable, StoreUnavailable
from wuzapi_chatwoot.bridge.model.events import (
	GatewayNotice,
	HistoryArrived,
	Nothing,
	Receipt,
	SessionChanged,
	SessionState,
	Status,
	Typing,
	UnknownEvent,
)
from wuzapi_chatwoot.bridge.model.records import EventState, Secret, Source
from wuzapi_chatwoot.bridge.ports.connector import WebhookRequest
from wuzapi_chatwoot.testkit.twins.fake_gateway_setup import FakeGatewayAdmin


def post(
	world: World, body: str, query: dict | None = None, session: str | None = None, **headers: str
) -> tuple:
	request = WebhookRequest(body.encode(), headers, query or {}, session)
	answer = receive_webhook(world.bridge, Source.GATEWAY, request)
	return answer.status, answer.reason


def waiting(world: World) -> int:
	return len(world.events(EventState.WAITING))


def test_a_signed_event_is_stored_before_the_answer_and_its_lane_woken(world: World) -> None:
	body = world.told(world.customer())
	assert post(world, body, signature="good") == (200, "stored")
	[event] = world.events(EventState.WAITING)
	assert event.key == hashlib.sha256(f"front-desk\ngateway\n{body}".encode()).hexdigest()
	assert (event.lane, event.trace_id, event.source) == (f"in|front-desk|{ANA}", "id-1", Source.GATEWAY)
	assert world.woken == [f"in|front-desk|{ANA}"]
	assert [(seen.status, seen.trace_id) for seen in world.observer.webhooks] == [(200, "id-1")]


def test_the_same_event_again_is_acknowledged_and_not_stored(world: World) -> None:
	body = world.told(world.customer())
	assert post(world, body, signature="good") == (200, "stored")
	assert post(world, body, signature="good") == (200, "known already")
	assert waiting(world) == 1


@pytest.mark.parametrize(
	("headers", "query", "expected"),
	[
		({"signature": "good"}, {}, (200, "stored")),
		({"signature": "older"}, {}, (200, "stored")),
		({"signature": "forged"}, {}, (401, "wrong signature")),
		({"signature": "forged"}, {"token": "let-me-in"}, (401, "wrong signature")),
		({}, {}, (401, "wrong token")),
		({}, {"token": "wrong"}, (401, "wrong token")),
		({}, {"token": "let-me-in"}, (200, "stored")),
	],
)
def test_a_signature_must_be_right_and_without_one_the_token(
	world: World, headers: dict, query: dict, expected: tuple
) -> None:
	world.change_session(webhook_tokens=(Secret("let-me-in"),))
	assert post(world, world.told(world.customer()), query, **headers) == expected
	assert waiting(world) == (1 if expected[0] == 200 else 0)


@pytest.mark.parametrize(
	("source", "token", "status"),
	[
		(Source.CHATWOOT, "let-me-in", 200),
		(Source.CHATWOOT, "wrong", 401),
		# We choose the gateway's key ourselves, and believe it before it is used.
		(Source.GATEWAY, "let-me-in", 401),
	],
)
def test_while_chatwoots_secret_is_replaced_the_token_proves_what_is_signed_with_the_new_one(
	world: World, source: Source, token: str, status: int
) -> None:
	world.change_session(webhook_tokens=(Secret("let-me-in"),))
	message = world.chatwoot.agent_writes(world.started(), "Hello")
	body = world.told(message) if source is Source.CHATWOOT else world.told(world.customer(id="3A09"))
	request = WebhookRequest(body.encode(), {"signature": "new"}, {"token": token})
	assert receive_webhook(world.bridge, source, request).status == 401
	bridge = replace(world.bridge, secret_changes=lambda session: session == "front-desk")
	assert receive_webhook(bridge, source, request).status == status


def test_without_any_secret_nothing_is_believed(world: World) -> None:
	world.change_session(gateway_secrets=())
	status, reason = post(world, world.told(world.customer()), signature="good")
	assert (status, waiting(world)) == (401, 0)
	assert "no signing secret" in reason


def test_with_a_signing_secret_and_no_token_an_unsigned_request_is_refused(world: World) -> None:
	assert post(world, world.told(world.customer())) == (401, "not signed")


def test_another_gateway_users_payload_is_refused(world: World) -> None:
	world.change_session(gateway_instance=Secret("user-1"))
	assert post(world, world.told(world.customer(), instance=("user-1",)), signature="good")[0] == 200
	assert post(world, world.told(world.customer(), instance=("user-2",)), signature="good") == (
		401,
		"the payload is another gateway user's",
	)
	assert waiting(world) == 1


# ---- proved by the token inside, as older guides teach


@pytest.fixture
def by_token(world: World) -> World:
	world.change_session(gateway_secrets=(), gateway_instance=Secret("t"), gateway_token=Secret("t"))
	return world


def test_without_key_and_address_token_the_payloads_own_token_proves_it(by_token: World) -> None:
	assert post(by_token, by_token.told(by_token.customer(), token="t", instance=("t",))) == (200, "stored")
	for token, ids in (("", ("t",)), ("wrong", ("t",)), ("user-1", ("user-1",))):
		body = by_token.told(by_token.customer(id="3B"), token=token, instance=ids)
		assert post(by_token, body) == (401, "the payload does not bear the session's token")
	assert waiting(by_token) == 1


def test_a_users_id_never_suffices(by_token: World) -> None:
	"""Who has seen one webhook knows it."""
	id = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
	for value in (id, "17"):
		by_token.change_session(gateway_instance=Secret(value))
		body = by_token.told(by_token.customer(), token=value, instance=(value,))
		status, reason = post(by_token, body)
		assert (status, waiting(by_token)) == (401, 0)
		assert "no signing secret" in reason


def test_a_token_that_is_none_of_ours_but_no_id_either_is_believed(by_token: World) -> None:
	by_token.change_session(gateway_instance=Secret("Fictional-Instance"))
	body = by_token.told(by_token.customer(), token="Fictional-Instance", instance=("Fictional-Instance",))
	assert post(by_token, body) == (200, "stored")


def test_the_payloads_token_does_not_count_beside_another_proof(by_token: World) -> None:
	body = by_token.told(by_token.customer(), token="t", instance=("t",))
	by_token.change_session(webhook_tokens=(Secret("let-me-in"),))
	assert post(by_token, body) == (401, "wrong token")
	by_token.change_session(webhook_tokens=(), gateway_secrets=(Secret("good"),))
	assert post(by_token, body) == (401, "not signed")


def test_the_payloads_token_does_not_count_once_a_signature_was_seen(by_token: World) -> None:
	by_token.change_session(gateway_secrets=(Secret("good"),))
	body = by_token.told(by_token.customer(), token="t", instance=("t",))
	assert post(by_token, body, signature="good")[0] == 200
	by_token.change_session(gateway_secrets=())
	other = by_token.told(by_token.customer(id="3B"), token="t", instance=("t",))
	status, reason = post(by_token, other)
	assert (status, waiting(by_token)) == (401, 1)
	assert "though this sender signs" in reason


def test_the_payloads_token_does_not_count_where_signatures_are_demanded(by_token: World) -> None:
	by_token.change_session(require_signatures=True)
	assert post(by_token, by_token.told(by_token.customer(), token="t", instance=("t",)))[0] == 401


def test_chatwoot_is_not_believed_for_a_token_of_the_gateway(by_token: World) -> None:
	by_token.change_session(chatwoot_secrets=())
	request = WebhookRequest(by_token.told(by_token.customer(), token="t").encode(), {}, {}, None)
	assert receive_webhook(by_token.bridge, Source.CHATWOOT, request).status == 401


def test_what_cannot_be_read_is_told_so(world: World) -> None:
	assert post(world, "}{", signature="good") == (400, "that is not JSON")


def test_the_session_is_found_by_path_or_query_and_only_guessed_when_there_is_one(world: World) -> None:
	body = world.told(world.customer())
	assert post(world, body, session="front-desk", signature="good")[0] == 200
	assert post(world, body, {"session": "front-desk"}, signature="good")[0] == 200
	assert post(world, body, session="back-door", signature="good") == (404, "unknown session")
	world.sessions["other"] = world.session
	assert post(world, body, signature="good") == (404, "unknown session")


def test_a_store_that_cannot_write_asks_for_a_repeat(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
	def full(*args: object, **kwargs: object) -> bool:
		raise StoreUnavailable("The disk is full")

	monkeypatch.setattr(world.store, "add_event", full)
	body = world.told(world.customer())
	assert post(world, body, signature="good") == (500, "not stored: The disk is full")


def test_media_goes_to_a_file_that_nothing_is_written_over(world: World) -> None:
	picture = world.customer(content=Media(MediaKind.IMAGE, "image/png"))
	post(world, world.told(picture, "once", media=b"\x89PNG"), signature="good")
	# The same event with another file, as somebody may post it who has caught a signed multipart body.
	post(world, world.told(picture, "once", media=b"forged"), signature="good")
	[event] = world.events(EventState.WAITING)
	assert event.file is not None
	assert world.files.contents == {event.file: b"\x89PNG"}


def test_of_two_deliveries_at_once_one_file_is_kept(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
	picture = world.customer(content=Media(MediaKind.IMAGE, "image/png"))
	post(world, world.told(picture, "once", media=b"\x89PNG"), signature="good")
	monkeypatch.setattr(world.store, "find_event", lambda key: None)
	post(world, world.told(picture, "once", media=b"the second"), signature="good")
	[event] = world.events(EventState.WAITING)
	assert world.files.contents == {event.file: b"\x89PNG"}


def test_a_change_of_the_session_that_is_posted_again_and_again_is_kept_now_and_then(world: World) -> None:
	body = world.told(SessionChanged(SessionState.LOGGED_OUT))
	for _ in range(100):
		post(world, body, signature="good")
	assert waiting(world) == 1
	world.clock.advance(SAME_CHANGE_SECONDS)
	post(world, body, signature="good")
	assert waiting(world) == 2


def test_a_file_that_cannot_be_written_asks_for_a_repeat(world: World) -> None:
	world.files.broken = True
	body = world.told(world.customer(content=Media(MediaKind.IMAGE, "image/png")), media=b"\x89PNG")
	assert post(world, body, signature="good")[0] == 500
	assert waiting(world) == 0


@pytest.mark.parametrize(
	"event",
	[
		Nothing("a message without content"),
		UnknownEvent("Surprise"),
		GatewayNotice("Picture", ANA),
		Typing(ANA, ANA, active=True),
		HistoryArrived(2, 40),
		Receipt(ANA, ("1",), Status.READ, ANA, at(0), from_me=True),
	],
)
def test_noise_is_acknowledged_in_one_line_and_not_stored(world: World, event: object) -> None:
	status, reason = post(world, world.told(event), signature="good")
	assert status == 200
	assert reason.startswith("ignored: ")
	assert waiting(world) == 0
	assert len(world.observer.webhooks) == 1


def test_every_event_of_a_chat_shares_its_lane_by_phone_or_lid(world: World) -> None:
	for event in (
		world.customer(chat=ANA, chat_alt=ANA_LID),
		world.customer(chat=ANA_LID, chat_alt=ANA),
		Receipt(ANA_LID, ("1",), Status.READ, ANA_LID, at(0), chat_alt=ANA),
	):
		post(world, world.told(event), signature="good")
	assert {event.lane for event in world.events(EventState.WAITING)} == {f"in|front-desk|{ANA}"}
	post(world, world.told(world.customer(chat=GROUP)), signature="good")
	assert world.woken[-1] == f"in|front-desk|{GROUP}"


def test_a_lid_alone_shares_the_lane_once_its_phone_is_known(world: World) -> None:
	world.receive(world.customer(chat=ANA, chat_alt=ANA_LID))
	world.work()
	world.receive(world.customer(chat=ANA_LID, sender=ANA_LID))
	assert world.woken[-1] == f"in|front-desk|{ANA}"


def test_a_session_change_is_noted(world: World) -> None:
	change = SessionChanged(SessionState.LOGGED_OUT, "removed on the phone")
	world.receive(change)
	world.work()
	assert [(name, noted) for name, noted, _ in world.store.noted_changes] == [("front-desk", change)]


def test_what_led_to_a_connection_takes_it_not_back_when_it_is_worked_late(world: World) -> None:
	"""A look at the gateway may see the connection while its webhooks still settle."""
	world.receive(SessionChanged(SessionState.STARTING, address=ANA))
	world.clock.advance(0.2)
	world.store.note_session_change("front-desk", SessionChanged(SessionState.CONNECTED), world.clock.now())
	world.work()
	status = world.store.session_status("front-desk")
	assert status is not None
	assert (status.state, status.address) == (SessionState.CONNECTED, ANA)
	assert SessionState.STARTING not in [noted.state for _, noted, _ in world.store.noted_changes]
	world.receive(SessionChanged(SessionState.STARTING))
	world.work()
	assert world.store.noted_changes[-1][1].state is SessionState.STARTING


def test_why_a_connection_was_lost_stays_when_its_loss_is_told_once_more(world: World) -> None:
	"""The gateway tells of a stream's error, and then of the loss."""

	def reason(state: SessionState, detail: str = "") -> str:
		world.receive(SessionChanged(state, detail))
		world.work()
		status = world.store.session_status("front-desk")
		assert status is not None
		return status.detail

	assert reason(SessionState.RECONNECTING, "a stream error") == "a stream error"
	assert reason(SessionState.RECONNECTING) == "a stream error"
	assert reason(SessionState.RECONNECTING, "no answer") == "no answer"
	assert reason(SessionState.CONNECTED) == ""
	assert reason(SessionState.RECONNECTING) == ""


def test_another_inboxs_messages_are_not_ours_to_send(world: World) -> None:
	conversation = world.started()
	message = world.chatwoot.agent_writes(conversation, "By e-mail")
	world.change_session(inbox_id=8)
	assert world.receive(message).reason == "ignored: another inbox's conversation"
	world.change_session(inbox_id=7, account_id=4)
	assert world.receive(message).reason == "ignored: another account's conversation"


def test_a_time_stamp_from_the_future_does_not_hold_its_place_for_ever(world: World) -> None:
	world.receive(world.customer(id="1", sent_at=at(10**8)))
	[event] = world.events(EventState.WAITING)
	assert event.occurred_at == at(300)


def test_a_session_may_connect_again_with_the_very_same_words(world: World) -> None:
	connected = world.told(SessionChanged(SessionState.CONNECTED))
	lost = world.told(SessionChanged(SessionState.RECONNECTING))
	for body in (connected, lost, connected):
		assert post(world, body, signature="good") == (200, "stored")
		world.clock.advance(SAME_CHANGE_SECONDS)
	world.work()
	assert [noted.state for _, noted, _ in world.store.noted_changes] == [
		SessionState.CONNECTED,
		SessionState.RECONNECTING,
		SessionState.CONNECTED,
	]


def test_a_message_whose_writer_cannot_be_read_is_kept_for_people(world: World) -> None:
	world.receive(UnknownEvent("Message", is_message=True))
	world.work()
	assert [event.last_error for event in world.events(EventState.DEAD)] == [
		"a message that does not say who wrote it, or under which id"
	]


@pytest.mark.parametrize("state", [SessionState.LOGGED_OUT, SessionState.BANNED, SessionState.FAILED])
def test_that_a_connection_has_ended_is_not_believed_against_the_gateway_itself(
	world: World, state: SessionState
) -> None:
	"""A captured webhook, genuinely signed, is posted again."""
	gateway = FakeGatewayAdmin()
	account = gateway.have_user("front-desk", world.session.gateway_token)
	setup = gateway.setup(world.session.gateway_token)
	world.bridge = replace(world.bridge, gateway_setup=lambda session: setup)
	world.store.note_session_change("front-desk", SessionChanged(SessionState.CONNECTED), world.clock.now())
	account.connected = account.logged_in = True
	world.receive(SessionChanged(state, "told again"))
	world.work()
	assert world.store.session_status("front-desk").state is SessionState.CONNECTED
	account.connected = account.logged_in = False
	world.clock.advance(SAME_CHANGE_SECONDS)
	world.receive(SessionChanged(state, "now it is true"))
	world.work()
	assert world.store.session_status("front-desk").state is state
	# Where it cannot be asked, what it has signed is believed.
	world.store.note_session_change("front-desk", SessionChanged(SessionState.CONNECTED), world.clock.now())
	setup.fail_next("status", Retriable("away"))
	world.clock.advance(SAME_CHANGE_SECONDS)
	world.receive(SessionChanged(state, "told while it is away"))
	world.work()
	assert world.store.session_status("front-desk").state is state
