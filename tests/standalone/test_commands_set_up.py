"""The commands that set a session up: what there is to choose, each step as it is done, what stops it."""

from __future__ import annotations

import json

from standalone.admin_world import GATEWAY_ADMIN, HeldChatwoot
from standalone.command_world import ADD, TOKENS, ready, terminal

from wuzapi_chatwoot.bridge.model.errors import Permanent
from wuzapi_chatwoot.bridge.model.records import Secret
from wuzapi_chatwoot.standalone_host.commands import setup_steps

__all__ = ["ready", "terminal"]


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
	echo = setup_steps.click.echo

	def says(text: str, **more: object) -> None:
		if not held.go.is_set():
			before_its_end.append(text)
		echo(text, **more)
		if "gateway webhook" in text:
			held.go.set()

	monkeypatch.setattr(setup_steps, "_EVERY", 0.01)
	monkeypatch.setattr(setup_steps.click, "echo", says)
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
	monkeypatch.setattr(setup_steps.sys.stdout, "isatty", lambda: True, raising=False)
	screen = setup_steps._Screen()
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
	assert result.stderr == "To confirm it, run it again with --take-over.\n"
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
