"""Tells open forms and lists that something changed: ids only, after the commit, to those who may read the document.

Forms hear it in the document's own room, which Frappe lets only readers join. A DocType's room lets in every reader of
the DocType, so lists are told in the rooms of the users who may see the row.
"""

from __future__ import annotations

from functools import lru_cache

import frappe
from frappe.realtime import emit_via_redis, get_user_room

from wuzapi_chatwoot.frappe_host.permissions.access import viewers_of
from wuzapi_chatwoot.frappe_host.permissions.row_rules import RULES
from wuzapi_chatwoot.frappe_host.task_state.task_state import forget, recall, remember

# Seconds. A QR code is replaced earlier than that.
_QR_KNOWN_FOR = 60
# Seconds. Whoever is taken off a session's list is forgotten at once (`forget_viewers`).
_VIEWERS_KNOWN_FOR = 30


def document_changed(doctype: str, name: object, session: str | None = None) -> None:
	"""`session`: of a row that is gone by now, or if it is at hand."""
	frappe.publish_realtime(
		"wuzapi_chatwoot_changed",
		{"doctype": doctype, "name": name},
		doctype=doctype,
		docname=str(name),
		after_commit=True,
	)
	list_changed(doctype, name, session or session_of_row(doctype, name))


def message_changed(conversation: int, message: int) -> None:
	frappe.publish_realtime(
		"wuzapi_chatwoot_message",
		{"conversation": conversation, "message": message},
		doctype="WuzAPI Conversation",
		docname=str(conversation),
		after_commit=True,
	)
	document_changed("WuzAPI Message", message)


def list_changed(doctype: str, name: object, session: str | None) -> None:
	"""Frappe's event for lists, in the rooms of those who may see the row. Once per commit, however often it changes."""
	if not session:
		return
	pending = getattr(frappe.local, "wuzapi_chatwoot_lists", None)
	if pending is None:
		pending = frappe.local.wuzapi_chatwoot_lists = {}
		frappe.db.after_commit.add(_tell_lists)
		frappe.db.after_rollback.add(_tell_nobody)
	# Who that is, is asked now: a question after the commit would begin a transaction.
	pending[doctype, str(name)] = _viewers(session)


def _tell_lists() -> None:
	for (doctype, name), users in _take_pending().items():
		message = {"doctype": doctype, "name": name, "user": "Administrator"}
		for user in users:
			emit_via_redis("list_update", message, get_user_room(user))


def _tell_nobody() -> None:
	_take_pending()


def _take_pending() -> dict[tuple[str, str], list[str]]:
	pending = getattr(frappe.local, "wuzapi_chatwoot_lists", None)
	if pending is None:
		return {}
	del frappe.local.wuzapi_chatwoot_lists
	return dict(pending)


def _viewers(session: str) -> list[str]:
	known = recall(session, "viewers")
	if not known:
		known = {"users": viewers_of(session)}
		remember(session, "viewers", known, _VIEWERS_KNOWN_FOR)
	return list(known["users"])


def forget_viewers(session: str) -> None:
	"""The session's list of users has changed."""
	forget(session, "viewers")


def session_of_row(doctype: str, name: object) -> str | None:
	"""A row never moves to another session."""
	try:
		return _session_of_row(frappe.local.site, doctype, str(name))
	except LookupError:
		return None


@lru_cache(maxsize=4096)
def _session_of_row(site: str, doctype: str, name: str) -> str:
	found = frappe.db.get_value(doctype, name, RULES[doctype].column)
	if not found:
		# Not remembered: it may be stored in a moment.
		raise LookupError(name)
	return str(found)


def session_hint(session: str, what: str) -> None:
	"""That there is news of what is under way with a session (`set_up`, `pairing`): at once, and nothing but that. Whoever
	may see more asks for it.
	"""
	frappe.publish_realtime(
		f"wuzapi_chatwoot_{what}", {"session": session}, doctype="WuzAPI Session", docname=session
	)


def show_qr(session: str, picture: str | None) -> None:
	"""The code that is good now; `None`: there is none any more. It is kept apart from the row, which more people may read."""
	if picture:
		remember(session, "qr", {"picture": picture}, _QR_KNOWN_FOR)
	else:
		forget(session, "qr")
	session_hint(session, "pairing")
