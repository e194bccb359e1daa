"""How far a set-up is, for whoever looks on while it is under way; nobody can begin a second one meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from standalone.admin_world import GATEWAY_ADMIN, NEW, Administrator, HeldChatwoot, states_of
from standalone_world import StandaloneWorld, world_in

from wuzapi_chatwoot.bridge.model.errors import Permanent

BUSY = (409, "Somebody else is at work on this session; try again in a moment.")


@pytest.fixture
def world(tmp_path) -> Iterator[StandaloneWorld]:
	with world_in(tmp_path / "data", sessions={}) as world:
		world.inboxes = HeldChatwoot(time=world.clock)
		yield world


@pytest.fixture
def admin(world: StandaloneWorld) -> Administrator:
	return Administrator(world)


def test_before_there_was_one_nothing_is_told(admin):
	assert admin.asks("/workshop/set-up") == {
		"session": "workshop",
		"running": False,
		"complete": False,
		"sentence": "",
		"steps": [],
	}


def test_each_step_is_told_while_it_goes_on_and_a_second_run_is_refused(world, admin):
	with ThreadPoolExecutor(1) as pool:
		run = pool.submit(admin.sets_up)
		assert world.inboxes.reached.wait(30)
		seen = admin.asks("/workshop/set-up")
		shown = admin.asks("/workshop")
		second = admin.refused("", name="workshop")
		deletion = admin.refused("/workshop/delete", confirm=True)
		world.inboxes.go.set()
		report = run.result(30)
	assert (seen["running"], seen["complete"]) == (True, False)
	assert seen["sentence"] == "It is being set up at the moment."
	assert list(states_of(seen)) == [step["name"] for step in report["steps"][:6]]
	assert seen["steps"][:5] == report["steps"][:5]
	assert seen["steps"][5] == {"name": "Chatwoot inbox", "state": "running", "sentence": ""}
	assert (shown["state"], shown["sentence"]) == ("setting_up", "It is being set up at the moment.")
	assert second == deletion == BUSY
	assert report["complete"]
	after = admin.asks("/workshop/set-up")
	assert (after["running"], after["complete"]) == (False, True)
	assert (after["sentence"], after["steps"]) == (report["sentence"], report["steps"])
	assert len(world.inboxes.account) == 1


def test_the_undoing_is_told_in_the_same_way(world, admin):
	world.inboxes.go.set()
	admin.sets_up()
	world.inboxes.reached.clear()
	world.inboxes.go.clear()
	with ThreadPoolExecutor(1) as pool:
		fields = {
			"confirm": True,
			"remove_made": True,
			"gateway_admin_token": GATEWAY_ADMIN,
			"inbox_name": "workshop",
		}
		run = pool.submit(admin.does, "/workshop/delete", **fields)
		assert world.inboxes.reached.wait(30)
		seen = admin.asks("/workshop/set-up")
		second = admin.refused("", name="workshop")
		world.inboxes.go.set()
		report = run.result(30)
	assert (seen["running"], second) == (True, BUSY)
	assert seen["sentence"] == "What was made for it is being removed at the moment."
	assert states_of(seen) == {"gateway user": "done", "Chatwoot inbox": "running"}
	assert report["done"]
	after = admin.asks("/workshop/set-up")
	assert (after["sentence"], after["complete"]) == ("What was made for it is removed.", False)
	assert after["steps"] == report["steps"]


def test_an_undoing_that_fails_is_told_so(world, admin):
	world.inboxes.go.set()
	admin.sets_up()
	world.inboxes.fail_next("delete_inbox", Permanent("not allowed"))
	fields = {
		"confirm": True,
		"remove_made": True,
		"gateway_admin_token": GATEWAY_ADMIN,
		"inbox_name": "workshop",
	}
	report = admin.does("/workshop/delete", **fields)
	assert admin.asks("/workshop/set-up")["sentence"] == report["sentence"]
	assert "could be removed" in report["sentence"]


def test_one_that_ends_with_a_fault_does_not_look_as_if_it_went_on(world, admin):
	world.inboxes.go.set()
	world.inboxes.fail_next("create_inbox", RuntimeError("a fault"))
	assert admin.post("", NEW).status_code == 500
	seen = admin.asks("/workshop/set-up")
	assert (seen["running"], states_of(seen)["Chatwoot inbox"]) == (False, "failed")
	assert seen["steps"][-1]["sentence"].endswith("look into the bridge's log, and run it again")
	assert admin.asks("/workshop")["state"] == "unfinished"
	assert admin.sets_up()["complete"]


def test_one_that_is_not_begun_at_all_leaves_nothing_to_look_at(admin):
	assert admin.refused("", name="workshop")[0] == 422
	assert admin.asks("/workshop/set-up")["running"] is False
