"""What an administrator does with sessions that are there: pair, look, test, rotate, disconnect, log out, delete."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from standalone.admin_world import GATEWAY_ADMIN, OWN, PICTURE, Administrator, failed, states_of
from standalone_world import ADMIN, SESSION, StandaloneWorld, world_in

from wuzapi_chatwoot.bridge.errors import Permanent, Retriable, Uncertain
from wuzapi_chatwoot.bridge.events import SessionChanged, SessionState
from wuzapi_chatwoot.bridge.findings import Reached
from wuzapi_chatwoot.bridge.gateway_setup_port import WebhookSettings
from wuzapi_chatwoot.bridge.records import Secret, Source
from wuzapi_chatwoot.wuzapi.event_names import EVENTS


@pytest.fixture
def world(tmp_path) -> Iterator[StandaloneWorld]:
	with world_in(tmp_path / "data", sessions={}) as world:
		yield world


@pytest.fixture
def admin(world: StandaloneWorld) -> Administrator:
	admin = Administrator(world)
	admin.sets_up()
	return admin


def notes(world: StandaloneWorld, state: SessionState, session: str = "workshop", **more: object) -> None:
	world.store.note_session_change(session, SessionChanged(state, **more), world.clock.now())


# ---- who may


ROUTES = [
	("GET", ""),
	("POST", ""),
	("GET", "/workshop"),
	("GET", "/workshop/pairing"),
	("GET", "/workshop/doctor"),
	("GET", "/workshop/test"),
	("GET", "/workshop/changes"),
	("GET", "/workshop/set-up"),
	*(
		("POST", f"/workshop/{act}")
		for act in ("connect", "pair-phone", "disconnect", "log-out", "delete", "test", "rotate")
	),
]


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_without_token_or_login_nothing_is_told(world, admin, method, path):
	calls = world.users.count(), world.inboxes.count()
	for headers in ({}, {"Authorization": "Bearer wrong"}, {"Cookie": "wuzapi_chatwoot_admin=wrong"}):
		answer = world.http.request(
			method, f"/admin/api/sessions{path}", json={"name": "workshop"}, headers=headers
		)
		assert answer.status_code == 401
		assert "workshop" not in answer.text
	assert (world.users.count(), world.inboxes.count()) == calls


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_without_an_admin_token_all_is_switched_off(tmp_path, method, path):
	with world_in(tmp_path / "data", admin_token=Secret("")) as world:
		for headers in ({}, {"Authorization": "Bearer "}, ADMIN):
			answer = world.http.request(method, f"/admin/api/sessions{path}", json={}, headers=headers)
			assert answer.status_code == 403
		assert world.http.post("/admin/api/login", json={"token": ""}).status_code == 403


def test_a_login_opens_the_same_until_it_ends(world, admin):
	answer = world.http.post("/admin/api/login", json={"token": "Fictional-Admin-Token"})
	assert answer.status_code == 200
	cookie = answer.headers["set-cookie"]
	for part in ("HttpOnly", "SameSite=strict", "Path=/admin", "Max-Age=43200"):
		assert part in cookie
	assert "Fictional" not in cookie
	# By plain HTTP a secure cookie would not come back.
	assert "Secure" not in cookie
	assert world.http.get("/admin/api/sessions").status_code == 200
	assert world.http.get("/events").status_code == 401
	assert world.http.post("/admin/api/logout", json={}).status_code == 200
	assert world.http.get("/admin/api/sessions").status_code == 401


def test_behind_tls_the_cookie_is_secure(tmp_path):
	with world_in(tmp_path / "data", public_url="https://bridge.example") as world:
		answer = world.http.post("/admin/api/login", json={"token": "Fictional-Admin-Token"})
		assert "Secure" in answer.headers["set-cookie"]


@pytest.mark.parametrize("token", ["", "wrong", "Fictional-Admin-Token x", "Fictional-Ädmin"])
def test_a_wrong_token_logs_nobody_in(world, token):
	answer = world.http.post("/admin/api/login", json={"token": token})
	assert (answer.status_code, answer.json()) == (401, {"detail": "This is not the ADMIN_TOKEN."})
	assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
	"kind", ["application/x-www-form-urlencoded", "text/plain", "multipart/form-data", ""]
)
def test_what_the_form_of_a_strange_site_can_send_is_not_obeyed(world, admin, kind):
	world.http.post("/admin/api/login", json={"token": "Fictional-Admin-Token"})
	headers = {"Content-Type": kind}
	for path in ("login", "logout", "sessions/workshop/disconnect"):
		answer = world.http.post(f"/admin/api/{path}", content=b'{"confirm": true}', headers=headers)
		assert answer.status_code == 415
	assert not world.host.sessions.stopped("workshop")


def test_what_nobody_knows_is_told_so(admin):
	assert admin.get("/nobody").status_code == 404
	assert admin.get("/nobody/pairing").json() == {"detail": "There is no session 'nobody'."}
	for act in ("connect", "test", "rotate"):
		assert admin.refused(f"/nobody/{act}")[0] == 404
	assert admin.refused("/nobody/delete", confirm=True)[0] == 404
	assert admin.refused("/nobody/pair-phone", phone="+447700900123")[0] == 404


# ---- how they stand


def test_the_list_says_in_words_how_each_stands(world, admin):
	[shown] = admin.asks()["sessions"]
	assert shown == {
		"name": "workshop",
		"made_here": True,
		"state": "unknown",
		"sentence": "Set up, and not connected yet.",
		"advice": "Connect it, and pair it with the phone.",
		"since": None,
		"number": None,
		"profile_name": None,
		"gateway_url": "http://gateway.example",
		"chatwoot_url": "http://chatwoot.example",
		"account_id": 3,
		"inbox_id": 1,
		"inbox_name": "workshop",
		"makes": ["the user on the gateway", "inbox 1 in Chatwoot"],
	}
	notes(world, SessionState.CONNECTED, address=OWN)
	shown = admin.asks("/workshop")
	assert (shown["state"], shown["sentence"], shown["number"]) == (
		"connected",
		"Connected to WhatsApp.",
		"+1 202-555-0100",
	)
	assert shown["since"] == "2026-03-02T09:00:00+00:00"


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
	fields = {"confirm": True, "remove_made": True, "gateway_admin_token": GATEWAY_ADMIN}
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


# ---- pairing


def pairing(admin: Administrator, known: str = "") -> dict[str, object]:
	return admin.asks(f"/workshop/pairing?known={known}")


def test_from_connecting_to_connected(world, admin):
	assert pairing(admin)["phase"] == "off"
	assert admin.does("/workshop/connect") == {"sentence": "The gateway is connecting."}
	assert pairing(admin)["phase"] == "starting"
	admin.user.show_qr(PICTURE)
	first = pairing(admin)
	assert (first["phase"], first["qr"]) == ("scan", PICTURE)
	admin.user.show_qr("data:image/png;base64,SECOND")
	second = pairing(admin, first["qr_id"])
	assert second["qr"] == "data:image/png;base64,SECOND"
	assert second["qr_id"] != first["qr_id"]
	# What is shown already is not sent again.
	assert pairing(admin, second["qr_id"]) == {**second, "qr": None}
	admin.user.pair(OWN)
	assert pairing(admin)["sentence"] == "Connected."
	notes(world, SessionState.CONNECTED, address=OWN)
	assert pairing(admin) == {
		"phase": "connected",
		"sentence": "Connected as +1 202-555-0100.",
		"qr": None,
		"qr_id": None,
		"number": "+1 202-555-0100",
		"name": None,
	}
	notes(world, SessionState.CONNECTED, name="Example Shop")
	assert pairing(admin)["sentence"] == "Connected as +1 202-555-0100 (Example Shop)."


def test_what_the_pairing_has_undone_is_posted_again_at_once(world, admin):
	admin.pairs()
	admin.user.used_key = Secret("")
	pairing(admin)
	known = world.host.watcher._known["workshop"]
	assert known.again
	session = world.bridge.sessions()["workshop"]
	world.host.watcher._look_at(session, known)
	assert admin.user.used_key == world.host.sessions.kept("workshop").signing_key
	pairing(admin)
	assert not known.again


def test_the_codes_run_out_and_others_are_asked_for(world, admin):
	admin.does("/workshop/connect")
	admin.user.show_qr(PICTURE)
	world.clock.advance(21)
	admin.user.expire_qr()
	assert pairing(admin)["phase"] == "off"
	admin.does("/workshop/connect")
	admin.user.show_qr("data:image/png;base64,NEXT")
	assert pairing(admin)["qr"] == "data:image/png;base64,NEXT"


def test_why_no_code_is_shown(world, admin):
	notes(world, SessionState.FAILED, detail="WhatsApp refused the connection")
	told = pairing(admin)
	assert (told["phase"], told["sentence"]) == (
		"off",
		"The number is not connected to WhatsApp (WhatsApp refused the connection). "
		"Read the reason, mend it, and connect again.",
	)
	admin.does("/workshop/connect")
	admin.user.connected = False
	notes(world, SessionState.BANNED, banned_for_seconds=3600)
	told = pairing(admin)
	assert told["phase"] == "banned"
	assert told["sentence"].startswith(
		"WhatsApp has banned the number until 2026-03-02 11:00. Do not connect "
	)
	world.clock.advance(3600)
	assert pairing(admin)["phase"] == "off"


def test_no_second_connect_beside_one_that_may_be_under_way(world, admin):
	setup = world.users.setup(admin.user.token)
	admin.does("/workshop/connect")
	admin.user.connected = False
	admin.does("/workshop/connect")
	assert setup.count("connect") == 1
	world.clock.advance(20)
	admin.does("/workshop/connect")
	assert setup.count("connect") == 2
	# Connected: nothing to do.
	world.clock.advance(60)
	admin.does("/workshop/connect")
	assert setup.count("connect") == 2


def test_a_gateway_that_connects_again_by_itself_is_left_alone(world, admin):
	notes(world, SessionState.RECONNECTING)
	world.clock.advance(179)
	status, sentence = admin.refused("/workshop/connect")
	assert (status, "connects again by itself" in sentence) == (502, True)
	world.clock.advance(1)
	admin.does("/workshop/connect")


def test_pairing_by_a_code_that_is_typed(world, admin):
	status, sentence = admin.refused("/workshop/pair-phone", phone="+12025550100")
	assert (status, "connect it, then ask for the code" in sentence) == (502, True)
	admin.does("/workshop/connect")
	told = admin.does("/workshop/pair-phone", phone=" +1 (202) 555-0100 ")
	assert told["code"] == "ABCD-EFGH"
	assert "Type ABCD-EFGH on that phone" in told["sentence"]
	assert admin.user.linking == "+12025550100"
	assert admin.refused("/workshop/pair-phone", phone="Fictional")[0] == 422
	admin.user.pair(OWN)
	assert admin.refused("/workshop/pair-phone", phone="+12025550100")[0] == 422


def test_a_gateway_that_is_down_is_a_sentence(world, admin):
	setup = world.users.setup(admin.user.token)
	for path in ("pairing", "connect"):
		setup.fail_next("status", Retriable("nothing answers at the gateway's address"))
		call = admin.get if path == "pairing" else admin.post
		answer = call(f"/workshop/{path}")
		assert answer.status_code == 502
		assert answer.json() == {"detail": "Nothing answers at the gateway's address."}


# ---- the three endings


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
	assert "Inbox 1, which was made in Chatwoot, is removed, with every conversation in it." in asked["loses"]
	assert admin.does("/workshop/delete", confirm=True)["done"]
	assert world.host.sessions.names == []
	assert (len(world.users.accounts), len(world.inboxes.account)) == (1, 1)
	admin.sets_up()
	done = admin.does("/workshop/delete", confirm=True, remove_made=True, gateway_admin_token=GATEWAY_ADMIN)
	assert states_of(done) == {"gateway user": "done", "Chatwoot inbox": "done"}
	assert (len(world.users.accounts), len(world.inboxes.account)) == (1, 1)


def test_what_cannot_be_taken_back_is_tried_again(world, admin):
	tried = admin.does("/workshop/delete", confirm=True, remove_made=True)
	assert not tried["done"]
	assert states_of(tried) == {"gateway user": "failed", "Chatwoot inbox": "done"}
	assert "administrator's token" in tried["steps"][0]["sentence"]
	assert admin.asks("/workshop")["makes"] == ["the user on the gateway"]
	again = admin.does("/workshop/delete", confirm=True, remove_made=True, gateway_admin_token=GATEWAY_ADMIN)
	assert again["done"]
	assert world.users.accounts == {}


def test_what_was_adopted_is_never_removed(world, admin):
	admin.does("/workshop/delete", confirm=True)
	world.users.accounts.clear()
	world.inboxes.account.clear()
	world.users.have_user("Old", Secret("FictionalUser"))
	inbox = world.inboxes.have_inbox("Support")
	admin.sets_up(gateway_admin_token=None, gateway_user_token="FictionalUser", inbox_id=inbox.id)
	done = admin.does("/workshop/delete", confirm=True, remove_made=True, gateway_admin_token=GATEWAY_ADMIN)
	assert (done["done"], done["steps"]) == (True, [])
	assert (len(world.users.accounts), len(world.inboxes.account)) == (1, 1)


# ---- rotation


def believed(world: StandaloneWorld) -> tuple[list[str], list[str]]:
	session = world.bridge.sessions()["workshop"]
	return [each.value for each in session.gateway_secrets], [each.value for each in session.chatwoot_secrets]


def test_secrets_are_replaced_and_the_old_ones_believed_for_an_hour(world, admin):
	[old_key], [old_secret] = believed(world)
	done = admin.does("/workshop/rotate")
	assert states_of(done) == {"gateway signing key": "done", "Chatwoot signing secret": "done"}
	keys, secrets = believed(world)
	assert keys == [admin.user.used_key.value, old_key]
	assert secrets == [world.inboxes.account[1].secret.value, old_secret]
	assert len({*keys, *secrets}) == 4
	world.clock.advance(3599)
	assert [len(each) for each in believed(world)] == [2, 2]
	world.clock.advance(1)
	assert believed(world) == (keys[:1], secrets[:1])


def test_what_chatwoot_signs_before_its_new_secret_is_known_is_believed_by_the_token(
	world, admin, monkeypatch
):
	token = world.host.sessions.kept("workshop").webhook_token.value
	new_secret = type(world.inboxes).new_secret

	def told(token: str) -> int:
		"""With a signature that is nobody's that we know."""
		path = f"/webhook/chatwoot/workshop?{urlencode({'token': token})}"
		return world.told_by_chatwoot({"event": "webwidget_triggered"}, path=path).status_code

	def asked(*which: object) -> object:
		assert [told(token), told("wrong")] == [200, 401]
		return new_secret(*which)

	monkeypatch.setattr(type(world.inboxes), "new_secret", asked)
	assert told(token) == 401
	assert admin.does("/workshop/rotate", gateway=False)["complete"]
	assert told(token) == 200
	world.clock.advance(10)
	assert told(token) == 401


def test_one_side_alone_is_rotated(world, admin):
	keys, secrets = believed(world)
	admin.does("/workshop/rotate", chatwoot=False)
	assert (len(believed(world)[0]), believed(world)[1]) == (2, secrets)
	admin.does("/workshop/rotate", gateway=False)
	assert believed(world)[0][1:] == keys


def test_what_chatwoot_could_not_bring_meanwhile_is_fetched(world, admin, monkeypatch):
	asked: list[str] = []
	monkeypatch.setattr(world.host.housekeeping, "fetch_soon", asked.append)
	admin.does("/workshop/rotate", gateway=False)
	assert asked == ["workshop"]


@pytest.mark.parametrize("after_doing", [True, False])
def test_where_the_gateway_fails_both_keys_are_believed(world, admin, after_doing):
	"""It may have the new one all the same; the watcher posts the old one again."""
	[old], _ = believed(world)
	setup = world.users.setup(admin.user.token)
	setup.fail_next("set_signing_key", Uncertain("The gateway did not answer"), after_doing=after_doing)
	step, sentence = failed(admin.does("/workshop/rotate", chatwoot=False))
	assert (step, sentence) == ("gateway signing key", "The gateway did not answer")
	keys, _ = believed(world)
	assert keys[0] == old
	assert admin.user.used_key.value in keys
	assert world.host.watcher._known["workshop"].again


def test_a_new_secret_of_which_no_answer_told_is_read(world, admin):
	world.inboxes.fail_next("new_secret", Uncertain("Chatwoot did not answer"), after_doing=True)
	assert admin.does("/workshop/rotate", gateway=False)["complete"]
	assert believed(world)[1][0] == world.inboxes.account[1].secret.value


def test_where_chatwoot_refuses_the_old_one_goes_on(world, admin):
	before = believed(world)
	world.inboxes.fail_next("new_secret", Permanent("only an administrator may"))
	assert failed(admin.does("/workshop/rotate", gateway=False))[1] == "only an administrator may"
	assert believed(world) == before


# ---- the doctor


@pytest.fixture
def well(world, admin, monkeypatch) -> Administrator:
	"""All threads at work, and an address that the internet knows."""
	monkeypatch.setattr(
		"wuzapi_chatwoot.standalone_host.session_doctor._addresses_of", lambda name: ["9.9.9.9"]
	)
	with world.http:
		admin.pairs()
		yield admin


def findings(admin: Administrator, name: str = "workshop") -> dict[str, dict[str, str]]:
	return {each["step"]: each for each in admin.asks(f"/{name}/doctor")["findings"]}


def test_the_doctor_finds_everything_well(world, well):
	report = well.asks("/workshop/doctor")
	assert report["healthy"]
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
	token = world.host.sessions.kept("workshop").webhook_token.value
	hook = {"type": "Connected", "event": {}, "userID": "x", "instanceName": "y"}
	assert world.http.post(f"/webhook/wuzapi/workshop?token={token}", json=hook).status_code == 200
	told = findings(well)
	assert told["webhooks of the gateway"]["sentence"] == "The last one came 2026-03-02 09:00 UTC."
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


def test_a_private_address_and_a_purpose_are_warned_of(world, well, monkeypatch):
	monkeypatch.setattr(
		"wuzapi_chatwoot.standalone_host.session_doctor._addresses_of", lambda name: ["10.0.0.7"]
	)
	well.does("/workshop/disconnect", confirm=True)
	told = findings(well)
	assert "SAFE_FETCH_ALLOW_PRIVATE_NETWORK" in told["our address"]["fix"]
	assert told["disconnected"]["verdict"] == "warning"


def test_what_people_have_wired_by_hand_is_not_called_wrong(tmp_path, monkeypatch):
	monkeypatch.setattr(
		"wuzapi_chatwoot.standalone_host.session_doctor._addresses_of", lambda name: ["9.9.9.9"]
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
