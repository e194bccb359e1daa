"""What the wizard offers to choose from, over HTTP: what is there, what is taken, and what is wrong at which field."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from standalone.admin_world import GATEWAY_ADMIN, NEW, OWN, Administrator, failed, states_of, world
from standalone_world import ADMIN, SESSION, StandaloneWorld, world_in

from wuzapi_chatwoot.bridge.model.errors import Permanent, Retriable, TokenRefused
from wuzapi_chatwoot.bridge.model.records import Secret
from wuzapi_chatwoot.bridge.ports.chatwoot_setup import Membership
from wuzapi_chatwoot.bridge.ports.gateway_setup import WebhookSettings
from wuzapi_chatwoot.bridge.sessions.setup_values import CreatedResources

__all__ = ["world"]

FREE = {"posts": "nowhere", "where": ""}
CHATWOOT = {key: NEW[key] for key in ("chatwoot_url", "chatwoot_token")}
GATEWAY = {key: NEW[key] for key in ("gateway_url", "gateway_admin_token")}


class Chooser(Administrator):
	def chooses(self, side: str, **fields: Any) -> dict[str, Any]:
		answer = self._clean(self.world.http.post(f"/admin/api/choices/{side}", json=fields, headers=ADMIN))
		assert answer.status_code == 200, answer.text
		return answer.json()


@pytest.fixture
def admin(world: StandaloneWorld) -> Chooser:
	return Chooser(world)


# ---- Chatwoot


def test_accounts_and_inboxes(world, admin):
	elsewhere = "https://me:Fictional-Password@other.example/hook?token=Fictional-Theirs"
	world.inboxes.have_inbox("Shop", callback=elsewhere)
	world.inboxes.have_inbox("Site", is_api=False)
	assert admin.chooses("chatwoot", **CHATWOOT) == {
		"accounts": [{"id": 3, "name": "Padaria Aurora Ltda", "administrator": True, "refusal": ""}],
		"account_id": 3,
		"inboxes": [
			{
				"id": 1,
				"name": "Shop",
				"is_api": True,
				"target": {"posts": "elsewhere", "where": "other.example"},
				"refusal": "",
			},
			{"id": 2, "name": "Site", "is_api": False, "target": FREE, "refusal": "it is no API inbox"},
		],
		"trouble": None,
	}


def test_another_account_is_chosen_by_its_number(world, admin):
	both = (Membership(3, "Shop", administrator=True), Membership(4, "Club", administrator=True))
	world.profile.accounts = both
	seen = admin.chooses("chatwoot", **CHATWOOT)
	assert (len(seen["accounts"]), seen["account_id"], seen["inboxes"]) == (2, None, [])
	world.inboxes.have_inbox("Shop")
	seen = admin.chooses("chatwoot", **CHATWOOT, account_id=4)
	assert (seen["account_id"], len(seen["inboxes"])) == (4, 1)


def test_for_a_session_that_is_there_what_is_kept_will_do(world, admin):
	admin.sets_up()
	admin.sets_up(name="office", gateway_url="http://other.example")
	seen = admin.chooses("chatwoot", session="workshop")
	assert (seen["account_id"], seen["trouble"]) == (3, None)
	assert [(each["name"], each["target"], each["refusal"]) for each in seen["inboxes"]] == [
		("office", {"posts": "ours", "where": "office"}, "session office uses it"),
		("workshop", {"posts": "us", "where": ""}, ""),
	]
	# What is kept is not sent to whoever somebody names.
	seen = admin.chooses("chatwoot", session="workshop", chatwoot_url="http://stranger.example")
	assert seen["trouble"]["field"] == "chatwoot_token"


@pytest.mark.parametrize(
	("given", "field", "sentence"),
	[
		({"chatwoot_url": ""}, "chatwoot_url", "This must be an address such as https://chat.example.com"),
		({"chatwoot_url": "https://me:Fictional-@chat.example"}, "chatwoot_url", "without user name"),
		({"chatwoot_token": ""}, "chatwoot_token", "the token for this address is needed"),
		({"chatwoot_token": "Fictional-with blanks"}, "chatwoot_token", "without a blank"),
		({"account_id": 9}, "account_id", "Bridge is not in account 9 of this Chatwoot."),
	],
)
def test_what_is_wrong_is_told_at_its_field(admin, given, field, sentence):
	trouble = admin.chooses("chatwoot", **{**CHATWOOT, **given})["trouble"]
	assert trouble["field"] == field
	assert sentence in trouble["sentence"]


@pytest.mark.parametrize(
	("error", "field"),
	[(TokenRefused("refuses the token"), "chatwoot_token"), (Retriable("is away"), "chatwoot_url")],
)
def test_what_chatwoot_says_is_told_at_its_field(world, admin, error, field):
	world.profile.fail_next("owner", error)
	told = error.reason.capitalize() + "."
	assert admin.chooses("chatwoot", **CHATWOOT)["trouble"] == {"field": field, "sentence": told}


def test_no_rights_are_told_at_once(world, admin):
	world.profile.accounts = (Membership(3, "Shop", administrator=False),)
	trouble = admin.chooses("chatwoot", **CHATWOOT)["trouble"]
	assert (trouble["field"], "administrator's access token" in trouble["sentence"]) == (
		"chatwoot_token",
		True,
	)


# ---- the gateway


def test_users_of_the_gateway(world, admin):
	world.users.have_user("Free", Secret("Fictional-Free"))
	paired = world.users.have_user("Paired", Secret("Fictional-Paired"))
	paired.connect()
	paired.pair(OWN)
	seen = admin.chooses("gateway", **GATEWAY)
	assert seen == {
		"users": [
			{"id": "user-1", "name": "Free", "number": "", "connected": False, "target": FREE, "refusal": ""},
			{
				"id": "user-2",
				"name": "Paired",
				"number": "+1 202-555-0100",
				"connected": True,
				"target": FREE,
				"refusal": "",
			},
		],
		"trouble": None,
	}


@pytest.mark.parametrize(
	("given", "error", "field"),
	[
		({"gateway_url": "gateway"}, None, "gateway_url"),
		({"gateway_admin_token": ""}, None, "gateway_admin_token"),
		({}, TokenRefused("wrong"), "gateway_admin_token"),
		({}, Retriable("away"), "gateway_url"),
	],
)
def test_a_gateway_that_cannot_be_read(world, admin, given, error, field):
	if error is not None:
		world.users.fail_next("users", error)
	seen = admin.chooses("gateway", **{**GATEWAY, **given})
	assert (seen["users"], seen["trouble"]["field"]) == ([], field)


def test_a_user_is_adopted_by_its_id_without_knowing_its_token(world, admin):
	world.users.have_user("Shop", Secret("Fictional-Namesake"))
	chosen = world.users.have_user("Shop", Secret("Fictional-Chosen"))
	report = admin.sets_up(gateway_user_id=chosen.id)
	assert (report["complete"], states_of(report)["gateway user"]) == (True, "found")
	kept = world.host.sessions.kept("workshop")
	assert (kept.gateway_token, kept.made.gateway_user_id) == (Secret("Fictional-Chosen"), None)
	assert len(world.users.accounts) == 2
	assert admin.does("", name="workshop")["complete"]


def test_an_adopted_user_that_posts_elsewhere_is_taken_over_when_confirmed(world, admin):
	posting = WebhookSettings("https://other.example/hook", frozenset({"Message"}))
	chosen = world.users.have_user("Shop", Secret("Fictional-Chosen"), posting)
	assert admin.chooses("gateway", **GATEWAY)["users"][0]["target"]["where"] == "other.example"
	assert failed(admin.sets_up(gateway_user_id=chosen.id))[0] == "gateway webhook"
	assert chosen.used == posting
	assert admin.sets_up(gateway_user_id=chosen.id, take_over=True)["complete"]


def test_what_another_session_uses_is_refused_before_anything_is_done(world, admin):
	admin.sets_up()
	user = admin.user
	[row] = admin.chooses("gateway", session="office", **GATEWAY)["users"]
	assert (row["refusal"], row["target"]) == (
		"session workshop uses it",
		{"posts": "ours", "where": "workshop"},
	)
	office = {**NEW, "name": "office"}
	status, sentence = admin.refused("", **office, gateway_user_id=user.id)
	assert (status, sentence) == (422, "User workshop cannot be chosen: session workshop uses it.")
	# Nor with its own token, which is not told.
	own = {key: value for key, value in office.items() if key != "gateway_admin_token"}
	token = world.host.sessions.kept("workshop").gateway_token.value
	status, sentence = admin.refused("", **own, gateway_user_token=token)
	assert (status, "has this user of the gateway" in sentence) == (409, True)
	status, sentence = admin.refused("", **office, inbox_id=1)
	assert (status, "has the same Chatwoot inbox" in sentence) == (409, True)
	assert world.host.sessions.names == ["workshop"]
	assert "/workshop" in user.used.url


@pytest.mark.parametrize(
	("changes", "status", "sentence"),
	[
		({"gateway_user_id": "nobody"}, 404, "The gateway has no such user (any more)"),
		({"gateway_user_id": "user-1", "gateway_admin_token": None}, 422, "its administrator's token"),
		({"gateway_user_id": "user-1", "gateway_user_token": "FictionalUser"}, 422, "without its own"),
		({"gateway_user_id": "user-1", "gateway_url": None}, 422, "by the gateway's address"),
		(
			{"gateway_user_id": "x" * 101},
			422,
			"The user of the gateway (gateway_user_id) must be the id of a user on the gateway",
		),
	],
)
def test_who_cannot_be_found_is_not_adopted(world, admin, changes, status, sentence):
	world.users.have_user("Shop", Secret("FictionalUser"))
	body = {key: value for key, value in {**NEW, **changes}.items() if value is not None}
	got, told = admin.refused("", **body)
	assert (got, sentence in told) == (status, True)
	assert world.host.sessions.names == []


def test_a_gateway_that_is_away_when_the_user_is_looked_up(world, admin):
	chosen = world.users.have_user("Shop", Secret("Fictional-Chosen"))
	world.users.fail_next("user", Retriable("The gateway does not answer"))
	assert admin.refused("", **NEW, gateway_user_id=chosen.id) == (502, "The gateway does not answer.")
	assert admin.sets_up(gateway_user_id=chosen.id)["complete"]


# ---- whose they are


def test_sessions_that_are_not_finished_have_what_they_use(world, admin):
	world.inboxes.fail_next("clear_reply_window", Permanent("no"))
	inbox = world.inboxes.have_inbox("Shop", reply_window_hours=24)
	failed(admin.sets_up(inbox_id=inbox.id))
	[user] = admin.chooses("gateway", session="office", **GATEWAY)["users"]
	[seen] = admin.chooses("chatwoot", session="office", **CHATWOOT)["inboxes"]
	assert (user["refusal"], seen["refusal"]) == ("session workshop uses it", "session workshop uses it")
	kept = world.host.sessions.kept("workshop")
	world.host.sessions.put(replace(kept, made=CreatedResources(inbox_id=99)))
	[seen] = admin.chooses("chatwoot", session="office", **CHATWOOT)["inboxes"]
	assert (seen["refusal"], seen["target"]) == ("", {"posts": "ours", "where": "workshop"})


def test_an_address_without_a_name_is_that_of_the_only_session(tmp_path):
	with world_in(tmp_path / "data") as world:
		admin = Chooser(world)
		for path in ("chatwoot", "chatwoot/?token=x", "chatwoot/front-desk", "chatwoot/deleted", "other"):
			world.inboxes.have_inbox(path, callback=f"http://bridge.example/webhook/{path}")
		seen = admin.chooses("chatwoot", session="workshop", **CHATWOOT)
		posts = {each["name"]: each["target"]["posts"] for each in seen["inboxes"]}
		assert posts == {
			"chatwoot": "ours",
			"chatwoot/?token=x": "ours",
			"chatwoot/front-desk": "ours",
			"chatwoot/deleted": "elsewhere",
			"other": "elsewhere",
		}
		# The environment's session has inbox 7 of this account.
		for _ in range(2):
			world.inboxes.have_inbox("more")
		given = {**CHATWOOT, "chatwoot_url": SESSION.chatwoot_url}
		refused = [each["id"] for each in admin.chooses("chatwoot", **given)["inboxes"] if each["refusal"]]
		assert refused == [SESSION.inbox_id]


def test_only_for_who_may(world):
	for side in ("chatwoot", "gateway"):
		assert world.http.post(f"/admin/api/choices/{side}", json={}).status_code == 401
		body = {"session": 3, "gateway_admin_token": GATEWAY_ADMIN}
		answer = world.http.post(f"/admin/api/choices/{side}", json=body, headers=ADMIN)
		assert (answer.status_code, GATEWAY_ADMIN in answer.text) == (422, False)
