"""A conversation's messages in pages, as the desk shows them. Checks no permission."""

from __future__ import annotations

import mimetypes
from typing import Any

import frappe

_FIELDS = "name, direction, status, error, text, kind, origin, sender_name, sent_at, whatsapp_id, part"


def page_of(conversation: int, before: int | None, limit: int) -> dict[str, Any]:
	"""By the time they were sent, then by number; `before` is a message's number."""
	place, values = _before(before)
	rows = frappe.db.sql(
		f"""SELECT {_FIELDS} FROM `tabWuzAPI Message` WHERE conversation = %(conversation)s {place}
		ORDER BY sent_at DESC, name DESC LIMIT %(limit)s""",  # noqa: S608 - constants only
		{**values, "conversation": str(conversation), "limit": limit + 1},
		as_dict=True,
	)
	messages = rows[:limit][::-1]
	files = _files_of([row.name for row in messages])
	nothing = {"file_url": None, "file_name": None, "mime_type": None}
	return {
		"messages": [{**row, **files.get(str(row.name), nothing)} for row in messages],
		"has_more": len(rows) > limit,
	}


def _before(message: int | None) -> tuple[str, dict[str, Any]]:
	if message is None:
		return "", {}
	sent_at = frappe.db.get_value("WuzAPI Message", message, "sent_at")
	return (
		"AND sent_at <= %(sent_at)s AND (sent_at < %(sent_at)s OR name < %(before)s)",
		{"sent_at": sent_at, "before": message},
	)


def _files_of(messages: list[int]) -> dict[str, dict[str, str | None]]:
	if not messages:
		return {}
	files = frappe.get_all(
		"File",
		filters={
			"attached_to_doctype": "WuzAPI Message",
			"attached_to_name": ["in", [str(each) for each in messages]],
		},
		fields=["attached_to_name", "file_url", "file_name"],
		order_by="creation desc",
	)
	return {
		file.attached_to_name: {
			"file_url": file.file_url,
			"file_name": file.file_name,
			"mime_type": mimetypes.guess_type(file.file_name or "")[0],
		}
		for file in files
	}
