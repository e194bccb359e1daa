"""What operators ask behind the admin token: events, replaying, lanes."""

from __future__ import annotations

import pytest
from standalone_world import (
	ADMIN,
	TEXT,
	a_dead_event,
	agent_message,
	world_in,
)

from wuzapi_chatwoot.bridge.model.errors import Retriable, StoreUnavailable
from wuzapi_chatwoot.bridge.model.records import EventState, Secret

ROUTES = [
	("GET", "/events"),
	("GET", "/events/1"),
	("POST", "/events/1/replay"),
	("GET", "/lanes"),
]


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_without_an_admin_token_these_are_switched_off(tmp_path, method, path):
	with world_in(tmp_path, admin_token=Secret("")) as world:
		for headers in ({}, {"Authorization": "Bearer "}, ADMIN):
			assert world.http.request(method, path, headers=headers).status_code == 403


@pytest.mark.parametrize(("method", "path"), ROUTES)
@pytest.mark.parametrize(
	"header",
	[
		None,
		"",
		"Bearer",
		"Bearer wrong",
		"Fictional-Admin-Token",
		"Basic Fictional-Admin-Token",
		"Bearer Fictional-Admin-Token x",
		b"Bearer \xff\xfe",
	],
)
def test_with_the_wrong_header_nothing_is_told(world, method, path, header):
	dead = a_dead_event(world)
	headers = {} if header is None else {"Authorization": header}
	answer = world.http.request(method, path.replace("1", str(dead)), headers=headers)
	assert answer.status_code == 401
	assert answer.headers["WWW-Authenticate"] == "Bearer"
	assert "Fictional-Admin-Token" not in answer.text
	assert [event.id for event in world.events(EventState.DEAD)] == [dead]


def test_dead_events_are_listed_shown_and_replayed(world):
	dead = a_dead_event(world)
	[listed] = world.http.get("/events", headers=ADMIN).json()["events"]
	shown = world.http.get(f"/events/{dead}", headers=ADMIN).json()
	assert shown.pop("attempts_made") == [
		{"at": "2026-03-02T09:00:01+00:00", "outcome": "dead", "error": "Chatwoot refused it"}
	]
	assert listed == shown
	assert (listed["id"], listed["state"], listed["begun"]) == (dead, "dead", 1)
	assert listed["last_error"] == "Chatwoot refused it"
	replayed = world.http.post(f"/events/{dead}/replay", headers=ADMIN)
	assert (replayed.status_code, replayed.json()["state"]) == (200, "waiting")
	world.work()
	assert dead in [event.id for event in world.events(EventState.DONE)]
	assert TEXT in [message.text for message in world.chatwoot.messages]


def test_the_token_may_be_called_bearer_in_any_case(world):
	token = {"Authorization": "bearer  Fictional-Admin-Token "}
	assert world.http.get("/events", headers=token).status_code == 200


def test_paging(world):
	ids = [a_dead_event(world, f"3ADEAD{number}") for number in range(5)]

	def page(**query: object) -> list[int]:
		answer = world.http.get("/events", headers=ADMIN, params={"state": "dead", **query})
		return [event["id"] for event in answer.json()["events"]]

	assert page() == sorted(ids, reverse=True)
	assert page(limit=2) == [ids[4], ids[3]]
	assert page(limit=2, before=ids[3]) == [ids[2], ids[1]]
	assert page(limit=2, before=ids[0]) == []


@pytest.mark.parametrize("state", [state.value for state in EventState])
def test_events_of_every_state(world, state):
	a_dead_event(world)
	world.customer_writes("waits", "3AWAITS")
	answer = world.http.get("/events", headers=ADMIN, params={"state": state})
	assert {event["state"] for event in answer.json()["events"]} <= {state}


@pytest.mark.parametrize(
	("path", "status"),
	[
		("/events?state=unheard-of", 422),
		("/events?limit=0", 422),
		("/events?limit=501", 422),
		("/events?before=-1", 422),
		(f"/events?before={2**63}", 422),
		(f"/events?before={2**63 - 1}", 200),
		("/events/999", 404),
		("/events/0", 422),
		(f"/events/{2**63}", 422),
		("/events/9" + "9" * 5000, 422),
		("/events/one", 422),
		("/lanes?limit=0", 422),
		("/nothing/here", 404),
	],
)
def test_odd_questions(world, path, status):
	assert world.http.get(path, headers=ADMIN).status_code == status
	assert world.observer.webhooks == []


def test_only_dead_and_ignored_events_are_replayed(world):
	world.customer_writes()
	[event] = world.events()
	for id in (event.id, 999):
		assert world.http.post(f"/events/{id}/replay", headers=ADMIN).status_code == 404
	world.work()
	assert world.http.post(f"/events/{event.id}/replay", headers=ADMIN).status_code == 404
	assert world.http.post(f"/events/{2**63}/replay", headers=ADMIN).status_code == 422


def test_lanes_and_breakers_are_shown(world):
	world.customer_writes(TEXT)
	with world.chatwoot_fails(Retriable("Chatwoot is busy")):
		world.work()
	answer = world.http.get("/lanes", headers=ADMIN).json()
	[lane] = answer["lanes"]
	assert lane["lane"] == "in|front-desk|447700900123@s.whatsapp.net"
	assert (lane["waiting"], lane["working"], lane["direction"]) == (1, False, "in")
	assert lane["last_error"] == "Chatwoot is busy"
	assert [breaker["open"] for breaker in answer["breakers"]] == [False]


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_a_store_that_cannot_be_read_is_a_503(world, monkeypatch, method, path):
	def broken(*_: object, **__: object) -> None:
		raise StoreUnavailable("The disk failed", detail="not for everybody")

	for name in ("list_events", "get_event", "replay_event", "list_lanes"):
		monkeypatch.setattr(world.store, name, broken)
	answer = world.http.request(method, path, headers=ADMIN)
	assert (answer.status_code, answer.json()) == (503, {"detail": "The disk failed"})


def test_no_answer_shows_text_payload_or_secret(world):
	dead = a_dead_event(world)
	world.customer_writes(TEXT, "3AWAITS")
	world.told_by_chatwoot(agent_message(TEXT))
	answers = [
		world.http.get(path, headers=ADMIN)
		for path in (
			"/",
			"/health",
			"/metrics",
			"/events",
			"/events?state=waiting",
			f"/events/{dead}",
			"/lanes",
		)
	]
	answers.append(world.http.post(f"/events/{dead}/replay", headers=ADMIN))
	secrets = [TEXT, "Fictional-", "conversation\\", "Ana Example", "payload"]
	for answer in answers:
		for word in secrets:
			assert word not in answer.text
