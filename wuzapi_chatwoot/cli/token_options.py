"""Options of commands whose value is a secret. It never stands on the command line, where every user of the machine and
the shell's history would have it: it comes from the environment, from a file, or is asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click
from click.core import ParameterSource

_ASK = "-"
_LARGEST = 10_000
_Command = TypeVar("_Command", bound=Callable[..., Any])


# The same names on both hosts, whatever gateway a session has.
CHATWOOT_TOKEN = "CHATWOOT_TOKEN"  # noqa: S105
GATEWAY_ADMIN_TOKEN = "GATEWAY_ADMIN_TOKEN"  # noqa: S105
GATEWAY_USER_TOKEN = "GATEWAY_USER_TOKEN"  # noqa: S105


def secret(option: str, variable: str, help: str) -> Callable[[_Command], _Command]:
	"""Its value, `None` if there is none; to be given to `asked`."""
	return _option(option, [variable], help, _read)


def _option(
	option: str, variables: list[str], help: str, value_of: Callable[..., Any]
) -> Callable[[_Command], _Command]:
	return click.option(
		option,
		envvar=variables,
		is_flag=False,
		flag_value=_ASK,
		metavar="[FILE]",
		callback=value_of,
		help=f"{help} The FILE has it; without one it is asked for; or set {variables[0]}.",
	)


def prompted(
	option: str, variable: str, help: str, what: str, *, formerly: str = ""
) -> Callable[[_Command], _Command]:
	"""The same where nothing comes before the asking: its value, `""` if there is none.

	`formerly`: an older name of the variable, which goes on for one release.
	"""

	def value_of(context: click.Context, parameter: click.Parameter, value: str | None) -> str:
		return asked(_read(context, parameter, value), what) or ""

	return _option(option, [name for name in (variable, formerly) if name], help, value_of)


def asked(value: str | None, what: str) -> str | None:
	"""The option's value, asked for if it was given without one."""
	return click.prompt(what, hide_input=True, err=True) if value == _ASK else value


def _read(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
	given = context.get_parameter_source(parameter.name or "")
	if given is not ParameterSource.COMMANDLINE or value is None or value == _ASK:
		return value
	try:
		with Path(value).open(encoding="utf-8") as file:
			found = file.read(_LARGEST).strip()
	except (OSError, ValueError):
		# Without what was given: it may be the secret.
		raise click.BadParameter(
			"it names a file that has the token; on a command line others could read the token itself"
		) from None
	if not found:
		raise click.BadParameter("the file is empty")
	return found
