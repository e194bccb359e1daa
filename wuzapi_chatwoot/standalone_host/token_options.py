"""Options of commands whose value is a secret: it need not stand on the command line, where others could read it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

_ASK = "-"
_Command = TypeVar("_Command", bound=Callable[..., Any])


def secret(option: str, variable: str, help: str) -> Callable[[_Command], _Command]:
	return click.option(
		option,
		envvar=variable,
		is_flag=False,
		flag_value=_ASK,
		metavar="[TOKEN]",
		help=f"{help} Without a value it is asked for; or in {variable}.",
	)


def asked(value: str | None, what: str) -> str | None:
	"""The option's value, asked for if it was given without one."""
	return click.prompt(what, hide_input=True, err=True) if value == _ASK else value
