"""`bench --site SITE wuzapi-sessions test NAME`: the proof of a session's path by a message to itself."""

from __future__ import annotations

import sys
import time
from typing import Any

import click
import frappe

from wuzapi_chatwoot.frappe_host.commands.on_site import AS_JSON, on_site, show

# Seconds. The steps that go by themselves come to an end of their own before this.
_SETTLED_WITHIN = 120.0
_LOOK_EVERY = 1.0


@click.command("test")
@click.argument("name")
@click.option(
	"--wait",
	type=click.IntRange(min=0),
	default=0,
	metavar="SECONDS",
	help="Also wait so long for the answer that somebody types on the phone.",
)
@AS_JSON
@on_site
def prove(name: str, wait: int, as_json: bool) -> None:
	"""Prove a number's whole path by a message to itself; each step is told as it is proved.

	Ends with 0 when every step that goes by itself is proved; with --wait, when the answer is in Chatwoot, too.
	"""
	from wuzapi_chatwoot.frappe_host.sessions import self_test

	self_test.prepare(name)
	frappe.db.commit()  # nosemgrep - it is under way from now on
	self_test.prove(name)
	seen = _watch(name, wait, as_json)
	if as_json:
		show(seen, True, str)
	else:
		click.echo(seen["trouble"] or seen["sentence"], err=bool(seen["trouble"]))
	if not seen["whole" if wait else "works"]:
		sys.exit(1)


def _watch(name: str, wait: int, quiet: bool) -> dict[str, Any]:
	from wuzapi_chatwoot.frappe_host.sessions.self_test import progress

	end, waited, shown = time.monotonic() + _SETTLED_WITHIN, False, []
	while True:
		frappe.db.commit()  # nosemgrep - what the workers have written since is seen by a new transaction only
		seen = progress(name)
		for step in (
			() if quiet else (each for each in seen["steps"] if each not in shown and each["sentence"])
		):
			click.echo("\n     ".join(filter(None, (_line(step), step["fix"]))))
		shown = seen["steps"]
		if seen["settled"] and not waited:
			waited, end = True, time.monotonic() + wait
		if seen["trouble"] or seen["over"] or (waited and not seen["works"]) or time.monotonic() >= end:
			return seen
		time.sleep(_LOOK_EVERY)


def _line(step: dict[str, str]) -> str:
	return f"{step['state']:7} {step['name']}: {step['sentence']}"
