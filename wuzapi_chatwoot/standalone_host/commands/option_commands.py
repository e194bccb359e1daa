"""`wuzapi-chatwoot sessions choices …`: what exists in a Chatwoot and on a gateway, to be adopted by its number or id."""

from __future__ import annotations

from typing import Any

import click

from wuzapi_chatwoot.cli.token_options import CHATWOOT_TOKEN, GATEWAY_ADMIN_TOKEN, asked, secret
from wuzapi_chatwoot.standalone_host.commands.admin_client import AdminClient
from wuzapi_chatwoot.standalone_host.commands.service_connection import Told, talks_to_service

# What an entry of the API is called here.
_OPTIONS = {
	"gateway_url": "--gateway-url",
	"gateway_admin_token": "--gateway-admin-token",
	"chatwoot_url": "--chatwoot-url",
	"chatwoot_token": "--chatwoot-token",
	"account_id": "--account",
}
_POSTS = {"us": "posts to us for this session", "nowhere": "posts nowhere"}


@click.group()
def choices() -> None:
	"""What is there to choose from, for 'sessions add'."""


@choices.command()
@click.argument("session", default="")
@click.option("--chatwoot-url", help="Address of Chatwoot.")
@secret("--chatwoot-token", CHATWOOT_TOKEN, "Access token of an administrator in Chatwoot.")
@click.option("--account", type=int, help="Number of the account whose inboxes are listed.")
@talks_to_service
def chatwoot(
	client: AdminClient,
	told: Told,
	session: str,
	chatwoot_url: str | None,
	chatwoot_token: str | None,
	account: int | None,
) -> None:
	"""Accounts of a token's owner, and the inboxes of one. For a SESSION that is there, what it has need not be said."""
	token = asked(chatwoot_token, "Access token of Chatwoot")
	given = {"session": session, "chatwoot_url": chatwoot_url, "chatwoot_token": token, "account_id": account}
	answer = client.post("/admin/api/choices/chatwoot", _given(given))
	lines = [f"account {each['id']}: {each['name']}{_refusal(each)}" for each in answer["accounts"]]
	lines += [
		f"inbox {each['id']}: {each['name']}, {_posts(each)}{_refusal(each)}" for each in answer["inboxes"]
	]
	_show(told, answer, lines or ["There is nothing to choose."])


@choices.command()
@click.argument("session", default="")
@click.option("--gateway-url", help="Address of the gateway.")
@secret("--gateway-admin-token", GATEWAY_ADMIN_TOKEN, "Of the gateway's administrator.")
@talks_to_service
def gateway(
	client: AdminClient, told: Told, session: str, gateway_url: str | None, gateway_admin_token: str | None
) -> None:
	"""Users of a gateway."""
	token = asked(gateway_admin_token, "Administrator's token of the gateway")
	given = {"session": session, "gateway_url": gateway_url, "gateway_admin_token": token}
	answer = client.post("/admin/api/choices/gateway", _given(given))
	lines = [
		f"user {each['id']}: {each['name']}, {each['number'] or 'no number'}, "
		f"{'connected' if each['connected'] else 'not connected'}, {_posts(each)}{_refusal(each)}"
		for each in answer["users"]
	]
	_show(told, answer, lines or ["There is no user."])


def _given(body: dict[str, Any]) -> dict[str, Any]:
	return {key: value for key, value in body.items() if value is not None}


def _posts(choice: dict[str, Any]) -> str:
	target = choice["target"]
	if target["posts"] == "ours":
		return f"posts to us for session {target['where']}"
	return _POSTS.get(target["posts"]) or f"posts to {target['where']}"


def _refusal(choice: dict[str, Any]) -> str:
	return f" (cannot be chosen: {choice['refusal']})" if choice["refusal"] else ""


def _show(told: Told, answer: dict[str, Any], lines: list[str]) -> None:
	trouble = answer["trouble"]
	if trouble is not None:
		option = _OPTIONS.get(trouble["field"])
		sentence = f"{option}: {trouble['sentence']}" if option else trouble["sentence"]
		lines = [*(line for line in lines if not line.startswith("There is no")), sentence]
	told.result(answer, lines)
	if trouble is not None:
		raise SystemExit(1)
