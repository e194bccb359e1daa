"""What monitors ask: health, with its reasons, and metrics."""

from __future__ import annotations

import threading

import pytest
from prometheus_client.parser import text_string_to_metric_families
from standalone_world import (
	ADMIN,
	TEXT,
	StandaloneWorld,
	a_dead_event,
)

from wuzapi_chatwoot.bridge.guards.callers import Caller
from wuzapi_chatwoot.bridge.model.errors import Permanent, Retriable, StoreUnavailable


@pytest.fixture
def healthy(world: StandaloneWorld, monkeypatch: pytest.MonkeyPatch) -> StandaloneWorld:
	monkeypatch.setattr(world.host.health, "_workers_alive", lambda: True)
	return world


def health_of(world: StandaloneWorld) -> tuple[int, dict[str, object]]:
	answer = world.http.get("/health", headers=ADMIN)
	return answer.status_code, answer.json()


def test_all_is_well(healthy):
	assert health_of(healthy) == (
		200,
		{
			"status": "ok",
			"checks": {
				"workers": "ok",
				"store": "ok",
				"gateway of front-desk": "ok",
				"Chatwoot of front-desk": "ok",
			},
			"oldest_waiting_seconds": 0.0,
			"waiting_events": 0,
			"dead_events": 0,
		},
	)


def test_strangers_get_counts_and_states_only(healthy):
	healthy.gateway.trouble = Retriable("nothing answers at http://gateway.example")
	told = healthy.http.get("/health")
	assert told.status_code == 503
	assert told.json()["checks"] == {
		"workers": "ok",
		"store": "ok",
		"gateways": "0 of 1 ok",
		"Chatwoots": "ok",
	}
	figures = healthy.http.get("/metrics")
	assert "wuzapi_chatwoot_breakers_open" in figures.text
	for name in ("front-desk", "example"):
		assert name not in told.text + figures.text
	# Who gives a token gives the right one, or is a guesser like any other.
	for path in ("/health", "/metrics"):
		assert healthy.http.get(path, headers={"Authorization": "Bearer wrong"}).status_code == 401


def trouble_of(world: StandaloneWorld) -> dict[str, str]:
	status, report = health_of(world)
	assert (status, report["status"]) == (503, "unhealthy")
	return {name: words for name, words in report["checks"].items() if words != "ok"}


def test_the_gateway_is_down(healthy):
	healthy.gateway.trouble = Retriable("the gateway does not answer", detail="not for everybody")
	assert trouble_of(healthy) == {"gateway of front-desk": "the gateway does not answer"}


def test_chatwoot_is_down(healthy):
	healthy.chatwoot.trouble = Permanent("the token is refused")
	assert trouble_of(healthy) == {"Chatwoot of front-desk": "the token is refused"}


def test_a_check_with_a_fault(healthy):
	healthy.chatwoot.fail_next("check", ValueError("secret words"))
	assert trouble_of(healthy) == {"Chatwoot of front-desk": "a fault in the bridge (ValueError)"}


@pytest.mark.parametrize("method", ["check_writable", "count_events", "oldest_waiting"])
def test_the_store_is_broken(healthy, monkeypatch, method):
	def broken() -> None:
		raise StoreUnavailable("The disk is full", detail="not for everybody")

	monkeypatch.setattr(healthy.store, method, broken)
	assert trouble_of(healthy) == {"store": "The disk is full"}


def test_the_dispatcher_is_dead(world):
	assert trouble_of(world) == {"workers": "the dispatcher has stopped"}


def test_something_waits_for_too_long(healthy):
	healthy.customer_writes()
	assert health_of(healthy)[0] == 200
	healthy.clock.advance(301)
	assert trouble_of(healthy) == {"oldest waiting event": "waits for 301 seconds"}
	_, report = health_of(healthy)
	assert (report["waiting_events"], report["oldest_waiting_seconds"]) == (1, 301.0)


def test_dead_events_are_counted(healthy):
	a_dead_event(healthy)
	status, report = health_of(healthy)
	assert (status, report["dead_events"]) == (200, 1)


def test_an_answer_is_kept_for_some_seconds(healthy):
	for _ in range(5):
		health_of(healthy)
	assert (healthy.gateway.count("check"), healthy.chatwoot.count("check")) == (1, 1)
	healthy.chatwoot.trouble = Retriable("down")
	healthy.clock.advance(4.9)
	assert health_of(healthy)[0] == 200
	healthy.clock.advance(0.2)
	assert health_of(healthy)[0] == 503
	healthy.clock.advance(-3600)  # set back: the answer is not kept for an hour
	health_of(healthy)
	assert healthy.chatwoot.count("check") == 3


def test_a_check_that_hangs_holds_up_one_asker_once(healthy, monkeypatch):
	health = healthy.host.health
	monkeypatch.setattr(health, "_patience", 0.01)
	begun, go_on = threading.Event(), threading.Event()
	calls = []

	def hang() -> None:
		calls.append(1)
		begun.set()
		go_on.wait(20)

	monkeypatch.setattr(type(healthy.chatwoot), "check", lambda chatwoot: hang())
	assert trouble_of(healthy) == {"Chatwoot of front-desk": "no answer in time"}
	healthy.clock.advance(10)
	assert trouble_of(healthy) == {"Chatwoot of front-desk": "no answer in time"}
	# The one that hangs is not begun a second time.
	assert calls == [1]
	# And while somebody looks, others get the last answer instead of waiting.
	with health._looking:
		healthy.clock.advance(10)
		assert trouble_of(healthy) == {"Chatwoot of front-desk": "no answer in time"}
	assert health.busy == 1
	go_on.set()
	monkeypatch.setattr(health, "_patience", 20.0)
	assert health_of(healthy)[0] == 200
	assert health.busy == 0


def metrics_of(world: StandaloneWorld) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
	answer = world.http.get("/metrics", headers=ADMIN)
	assert answer.status_code == 200
	assert answer.headers["content-type"].startswith("text/plain")
	return {
		(sample.name, tuple(sorted(sample.labels.items()))): sample.value
		for family in text_string_to_metric_families(answer.text)
		for sample in family.samples
	}


def test_metrics_count(world):
	def counted(name: str, **labels: str) -> float:
		return metrics_of(world).get((f"wuzapi_chatwoot_{name}", tuple(sorted(labels.items()))), 0.0)

	world.customer_writes(TEXT)
	world.customer_writes(TEXT)
	world.http.post("/webhook/wuzapi", content=b"{}")
	assert counted("webhooks_total", source="gateway", status="200") == 2
	assert counted("webhooks_total", source="gateway", status="401") == 1
	assert counted("events", state="waiting") == 1
	world.clock.advance(12)
	assert counted("oldest_waiting_seconds") == 12
	world.work()
	assert counted("attempts_total", source="gateway", outcome="done") == 1
	assert counted("attempt_seconds_count", source="gateway") == 1
	assert counted("events", state="waiting") == 1, "the name of somebody new is still to be looked up"
	world.work()
	assert counted("attempts_total", source="bridge", outcome="done") == 1
	assert counted("events", state="waiting") == counted("oldest_waiting_seconds") == 0
	a_dead_event(world)
	assert counted("events", state="dead") == 1
	name = "Chatwoot http://chatwoot.example account 3"
	made = world.bridge.breakers.begin(name, Caller("lane"), world.clock.now())
	world.bridge.breakers.failed(made, world.clock.now(), at_once=True)
	assert counted("breaker_open", destination=name) == 1
	assert TEXT not in world.http.get("/metrics").text


def test_metrics_answer_without_a_store(world, monkeypatch):
	def broken() -> None:
		raise StoreUnavailable("gone")

	monkeypatch.setattr(world.store, "count_events", broken)
	assert ("wuzapi_chatwoot_notices_total", ()) in metrics_of(world)
