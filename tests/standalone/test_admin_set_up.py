"""The wizard: from nothing to a session that works, and every way in which a try may end before."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from standalone.admin_world import GATEWAY_ADMIN, NEW, Administrator, failed, states_of, world
from standalone_world import SESSION, StandaloneWorld, customer_message, world_in

from wuzapi_chatwoot.bridge.model.errors import Permanent, Retriable, Uncertain
from wuzapi_chatwoot.bridge.model.records import Secret
from wuzapi_chatwoot.bridge.ports.chatwoot_setup import ChatwootUser
from wuzapi_chatwoot.bridge.ports.gateway_setup import WebhookSettings
from wuzapi_chatwoot.gateways.wuzapi.event_names import EVENTS
from wuzapi_chatwoot.gateways.wuzapi.webhook.signature import signed_headers
from wuzapi_chatwoot.standalone_host.registry.session_store import SessionStoreFile

__all__ = ["world"]

STEPS = [
	"Chatwoot account",
	"gateway user",
	"gateway signing key",
	"gateway media delivery",
	"gateway webhook",
	"Chatwoot inbox",
	"Chatwoot callback",
	"Chatwoot signing secret",
	"Chatwoot reply window",
]


@pytest.fixture
def admin(world: StandaloneWorld) -> Administrator:
	return Administrator(world)


def test_from_nothing_to_a_session_on_both_sides(world, admin):
	report = admin.sets_up()
	assert (report["complete"], report["inbox_id"]) == (True, 1)
	assert [step["name"] for step in report["steps"]] == STEPS
	assert all(step["state"] in ("done", "found") for step in report["steps"])
	kept = world.host.sessions.kept("workshop")
	url = f"http://bridge.example/webhook/%s/workshop?token={kept.webhook_token.value}"
	assert admin.user.stored == admin.user.used == WebhookSettings(url % "wuzapi", frozenset(EVENTS))
	assert (admin.user.token, admin.user.used_key) == (kept.gateway_token, kept.signing_key)
	assert admin.user.delivers_media
	inbox = world.inboxes.account[1]
	assert (inbox.callback, inbox.secret) == (url % "chatwoot", kept.chatwoot_secret)
	assert list(world.bridge.sessions()) == ["workshop"]


def test_and_a_customer_of_it_is_heard(world, admin):
	admin.sets_up()
	kept = world.host.sessions.kept("workshop")
	url = f"/webhook/wuzapi/workshop?token={kept.webhook_token.value}"
	body = json.dumps(customer_message("Good morning")).encode()
	headers = signed_headers(body, kept.signing_key) | {"content-type": "application/json"}
	assert world.http.post(url, content=body, headers=headers).status_code == 200
	world.work()
	assert [message.text for message in world.chatwoots["workshop"].messages] == ["Good morning"]


def test_a_repeat_finds_everything_and_makes_nothing(world, admin):
	admin.sets_up()
	before = world.host.sessions.kept("workshop")
	report = admin.does("", name="workshop")
	assert report["complete"]
	assert set(states_of(report).values()) <= {"found", "done"}
	assert [name for name, state in states_of(report).items() if state == "done"] == [
		"gateway signing key",
		"gateway media delivery",
	]
	assert world.host.sessions.kept("workshop") == before
	assert (len(world.users.accounts), len(world.inboxes.account)) == (1, 1)


def test_the_gateways_administrator_token_is_not_kept(world, admin):
	admin.sets_up()
	file = world.settings.data_dir / "sessions.json"
	assert GATEWAY_ADMIN not in file.read_text()


def test_a_user_and_an_inbox_that_are_there_are_adopted(world, admin):
	account = world.users.have_user("Old", Secret("FictionalUser"), delivers_media=False)
	inbox = world.inboxes.have_inbox("Support", reply_window_hours=24)
	report = admin.sets_up(gateway_admin_token=None, gateway_user_token="FictionalUser", inbox_id=inbox.id)
	assert report["complete"]
	assert world.host.sessions.kept("workshop").made == world.host.sessions.kept("workshop").made.__class__()
	assert account.delivers_media
	assert world.inboxes.account[inbox.id].reply_window_hours is None
	assert len(world.inboxes.account) == 1


@pytest.mark.parametrize("side", ["gateway", "Chatwoot"])
def test_what_posts_elsewhere_is_taken_over_only_when_that_is_confirmed(world, admin, side):
	webhook = WebhookSettings("https://other.example/hook?token=Fictional-Other", frozenset({"Message"}))
	if side == "gateway":
		world.users.have_user("Old", Secret("FictionalUser"), webhook)
	else:
		world.users.have_user("Old", Secret("FictionalUser"))
	callback = "https://other.example/callback" if side == "Chatwoot" else ""
	inbox = world.inboxes.have_inbox("Support", callback=callback)
	given = {"gateway_admin_token": None, "gateway_user_token": "FictionalUser", "inbox_id": inbox.id}
	step, sentence = failed(admin.sets_up(**given))
	assert step == ("gateway webhook" if side == "gateway" else "Chatwoot callback")
	assert "https://other.example/" in sentence
	assert "confirm" in sentence
	# An inbox that is somebody else's is not relayed.
	assert world.bridge.sessions() == {}
	assert admin.does("", name="workshop", inbox_id=inbox.id, take_over=True)["complete"]


# ---- what may go wrong, and a repeat that completes it


def test_a_wrong_chatwoot_token(world, admin):
	world.inboxes.fail_next("user", Permanent("Chatwoot does not accept the access token"))
	report = admin.sets_up()
	assert failed(report) == ("Chatwoot account", "Chatwoot does not accept the access token")
	assert list(states_of(report).values())[1:] == ["left"] * 8
	assert report["sentence"] == (
		"It stopped at the step 'Chatwoot account'. Mend that, and run it again: it goes on from there."
	)
	assert world.users.accounts == {}
	assert admin.asks("/workshop")["state"] == "unfinished"
	assert admin.sets_up(chatwoot_token="Fictional-Right-Token")["complete"]


def test_no_rights(world, admin):
	world.inboxes.owner = ChatwootUser(id=9, name="Ana", administrator=False)
	step, sentence = failed(admin.sets_up())
	assert (step, "no administrator" in sentence) == ("Chatwoot account", True)
	world.inboxes.owner = ChatwootUser(id=9, name="Ana", administrator=True)
	assert admin.does("", name="workshop", gateway_admin_token=GATEWAY_ADMIN)["complete"]


def test_a_wrong_gateway_token(world, admin):
	step, sentence = failed(admin.sets_up(gateway_admin_token=None, gateway_user_token="FictionalWrong"))
	assert (step, "does not know the session's token" in sentence) == ("gateway user", True)
	world.users.have_user("Old", Secret("FictionalRight"))
	assert admin.does("", name="workshop", gateway_user_token="FictionalRight")["complete"]


def test_a_wrong_address(world, admin):
	world.users.fail_next("users", Retriable("Nothing answers at the gateway's address"))
	assert failed(admin.sets_up()) == ("gateway user", "Nothing answers at the gateway's address")
	report = admin.does(
		"", name="workshop", gateway_url="http://right.example", gateway_admin_token=GATEWAY_ADMIN
	)
	assert report["complete"]
	assert world.host.sessions.kept("workshop").gateway_url == "http://right.example"


@pytest.mark.parametrize("method", ["status", "set_signing_key", "stored_webhook", "set_webhook"])
def test_the_gateway_goes_down_in_the_middle(world, admin, method):
	token = Secret("FictionalUser")
	world.users.have_user("Old", token)
	world.users.setup(token).fail_next(method, Retriable("The gateway does not answer"))
	given = {"gateway_admin_token": None, "gateway_user_token": token.value}
	assert failed(admin.sets_up(**given))[1] == "The gateway does not answer"
	assert admin.asks("/workshop")["advice"] == "Run the set-up again: it goes on where it ended."
	assert admin.does("", name="workshop")["complete"]
	assert (len(world.users.accounts), len(world.inboxes.account)) == (1, 1)


def test_an_inbox_whose_making_was_not_heard_of_is_found_again(world, admin):
	world.inboxes.fail_next("create_inbox", Uncertain("Chatwoot did not answer"), after_doing=True)
	assert failed(admin.sets_up())[0] == "Chatwoot inbox"
	assert len(world.inboxes.account) == 1
	assert admin.does("", name="workshop", gateway_admin_token=GATEWAY_ADMIN)["complete"]
	assert len(world.inboxes.account) == 1


def test_an_inbox_that_we_made_and_somebody_deleted_is_made_again(world, admin):
	admin.sets_up()
	world.inboxes.account.clear()
	doctor = admin.asks("/workshop/doctor")
	assert not doctor["healthy"]
	assert admin.does("", name="workshop")["inbox_id"] == 2
	assert world.bridge.sessions()["workshop"].inbox_id == 2


def test_an_inbox_of_somebodys_that_is_gone_is_told_of_and_another_one_may_be_made(world, admin):
	inbox = world.inboxes.have_inbox("Support")
	admin.sets_up(inbox_id=inbox.id)
	world.inboxes.account.clear()
	step, sentence = failed(admin.does("", name="workshop"))
	assert (step, "has no inbox 1" in sentence) == ("Chatwoot inbox", True)
	# What worked goes on as it was.
	assert world.bridge.sessions()["workshop"].inbox_id == 1
	assert admin.does("", name="workshop", new_inbox=True)["complete"]
	assert world.bridge.sessions()["workshop"].inbox_id == 2


def test_a_new_inbox_is_made_though_the_old_one_posts_to_us_and_only_one_however_often_it_is_tried(
	world, admin
):
	admin.sets_up()
	# It is made, and the answer is lost.
	world.inboxes.fail_next("create_inbox", Uncertain("no answer"), after_doing=True)
	assert failed(admin.does("", name="workshop", new_inbox=True))[0] == "Chatwoot inbox"
	assert world.bridge.sessions()["workshop"].inbox_id == 1
	assert admin.does("", name="workshop", new_inbox=True)["complete"]
	assert world.bridge.sessions()["workshop"].inbox_id == 2
	assert sorted(world.inboxes.account) == [1, 2]


def test_a_wrong_change_does_not_break_what_works(world, admin):
	admin.sets_up()
	before = world.bridge.sessions()
	world.inboxes.fail_next("user", Permanent("Chatwoot does not accept the access token"))
	failed(admin.does("", name="workshop", chatwoot_token="Fictional-Wrong"))
	assert world.bridge.sessions() == before
	assert admin.asks("/workshop")["state"] == "unknown"


def test_who_corrects_a_wrong_address_has_the_user_with_its_pairing_again(world, admin):
	admin.sets_up()
	before = world.host.sessions.kept("workshop")
	world.users.fail_next("users", Retriable("nothing answers at the gateway's address"))
	wrong = admin.does(
		"", name="workshop", gateway_url="http://wrong.example", gateway_admin_token=GATEWAY_ADMIN
	)
	assert not wrong["complete"]
	right = admin.does(
		"", name="workshop", gateway_url="http://gateway.example", gateway_admin_token=GATEWAY_ADMIN
	)
	assert right["complete"]
	assert len(world.users.accounts) == 1
	after = world.host.sessions.kept("workshop")
	assert (after.gateway_token, after.made) == (before.gateway_token, before.made)


def test_who_corrects_a_wrong_chatwoot_has_the_inbox_that_was_made_again(world, admin):
	admin.sets_up()
	before = world.host.sessions.kept("workshop")
	world.inboxes.fail_next("user", Permanent("what answered is not Chatwoot's API"))
	refused = admin.refused("", name="workshop", chatwoot_url="http://wrong.example")
	assert refused == (
		422,
		"Another address of Chatwoot needs its access token: the one that is kept is not sent there.",
	)
	elsewhere = {"chatwoot_url": "http://wrong.example", "chatwoot_token": "Fictional-Elsewhere"}
	assert not admin.does("", name="workshop", **elsewhere)["complete"]
	assert admin.does("", name="workshop", chatwoot_url="http://chatwoot.example")["complete"]
	after = world.host.sessions.kept("workshop")
	assert (after.inbox_id, after.made) == (before.inbox_id, before.made)
	assert len(world.inboxes.account) == 1


def test_a_number_is_moved_to_another_gateway(world, admin):
	admin.sets_up()
	before = world.host.sessions.kept("workshop")
	report = admin.does(
		"", name="workshop", gateway_url="http://other.example", gateway_admin_token=GATEWAY_ADMIN
	)
	assert states_of(report)["gateway user"] == "done"
	kept = world.host.sessions.kept("workshop")
	assert kept.gateway_url == "http://other.example"
	assert kept.gateway_token != before.gateway_token
	assert kept.made.gateway_user_id != before.made.gateway_user_id
	assert kept.inbox_id == before.inbox_id


# ---- what is not begun at all


@pytest.mark.parametrize(
	("changes", "status", "sentence"),
	[
		({"name": ".."}, 422, "A name has letters, digits, '-', '_', '.' and blanks only, 60 at most, and more than dots."),
		({"name": "front/desk"}, 422, "A name has letters, digits, '-', '_', '.' and blanks only, 60 at most, and more than dots."),
		({"name": ""}, 422, "name must be a text of 1 to 60 characters."),
		({"gateway_url": "gateway"}, 422, "The gateway's address (gateway_url) must be an address such as http://wuzapi.example.com:8080, without user name and password."),
		({"chatwoot_url": "https://me:Fictional-Password@chat.example"}, 422, "Chatwoot's address (chatwoot_url) must be an address such as https://chat.example.com, without user name and password."),
		({"chatwoot_token": "Fictional token"}, 422, "The access token of Chatwoot (chatwoot_token) must be an access token: letters, digits and signs without a blank."),
		({"account_id": "Fictional-"}, 422, "The number of the account (account_id) must be a whole number, 1 or more."),
		({"account_id": 2**63}, 422, "The number of the account (account_id) must be a whole number, 1 or more."),
		({"inbox_id": 0}, 422, "The number of the inbox (inbox_id) must be a whole number, 1 or more."),
		({"take_over": "Fictional-"}, 422, "take_over must be true or false."),
		({"Fictional-": 1}, 422, "The body has a field that is not known here."),
		({"gateway_url": None}, 422, "A new session needs the gateway's address."),
		({"gateway_admin_token": " ", "account_id": None}, 422, "A new session needs the number of the account in Chatwoot, the gateway's administrator token, or the token of a user there."),
	],
)  # fmt: skip
def test_what_is_missing_or_wrong_is_one_sentence(world, admin, changes, status, sentence):
	body = {key: value for key, value in {**NEW, **changes}.items() if value is not None}
	answer = admin.post("", body)
	assert (answer.status_code, answer.json()) == (status, {"detail": sentence})
	assert world.host.sessions.names == []


@pytest.mark.parametrize("body", [[], "text", 3])
def test_a_body_that_is_no_object(world, admin, body):
	answer = world.http.post(
		"/admin/api/sessions", json=body, headers={"Authorization": "Bearer Fictional-Admin-Token"}
	)
	assert answer.status_code == 422
	assert answer.json()["detail"].endswith(".")


def test_names_numbers_and_inboxes_of_the_environment_are_not_taken(tmp_path):
	with world_in(tmp_path / "data") as world:
		admin = Administrator(world)
		status, sentence = admin.refused("", **{**NEW, "name": "front-desk"})
		assert (status, "is set in the environment" in sentence) == (409, True)
		given = {**NEW, "gateway_admin_token": None, "inbox_id": SESSION.inbox_id}
		given |= {"gateway_user_token": "FictionalUser"}
		answer = admin.post("", given)
		assert (answer.status_code, "has the same Chatwoot inbox" in answer.text) == (409, True)
		assert world.host.sessions.names == ["front-desk"]
		assert world.inboxes.calls == []


def test_nothing_is_begun_that_cannot_be_kept(world, admin, monkeypatch):
	def full(*_: object) -> None:
		raise OSError(28, "No space left on device")

	monkeypatch.setattr("os.fsync", full)
	status, sentence = admin.refused("", **NEW)
	assert (status, "No space left on device" in sentence) == (409, True)
	assert world.users.accounts == {}


def test_one_at_a_time(world, admin, monkeypatch):
	monkeypatch.setattr("wuzapi_chatwoot.standalone_host.sessions.setup._HANDS", 0.01)
	with world.host.watcher.hands_on("workshop", 1.0):
		assert admin.refused("", **NEW) == (
			409,
			"Somebody else is at work on this session; try again in a moment.",
		)


def test_all_is_there_after_a_restart(world, admin):
	admin.sets_up()
	again = SessionStoreFile(world.settings.data_dir / "sessions.json").read()
	assert again.sessions == {"workshop": world.host.sessions.kept("workshop")}
	assert replace(again.sessions["workshop"], complete=False).complete is False
