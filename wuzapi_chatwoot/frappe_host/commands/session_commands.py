"""`bench --site SITE wuzapi-sessions …`: numbers from nothing to connected, and away again."""

from __future__ import annotations

import sys
import time
from dataclasses import asdict
from typing import Any

import click
import frappe

from wuzapi_chatwoot.cli.token_options import (
	CHATWOOT_TOKEN,
	GATEWAY_ADMIN_TOKEN,
	GATEWAY_USER_TOKEN,
	prompted,
)
from wuzapi_chatwoot.frappe_host.commands.choice_commands import choices
from wuzapi_chatwoot.frappe_host.commands.on_site import AS_JSON, on_site, show
from wuzapi_chatwoot.frappe_host.i18n.refusal import refuse

# Seconds.
_PATIENCE = 180.0
_LOOK_EVERY = 2.0
# After the pairing its number is told within so many seconds, or not at all; and so is its name after the number.
_NUMBER_SECONDS = 15.0
_NAME_SECONDS = 5.0
_ADMIN_TOKEN = prompted(
	"--admin-token",
	GATEWAY_ADMIN_TOKEN,
	"Of the gateway's administrator; not kept.",
	"Administrator's token of the gateway",
	formerly="WUZAPI_ADMIN_TOKEN",
)


@click.group("wuzapi-sessions")
def sessions() -> None:
	"""Numbers on WhatsApp: list, history, choices, new, set-up, connect, test, disconnect, log-out, rotate,
	delete."""


sessions.add_command(choices)


@sessions.command("list")
@AS_JSON
@on_site
def list_sessions(as_json: bool) -> None:
	"""Every session, and how it stands."""
	from wuzapi_chatwoot.frappe_host.sessions.pairing import words

	fields = ["name", "enabled", "held", "state", "state_since", "address", "inbox_id", "time_zone"]
	rows = frappe.get_all("WuzAPI Session", fields=fields, order_by="name asc")
	shown = [{**row, **words(frappe.get_doc("WuzAPI Session", row.name))} for row in rows]
	show(
		shown,
		as_json,
		lambda row: "\n    ".join(
			[
				f"{row['name']}: {row['sentence'] if row['enabled'] else 'switched off'}",
				*row["troubles"],
			]
		),
	)


@sessions.command("history")
@click.argument("name")
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True)
@AS_JSON
@on_site
def history(name: str, limit: int, as_json: bool) -> None:
	"""What became of a number's connection, the latest first."""
	from wuzapi_chatwoot.bridge.sessions.status_messages import words_in_history
	from wuzapi_chatwoot.frappe_host.store.times import to_site
	from wuzapi_chatwoot.frappe_host.wiring.bridge import bridge_of_site

	frappe.get_doc("WuzAPI Session", name)
	changes = bridge_of_site().store.session_changes(name, limit)
	rows = [
		{
			**asdict(each),
			"at": each.at if as_json else to_site(each.at),
			"words": words_in_history(each.state),
		}
		for each in changes
	]
	show(
		rows,
		as_json,
		lambda row: (
			f"{row['at']:%Y-%m-%d %H:%M:%S} {row['words']}" + (f": {row['detail']}" if row["detail"] else "")
		),
	)


@sessions.command("new")
@click.argument("name")
@click.option("--gateway-url", required=True)
@prompted(
	"--gateway-token",
	GATEWAY_USER_TOKEN,
	"Of a user that exists.",
	"Token of the gateway's user",
	formerly="WUZAPI_USER_TOKEN",
)
@click.option("--gateway-user", default="", help="Id of a user that exists, found with --admin-token.")
@click.option("--chatwoot-url", required=True)
@prompted(
	"--chatwoot-token",
	CHATWOOT_TOKEN,
	"Of an administrator.",
	"Access token of Chatwoot",
	formerly="CHATWOOT_API_KEY",
)
@click.option("--account", type=int, required=True)
@click.option("--inbox", type=int, default=0, help="An API inbox that exists; without it one is made.")
@click.option("--take-over", is_flag=True, help="Webhooks that go elsewhere today shall come here.")
@_ADMIN_TOKEN
@AS_JSON
@on_site
def new(
	name: str,
	gateway_url: str,
	gateway_token: str,
	gateway_user: str,
	chatwoot_url: str,
	chatwoot_token: str,
	account: int,
	inbox: int,
	take_over: bool,
	admin_token: str,
	as_json: bool,
) -> None:
	"""Make a session and set up both sides."""
	from wuzapi_chatwoot.frappe_host.sessions.options import adopted_token
	from wuzapi_chatwoot.frappe_host.sessions.setup import new_session

	if not chatwoot_token:
		refuse("Give --chatwoot-token, or set CHATWOOT_TOKEN")
	if bool(admin_token) == bool(gateway_token):
		refuse("Give either --admin-token or --gateway-token")
	if gateway_user:
		gateway_token = adopted_token(name, gateway_url, admin_token, gateway_user)
	new_session(
		name,
		gateway_url=gateway_url,
		gateway_token=gateway_token,
		chatwoot_url=chatwoot_url,
		chatwoot_token=chatwoot_token,
		account_id=account,
		inbox_id=inbox,
	)
	_set_up(name, admin_token, take_over, as_json)


@sessions.command("set-up")
@click.argument("name")
@click.option("--inbox", type=int, default=0, help="Move to this API inbox.")
@click.option("--take-over", is_flag=True, help="Webhooks that go elsewhere today shall come here.")
@_ADMIN_TOKEN
@AS_JSON
@on_site
def set_up(name: str, inbox: int, take_over: bool, admin_token: str, as_json: bool) -> None:
	"""Look both sides through again; what is right stays."""
	from wuzapi_chatwoot.frappe_host.sessions.validation import throw_if_inbox_is_taken

	throw_if_inbox_is_taken(frappe.get_doc("WuzAPI Session", name), inbox)
	_set_up(name, admin_token, take_over, as_json, inbox)


def _set_up(name: str, admin_token: str, take_over: bool, as_json: bool, inbox: int = 0) -> None:
	from wuzapi_chatwoot.frappe_host.sessions import setup
	from wuzapi_chatwoot.frappe_host.task_state.task_state import hand_over

	setup.choose(frappe.get_doc("WuzAPI Session", name))
	frappe.db.commit()  # nosemgrep - what was chosen is kept before the first call
	setup.set_up(name, hand_over(admin_token), take_over, inbox)
	_end_with_steps(name, as_json)


def _end_with_steps(name: str, as_json: bool) -> None:
	from wuzapi_chatwoot.frappe_host.sessions.setup import progress

	steps = progress(name)["steps"]
	show(steps, as_json, lambda step: f"{step['state']:7} {step['name']}: {step['sentence']}")
	if any("confirm that" in step["sentence"] for step in steps) and not as_json:
		click.echo("To confirm it, run the set-up again with --take-over.", err=True)
	if any(step["state"] == "failed" for step in steps):
		sys.exit(1)


@sessions.command("connect")
@click.argument("name")
@click.option("--phone", default="", help="Pair by a code that is typed on this phone.")
@AS_JSON
@on_site
def connect(name: str, phone: str, as_json: bool) -> None:
	"""Connect a number; shows the code to scan until it is paired."""
	from wuzapi_chatwoot.frappe_host.sessions import pairing

	pairing.prepare(name)
	frappe.db.commit()  # nosemgrep - the watchdog may help from now on
	pairing.connect(name, phone)
	ends, shown = time.monotonic() + _PATIENCE, ""
	while True:
		seen = pairing.seen(name)
		told = seen["code"] or seen["qr"] or seen["sentence"]
		if told != shown and not as_json:
			click.echo(_words_of(seen))
			shown = told
		if seen["trouble"] or seen["state"] == "connected" or time.monotonic() > ends:
			break
		time.sleep(_LOOK_EVERY)
		pairing.look(name)
	seen = _with_number(name, seen)
	if as_json:
		show({key: seen[key] for key in ("state", "sentence", "trouble", "number", "name")}, True, str)
	elif seen["trouble"]:
		click.echo(seen["trouble"], err=True)
	elif seen["number"]:
		click.echo(", ".join(filter(None, (seen["number"], seen["name"]))))
	if seen["state"] != "connected":
		sys.exit(1)


def _words_of(seen: dict[str, Any]) -> str:
	from wuzapi_chatwoot.frappe_host.commands.terminal_qr import terminal_lines

	if seen["code"]:
		return f"Type {seen['code']} on the phone: Linked devices, Link with phone number instead."
	lines = [*(terminal_lines(seen["qr"]) if seen["qr"] else []), seen["sentence"], seen["advice"]]
	return "\n".join(filter(None, lines))


def _with_number(name: str, seen: dict[str, Any]) -> dict[str, Any]:
	"""And with its name: the gateway tells them a moment later, to a worker."""
	from wuzapi_chatwoot.frappe_host.sessions.pairing import seen as look

	for what, seconds in (("number", _NUMBER_SECONDS), ("name", _NAME_SECONDS)):
		ends = time.monotonic() + seconds
		while seen["state"] == "connected" and not seen[what] and time.monotonic() < ends:
			time.sleep(_LOOK_EVERY)
			frappe.db.commit()  # nosemgrep - what a worker has written since is seen by a new transaction only
			seen = look(name)
	return seen


@sessions.command("disconnect")
@click.argument("name")
@click.confirmation_option(
	prompt="Nothing comes in or goes out until it is connected again. The pairing is kept; but some releases of WuzAPI "
	"begin a new one at the next connect. Go on?"
)
@on_site
def disconnect(name: str) -> None:
	"""Stop receiving and sending until it is connected again; the pairing is kept."""
	_part(name, "disconnect", "It is disconnected, and stays so until somebody connects it.")


@sessions.command("log-out")
@click.argument("name")
@click.confirmation_option(
	prompt="The pairing with the phone ends: it has to scan a code again. Conversations and messages stay. Go on?"
)
@on_site
def log_out(name: str) -> None:
	"""End the pairing with the phone."""
	_part(name, "log_out", "It is logged out: connect it to pair it again.")


def _part(name: str, act: str, done: str) -> None:
	from wuzapi_chatwoot.frappe_host.sessions import pairing

	pairing.prepare_parting(name)
	getattr(pairing, act)(name)
	trouble = pairing.seen(name)["trouble"]
	if trouble:
		refuse(trouble)
	click.echo(done)


@sessions.command("rotate")
@click.argument("name")
@click.argument("side", type=click.Choice(["gateway", "chatwoot"]))
@AS_JSON
@on_site
def rotate(name: str, side: str, as_json: bool) -> None:
	"""A new signing secret for one side; the one before stays good."""
	from wuzapi_chatwoot.frappe_host.sessions import rotation

	rotation.rotate(name, side)
	_end_with_steps(name, as_json)


@sessions.command("delete")
@click.argument("name")
@click.option("--user/--no-user", default=True, help="The gateway's user that was made for it.")
@click.option(
	"--inbox", is_flag=True, help="The inboxes that were made for it, with every conversation in them."
)
@click.option("--inbox-name", default="", help="Of the inbox that is removed: without it, it is asked for.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@_ADMIN_TOKEN
@AS_JSON
@on_site
def delete(
	name: str, user: bool, inbox: bool, inbox_name: str, yes: bool, admin_token: str, as_json: bool
) -> None:
	"""Remove what was made for a session, and switch it off. Its history here stays."""
	from wuzapi_chatwoot.frappe_host.sessions import setup
	from wuzapi_chatwoot.frappe_host.task_state.task_state import hand_over

	if not yes:
		for line in setup.to_be_removed(name, user, inbox):
			click.echo(f"  {line}", err=True)
		click.confirm("This is removed, and the session switched off. Go on?", abort=True, err=True)
	typed = setup.name_to_type(frappe.get_doc("WuzAPI Session", name)) if inbox else ""
	if typed and not inbox_name and not yes:
		inbox_name = click.prompt(f"Type the name of the inbox to remove it ({typed})", err=True)
	if typed and inbox_name.strip() != typed:
		raise click.ClickException(f"Name the inbox that is removed: --inbox-name {typed!r}.")
	setup.remove(name, hand_over(admin_token), user, inbox)
	if not as_json and not setup.progress(name)["steps"]:
		click.echo("Nothing was to be removed. The session is switched off.")
	_end_with_steps(name, as_json)
