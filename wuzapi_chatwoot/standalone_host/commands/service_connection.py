"""What all commands that talk to the running service have in common: where it is, how they answer, how they end."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, NoReturn, TypeVar

import click
from pydantic import ValidationError

from wuzapi_chatwoot.standalone_host.commands.admin_client import AdminClient, ServiceError
from wuzapi_chatwoot.standalone_host.config.settings import own_address
from wuzapi_chatwoot.standalone_host.config.settings_fields import Environment, mistakes

_MARKS = {
	"running": ".",
	"done": "+",
	"found": "=",
	"failed": "!",
	"left": " ",
	"ok": "+",
	"warning": "?",
	"broken": "!",
	"skipped": " ",
	"waiting": ".",
}
_Command = TypeVar("_Command", bound=Callable[..., Any])


_NOT_ANSWERED = "This was not confirmed or answered, so nothing was done. Scripts say --yes, and have tokens in the environment."


class Told:
	"""What a command says: for people, or as one JSON document for scripts; that it was refused, too."""

	def __init__(self, as_json: bool) -> None:
		self.as_json = as_json

	def result(self, answer: Any, lines: Iterable[str]) -> None:
		if self.as_json:
			_echo_document(answer)
			return
		for line in lines:
			click.echo(line)

	def refusal(self, sentence: str, code: int) -> NoReturn:
		"""Ends the command with that exit code."""
		if self.as_json:
			_echo_document({"error": sentence, "code": code})
		else:
			click.echo(sentence, err=True)
		raise SystemExit(code)


def _echo_document(document: Any) -> None:
	click.echo(json.dumps(document, ensure_ascii=False, indent=2))


def talks_to_service(command: _Command) -> _Command:
	"""Gives the command a `client` and a `told`, and turns what went wrong into a sentence and an exit code."""

	@click.option("--url", envvar="BRIDGE_URL", help="Where the bridge runs; else as HOST and PORT say.")
	@click.option("--json", "as_json", is_flag=True, help="One JSON document, for scripts.")
	@wraps(command)
	def wrapped(*args: Any, url: str | None, as_json: bool, **more: Any) -> Any:
		told = Told(as_json)
		try:
			return command(*args, client=_client(url), told=told, **more)
		except ServiceError as error:
			told.refusal(str(error), error.code)
		except click.Abort:
			if not as_json:
				raise
			told.refusal(_NOT_ANSWERED, 1)

	return wrapped  # type: ignore[return-value]


def steps_of(answer: dict[str, Any]) -> Iterable[str]:
	for step in answer["steps"]:
		yield f" {_MARKS[step['state']]} {step['name']}" + (
			f": {step['sentence']}" if step["sentence"] else ""
		)
		if step.get("fix"):
			yield f"     {step['fix']}"


def findings_of(answer: dict[str, Any]) -> Iterable[str]:
	for each in answer["findings"]:
		yield f" {_MARKS[each['verdict']]} {each['step']}" + (
			f": {each['sentence']}" if each["sentence"] else ""
		)
		if each["fix"]:
			yield f"     {each['fix']}"


def _client(url: str | None) -> AdminClient:
	try:
		environment = Environment()
	except ValidationError as error:
		raise ServiceError(" ".join(sentence for _, sentence in mistakes(error)), 2) from None
	token = environment.admin_token.get_secret_value().strip()
	if not token:
		raise ServiceError("ADMIN_TOKEN is not set: take the same environment or .env as the service.", 4)
	return AdminClient(url or own_address(environment.host, environment.port), token)
