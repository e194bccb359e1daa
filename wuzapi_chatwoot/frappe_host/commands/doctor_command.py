"""`bench --site SITE wuzapi-doctor`: what is broken on a session's path."""

from __future__ import annotations

import sys
from dataclasses import asdict

import click
import frappe

from .on_site import AS_JSON, on_site, show


@click.command("wuzapi-doctor")
@click.argument("names", nargs=-1)
@AS_JSON
@on_site
def doctor(names: tuple[str, ...], as_json: bool) -> None:
	"""Walk the path of each session (or of those named) both ways, and name what is broken."""
	from ..session_doctor import examine

	found = {
		name: [asdict(finding) for finding in examine(name)]
		for name in names or frappe.get_all("WuzAPI Session", pluck="name", order_by="name asc")
	}
	if as_json:
		show(found, True, str)
	for name, findings in () if as_json else found.items():
		click.echo(name)
		for each in findings:
			said = ": ".join(filter(None, (each["step"], each["sentence"])))
			click.echo(f"  {each['verdict'].value:8} {said}")
			if each["fix"]:
				click.echo(f"{'':11}{each['fix']}")
	if not found and not as_json:
		click.echo("There is no session.")
	if any(each["verdict"].value == "broken" for findings in found.values() for each in findings):
		sys.exit(1)
