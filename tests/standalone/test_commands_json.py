"""What scripts are told with `--json` when nothing comes of a command: one document with the sentence and the exit code."""

from __future__ import annotations

import json

import pytest
import requests
import responses
from click.testing import CliRunner, Result
from standalone.command_world import ADD, URL, ready, terminal

from wuzapi_chatwoot.standalone_host.__main__ import main
from wuzapi_chatwoot.standalone_host.commands import pairing

__all__ = ["ready", "terminal"]


def refusal(result: Result) -> tuple[str, int]:
	"""What is refused, and the exit code, which stands in the document, too. Nothing else is on standard output."""
	told = json.loads(result.stdout)
	assert list(told) == ["error", "code"]
	assert told["code"] == result.exit_code
	return told["error"], result.exit_code


@pytest.mark.parametrize(
	"command", [("sessions", "history"), ("sessions", "connect"), ("sessions", "rotate"), ("doctor",)]
)
def test_what_the_service_refuses(terminal, command):
	result = terminal(*command, "nobody", "--json")
	assert refusal(result) == ("There is no session 'nobody'.", 1)
	assert result.stderr == ""


def test_what_is_left_out(terminal):
	sentence, code = refusal(terminal("sessions", "add", "workshop", "--json"))
	assert (sentence.startswith("A new session needs the gateway's address, "), code) == (True, 1)


def test_nobody_scans(ready, monkeypatch):
	passed = [0.0]
	monkeypatch.setattr(pairing.time, "monotonic", lambda: passed[0])
	monkeypatch.setattr(pairing.time, "sleep", lambda seconds: passed.append(passed.pop() + seconds))
	result = ready("sessions", "connect", "workshop", "--timeout", "10", "--json")
	assert refusal(result) == ("Nobody has paired workshop within 10 seconds.", 5)


def test_a_wrong_token(terminal, monkeypatch):
	# The service runs in this process here, and its log would go to the same output.
	monkeypatch.setattr(terminal.world.host.bridge.observer, "notice", lambda what, **ids: None)
	result = terminal("sessions", "list", "--json", ADMIN_TOKEN="Fictional-Wrong-Token")
	assert refusal(result) == ("The bridge does not let us in: set ADMIN_TOKEN as the service has it.", 4)


@pytest.mark.parametrize(
	("settings", "sentence", "code"),
	[
		({}, "ADMIN_TOKEN is not set: take the same environment or .env as the service.", 4),
		(
			{"PORT": "x", "ADMIN_TOKEN": "Fictional-Admin-Token"},
			"PORT must be a whole number from 0 to 65535.",
			2,
		),
	],
)
def test_wrong_settings(settings, sentence, code):
	assert refusal(CliRunner().invoke(main, ["sessions", "list", "--json"], env=settings)) == (sentence, code)


def test_a_service_that_does_not_run():
	with responses.RequestsMock() as mock:
		mock.get(f"{URL}/events", body=requests.ConnectionError("refused"))
		result = CliRunner().invoke(
			main, ["events", "list", "--json"], env={"ADMIN_TOKEN": "Fictional-Admin-Token"}
		)
	sentence, code = refusal(result)
	assert (sentence.startswith(f"No bridge runs at {URL}. "), code) == (True, 3)


@pytest.mark.parametrize("answer", ["n\n", ""])
def test_what_is_not_confirmed(ready, answer):
	result = ready("sessions", "delete", "workshop", "--json", input=answer)
	sentence, code = refusal(result)
	assert ("nothing was done. Scripts say --yes" in sentence, code) == (True, 1)
	# The question, for whoever has forgotten it.
	assert "Delete workshop?" in result.stderr
	assert ready.world.host.sessions.names == ["workshop"]


def test_a_token_that_is_asked_for_and_not_given(terminal):
	result = terminal(*ADD, "--gateway-admin-token", "--json", input="")
	sentence, code = refusal(result)
	assert ("have tokens in the environment" in sentence, code) == (True, 1)
	assert "Administrator's token of the gateway:" in result.stderr


def test_a_wrong_option_is_told_as_ever(terminal):
	result = terminal("sessions", "list", "--json", "--nothing-like-it")
	assert (result.exit_code, result.stdout) == (2, "")
	assert "No such option" in result.stderr
