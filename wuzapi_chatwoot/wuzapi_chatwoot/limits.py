"""How much text each column of our DocTypes takes, for both hosts: read from the DocType files, which are the only schema.

MariaDB refuses what is longer; SQLite takes it, so that only a comparison with this table shows it. Imports neither
Frappe nor SQLAlchemy.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

_USUAL = 140
# Kept as `text`, which holds so many bytes. A character has four at most.
_SMALL = 65_535 // 4
_LENGTHS: Mapping[str, int] = {
	"Data": _USUAL,
	"Link": _USUAL,
	"Dynamic Link": _USUAL,
	"Select": _USUAL,
	"Small Text": _SMALL,
	"Text": _SMALL,
	"Password": _SMALL,
}


def read_doctypes() -> dict[str, Mapping[str, Any]]:
	"""Every DocType of the app by its name."""
	folder = resources.files("wuzapi_chatwoot.wuzapi_chatwoot") / "doctype"
	doctypes = {}
	for each in sorted(folder.iterdir(), key=lambda entry: entry.name):
		file = each / f"{each.name}.json"
		if file.is_file():
			doctype = json.loads(file.read_text(encoding="utf-8"))
			doctypes[doctype["name"]] = doctype
	return doctypes


@cache
def limits() -> Mapping[tuple[str, str], int]:
	"""Characters, by DocType and column. A column that is not named holds more than anybody sends."""
	return {
		(name, field["fieldname"]): field.get("length") or _LENGTHS[field["fieldtype"]]
		for name, doctype in read_doctypes().items()
		if not doctype.get("issingle")
		for field in doctype["fields"]
		if field["fieldtype"] in _LENGTHS
	}
