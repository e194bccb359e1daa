"""The steps of a set-up, or of its undoing, in a terminal as they are done: while one call waits for the report, another
asks how far it is.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from concurrent.futures import Future, wait
from contextlib import suppress
from threading import Thread
from typing import Any

import click

from wuzapi_chatwoot.standalone_host.commands.admin_client import AdminClient, ServiceError
from wuzapi_chatwoot.standalone_host.commands.service_connection import steps_of

# Seconds.
_EVERY = 0.3


def show_steps_of(client: AdminClient, name: str, call: Callable[[], dict[str, Any]]) -> dict[str, Any]:
	"""What `call` answers, every step of which has been shown then. Raises what it raises."""
	report: Future[dict[str, Any]] = Future()
	# Whoever interrupts the command does not wait for it: in the service it goes on to its end.
	Thread(target=_fulfil, args=(report, call), daemon=True).start()
	screen, onlooker = _Screen(), client.for_another_thread()
	while not wait((report,), _EVERY).done:
		with suppress(ServiceError):
			seen = onlooker.session(name, "set-up")
			if seen["running"]:
				screen.show(seen["steps"])
	screen.clear()
	answer = report.result()
	screen.show(answer["steps"])
	return answer


def _fulfil(report: Future[dict[str, Any]], call: Callable[[], dict[str, Any]]) -> None:
	try:
		report.set_result(call())
	except Exception as error:  # noqa: BLE001 - raised where the report is waited for
		report.set_exception(error)


class _Screen:
	"""Each step once, when it is done; where a line can be taken back, also the one that is under way."""

	def __init__(self) -> None:
		self._shown = 0
		self._takes_back = sys.stdout.isatty()

	def show(self, steps: list[dict[str, str]]) -> None:
		self.clear()
		done = [step for step in steps if step["state"] != "running"]
		for line in steps_of({"steps": done[self._shown :]}):
			click.echo(line)
		self._shown = max(self._shown, len(done))
		if self._takes_back and len(done) < len(steps):
			click.echo(f"{next(iter(steps_of({'steps': steps[-1:]})))} …", nl=False)

	def clear(self) -> None:
		if self._takes_back:
			click.echo("\r\x1b[K", nl=False)
