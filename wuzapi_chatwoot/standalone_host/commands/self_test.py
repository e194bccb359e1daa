"""Prove a session's path from a terminal: each step is told when something has become of it."""

from __future__ import annotations

import time
from typing import Any

import click

from wuzapi_chatwoot.standalone_host.commands.admin_client import AdminClient
from wuzapi_chatwoot.standalone_host.commands.service_connection import steps_of

_EVERY = 1.0
# The steps that go by themselves come to an end of their own before this.
_SETTLED_WITHIN = 120.0


def prove(client: AdminClient, name: str, wait: float, *, quiet: bool) -> dict[str, Any]:
	"""What is known of the proof at the end. `wait`: seconds for the phone's answer, after the message has got there."""
	shown: list[dict[str, Any]] = []
	seen = client.session(name, "test", {})
	end = time.monotonic() + _SETTLED_WITHIN
	waited = False
	while True:
		shown = _tell(seen, shown, quiet)
		if seen["settled"] and not waited:
			waited, end = True, time.monotonic() + wait
		if seen["over"] or (seen["settled"] and not seen["works"]) or time.monotonic() >= end:
			return {"session": name, **seen}
		time.sleep(_EVERY)
		seen = client.session(name, "test")


def _tell(seen: dict[str, Any], shown: list[dict[str, Any]], quiet: bool) -> list[dict[str, Any]]:
	"""What has something new to say."""
	steps: list[dict[str, Any]] = seen["steps"]
	news = [step for step in steps if step not in shown and step["sentence"]]
	for line in () if quiet else steps_of({"steps": news}):
		click.echo(line)
	return steps
