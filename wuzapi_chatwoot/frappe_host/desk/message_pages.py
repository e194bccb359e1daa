"""A conversation's messages in pages, as the desk shows them. Checks no permission."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import frappe

from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.phone import display
from wuzapi_chatwoot.frappe_host.files.media import shown_file
from wuzapi_chatwoot.frappe_host.store import FrappeStore
from wuzapi_chatwoot.storage.column_codecs import reactions_of, stored_address, texts_of

_PLAIN = (
	*("name", "direction", "status", "error", "text", "kind", "origin", "sender_name", "sent_at"),
	*("whatsapp_id", "part"),
)
_FIELDS = ", ".join(
	(*_PLAIN, *("session", "sender", "reply_to_id", "`options`", "reactions", "earlier_texts"))
)
# In characters: a quote is a line.
_LONGEST_QUOTE = 200

_File = dict[str, str | None]


def page_of(conversation: int, before: int | None, limit: int) -> dict[str, Any]:
	"""By the time they were sent, then by number; `before` is a message's number."""
	place, values = _before(before)
	rows = _rows(conversation, place, values, limit + 1)
	return {"messages": _shown(conversation, rows[:limit][::-1]), "has_more": len(rows) > limit}


def messages_of(conversation: int, only: Sequence[int]) -> list[dict[str, Any]]:
	"""Those of these numbers that stand in this conversation, in the order of a page."""
	if not only:
		return []
	rows = _rows(conversation, "AND name IN %(only)s", {"only": list(only)}, len(only))
	return _shown(conversation, rows[::-1])


def _rows(conversation: int, place: str, values: dict[str, Any], limit: int) -> list[Any]:
	"""Newest first. `place` is one of the conditions of this file."""
	return frappe.db.sql(
		f"""SELECT {_FIELDS}, deleted_at FROM `tabWuzAPI Message` WHERE conversation = %(conversation)s {place}
		ORDER BY sent_at DESC, name DESC LIMIT %(limit)s""",  # noqa: S608 - constants only
		{**values, "conversation": str(conversation), "limit": limit},
		as_dict=True,
	)


def _shown(conversation: int, shown: Sequence[Any]) -> list[dict[str, Any]]:
	files = _files_of([row.name for row in shown])
	replies = _answered_by(conversation, shown)
	own = FrappeStore().own_addresses(shown[0].session) if any(row.reactions for row in shown) else ()
	return [
		{
			**{field: row[field] for field in _PLAIN},
			"sender_name": _sender_name(row),
			"options": texts_of(row.options),
			"edited": texts_of(row.earlier_texts),
			"deleted": row.deleted_at,
			"reactions": _reactions(row, own),
			"reply": replies.get(row.reply_to_id),
			**_shown_files(files.get(str(row.name), [])),
		}
		for row in shown
	]


def _before(message: int | None) -> tuple[str, dict[str, Any]]:
	if message is None:
		return "", {}
	sent_at = frappe.db.get_value("WuzAPI Message", message, "sent_at")
	return (
		"AND sent_at <= %(sent_at)s AND (sent_at < %(sent_at)s OR name < %(before)s)",
		{"sent_at": sent_at, "before": message},
	)


def _sender_name(row: Any) -> str:
	"""In a group somebody may have written who told no name. The digits of a LID are no number."""
	phone = stored_address(row.sender).phone if row.sender and row.direction == "in" else None
	return row.sender_name or (display(phone) if phone else "")


def _reactions(row: Any, own: Sequence[Address]) -> list[dict[str, Any]]:
	"""`own`: given from our number, by the desk, the phone or Chatwoot."""
	return [
		{"emoji": each.emoji, "name": each.name, "own": each.by in own}
		for each in reactions_of(row.reactions)
	]


def _answered_by(conversation: int, rows: Sequence[Any]) -> dict[str, dict[str, Any]]:
	"""By WhatsApp id: what the rows answer to, as far as it stands in the same conversation."""
	wanted = {row.reply_to_id for row in rows if row.reply_to_id}
	if not wanted:
		return {}
	found = frappe.db.sql(
		"""SELECT name, whatsapp_id, direction, kind, origin, sender, sender_name, deleted_at,
		LEFT(text, %(longest)s) AS text FROM `tabWuzAPI Message`
		WHERE session = %(session)s AND whatsapp_id IN %(wanted)s AND conversation = %(conversation)s
		ORDER BY part DESC, name DESC""",
		{
			"session": rows[0].session,
			"wanted": list(wanted),
			"conversation": str(conversation),
			"longest": _LONGEST_QUOTE,
		},
		as_dict=True,
	)
	# MariaDB tells no capitals apart, so there may be more than was asked for: harmless, nobody looks it up.
	return {
		row.whatsapp_id: {
			**{field: row[field] for field in ("name", "direction", "kind", "origin", "text")},
			"sender_name": _sender_name(row),
			"deleted": row.deleted_at,
		}
		for row in found
	}


def _shown_files(files: Sequence[_File]) -> dict[str, Any]:
	"""The first, and those that came with it: several contact cards have a file each."""
	first = files[0] if files else {"file_url": None, "file_name": None, "mime_type": None}
	return {**first, "more_files": list(files[1:])}


def _files_of(messages: Sequence[int]) -> dict[str, list[_File]]:
	"""By the message's number as text, oldest first."""
	found: dict[str, list[_File]] = {}
	if not messages:
		return found
	for file in frappe.get_all(
		"File",
		filters={
			"attached_to_doctype": "WuzAPI Message",
			"attached_to_name": ["in", [str(each) for each in messages]],
		},
		fields=["attached_to_name", "name", "file_url", "file_name"],
		order_by="creation asc, name asc",
	):
		found.setdefault(file.attached_to_name, []).append(
			shown_file(file.name, file.file_name, file.file_url)
		)
	return found
