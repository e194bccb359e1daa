"""`wuzapi-chatwoot sessions …` and `doctor`: set up, pair, end and examine sessions of the running service."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import click

from wuzapi_chatwoot.bridge.model.records import SESSION_CHANGES_KEPT
from wuzapi_chatwoot.cli.token_options import (
	CHATWOOT_TOKEN,
	GATEWAY_ADMIN_TOKEN,
	GATEWAY_USER_TOKEN,
	asked,
	secret,
)
from wuzapi_chatwoot.standalone_host.commands.admin_client import AdminClient
from wuzapi_chatwoot.standalone_host.commands.option_commands import choices
from wuzapi_chatwoot.standalone_host.commands.pairing import NotPaired, pair
from wuzapi_chatwoot.standalone_host.commands.self_test import prove
from wuzapi_chatwoot.standalone_host.commands.service_connection import (
	Told,
	findings_of,
	steps_of,
	talks_to_service,
)
from wuzapi_chatwoot.standalone_host.commands.setup_steps import show_steps_of


@click.group()
def sessions() -> None:
	"""Sessions of the running service."""


sessions.add_command(choices)


@sessions.command("list")
@talks_to_service
def list_sessions(client: AdminClient, told: Told) -> None:
	"""How every session stands."""
	answer = client.get("/admin/api/sessions")
	lines = [line for session in answer["sessions"] for line in _lines_of(session)]
	told.result(answer, lines or ["There is no session. Add one with 'wuzapi-chatwoot sessions add NAME'."])


def _lines_of(session: dict[str, Any]) -> list[str]:
	known = [each for each in (session["number"], session["profile_name"]) if each]
	number = f" ({', '.join(known)})" if known else ""
	lines = [f"{session['name']}{number}: {session['sentence']}"]
	return [*lines, *(f"    {each}" for each in (session["advice"], *session["troubles"]) if each)]


@sessions.command()
@click.argument("name")
@click.option("--gateway-url", help="Address of the gateway.")
@secret("--gateway-admin-token", GATEWAY_ADMIN_TOKEN, "Of the gateway's administrator, to make a user.")
@secret("--gateway-user-token", GATEWAY_USER_TOKEN, "Of a user on the gateway that is there already.")
@click.option("--gateway-user", help="Id of a user that is there, found with the administrator's token.")
@click.option("--chatwoot-url", help="Address of Chatwoot.")
@secret("--chatwoot-token", CHATWOOT_TOKEN, "Access token of an administrator in Chatwoot.")
@click.option("--account", type=int, help="Number of the account in Chatwoot.")
@click.option("--inbox", type=int, help="Number of an API inbox that is there already.")
@click.option("--inbox-name", help="Name of the inbox that is made; else the session's.")
@click.option("--new-inbox", is_flag=True, help="Make an inbox, whatever it had.")
@click.option(
	"--take-over", is_flag=True, help="User and inbox may post elsewhere today: they shall post here."
)
@talks_to_service
def add(
	client: AdminClient,
	told: Told,
	name: str,
	gateway_admin_token: str | None,
	gateway_user_token: str | None,
	gateway_user: str | None,
	chatwoot_token: str | None,
	account: int | None,
	inbox: int | None,
	**rest: Any,
) -> None:
	"""Set a session up on both sides, or go on where it ended. What is left out stays as it was."""
	body = {
		"name": name,
		"gateway_admin_token": asked(gateway_admin_token, "Administrator's token of the gateway"),
		"gateway_user_token": asked(gateway_user_token, "Token of the gateway's user"),
		"gateway_user_id": gateway_user,
		"chatwoot_token": asked(chatwoot_token, "Access token of Chatwoot"),
		"account_id": account,
		"inbox_id": inbox,
		**rest,
	}
	given = {key: value for key, value in body.items() if value is not None}
	answer = _stepwise(client, told, name, lambda: client.post("/admin/api/sessions", given))
	if not answer["complete"]:
		if any("confirm that" in step["sentence"] for step in answer["steps"]):
			click.echo("To confirm it, run it again with --take-over.", err=True)
		raise SystemExit(1)


@sessions.command()
@click.argument("name")
@click.option("--limit", type=click.IntRange(1, SESSION_CHANGES_KEPT), default=50, show_default=True)
@talks_to_service
def history(client: AdminClient, told: Told, name: str, limit: int) -> None:
	"""What became of a session's connection, the latest first."""
	answer = client.session(name, "changes", limit=limit)
	lines = [_line_of_history(change) for change in answer["changes"]]
	told.result(answer, lines or ["Its connection has not changed since a history is kept."])


def _line_of_history(change: dict[str, Any]) -> str:
	at = datetime.fromisoformat(change["at"]).astimezone()
	return f"{at:%Y-%m-%d %H:%M:%S} {change['words']}" + (f": {change['detail']}" if change["detail"] else "")


@sessions.command()
@click.argument("name")
@click.option(
	"--phone", help="Pair by a code to be typed on the phone with this number, instead of by a picture."
)
@click.option(
	"--timeout", type=click.IntRange(min=1), default=300, show_default=True, help="Seconds to wait."
)
@talks_to_service
def connect(client: AdminClient, told: Told, name: str, phone: str | None, timeout: int) -> None:
	"""Connect a session, and pair it with its phone."""
	try:
		answer = pair(client, name, phone, timeout, quiet=told.as_json)
	except NotPaired as error:
		told.refusal(str(error), 5)
	told.result(answer, [f"{name}: {answer['sentence']}"])


@sessions.command()
@click.argument("name")
@click.option(
	"--wait",
	type=click.IntRange(min=0),
	default=0,
	metavar="SECONDS",
	help="Also wait so long for the answer that somebody types on the phone.",
)
@talks_to_service
def test(client: AdminClient, told: Told, name: str, wait: int) -> None:
	"""Prove the whole path by a message to oneself, and tell each step as it is proved.

	Ends with 0 when every step that goes by itself is proved; with --wait, when the answer is in Chatwoot, too.
	"""
	answer = prove(client, name, wait, quiet=told.as_json)
	told.result(answer, [answer["sentence"]])
	if not answer["whole" if wait else "works"]:
		raise SystemExit(1)


@sessions.command()
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
@talks_to_service
def disconnect(client: AdminClient, told: Told, name: str, yes: bool) -> None:
	"""Stop receiving and sending; the pairing stays."""
	_end(client, told, name, "disconnect", yes)


@sessions.command()
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
@talks_to_service
def logout(client: AdminClient, told: Told, name: str, yes: bool) -> None:
	"""End the pairing with the phone."""
	_end(client, told, name, "log-out", yes)


@sessions.command()
@click.argument("name")
@click.option("--remove-made", is_flag=True, help="Also what was made for it on the gateway and in Chatwoot.")
@secret("--gateway-admin-token", GATEWAY_ADMIN_TOKEN, "Of the gateway's administrator, to remove the user.")
@click.option("--inbox-name", help="Of the inbox that is removed: without it, it is asked for.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@talks_to_service
def delete(
	client: AdminClient,
	told: Told,
	name: str,
	remove_made: bool,
	gateway_admin_token: str | None,
	inbox_name: str | None,
	yes: bool,
) -> None:
	"""Forget a session."""
	token = asked(gateway_admin_token, "Administrator's token of the gateway")
	more = {"remove_made": remove_made, **({"gateway_admin_token": token} if token else {})}
	more |= {"inbox_name": inbox_name} if inbox_name else {}
	_end(client, told, name, "delete", yes, **more)


def _end(client: AdminClient, told: Told, name: str, act: str, yes: bool, **more: Any) -> None:
	if not yes:
		asked = client.session(name, act, {**more, "confirm": False})
		for line in asked["loses"]:
			click.echo(f"  {line}", err=True)
		if asked.get("type_name") and not more.get("inbox_name"):
			more["inbox_name"] = click.prompt(
				f"Type the name of the inbox to remove it ({asked['type_name']})", err=True
			)
		click.confirm(asked["sentence"], abort=True, err=True)
	answer = _stepwise(client, told, name, lambda: client.session(name, act, {**more, "confirm": True}))
	if not answer["done"]:
		raise SystemExit(1)


def _stepwise(
	client: AdminClient, told: Told, name: str, call: Callable[[], dict[str, Any]]
) -> dict[str, Any]:
	"""For people each step as it is done, for scripts the report."""
	answer = call() if told.as_json else show_steps_of(client, name, call)
	told.result(answer, [answer["sentence"]])
	return answer


@sessions.command()
@click.argument("name")
@click.option("--only", type=click.Choice(["gateway", "chatwoot"]), help="One side alone.")
@talks_to_service
def rotate(client: AdminClient, told: Told, name: str, only: str | None) -> None:
	"""Replace the signing secrets; the old ones are believed for an hour more."""
	body = {"gateway": only != "chatwoot", "chatwoot": only != "gateway"}
	answer = client.session(name, "rotate", body)
	told.result(answer, [*steps_of(answer), answer["sentence"]])
	if not answer["complete"]:
		raise SystemExit(1)


@click.command()
@click.argument("session", required=False)
@talks_to_service
def doctor(client: AdminClient, told: Told, session: str | None) -> None:
	"""Walk the whole path of one session, or of all, and name what is broken."""
	names = [session] if session else [each["name"] for each in client.get("/admin/api/sessions")["sessions"]]
	reports = {name: client.session(name, "doctor") for name in names}
	lines = [
		line
		for name, report in reports.items()
		for line in (f"{name}: {report['sentence']}", *findings_of(report))
	]
	told.result(reports, lines or ["There is no session."])
	if not all(report["healthy"] for report in reports.values()):
		raise SystemExit(1)
