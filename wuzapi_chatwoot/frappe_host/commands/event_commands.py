"""`bench --site SITE wuzapi-events …`: what reached the bridge."""

from __future__ import annotations

import sys

import click
import frappe

from wuzapi_chatwoot.frappe_host.commands.on_site import AS_JSON, on_site, show


@click.group("wuzapi-events")
def events() -> None:
	"""What reached the bridge: list, replay."""


@events.command("list")
@click.option("--session")
@click.option(
	"--state", default="dead", show_default=True, type=click.Choice(["waiting", "done", "ignored", "dead"])
)
@click.option("--limit", default=50, show_default=True)
@AS_JSON
@on_site
def list_events(session: str | None, state: str, limit: int, as_json: bool) -> None:
	"""The newest ones."""
	filters = {"state": state, **({"session": session} if session else {})}
	fields = ["name", "session", "source", "kind", "state", "received_at", "last_error"]
	rows = frappe.get_all("WuzAPI Event", filters=filters, fields=fields, order_by="name desc", limit=limit)
	show(
		rows,
		as_json,
		lambda row: (
			f"{row.name} {row.received_at:%Y-%m-%d %H:%M} {row.session} {row.source} {row.kind}: {row.last_error or ''}"
		),
	)


@events.command("replay")
@click.argument("numbers", type=int, nargs=-1, required=True)
@AS_JSON
@on_site
def replay(numbers: tuple[int, ...], as_json: bool) -> None:
	"""Try dead or ignored ones again."""
	from wuzapi_chatwoot.bridge.inbox.replay_event import replay_event
	from wuzapi_chatwoot.frappe_host.wiring.bridge import bridge_of_site

	bridge = bridge_of_site()
	replayed = [number for number in numbers if replay_event(bridge, number)]
	show(replayed, as_json, lambda number: f"{number} waits again")
	if left := [str(number) for number in numbers if number not in replayed]:
		click.echo(f"Not tried again, for it is neither dead nor ignored: {', '.join(left)}", err=True)
		sys.exit(1)
