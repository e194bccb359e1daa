"""A session that is deleted with all that was made for it, also where it was made before and left for something else."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from standalone.admin_world import GATEWAY_ADMIN, Administrator, failed, states_of
from standalone.workshop_world import admin, world
from standalone_world import StandaloneWorld

from wuzapi_chatwoot.bridge.model.errors import Permanent
from wuzapi_chatwoot.bridge.sessions.setup_values import CreatedResources, MadeInbox
from wuzapi_chatwoot.standalone_host.registry.session_store import SessionStoreFile

__all__ = ["admin", "world"]


def makes_another(admin: Administrator, **more: Any) -> None:
	assert admin.does("", name="workshop", new_inbox=True, **more)["complete"]


def deletes(admin: Administrator) -> dict[str, Any]:
	typed = admin.does("/workshop/delete", remove_made=True)["type_name"]
	return admin.does(
		"/workshop/delete",
		confirm=True,
		remove_made=True,
		gateway_admin_token=GATEWAY_ADMIN,
		inbox_name=typed,
	)


def made(world: StandaloneWorld) -> CreatedResources:
	return world.host.sessions.kept("workshop").made


def test_every_inbox_is_named_before_and_removed(world, admin):
	makes_another(admin, inbox_name="Second")
	makes_another(admin)
	user = made(world).gateway_user_id
	assert admin.asks("/workshop")["makes"] == [
		f"the user workshop ({user}) on the gateway",
		"inbox 3 (Second) in Chatwoot",
		"inbox 1 (workshop) in Chatwoot",
		"inbox 2 (Second) in Chatwoot",
	]
	loses = admin.does("/workshop/delete", remove_made=True)["loses"]
	assert loses[1:5] == [
		f"The user workshop ({user}), which was made on the gateway, is removed, with its pairing and its files.",
		*(
			f"Inbox {inbox}, which was made in Chatwoot, is removed, with every conversation in it."
			for inbox in ("3 (Second)", "1 (workshop)", "2 (Second)")
		),
	]
	assert (
		"What was made for it before stays, too: inbox 1 (workshop), 2 (Second)."
		in (admin.does("/workshop/delete")["loses"])
	)
	done = deletes(admin)
	assert states_of(done) == {
		"gateway user": "done",
		"Chatwoot inbox": "done",
		"Chatwoot inbox 1 (workshop)": "done",
		"Chatwoot inbox 2 (Second)": "done",
	}
	assert (done["done"], world.users.accounts, world.inboxes.account) == (True, {}, {})


def test_what_another_session_has_taken_over_stays_and_is_told_before(world, admin):
	makes_another(admin)
	assert admin.sets_up(name="office", inbox_id=1, take_over=True)["complete"]
	told = "Inbox 1 (workshop), which was made in Chatwoot, stays: session office uses it."
	assert told in admin.does("/workshop/delete", remove_made=True)["loses"]
	done = deletes(admin)
	assert states_of(done)["Chatwoot inbox 1 (workshop)"] == "found"
	assert (done["done"], list(world.inboxes.account)) == (True, [1])
	assert world.host.sessions.names == ["office"]


def test_what_could_not_be_removed_is_tried_again_and_nothing_else(world, admin):
	makes_another(admin)
	world.inboxes.fail_next("delete_inbox", Permanent("not allowed"))
	assert not deletes(admin)["done"]
	assert made(world) == CreatedResources(None, 2, (MadeInbox(1, "workshop"),))
	assert states_of(deletes(admin)) == {"Chatwoot inbox": "done", "Chatwoot inbox 1 (workshop)": "done"}
	assert world.inboxes.account == {}


def test_the_inbox_of_a_change_that_came_to_no_end_is_removed_too(world, admin, monkeypatch):
	create = type(world.inboxes).create_inbox

	def with_reply_window(inboxes: Any, *given: str) -> Any:
		inbox = inboxes.account[create(inboxes, *given).id]
		inboxes.account[inbox.id] = replace(inbox, reply_window_hours=24)
		return inboxes.account[inbox.id]

	monkeypatch.setattr(type(world.inboxes), "create_inbox", with_reply_window)
	world.inboxes.fail_next("clear_reply_window", Permanent("not allowed"))
	assert failed(admin.does("", name="workshop", new_inbox=True))[0] == "Chatwoot reply window"
	assert world.bridge.sessions()["workshop"].inbox_id == 1
	assert made(world).earlier_inboxes == (MadeInbox(2, "workshop"),)
	# It is kept where a restart finds it.
	file = SessionStoreFile(world.settings.data_dir / "sessions.json")
	assert file.read().sessions["workshop"].made == made(world)
	assert deletes(admin)["done"]
	assert world.inboxes.account == {}


def test_in_another_account_nothing_of_the_first_can_be_removed(world, admin):
	makes_another(admin)
	admin.sets_up(account_id=4)
	assert made(world).earlier_inboxes == ()
