"""By which column the rows of each DocType belong to a session. Constants only: `hooks.py` and tests read them, too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class RowRule:
	column: str = "session"
	"""Has the session's name."""
	parent: str | None = None
	"""The DocType whose rows decide for a child table that has no such column."""
	is_child: bool = False
	is_numbered: bool = True
	"""Rows are named by a number: Frappe keeps it as text where it refers to them."""


RULES: Mapping[str, RowRule] = {
	"WuzAPI Session": RowRule("name", is_numbered=False),
	"WuzAPI Session User": RowRule(parent="WuzAPI Session", is_child=True, is_numbered=False),
	"WuzAPI Session Change": RowRule(),
	"WuzAPI Contact": RowRule(),
	"WuzAPI Contact Address": RowRule(is_child=True),
	"WuzAPI Conversation": RowRule(),
	"WuzAPI Message": RowRule(),
	"WuzAPI Event": RowRule(),
	"WuzAPI Event Attempt": RowRule(parent="WuzAPI Event", is_child=True),
	"WuzAPI Lane": RowRule(),
}
