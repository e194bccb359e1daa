"""`bench --site SITE wuzapi-sessions choices …`: what exists on both sides, to be adopted by its number or id."""

from __future__ import annotations

import sys
from typing import Any

import click

from wuzapi_chatwoot.cli.token_options import CHATWOOT_TOKEN, GATEWAY_ADMIN_TOKEN, prompted
from wuzapi_chatwoot.frappe_host.commands.on_site import AS_JSON, on_site, show


@click.group("choices")
def choices() -> None:
	"""What there is to choose from: chatwoot, gateway."""


@choices.command("chatwoot")
@click.argument("name", default="")
@click.option("--chatwoot-url", default="", help="Empty: as saved in the session NAME.")
@prompted(
	"--chatwoot-token",
	CHATWOOT_TOKEN,
	"Of an administrator.",
	"Access token of Chatwoot",
	formerly="CHATWOOT_API_KEY",
)
@click.option("--account", type=int, default=0, help="Whose inboxes are listed.")
@AS_JSON
@on_site
def chatwoot(name: str, chatwoot_url: str, chatwoot_token: str, account: int, as_json: bool) -> None:
	"""Accounts of a token's owner, and the inboxes of one."""
	from wuzapi_chatwoot.frappe_host.sessions.options import of_chatwoot

	seen = of_chatwoot(name, chatwoot_url, chatwoot_token, account)
	_show(seen, [("account", each) for each in seen["accounts"]], "inbox", seen["inboxes"], as_json)


@choices.command("gateway")
@click.argument("name", default="")
@click.option("--gateway-url", default="", help="Empty: as saved in the session NAME.")
@prompted(
	"--admin-token",
	GATEWAY_ADMIN_TOKEN,
	"Of the gateway's administrator.",
	"Administrator's token of the gateway",
	formerly="WUZAPI_ADMIN_TOKEN",
)
@AS_JSON
@on_site
def gateway(name: str, gateway_url: str, admin_token: str, as_json: bool) -> None:
	"""Users of a gateway."""
	from wuzapi_chatwoot.frappe_host.sessions.options import of_gateway

	seen = of_gateway(name, gateway_url, admin_token)
	_show(seen, [], "user", seen["users"], as_json)


def _show(seen: dict[str, Any], before: list[Any], kind: str, rows: list[Any], as_json: bool) -> None:
	if as_json:
		show(seen, True, str)
	else:
		show([*before, *((kind, row) for row in rows)], False, lambda each: _line(*each))
	if seen["trouble"]:
		if not as_json:
			click.echo(seen["trouble"]["sentence"], err=True)
		sys.exit(1)


def _line(kind: str, row: dict[str, Any]) -> str:
	words = [f"{kind} {row['id']}: {row['name']}"]
	if kind == "user":
		words += [row["number"] or "no number", "connected" if row["connected"] else "not connected"]
	if "target" in row:
		posts, where = row["target"]["posts"], row["target"]["where"]
		told = {"us": "to us", "ours": f"to us for session {where}", "nowhere": "nowhere"}
		words.append(f"posts {told.get(posts, f'to {where}')}")
	return ", ".join(words) + (f" (cannot be chosen: {row['refusal']})" if row["refusal"] else "")
