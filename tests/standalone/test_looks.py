"""What a look at a session does, with those of ours and those that people have wired by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest
from standalone_world import SESSION, StandaloneWorld, customer_message, world_in

from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.events import SessionState
from wuzapi_chatwoot.bridge.model.records import Secret, Session
from wuzapi_chatwoot.bridge.ports.gateway_setup import WebhookSettings
from wuzapi_chatwoot.bridge.sessions.watch_session import Watched
from wuzapi_chatwoot.gateways.wuzapi.event_names import EVENTS
from wuzapi_chatwoot.standalone_host.registry.session_store import StoredSession

SOON = 20.0
OWN = Address.of_phone("+12025550100")
SECOND = replace(SESSION, name="second", inbox_id=8, gateway_token=Secret("second"))
ELSEWHERE = replace(SESSION, name="elsewhere", inbox_id=9, gateway_url="http://other.example")


OURS = StoredSession(
	name="workshop",
	gateway_url="http://gateway.example",
	gateway_token=Secret("Fictional-Workshop-Token"),
	chatwoot_url="http://chatwoot.example",
	chatwoot_token=Secret("Fictional-Chatwoot-Token"),
	account_id=3,
	signing_key=Secret("Fictional-Signing-Key-0123456789abcdef"),
	webhook_token=Secret("Fictional Webhook/Token"),
	inbox_name="Workshop",
	inbox_id=9,
)
BY_HAND = WebhookSettings("https://old.example/webhook/wuzapi", frozenset({"Message"}))


def looked_at(world: StandaloneWorld, name: str) -> Watched:
	return world.host.watcher._look(world.bridge.sessions()[name], Watched())


def paired(world: StandaloneWorld, token: Secret, webhook: WebhookSettings, **more: object):
	account = world.users.have_user("Somebody", token, webhook, **more)
	account.connected = account.logged_in = True
	account.used_address = OWN
	return account


def test_what_has_drifted_at_a_session_of_ours_is_mended(world):
	world.host.sessions.put(OURS)
	account = paired(world, OURS.gateway_token, BY_HAND, delivers_media=False)
	looked_at(world, "workshop")
	assert account.used == account.stored
	assert account.used == WebhookSettings(
		"http://bridge.example/webhook/wuzapi/workshop?token=Fictional+Webhook%2FToken", frozenset(EVENTS)
	)
	assert account.delivers_media
	assert account.used_key == OURS.signing_key
	status = world.store.session_status("workshop")
	assert (status.state, status.address) == (SessionState.CONNECTED, OWN)


def with_long_key(world: StandaloneWorld) -> Session:
	session = replace(SESSION, gateway_secrets=(Secret("Fictional-Hmac-Key-0123456789abcdef"),))
	world.host.sessions._fixed[SESSION.name] = session
	world.host.sessions._join()
	return session


def test_what_people_have_wired_by_hand_stays_as_they_chose(world):
	session = with_long_key(world)
	account = paired(world, session.gateway_token, BY_HAND, delivers_media=False)
	looked_at(world, "front-desk")
	assert account.used == account.stored == BY_HAND
	assert not account.delivers_media
	# What cannot be chosen is that the key of the settings is the one in use.
	assert account.used_key == session.gateway_secrets[0]
	assert world.store.session_status("front-desk").state is SessionState.CONNECTED


def test_a_key_that_the_gateway_would_not_take_is_not_posted(world):
	account = paired(world, SESSION.gateway_token, BY_HAND)
	looked_at(world, "front-desk")
	assert not account.used_key
	assert world.store.session_status("front-desk").state is SessionState.CONNECTED


def test_but_what_the_gateway_has_forgotten_it_is_told_again(world):
	account = paired(world, with_long_key(world).gateway_token, BY_HAND)
	account.used = WebhookSettings("", frozenset())
	looked_at(world, "front-desk")
	assert account.used == account.stored == BY_HAND


def test_where_nothing_is_stored_nothing_is_posted(world):
	account = paired(world, with_long_key(world).gateway_token, WebhookSettings("", frozenset()))
	account.used = BY_HAND
	looked_at(world, "front-desk")
	assert account.used == BY_HAND


def test_a_gateway_that_cannot_be_asked_is_told_of(world):
	looked_at(world, "front-desk")
	status = world.store.session_status("front-desk")
	assert status.state is SessionState.RECONNECTING
	assert "the gateway cannot be asked" in status.detail


@pytest.mark.parametrize("believed", [True, False])
def test_an_unsigned_webhook_makes_the_watcher_look(tmp_path, monkeypatch, believed):
	session = replace(SESSION, webhook_tokens=(Secret("url-token"),) if believed else ())
	with world_in(tmp_path / "data", session) as world:
		told: list[str] = []
		monkeypatch.setattr(world.host.watcher, "unsigned", told.append)
		path = "/webhook/wuzapi?token=url-token"
		answer = world.http.post(path, json=customer_message("Good morning"))
		assert answer.status_code == (200 if believed else 401)
		assert told == ["front-desk"]
		# Signed, rightly or wrongly: that shows no lost key.
		world.customer_writes()
		world.told_by_gateway(customer_message("x"), **{"x-hmac-signature": "0" * 64})
		assert world.told_by_gateway({}, path="/webhook/wuzapi/nobody").status_code == 404
		assert told == ["front-desk"]
