"""Messages that people write in the desk: from a document's facts to the bridge's inbox. Checks no permission."""

from __future__ import annotations

import mimetypes

import frappe

from ..bridge.addresses import Address
from ..bridge.phone import to_e164, variants
from ..bridge.ports import Bridge, OutgoingFile
from ..bridge.records import ConversationRow, EventState, Session, Source
from ..bridge.usecases.receive_webhook import event_key
from ..bridge.usecases.replay_event import replay_event
from ..bridge.usecases.send_from_desk import queue_from_desk
from .settings import sessions
from .wiring import bridge_of_site


def queue_message(
	*, session: str, conversation: int | None, phone: str | None, text: str, file: str | None, user: str
) -> int:
	"""To a conversation or, with none, to a phone number; `file` names a File. The number of the pending message."""
	bridge, known = bridge_of_site(), sessions().get(session)
	if known is None:
		frappe.throw(frappe._("The session {0} is not enabled").format(session))
	if not text.strip() and not file:
		frappe.throw(frappe._("There is nothing to send"))
	to = _conversation(bridge, known, conversation, phone)
	author = frappe.db.get_value("User", user, "full_name") or user
	return queue_from_desk(bridge, known, to, text, author, _file(file) if file else None).id


def send_again(message: int) -> bool:
	"""Try a failed message once more, wherever it was written; false if it did not fail for good."""
	row = frappe.db.get_value(
		"WuzAPI Message",
		message,
		["session", "origin", "whatsapp_id", "chatwoot_message_id"],
		as_dict=True,
	)
	if row.origin == "desk":
		key = event_key(row.session, Source.DESK, row.whatsapp_id)
	else:
		key = event_key(row.session, Source.CHATWOOT, f"message_created/{row.chatwoot_message_id}")
	event = frappe.db.get_value("WuzAPI Event", {"event_key": key, "state": EventState.DEAD.value})
	return bool(event) and replay_event(bridge_of_site(), int(event)) is not None


def _conversation(
	bridge: Bridge, session: Session, conversation: int | None, phone: str | None
) -> ConversationRow:
	if conversation is not None:
		row = bridge.store.get_conversation(int(conversation))
		if row is None or row.session != session.name:
			frappe.throw(frappe._("This conversation is not one of the session {0}").format(session.name))
		return row
	number = to_e164(phone or "", session.default_region)
	if number is None:
		frappe.throw(frappe._("{0} is not a phone number").format(phone))
	spellings = [Address.of_phone(each) for each in variants(number)]
	store = bridge.store
	with store.atomic():
		contact = store.find_contact(session.name, spellings) or store.add_contact(
			session.name, number, spellings[:1]
		)
		return store.find_conversation_of_contact(contact.id) or store.add_conversation(
			session.name, contact.addresses[0], contact.id
		)


def _file(name: str) -> OutgoingFile:
	doc = frappe.get_doc("File", name)
	content = doc.get_content()
	mime_type = mimetypes.guess_type(doc.file_name)[0] or "application/octet-stream"
	return OutgoingFile(content.encode() if isinstance(content, str) else content, mime_type, doc.file_name)
