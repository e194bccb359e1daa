"""What an administrator is shown of sessions that are there: how each stands, and its history."""

from __future__ import annotations

import pytest
from standalone.admin_world import GATEWAY_ADMIN, OWN, Administrator
from standalone.workshop_world import admin, notes, world
from standalone_world import world_in

from wuzapi_chatwoot.bridge.model.errors import Permanent
from wuzapi_chatwoot.bridge.model.events import SessionState

__all__ = ["admin", "world"]


def test_the_list_says_in_words_how_each_stands(world, admin):
	[shown] = admin.asks()["sessions"]
	assert shown == {
		"name": "workshop",
		"made_here": True,
		"state": "unknown",
		"sentence": "Set up, and not connected yet.",
		"advice": "Connect it, and pair it with the phone.",
		"troubles": [],
		"since": None,
		"number": None,
		"profile_name": None,
		"gateway_url": "http://gateway.example",
		"chatwoot_url": "http://chatwoot.example",
		"account_id": 3,
		"inbox_id": 1,
		"inbox_name": "workshop",
		"makes": ["the user workshop (user-1) on the gateway", "inbox 1 (workshop) in Chatwoot"],
	}
	notes(world, SessionState.CONNECTED, address=OWN)
	shown = admin.asks("/workshop")
	assert (shown["state"], shown["sentence"], shown["number"]) == (
		"connected",
		"Connected to WhatsApp.",
		"+1 202-555-0100",
	)
	assert shown["since"] == "2026-03-02T09:00:00+00:00"
	world.store.note_new_chat("workshop", world.clock.now())
	[trouble] = admin.asks("/workshop")["troubles"]
	assert trouble.startswith("New chats are locked since 2026-03-02 10:00 Europe/Berlin")


def test_sessions_of_the_environment_are_shown_and_left_alone(tmp_path):
	with world_in(tmp_path / "data") as world:
		admin = Administrator(world)
		[shown] = admin.asks()["sessions"]
		assert (shown["name"], shown["made_here"], shown["makes"]) == ("front-desk", False, [])
		for act, fields in (("delete", {"confirm": True}), ("rotate", {})):
			status, sentence = admin.refused(f"/front-desk/{act}", **fields)
			assert (status, "environment or SESSIONS_FILE" in sentence) == (409, True)


def test_one_that_is_not_set_up_cannot_be_connected(world):
	admin = Administrator(world)
	world.inboxes.fail_next("user", Permanent("wrong token"))
	admin.sets_up()
	status, sentence = admin.refused("/workshop/connect")
	assert (status, sentence) == (409, "This session's set-up has not come to its end; run it again first.")
	assert admin.refused("/workshop/rotate")[0] == 409
	findings = admin.asks("/workshop/doctor")["findings"]
	assert findings[-1]["step"] == "set-up"


def test_the_history_tells_what_became_of_the_connection(world, admin):
	assert admin.asks("/workshop/changes") == {"session": "workshop", "changes": []}
	admin.pairs()
	notes(world, SessionState.SCAN_QR)
	notes(world, SessionState.CONNECTED, address=OWN)
	world.clock.advance(60)
	admin.does("/workshop/disconnect", confirm=True)
	world.clock.advance(60)
	admin.does("/workshop/connect")
	history = admin.asks("/workshop/changes")["changes"]
	assert [(each["state"], each["words"], each["detail"]) for each in history] == [
		("starting", "Connecting", ""),
		("failed", "Not connected", "disconnected by hand"),
		("connected", "Connected", ""),
		("scan_qr", "Waiting for its phone", ""),
		("starting", "Connecting", ""),
	]
	assert [each["at"] for each in history[:3]] == [
		"2026-03-02T09:02:00+00:00",
		"2026-03-02T09:01:00+00:00",
		"2026-03-02T09:00:00+00:00",
	]
	assert admin.asks("/workshop/changes?limit=1")["changes"] == history[:1]
	assert admin.get("/nobody/changes").json() == {"detail": "There is no session 'nobody'."}
	for limit in ("0", "201", "x"):
		assert admin.get(f"/workshop/changes?limit={limit}").json() == {
			"detail": "limit must be a whole number from 1 to 200."
		}


@pytest.mark.parametrize("state", [SessionState.LOGGED_OUT, SessionState.BANNED, SessionState.FAILED])
def test_what_is_over_for_another_reason_stays_so_when_it_is_disconnected(world, admin, state):
	notes(world, state, detail="why")
	admin.does("/workshop/disconnect", confirm=True)
	[change] = admin.asks("/workshop/changes")["changes"]
	assert (change["state"], change["detail"]) == (state.value, "why")


def test_a_user_that_is_removed_with_its_session_is_logged_out(world, admin):
	notes(world, SessionState.CONNECTED, address=OWN)
	fields = {
		"confirm": True,
		"remove_made": True,
		"gateway_admin_token": GATEWAY_ADMIN,
		"inbox_name": "workshop",
	}
	assert admin.does("/workshop/delete", **fields)["done"]
	admin.sets_up()
	latest = admin.asks("/workshop/changes")["changes"][0]
	assert (latest["words"], latest["detail"]) == ("Logged out", "its user was removed from the gateway")


def test_the_history_belongs_to_the_name_and_is_there_again_with_it(world, admin):
	notes(world, SessionState.CONNECTED, address=OWN)
	admin.does("/workshop/delete", confirm=True)
	assert admin.get("/workshop/changes").status_code == 404
	admin.sets_up()
	assert [each["state"] for each in admin.asks("/workshop/changes")["changes"]] == ["connected"]
