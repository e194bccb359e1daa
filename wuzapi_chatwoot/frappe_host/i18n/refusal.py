"""The one way to tell a person no. Frappe shows what is thrown as HTML, and sentences may hold what a gateway, Chatwoot or a
stranger said: here it becomes text. `tests/frappe_static` refuses any other `frappe.throw`.
"""

from __future__ import annotations

from typing import NoReturn

import frappe


def refuse(
	sentence: str, error: type[Exception] = frappe.ValidationError, *, field: str | None = None
) -> NoReturn:
	"""`sentence` is text in the reader's language. Signs that are no markup stay as they are, for terminals and scripts.

	`field`: the argument or field that is wrong. The desk shows the sentence there, and not in a window above it.
	"""
	if field is not None:
		frappe.local.response["wrong_field"] = field
	frappe.throw(sentence.replace("<", "&lt;").replace(">", "&gt;"), error)
	raise AssertionError
