"""`bench --site SITE wuzapi-doctor`: what is broken on a session's path."""

from __future__ import annotations

import sys
from dataclasses import asdict

import click
import frappe

from wuzapi_chatwoot.bridge.diagnosis.findings import Verdict, headline_of
from wuzapi_chatwoot.frappe_host.commands.on_site import AS_JSON, on_site, show


@click.command("wuzapi-doctor")
@click.argument("names", nargs=-1)
@AS_JSON
@on_site
def doctor(names: tuple[str, ...], as_json: bool) -> None:
	"""Walk the path of each session (or of those named) both ways, and name what is broken."""
	from wuzapi_chatwoot.frappe_host.sessions.diagnose import examine

	found = {
		name: examine(name)
		for name in names or frappe.get_all("WuzAPI Session", pluck="name", order_by="name asc")
	}
	if as_json:
		show({name: [asdict(each) for each in findings] for name, findings in found.items()}, True, str)
	for name, findings in () if as_json else found.items():
		click.echo(f"{name}: {headline_of(findings).sentence}")
		for each in findings:
			said = ": ".join(filter(None, (each.step, each.sentence)))
			click.echo(f"  {each.verdict.value:8} {said}")
			if each.fix:
				click.echo(f"{'':11}{each.fix}")
	if not found and not as_json:
		click.echo("There is no session.")
	if any(headline_of(findings).verdict is Verdict.BROKEN for findings in found.values()):
		sys.exit(1)
