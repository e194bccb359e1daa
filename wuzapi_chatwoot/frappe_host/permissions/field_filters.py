"""Fields that a user may not read must not be filtered or sorted by either.

Frappe 15 hides a field of a higher permission level from what a list returns, and compares it all the same: whoever may
read some rows could find its value letter by letter. Asked by the row conditions of our DocTypes, which every list of a
user passes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import frappe

from wuzapi_chatwoot.frappe_host.i18n.refusal import refuse

_WITH_CONDITIONS = ("filters", "or_filters", "current_filters")
_WITH_NAMES = ("order_by", "group_by", "searchfield", "sort_field", "aggregate_on_field", "aggregate_on")
_WORD = re.compile(r"\w+")


def refuse_filters_on_hidden_fields(doctype: str, user: str) -> None:
	"""Looks at the arguments of the request: code of the server may compare what it likes."""
	request = frappe.local.form_dict
	if not getattr(frappe.local, "request", None) or not request:
		return
	named = {word for text in _names_in(request) for word in _WORD.findall(text)}
	hidden = named and named.intersection(_hidden_fields(doctype, user))
	if hidden:
		refuse(
			frappe._("You are not permitted to filter or sort by {0}").format(", ".join(sorted(hidden))),
			frappe.PermissionError,
		)


def _hidden_fields(doctype: str, user: str) -> set[str]:
	meta = frappe.get_meta(doctype)
	above = {field.fieldname for field in meta.fields if field.permlevel}
	if not above:
		return above
	return above.difference(meta.get_permitted_fieldnames(user=user))


def _names_in(request: dict[str, Any]) -> Iterator[str]:
	for argument in _WITH_NAMES:
		if isinstance(request.get(argument), str):
			yield request[argument]
	for argument in _WITH_CONDITIONS:
		yield from _names_in_conditions(request.get(argument))


def _names_in_conditions(given: Any) -> Iterator[str]:
	"""`{field: …}`, `[[field, …], [doctype, field, …]]`, one such list, or a condition as text: values are not looked at."""
	if isinstance(given, str):
		try:
			given = json.loads(given)
		except ValueError:
			yield given
			return
	if isinstance(given, dict):
		yield from (str(key) for key in given)
	elif isinstance(given, list | tuple):
		for each in given:
			if isinstance(each, str):
				yield each
			elif isinstance(each, list | tuple):
				yield from (str(part) for part in each[: 1 if len(each) < 4 else 2])
			elif isinstance(each, dict):
				yield from (str(key) for key in each)
