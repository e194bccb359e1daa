"""Writing to WhatsApp, from the desk and from other apps.

Machines write the rows, so nobody has Frappe's write permission on them. Who may write to people is who may use the
session: read permission on it, and on the conversation.
"""

# No `annotations` from `__future__`: Frappe converts what the browser sends by these types, and passes over text.
from typing import Any

import frappe

from wuzapi_chatwoot.bridge.text.map_links import location_of
from wuzapi_chatwoot.frappe_host.desk import outbox
from wuzapi_chatwoot.frappe_host.desk.queries import event_of_desk_message, only_session_of
from wuzapi_chatwoot.frappe_host.desk.validation import id_of, place_of, reaction_of
from wuzapi_chatwoot.frappe_host.files.uploads import keep_privately
from wuzapi_chatwoot.frappe_host.i18n.refusal import refuse
from wuzapi_chatwoot.frappe_host.jobs.read_marks import mark_read_soon


@frappe.whitelist(methods=["POST"])
def send(
	text: str = "",
	conversation: str | int | None = None,
	phone: str | int | None = None,
	session: str | None = None,
	file: str | None = None,
	reply_to: str | int | None = None,
	latitude: float | None = None,
	longitude: float | None = None,
	place: str = "",
	id: str | None = None,
) -> dict[str, int]:
	"""Send a text, with or without a file (the name of a File document) or a place (in degrees, and its name).

	To a conversation or to a phone number; a number needs a `session`, unless the user may use only one. `reply_to` is
	the number of a message in the same conversation. Sound goes as a voice message. `id` says which message this is, for
	callers that may repeat a call whose answer was lost: `3EB0` and 18 random hexadecimal digits, upper case. Sent again,
	it is the same message and gives the same answer. Returns the numbers of the pending message and of the event that
	sends it: `{"message": int, "event": int}`.
	"""
	if (conversation is None) == (phone is None):
		refuse(frappe._("Name either a conversation or a phone number"))
	if conversation is not None:
		session = _readable("WuzAPI Conversation", conversation).session
	session = _readable("WuzAPI Session", session or only_session_of(frappe.session.user)).name
	if file is not None:
		_readable("File", file)
	if reply_to is not None:
		_readable("WuzAPI Message", reply_to)
	message = outbox.queue_message(
		session=session,
		conversation=int(conversation) if conversation is not None else None,
		phone=None if phone is None else str(phone),
		text=text,
		file=file,
		user=frappe.session.user,
		reply_to=int(reply_to) if reply_to is not None else None,
		location=place_of(latitude, longitude, place),
		id=id_of(id),
	)
	return {"message": message, "event": event_of_desk_message(message)}


@frappe.whitelist(methods=["POST"])
def react(message: str | int, emoji: str) -> dict[str, bool]:
	"""React to a message; an empty `emoji` takes back the reaction that was given from here."""
	_readable("WuzAPI Session", _readable("WuzAPI Message", message).session)
	outbox.queue_emoji(int(message), reaction_of(emoji), frappe.session.user)
	return {"queued": True}


@frappe.whitelist(methods=["POST"])
def keep_upload() -> Any:
	"""Keep a file for a customer. Called by Frappe's `upload_file` (its `method`), which has read it. The File document."""
	frappe.has_permission("File", "create", throw=True)
	return keep_privately()


@frappe.whitelist(methods=["GET", "POST"])
def read_map_link(link: str) -> dict[str, float | str | None]:
	"""The place that a map link names: `{"latitude", "longitude", "place"}`, in degrees; empty if it names none.

	Looks nothing up outside: a shortened link names no place.
	"""
	frappe.has_permission("WuzAPI Session", throw=True)
	found = location_of(link)
	if found is None:
		return {}
	return {"latitude": found.latitude, "longitude": found.longitude, "place": found.name}


@frappe.whitelist(methods=["POST"])
def send_again(message: str | int) -> dict[str, bool]:
	"""Try a failed message once more. `{"queued": false}` if it did not fail for good."""
	_readable("WuzAPI Session", _readable("WuzAPI Message", message).session)
	return {"queued": outbox.send_again(int(message))}


@frappe.whitelist(methods=["POST"])
def mark_read(conversation: str | int) -> dict[str, bool]:
	"""Show the customer that the last message was read. `{"queued": false}` if that is shown already."""
	row = _readable("WuzAPI Conversation", conversation)
	_readable("WuzAPI Session", row.session)
	return {"queued": mark_read_soon(row)}


def _readable(doctype: str, name: str | int | None) -> Any:
	doc = frappe.get_doc(doctype, name)
	frappe.has_permission(doctype, doc=doc, throw=True)
	return doc
