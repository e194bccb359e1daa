"""`wuzapi-chatwoot events …`: look at what waits and what was given up, and try it again."""

from __future__ import annotations

from typing import Any

import click

from wuzapi_chatwoot.standalone_host.commands.admin_client import AdminClient
from wuzapi_chatwoot.standalone_host.commands.service_connection import Told, talks_to_service


@click.group()
def events() -> None:
	"""Events in the durable inbox of the running service."""


@events.command("list")
@click.option(
	"--state",
	type=click.Choice(["waiting", "done", "ignored", "dead"]),
	default="dead",
	show_default=True,
)
@click.option("--limit", type=click.IntRange(1, 500), default=100, show_default=True)
@click.option("--before", type=int, help="An event's number, for the next page.")
@talks_to_service
def list_events(client: AdminClient, told: Told, state: str, limit: int, before: int | None) -> None:
	"""Newest first."""
	answer = client.get("/events", state=state, limit=limit, before=before)
	told.result(answer, [_line(event) for event in answer["events"]] or [f"No event is {state}."])


@events.command()
@click.argument("id", type=int)
@talks_to_service
def show(client: AdminClient, told: Told, id: int) -> None:
	"""One event, with its failed attempts."""
	answer = client.get(f"/events/{id}")
	fields = [f"{name}: {value}" for name, value in answer.items() if name != "attempts_made"]
	tries = [f"  {each['at']} {each['outcome']}: {each['error']}" for each in answer["attempts_made"]]
	told.result(answer, [*fields, *(["failed attempts:", *tries] if tries else [])])


@events.command()
@click.argument("ids", type=int, nargs=-1, required=True)
@talks_to_service
def replay(client: AdminClient, told: Told, ids: tuple[int, ...]) -> None:
	"""Try dead or ignored events again."""
	answers = [client.post(f"/events/{id}/replay") for id in ids]
	told.result({"events": answers}, [f"{each['id']} waits again" for each in answers])


def _line(event: dict[str, Any]) -> str:
	error = f": {event['last_error']}" if event["last_error"] else ""
	return f"{event['id']} {event['received_at']} {event['session']} {event['kind']}{error}"
