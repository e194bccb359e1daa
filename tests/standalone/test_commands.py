"""The commands against the real admin API: what they say, to people and to scripts, and how they end."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator

import pytest
import requests
import responses
from click.testing import CliRunner, Result
from standalone.admin_world import GATEWAY_ADMIN, OWN, PICTURE, Administrator, HeldChatwoot
from standalone_world import StandaloneWorld, a_dead_event, world_in

from wuzapi_chatwoot.bridge.errors import Permanent, Retriable
from wuzapi_chatwoot.bridge.events import SessionChanged, SessionState
from wuzapi_chatwoot.bridge.records import Secret
from wuzapi_chatwoot.sandbox.gateway.qr_picture import qr_data_url
from wuzapi_chatwoot.standalone_host import pair_in_terminal, steps_in_terminal
from wuzapi_chatwoot.standalone_host.__main__ import main

URL = "http://127.0.0.1:8080"
ADD = (
	*("sessions", "add", "workshop", "--gateway-url", "http://gateway.example"),
	*("--chatwoot-url", "http://chatwoot.example", "--account", "3"),
)
TOKENS = {"GATEWAY_ADMIN_TOKEN": GATEWAY_ADMIN, "CHATWOOT_TOKEN": "Fictional-Chatwoot-Token"}


class Terminal:
	"""Runs commands where the service listens."""

	def __init__(self, world: StandaloneWorld) -> None:
		self.world = world
		self.admin = Administrator(world)
		self.calls: list[str] = []

	def __call__(self, *arguments: str, input: str | None = None, **variables: str) -> Result:
		with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
			for method in ("GET", "POST"):
				mock.add_callback(
					method, re.compile(URL + "/.*"), self._served, content_type="application/json"
				)
			env = {"ADMIN_TOKEN": "Fictional-Admin-Token", **variables}
			result = CliRunner().invoke(main, arguments, input=input, env=env)
		for secret in self.admin.secrets:
			assert secret not in result.output
		return result

	def json(self, *arguments: str, **variables: str) -> object:
		return json.loads(self(*arguments, "--json", **variables).stdout)

	def _served(self, request: requests.PreparedRequest) -> tuple[int, dict[str, str], bytes]:
		self.calls.append(f"{request.method} {request.path_url}")
		answer = self.world.http.request(
			request.method, request.path_url, content=request.body, headers=dict(request.headers)
		)
		return answer.status_code, {}, answer.content


@pytest.fixture
def terminal(tmp_path) -> Iterator[Terminal]:
	with world_in(tmp_path / "data", sessions={}) as world:
		yield Terminal(world)


@pytest.fixture
def ready(terminal: Terminal) -> Terminal:
	"""With a session that is set up."""
	terminal.admin.sets_up()
	return terminal


# ---- choices


def test_what_there_is_to_choose_from_is_listed_and_adopted(ready):
	user = ready.world.users.have_user("Shop", Secret("Fictional-User"))
	inbox = ready.world.inboxes.have_inbox("Sales", callback="https://other.example/hook?token=Fictional-x")
	ready.world.inboxes.have_inbox("Site", is_api=False)
	where = ("--chatwoot-url", "http://chatwoot.example")
	assert ready("sessions", "choices", "chatwoot", "office", *where, **TOKENS).stdout.splitlines() == [
		"account 3: Padaria Aurora Ltda",
		f"inbox {inbox.id}: Sales, posts to other.example",
		"inbox 3: Site, posts nowhere (cannot be chosen: it is no API inbox)",
		"inbox 1: workshop, posts to us for session workshop (cannot be chosen: session workshop uses it)",
	]
	where = ("--gateway-url", "http://gateway.example")
	assert ready("sessions", "choices", "gateway", "office", *where, **TOKENS).stdout.splitlines() == [
		"user user-1: workshop, no number, not connected, posts to us for session workshop "
		"(cannot be chosen: session workshop uses it)",
		"user user-2: Shop, no number, not connected, posts nowhere",
	]
	assert ready.json("sessions", "choices", "chatwoot", "workshop")["account_id"] == 3
	ready.world.chatwoots["office"] = ready.world.chatwoots["workshop"]
	ready.world.gateways["office"] = ready.world.gateways["workshop"]
	adopt = ("sessions", "add", "office", *ADD[3:], "--inbox", str(inbox.id), "--gateway-user", user.id)
	assert ready(*adopt, "--take-over", **TOKENS).exit_code == 0
	assert ready.world.host.sessions.kept("office").gateway_token == Secret("Fictional-User")


def test_what_cannot_be_listed_is_a_sentence_and_a_code(terminal):
	result = terminal("sessions", "choices", "gateway", "--gateway-url", "http://gateway.example")
	assert (result.exit_code, result.stdout) == (
		1,
		"--gateway-admin-token: To list what is there, the token for this address is needed.\n",
	)
	result = terminal("sessions", "choices", "chatwoot", "--json")
	assert (result.exit_code, json.loads(result.stdout)["trouble"]["field"]) == (1, "chatwoot_url")


# ---- sessions


def test_no_session_is_a_hint(terminal):
	result = terminal("sessions", "list")
	assert (result.exit_code, result.stdout) == (
		0,
		"There is no session. Add one with 'wuzapi-chatwoot sessions add NAME'.\n",
	)
	assert terminal.json("sessions", "list") == {"sessions": []}


def test_a_session_is_set_up_step_by_step(terminal):
	terminal.admin.sets_up(name="before")
	terminal.world.host.sessions.remove("before")
	terminal.world.gateways["workshop"] = terminal.world.gateways["before"]
	terminal.world.chatwoots["workshop"] = terminal.world.chatwoots["before"]
	result = terminal(*ADD, **TOKENS)
	assert result.exit_code == 0
	lines = result.stdout.splitlines()
	assert lines[0] == " = Chatwoot account: signed in as Bridge"
	assert lines[1] == " + gateway user: user workshop was made"
	assert lines[-1] == "Both sides are ready. Connect the session next, and pair it with the phone."
	assert terminal("sessions", "list").stdout.splitlines() == [
		"workshop: Set up, and not connected yet.",
		"    Connect it, and pair it with the phone.",
	]


def test_each_step_is_shown_as_soon_as_it_is_done(terminal, monkeypatch):
	held = terminal.world.inboxes = HeldChatwoot(time=terminal.world.clock)
	before_its_end: list[str] = []
	echo = steps_in_terminal.click.echo

	def says(text: str, **more: object) -> None:
		if not held.go.is_set():
			before_its_end.append(text)
		echo(text, **more)
		if "gateway webhook" in text:
			held.go.set()

	monkeypatch.setattr(steps_in_terminal, "_EVERY", 0.01)
	monkeypatch.setattr(steps_in_terminal.click, "echo", says)
	result = terminal(*ADD, **TOKENS)
	assert result.exit_code == 0
	assert [line[3:].partition(":")[0] for line in before_its_end] == [
		"Chatwoot account",
		"gateway user",
		"gateway signing key",
		"gateway media delivery",
		"gateway webhook",
	]
	# And each once.
	assert len(result.stdout.splitlines()) == 10
	assert result.stdout.splitlines()[:5] == before_its_end


def test_in_a_terminal_the_step_that_is_waited_for_is_shown_too(capsys, monkeypatch):
	monkeypatch.setattr(steps_in_terminal.sys.stdout, "isatty", lambda: True, raising=False)
	screen = steps_in_terminal._Screen()
	done = {"name": "one", "state": "done", "sentence": "made"}
	screen.show([done, {"name": "two", "state": "running", "sentence": ""}])
	screen.show([done, {"name": "two", "state": "found", "sentence": "is there"}])
	back = "\r\x1b[K"
	assert capsys.readouterr().out == f"{back} + one: made\n . two …{back} = two: is there\n"


def test_scripts_are_given_the_report_alone(terminal):
	terminal.admin.sets_up()
	terminal.calls.clear()
	assert terminal.json("sessions", "add", "workshop")["complete"]
	assert terminal.calls == ["POST /admin/api/sessions"]


def test_a_set_up_that_stops_ends_with_1_and_the_sentence(terminal):
	terminal.world.inboxes.fail_next("user", Permanent("Chatwoot does not accept the access token"))
	result = terminal(*ADD, **TOKENS)
	assert result.exit_code == 1
	assert " ! Chatwoot account: Chatwoot does not accept the access token" in result.stdout
	again = terminal("sessions", "add", "workshop", **TOKENS)
	assert again.exit_code == 0


def test_how_to_confirm_what_has_to_be_confirmed_is_told(terminal):
	inbox = terminal.world.inboxes.have_inbox("Sales", callback="https://other.example/hook")
	result = terminal(*ADD, "--inbox", str(inbox.id), **TOKENS)
	assert result.exit_code == 1
	assert "confirm that it shall post here instead" in result.stdout
	assert result.stderr == "To confirm it, say the same once more with --take-over.\n"
	assert terminal(*ADD, "--inbox", str(inbox.id), "--take-over", **TOKENS).exit_code == 0


def test_what_is_left_out_is_told(terminal):
	result = terminal("sessions", "add", "workshop")
	assert result.exit_code == 1
	assert result.stderr.startswith("A new session needs the gateway's address, ")


def test_tokens_are_asked_for_without_being_shown(terminal):
	given = ("--gateway-admin-token", "--chatwoot-token")
	result = terminal(*ADD, *given, input=f"{GATEWAY_ADMIN}\nFictional-Chatwoot-Token\n")
	assert result.exit_code == 0
	assert "Access token of Chatwoot:" in result.output


@pytest.mark.parametrize(
	("command", "done"),
	[
		("disconnect", "It is disconnected, and stays so until somebody connects it."),
		("logout", "The pairing has ended."),
		("delete", "The session is deleted."),
	],
)
def test_an_ending_says_what_is_lost_and_asks(ready, command, done):
	ready.admin.pairs()
	asked = ready("sessions", command, "workshop", input="n\n")
	assert asked.exit_code == 1
	assert asked.stderr.count("\n  ") >= 1
	assert "? [y/N]" in asked.stderr
	assert ready.admin.user.logged_in
	assert ready.world.host.sessions.names == ["workshop"]
	result = ready("sessions", command, "workshop", input="y\n")
	assert (result.exit_code, result.stdout.splitlines()[-1]) == (0, done)


def test_scripts_are_not_asked(ready):
	answer = ready.json(
		"sessions", "delete", "workshop", "--yes", "--remove-made", GATEWAY_ADMIN_TOKEN=GATEWAY_ADMIN
	)
	assert answer["done"]
	assert ready.world.users.accounts == {}
	assert ready("sessions", "delete", "workshop", "--yes").exit_code == 1


def test_what_could_not_be_removed_ends_with_1(ready):
	result = ready("sessions", "delete", "workshop", "--yes", "--remove-made")
	assert result.exit_code == 1
	assert " ! gateway user: removing a user takes the gateway administrator's token" in result.stdout


@pytest.mark.parametrize(
	("only", "steps"), [((), 2), (("--only", "gateway"), 1), (("--only", "chatwoot"), 1)]
)
def test_secrets_are_replaced(ready, only, steps):
	result = ready("sessions", "rotate", "workshop", *only)
	assert result.exit_code == 0
	assert result.stdout.count(" + ") == steps
	ready.world.inboxes.fail_next("new_secret", Permanent("no"))
	assert ready("sessions", "rotate", "workshop", "--only", "chatwoot").exit_code == 1


def test_the_doctor_ends_with_1_where_something_is_broken(ready):
	result = ready("doctor")
	assert result.exit_code == 1
	assert " ! WhatsApp: The session is not connected.\n     Connect it.\n" in result.stdout
	report = ready.json("doctor", "workshop")["workshop"]
	assert not report["healthy"]
	assert ready("doctor", "nobody").stderr == "There is no session 'nobody'.\n"


def test_the_doctor_tells_of_one_event_that_was_given_up(tmp_path):
	with world_in(tmp_path / "data") as world:
		a_dead_event(world)
		told = Terminal(world)("doctor").stdout
		assert " ? queue: 1 event was given up, of one session or another.\n" in told


def test_a_doctor_without_patients(terminal):
	result = terminal("doctor")
	assert (result.exit_code, result.stdout) == (0, "There is no session.\n")


# ---- pairing


@pytest.fixture
def moments(monkeypatch) -> Callable[..., list[Callable[[], object]]]:
	"""What happens on the phone, one thing a pause. Time passes with the pauses."""
	passed = [0.0]
	monkeypatch.setattr(pair_in_terminal.time, "monotonic", lambda: passed[0])

	def plan(*acts: Callable[[], object]) -> list[Callable[[], object]]:
		left = list(acts)

		def pause(seconds: float) -> None:
			passed[0] += seconds
			if left:
				left.pop(0)()

		monkeypatch.setattr(pair_in_terminal.time, "sleep", pause)
		return left

	return plan


def paired(ready: Terminal) -> None:
	ready.admin.user.pair(OWN)


def knows_number(ready: Terminal) -> None:
	ready.admin.user.used_address = OWN


def test_from_picture_to_connected(ready, moments):
	first, second = qr_data_url("first"), qr_data_url("second")
	user = ready.admin.user
	left = moments(
		lambda: user.show_qr(first),
		lambda: None,
		lambda: user.show_qr(second),
		lambda: None,
		lambda: paired(ready),
		lambda: knows_number(ready),
	)
	result = ready("sessions", "connect", "workshop")
	assert result.exit_code == 0, result.output
	assert left == []
	assert result.stdout.splitlines()[-1] == "workshop: Connected as +1 202-555-0100."
	# Each picture once, however often it was asked for.
	assert result.stdout.count("then scan the picture") == 2
	assert result.stdout.count("█") > 200
	assert "\x1b" not in result.stdout


def test_a_banned_number_is_not_connected_again_and_again(ready, moments):
	def refuses() -> None:
		ready.admin.user.connected = False
		change = SessionChanged(SessionState.BANNED, banned_for_seconds=3600)
		ready.world.host.store.note_session_change("workshop", change, ready.world.clock.now())

	moments(refuses)
	result = ready("sessions", "connect", "workshop")
	assert result.exit_code == 1
	assert result.stderr.startswith("WhatsApp has banned the number until ")
	assert ready.world.users.setup(ready.admin.user.token).count("connect") == 1


def test_in_a_terminal_the_picture_takes_the_place_of_the_one_before(capsys, monkeypatch):
	screen = pair_in_terminal._Screen(quiet=False)
	monkeypatch.setattr(type(screen._stream), "isatty", lambda stream: True, raising=False)
	monkeypatch.setattr(pair_in_terminal.shutil, "get_terminal_size", lambda: os.terminal_size((20, 10)))
	for text in ("one\ntwo", "one\ntwo", "x" * 30, "end"):
		screen.show(text)
	assert capsys.readouterr().out == f"one\ntwo\n\x1b[2A\x1b[J{'x' * 30}\n\x1b[2A\x1b[Jend\n"


def test_for_scripts_only_the_end_is_on_standard_output(ready, moments):
	user = ready.admin.user
	moments(lambda: user.show_qr(qr_data_url("x")), lambda: (paired(ready), knows_number(ready)))
	result = ready("sessions", "connect", "workshop", "--json")
	told = json.loads(result.stdout)
	assert (told["session"], told["phase"], told["number"]) == ("workshop", "connected", "+1 202-555-0100")
	assert "█" in result.stderr


def test_when_the_codes_have_run_out_others_are_asked_for(ready, moments):
	user, clock = ready.admin.user, ready.world.clock

	def expires() -> None:
		clock.advance(30)
		user.expire_qr()

	moments(
		lambda: user.show_qr(qr_data_url("x")),
		expires,
		lambda: user.show_qr(qr_data_url("y")),
		lambda: (paired(ready), knows_number(ready)),
	)
	assert ready("sessions", "connect", "workshop").exit_code == 0
	assert ready.world.users.setup(user.token).count("connect") == 2


def test_by_a_code_that_is_typed(ready, moments):
	user = ready.admin.user
	moments(
		lambda: user.show_qr(PICTURE),
		lambda: user.show_qr(qr_data_url("x")),
		lambda: (paired(ready), knows_number(ready)),
	)
	result = ready("sessions", "connect", "workshop", "--phone", "+12025550100")
	assert result.exit_code == 0
	assert result.stdout.count("Type ABCD-EFGH on that phone") == 1
	assert "█" not in result.stdout


def test_nobody_scans(ready, moments):
	moments()
	result = ready("sessions", "connect", "workshop", "--timeout", "10")
	assert (result.exit_code, result.stderr) == (5, "Nobody has paired workshop within 10 seconds.\n")


def test_a_picture_that_cannot_be_drawn_is_no_end(ready, moments):
	user = ready.admin.user
	moments(lambda: user.show_qr(PICTURE), lambda: (paired(ready), knows_number(ready)))
	result = ready("sessions", "connect", "workshop")
	assert result.exit_code == 0
	assert (
		"The gateway gave no PNG picture. Take the admin page, or --phone for a code to type."
		in result.stdout
	)


def test_a_gateway_that_is_down(ready):
	ready.world.users.setup(ready.admin.user.token).fail_next("status", Retriable("nothing answers there"))
	result = ready("sessions", "connect", "workshop")
	assert (result.exit_code, result.stderr) == (1, "Nothing answers there.\n")


# ---- events


def test_events_are_listed_shown_and_replayed(tmp_path):
	with world_in(tmp_path / "data") as world:
		terminal = Terminal(world)
		assert terminal("events", "list").stdout == "No event is dead.\n"
		dead = a_dead_event(world)
		assert terminal("events", "list").stdout.rstrip().endswith("front-desk Message: Chatwoot refused it")
		shown = terminal("events", "show", str(dead)).stdout
		assert "state: dead" in shown
		assert "2026-03-02T09:00:01+00:00 dead: Chatwoot refused it" in shown
		assert terminal.json("events", "list", "--limit", "1", "--before", str(dead)) == {"events": []}
		assert terminal("events", "replay", str(dead)).stdout == f"{dead} waits again\n"
		again = terminal("events", "replay", str(dead))
		assert (again.exit_code, again.stderr) == (1, "There is no dead or ignored event of that id\n")
		assert terminal("events", "show", "0").stderr == "The bridge refused this (status 422).\n"


# ---- where there is no service


def test_a_service_that_does_not_run():
	with responses.RequestsMock() as mock:
		mock.get(f"{URL}/admin/api/sessions", body=requests.ConnectionError("refused"))
		result = CliRunner().invoke(main, ["sessions", "list"], env={"ADMIN_TOKEN": "x"})
	assert (result.exit_code, result.stderr) == (
		3,
		f"No bridge runs at {URL}. Start it with 'wuzapi-chatwoot serve', or say --url.\n",
	)


@pytest.mark.parametrize("answer", [{"body": "<html>"}, {"json": [1]}, {"body": "", "status": 302}])
def test_something_else_answers(answer):
	with responses.RequestsMock() as mock:
		mock.get("http://other.example/admin/api/sessions", **answer)
		arguments = ["sessions", "list", "--url", "http://other.example/"]
		result = CliRunner().invoke(main, arguments, env={"ADMIN_TOKEN": "x"})
	assert result.exit_code == 3
	assert result.stderr.startswith("What answers at http://other.example is no bridge")


@pytest.mark.parametrize("token", ["wrong", "Fictional-Ädmin", "日本"])
def test_a_wrong_token(terminal, token):
	result = terminal("sessions", "list", ADMIN_TOKEN=token)
	assert (result.exit_code, result.stderr) == (
		4,
		"The bridge does not let us in: set ADMIN_TOKEN as the service has it.\n",
	)


def test_without_a_token_nobody_is_asked():
	result = CliRunner().invoke(main, ["sessions", "list"])
	assert result.exit_code == 4
	assert result.stderr == "ADMIN_TOKEN is not set: take the same environment or .env as the service.\n"


def test_wrong_settings_are_told():
	result = CliRunner().invoke(main, ["sessions", "list"], env={"PORT": "x", "ADMIN_TOKEN": "x"})
	assert (result.exit_code, result.stderr) == (2, "PORT must be a whole number from 0 to 65535.\n")
