"""Commands that find no service, another one, or one that does not let them in."""

from __future__ import annotations

import pytest
import requests
import responses
from click.testing import CliRunner
from standalone.command_world import URL, terminal

from wuzapi_chatwoot.standalone_host.__main__ import main

__all__ = ["terminal"]


def test_a_service_that_does_not_run():
	with responses.RequestsMock() as mock:
		mock.get(f"{URL}/admin/api/sessions", body=requests.ConnectionError("refused"))
		result = CliRunner().invoke(main, ["sessions", "list"], env={"ADMIN_TOKEN": "Fictional-Admin-Token"})
	assert (result.exit_code, result.stderr) == (
		3,
		f"No bridge runs at {URL}. Start it with 'wuzapi-chatwoot serve', or say --url.\n",
	)


@pytest.mark.parametrize("answer", [{"body": "<html>"}, {"json": [1]}, {"body": "", "status": 302}])
def test_something_else_answers(answer):
	with responses.RequestsMock() as mock:
		mock.get("http://other.example/admin/api/sessions", **answer)
		arguments = ["sessions", "list", "--url", "http://other.example/"]
		result = CliRunner().invoke(main, arguments, env={"ADMIN_TOKEN": "Fictional-Admin-Token"})
	assert result.exit_code == 3
	assert result.stderr.startswith("What answers at http://other.example is no bridge")


@pytest.mark.parametrize("token", ["Fictional-Wrong-Token", "Fictional-Ädmin-Token", "日本" * 8])
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
	result = CliRunner().invoke(
		main, ["sessions", "list"], env={"PORT": "x", "ADMIN_TOKEN": "Fictional-Admin-Token"}
	)
	assert (result.exit_code, result.stderr) == (2, "PORT must be a whole number from 0 to 65535.\n")
