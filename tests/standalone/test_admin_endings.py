"""Disconnect, log out, delete: three different things, and each says before what is lost."""

from __future__ import annotations

import pytest
from standalone.admin_world import GATEWAY_ADMIN, OWN, states_of
from standalone.workshop_world import admin, notes, world

from wuzapi_chatwoot.bridge.model.errors import Permanent
from wuzapi_chatwoot.bridge.model.events import SessionState
from wuzapi_chatwoot.bridge.model.records import Secret

__all__ = ["admin", "world"]


@pytest.mark.parametrize("act", ["disconnect", "log-out", "delete"])
def test_what_is_lost_is_said_before_anything_is_done(world, admin, act):
	admin.pairs()
	before = world.users.setup(admin.user.token).count("disconnect", "log_out")
	asked = admin.does(f"/workshop/{act}")
	assert not asked["done"]
	assert asked["sentence"].endswith("?")
	assert len(asked["loses"]) >= 2
	assert admin.user.logged_in
	assert world.users.setup(admin.user.token).count("disconnect", "log_out") == before
	assert world.host.sessions.names == ["workshop"]


def test_disconnected_stays_disconnected_until_somebody_connects(world, admin):
	admin.pairs()
	assert admin.does("/workshop/disconnect", confirm=True)["done"]
	assert not admin.user.connected
	assert world.host.sessions.stopped("workshop")
	shown = admin.asks("/workshop")
	assert (shown["state"], shown["advice"]) == ("disconnected", "Connect it when it shall work again.")
	assert world.host.watcher.rests("workshop")
	world.clock.advance(3600)
	admin.does("/workshop/connect")
	assert not world.host.sessions.stopped("workshop")
	assert admin.user.logged_in


def test_one_that_was_disconnected_on_purpose_may_be_connected_at_once(world, admin):
	admin.pairs()
	notes(world, SessionState.RECONNECTING)
	admin.does("/workshop/disconnect", confirm=True)
	world.clock.advance(21)
	admin.does("/workshop/connect")
	assert admin.user.connected


def test_logged_out_ends_the_pairing(world, admin):
	admin.pairs()
	notes(world, SessionState.CONNECTED, address=OWN)
	assert admin.does("/workshop/log-out", confirm=True)["done"]
	assert (admin.user.logged_in, admin.user.stored_address) == (False, None)
	assert admin.asks("/workshop")["state"] == "logged_out"
	# WuzAPI can end only what is connected, and says nothing when it is not.
	status, sentence = admin.refused("/workshop/log-out", confirm=True)
	assert (status, "only while it is connected" in sentence) == (409, True)


def test_deleted_leaves_what_was_made_or_takes_it_back(world, admin):
	asked = admin.does("/workshop/delete", remove_made=True)
	assert (
		"Inbox 1 (workshop), which was made in Chatwoot, is removed, with every conversation in it."
		in asked["loses"]
	)
	assert admin.does("/workshop/delete", confirm=True)["done"]
	assert world.host.sessions.names == []
	assert (len(world.users.accounts), len(world.inboxes.account)) == (1, 1)
	admin.sets_up()
	done = admin.does(
		"/workshop/delete",
		confirm=True,
		remove_made=True,
		gateway_admin_token=GATEWAY_ADMIN,
		inbox_name="workshop",
	)
	assert states_of(done) == {"gateway user": "done", "Chatwoot inbox": "done"}
	assert (len(world.users.accounts), len(world.inboxes.account)) == (1, 1)


@pytest.mark.parametrize("token", [None, "FictionalWrongToken"])
def test_after_a_refused_token_nothing_is_removed(world, admin, token):
	if token is not None:
		world.users.fail_next("user", Permanent("The gateway does not accept the token"))
	tried = admin.does(
		"/workshop/delete",
		confirm=True,
		remove_made=True,
		inbox_name="workshop",
		**({} if token is None else {"gateway_admin_token": token}),
	)
	assert not tried["done"]
	assert states_of(tried) == {"gateway user": "failed"}
	assert (len(world.users.accounts), len(world.inboxes.account)) == (1, 1)
	assert len(admin.asks("/workshop")["makes"]) == 2
	again = admin.does(
		"/workshop/delete",
		confirm=True,
		remove_made=True,
		gateway_admin_token=GATEWAY_ADMIN,
		inbox_name="workshop",
	)
	assert again["done"]
	assert (world.users.accounts, world.inboxes.account) == ({}, {})


@pytest.mark.parametrize("typed", [None, "", "Workshop", "office"])
def test_an_inbox_goes_only_after_its_name_was_typed(world, admin, typed):
	assert admin.does("/workshop/delete", remove_made=True)["type_name"] == "workshop"
	assert admin.does("/workshop/delete")["type_name"] == ""
	status, sentence = admin.refused(
		"/workshop/delete",
		confirm=True,
		remove_made=True,
		gateway_admin_token=GATEWAY_ADMIN,
		inbox_name=typed,
	)
	assert (status, sentence[:43]) == (422, "Type the name of the inbox, workshop: it is")
	assert (len(world.users.accounts), len(world.inboxes.account)) == (1, 1)


def test_what_was_adopted_is_never_removed(world, admin):
	admin.does("/workshop/delete", confirm=True)
	world.users.accounts.clear()
	world.inboxes.account.clear()
	world.users.have_user("Old", Secret("FictionalUser"))
	inbox = world.inboxes.have_inbox("Support")
	admin.sets_up(gateway_admin_token=None, gateway_user_token="FictionalUser", inbox_id=inbox.id)
	done = admin.does(
		"/workshop/delete",
		confirm=True,
		remove_made=True,
		gateway_admin_token=GATEWAY_ADMIN,
		inbox_name="workshop",
	)
	assert (done["done"], done["steps"]) == (True, [])
	assert (len(world.users.accounts), len(world.inboxes.account)) == (1, 1)
