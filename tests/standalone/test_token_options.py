"""Tokens of commands: from the environment, from a file, or asked for; never on the command line."""

from __future__ import annotations

import click
import pytest
from click.testing import CliRunner

from wuzapi_chatwoot.cli.token_options import asked, prompted, secret


@click.command()
@secret("--token", "FICTIONAL_TOKEN", "A token.")
@prompted("--other", "FICTIONAL_OTHER", "Another one.", "The other token", formerly="FICTIONAL_OLDER")
def show(token: str | None, other: str) -> None:
	click.echo(f"{asked(token, 'The token')} {other!r}")


def test_where_it_comes_from(tmp_path):
	file = tmp_path / "token"
	file.write_text("of-the-file\n")
	run = CliRunner().invoke
	assert run(show, []).output == "None ''\n"
	assert run(show, [], env={"FICTIONAL_TOKEN": "of-the-environment"}).output == "of-the-environment ''\n"
	assert run(show, [], env={"FICTIONAL_OLDER": "older"}).output == "None 'older'\n"
	both = {"FICTIONAL_OTHER": "newer", "FICTIONAL_OLDER": "older"}
	assert run(show, [], env=both).output == "None 'newer'\n"
	assert run(show, ["--token", str(file), "--other", str(file)]).output == "of-the-file 'of-the-file'\n"
	assert run(show, ["--token"], input="typed\n").output.endswith("typed ''\n")
	assert run(show, ["--other"], input="typed\n").output.endswith("None 'typed'\n")


@pytest.mark.parametrize("option", ["--token", "--other"])
def test_on_the_command_line_it_is_refused_and_not_repeated(option):
	done = CliRunner().invoke(show, [option, "Fictional-Secret-Token"])
	assert done.exit_code == 2
	assert "a file that has the token" in done.output
	assert "Fictional-Secret" not in done.output
