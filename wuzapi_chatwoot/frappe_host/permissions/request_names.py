"""Names of fields in what a browser asks for must be names.

Frappe puts them into statements between backticks, and its own check (15.55) lets a backtick or a comment pass: any log-in could
read every table of the site through a list that it may see, ours and the sessions of other people included. Frappe 16 builds its statements another way.

Nothing here asks who it is: no page of the desk sends such a name.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import frappe

from wuzapi_chatwoot.frappe_host.i18n.refusal import refuse

_WEBHOOKS = "/api/method/wuzapi_chatwoot.api.webhooks."
_NAME_ARGUMENTS = re.compile(r"(doctype|^dt|^fieldname|^field|^searchfield|^sort_field|_field)$")
_FIELD_LISTS = ("fields", "fieldname", "order_by", "group_by")
_OPERATORS = frozenset(
	"= != > < >= <= ^= like in is between timespan descendants ancestors previous next".split()  # noqa: SIM905
)
_RAW = "ifnull("
_FULL_NAME = re.compile(r"`tab[\w -]+`\.`?\w+`?")
_QUOTED = re.compile(r"`[^`]*`")
_SQL = re.compile(r"[`#;]|--|/\*|\b(select|union|from|into|join|where)\b", re.IGNORECASE)
_DEEPEST = 20


def refuse_what_is_no_name() -> None:
	"""Before each request. Webhooks are worked by no function of Frappe, unless the request names one."""
	given = frappe.local.form_dict or {}
	path = str(getattr(getattr(frappe.local, "request", None), "path", ""))
	if path.startswith(_WEBHOOKS) and "cmd" not in given:
		return
	for name in _wrong_names(given):
		refuse(frappe._("{0} is not the name of a field").format(name[:50]), frappe.DataError)


def _wrong_names(arguments: dict[str, Any]) -> Iterator[str]:
	for argument, given in arguments.items():
		if argument not in _FIELD_LISTS and not _may_hold_a_name(given):
			continue
		value = _read(given)
		if isinstance(value, str) and _NAME_ARGUMENTS.search(argument) and not _is_name(value):
			yield value
		if argument in _FIELD_LISTS:
			yield from (each for each in _texts(value) if not _is_column(each))
		yield from _wrong_in(value, _DEEPEST)


def _wrong_in(value: Any, depth: int) -> Iterator[str]:
	"""Keys of dictionaries, and what stands before the operator of a condition, however deep, also in JSON within JSON: charts,
	cards and reports keep their conditions for later.
	"""
	if depth == 0:
		yield "…"
	elif isinstance(value, dict):
		yield from (str(key) for key in value if not _is_name(str(key)))
		for each in value.values():
			if _may_hold_a_name(each):
				yield from _wrong_in(_read(each), depth - 1)
	elif isinstance(value, list | tuple):
		for at, each in enumerate(value[1:3], 1):
			if (
				isinstance(each, str)
				and each.strip().lower().removeprefix("not ").split(" of")[0] in _OPERATORS
			):
				yield from (part for part in _texts(value[:at]) if not _is_name(part))
		for each in value:
			if _may_hold_a_name(each):
				yield from _wrong_in(_read(each), depth - 1)


def _may_hold_a_name(given: Any) -> bool:
	"""Whether it is worth reading. JSON may write any letter as a number."""
	return not isinstance(given, str) or any(each in given for each in ("`", _RAW, "\\u"))


def _read(given: Any) -> Any:
	if isinstance(given, str) and given.lstrip()[:1] in ("{", "[", '"'):
		try:
			return json.loads(given)
		except (ValueError, RecursionError):
			return given
	return given


def _texts(value: Any) -> Iterator[str]:
	if isinstance(value, str):
		yield value
	elif isinstance(value, list | tuple):
		yield from (each for each in value if isinstance(each, str))


def _is_name(text: str) -> bool:
	"""What stands before an operator. Frappe takes it as it is if `ifnull(` is in it, else it puts it between backticks."""
	return ("`" not in text and _RAW not in text) or bool(_FULL_NAME.fullmatch(text))


def _is_column(text: str) -> bool:
	"""What is selected or sorted by, where functions are allowed: nothing of a statement's own words outside of backticks."""
	return not _SQL.search(_QUOTED.sub(" ", text))
