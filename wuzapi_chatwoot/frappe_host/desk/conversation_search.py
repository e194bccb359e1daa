"""Finds conversations by a customer's name or number as people write them. Row conditions apply."""

from __future__ import annotations

import re
from typing import Any

import frappe

_NO_DIGITS = re.compile(r"[^0-9]+")
_FEWEST_DIGITS = 3
_FIELDS = ["name", "contact_name", "phone", "chat", "session", "last_message_at", "chatwoot_status"]


def search_conversations(text: str, limit: int) -> list[dict[str, Any]]:
	"""Who wrote last first. Empty for a text without a letter or digit, or for users who may read none."""
	words = " ".join(text.split())
	if not any(each.isalnum() for each in words) or not frappe.has_permission("WuzAPI Conversation"):
		return []
	either = [["contact_name", "like", _pattern(words)], ["chat", "like", _pattern(words)]]
	digits = _digits(words)
	if digits:
		either += [["phone", "like", f"%{digits}%"], ["chat", "like", f"%{digits}%"]]
	return list(
		frappe.get_list(
			"WuzAPI Conversation",
			fields=_FIELDS,
			or_filters=either,
			order_by="last_message_at desc",
			limit_page_length=limit,
		)
	)


def _digits(text: str) -> str:
	"""Of a number with blanks, dashes, brackets, `+`, `00` or the `0` of a country's own way of writing; else empty."""
	if re.search(r"[^0-9+()./\s-]", text):
		return ""
	digits = _NO_DIGITS.sub("", text.replace("(0)", "")).lstrip("0")
	return digits if len(digits) >= _FEWEST_DIGITS else ""


def _pattern(words: str) -> str:
	"""Frappe leaves no way to say that a `%` stands for itself: it stands for any one sign here."""
	return f"%{words.replace('%', '_')}%"
