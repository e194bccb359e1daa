"""By which column the rows of each DocType belong to a session. Constants only: `hooks.py` and tests read them, too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


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

REFERRING: Mapping[str, tuple[str, str]] = {
	"Auto Repeat": ("reference_doctype", "reference_document"),
	"Comment": ("reference_doctype", "reference_name"),
	"Communication": ("reference_doctype", "reference_name"),
	"Discussion Topic": ("reference_doctype", "reference_docname"),
	"Document Follow": ("ref_doctype", "ref_docname"),
	"Email Unsubscribe": ("reference_doctype", "reference_name"),
	"Energy Point Log": ("reference_doctype", "reference_name"),
	"Reminder": ("reminder_doctype", "reminder_docname"),
	"Tag Link": ("document_type", "document_name"),
	"ToDo": ("reference_type", "reference_name"),
}
"""DocTypes of Frappe that name a row of any DocType, and by which fields. A test compares this with the DocTypes of the site."""

REFERRING_ROWS: Mapping[str, tuple[str, str]] = {
	"Communication Link": ("link_doctype", "link_name"),
	"Dynamic Link": ("link_doctype", "link_name"),
	"Event Participants": ("reference_doctype", "reference_docname"),
}
"""The same in child tables. `REFERRING_PARENTS` has Frappe's DocTypes with such tables that many people may save."""

REFERRING_PARENTS = ("Address", "Communication", "Contact", "Event")

_AS_COMPARED = {each.casefold() for each in RULES}


def is_ours(doctype: Any) -> bool:
	"""Whether a DocType, as a browser names it, is one of ours. The database finds it in capitals, and with blanks behind, too."""
	return isinstance(doctype, str) and doctype.strip().casefold() in _AS_COMPARED
