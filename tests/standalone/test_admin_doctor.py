"""The doctor of a session as the admin API tells it: what is well, and the broken step with its fix."""

from __future__ import annotations

import json
from datetime import timedelta
from threading import Thread

import pytest
from standalone.admin_world import Administrator
from standalone.workshop_world import admin, world
from standalone_world import SESSION, world_in

from wuzapi_chatwoot.bridge.diagnosis.findings import Reached
from wuzapi_chatwoot.bridge.model.records import Source
from wuzapi_chatwoot.bridge.ports.gateway_setup import WebhookSettings
from wuzapi_chatwoot.gateways.wuzapi.event_names import EVENTS
from wuzapi_chatwoot.gateways.wuzapi.webhook.signature import signed_headers

__all__ = ["admin", "world"]


@pytest.fixture
def well(world, admin, monkeypatch) -> Administrator:
	"""All threads at work, and an address that the internet knows."""
	monkeypatch.setattr(
		"wuzapi_chatwoot.standalone_host.sessions.diagnose._addresses_of", lambda name: ["9.9.9.9"]
	)
	with world.http:
		admin.pairs()
		yield admin


def findings(admin: Administrator, name: str = "workshop") -> dict[str, dict[str, str]]:
	return {each["step"]: each for each in admin.asks(f"/{name}/doctor")["findings"]}


def test_the_doctor_finds_everything_well(world, well):
	report = well.asks("/workshop/doctor")
	assert report["healthy"]
	# The headline is no greener than its steps.
	assert report["verdict"] == "warning"
	assert report["sentence"].startswith("It works, but needs attention: encryption")
	verdicts = {each["step"]: each["verdict"] for each in report["findings"]}
	assert {step for step, verdict in verdicts.items() if verdict != "ok"} == {
		# The addresses of the twins begin with http://, and are nobody's inside.
		"encryption",
		"webhooks of the gateway",
		"webhooks of Chatwoot",
	}
	for step in ("workers", "housekeeping", "watchdog", "queue", "our address", "WhatsApp", "Chatwoot inbox"):
		assert verdicts[step] == "ok"


def test_webhooks_that_came_and_were_refused_are_told(world, well):
	world.http.post("/webhook/wuzapi/workshop?token=wrong", json={})
	told = findings(well)
	assert "of the gateway, wrong token" in told["refused webhooks"]["sentence"]
	world.clock.advance(5)
	kept = world.host.sessions.kept("workshop")
	url = f"/webhook/wuzapi/workshop?token={kept.webhook_token.value}"
	hook = json.dumps({"type": "Connected", "event": {}, "userID": "x", "instanceName": "y"}).encode()
	assert world.http.post(url, content=hook).status_code == 202
	assert "not signed, though this sender signs" in findings(well)["refused webhooks"]["sentence"]
	world.clock.advance(5)
	assert (
		world.http.post(url, content=hook, headers=signed_headers(hook, kept.signing_key)).status_code == 200
	)
	told = findings(well)
	assert told["webhooks of the gateway"]["sentence"] == "The last one came 2026-03-02 10:00 Europe/Berlin."
	assert "refused webhooks" not in told


def test_the_broken_step_is_named(world, well):
	world.reached = Reached(trouble="it answers with status 502")
	assert findings(well)["our address"]["verdict"] == "broken"
	world.reached = Reached(changed=((Source.CHATWOOT, "its signature was dropped"),))
	told = findings(well)["reverse proxy"]
	assert told["verdict"] == "broken"
	assert told["sentence"].endswith(
		"signed as Chatwoot signs did not come here as it was sent: its signature was dropped."
	)
	world.reached = Reached()
	well.user.disconnect()
	assert findings(well)["WhatsApp"]["fix"] == "Connect it."
	world.inboxes.time.advance(300)
	world.inboxes.time = type("Off", (), {"now": lambda self: world.clock.now() + timedelta(hours=1)})()
	assert findings(well)["Chatwoot clock"]["verdict"] == "broken"


@pytest.mark.parametrize("thread", ["_thread", "_renewal"])
def test_half_a_dispatcher_is_not_at_work(world, well, monkeypatch, thread):
	monkeypatch.setattr(world.host.dispatcher, thread, Thread())
	assert findings(well)["workers"]["sentence"] == "Has stopped."
	assert well.asks("/workshop/doctor")["sentence"].startswith("Problem: workers")


def test_a_private_address_and_a_purpose_are_warned_of(world, well, monkeypatch):
	monkeypatch.setattr(
		"wuzapi_chatwoot.standalone_host.sessions.diagnose._addresses_of", lambda name: ["10.0.0.7"]
	)
	well.does("/workshop/disconnect", confirm=True)
	told = findings(well)
	assert "SAFE_FETCH_ALLOW_PRIVATE_NETWORK" in told["our address"]["fix"]
	assert told["disconnected"]["verdict"] == "warning"


def test_what_people_have_wired_by_hand_is_not_called_wrong(tmp_path, monkeypatch):
	monkeypatch.setattr(
		"wuzapi_chatwoot.standalone_host.sessions.diagnose._addresses_of", lambda name: ["9.9.9.9"]
	)
	with world_in(tmp_path / "data") as world:
		admin = Administrator(world)
		wired = "https://proxy.example/deep/webhook/%s"
		hook = WebhookSettings(wired % "wuzapi", frozenset(EVENTS))
		account = world.users.have_user("Old", SESSION.gateway_token, hook)
		for _ in range(SESSION.inbox_id):
			world.inboxes.have_inbox("x", callback=wired % "chatwoot/front-desk/")
		told = findings(admin, "front-desk")
		assert told["gateway webhook"]["verdict"] == "ok"
		assert told["Chatwoot callback"]["verdict"] == "ok"
		account.used = WebhookSettings("https://elsewhere.example/", frozenset(EVENTS))
		told = findings(admin, "front-desk")
		assert told["gateway webhook"]["verdict"] == "broken"
		# There is no set-up that could be run again.
		assert told["gateway webhook"]["fix"].startswith("Post the webhook's address and its events")
		assert not [step for step, each in told.items() if "set-up" in each["fix"]]
		world.inboxes.account.clear()
		assert "CHATWOOT_INBOX_ID" in findings(admin, "front-desk")["Chatwoot inbox"]["fix"]
