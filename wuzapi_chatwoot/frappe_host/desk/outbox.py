"""Messages that people write in the desk: from a document's facts to the bridge's inbox. Checks no permission."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

import frappe

from wuzapi_chatwoot.bridge.context import Bridge
from wuzapi_chatwoot.bridge.desk.queue_from_desk import find_queued, queue_from_desk, queue_reaction
from wuzapi_chatwoot.bridge.inbox.replay_event import replay_event
from wuzapi_chatwoot.bridge.inbox.store_event import event_key
from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.content import Location
from wuzapi_chatwoot.bridge.model.errors import DuplicateRow, Permanent
from wuzapi_chatwoot.bridge.model.events import Status
from wuzapi_chatwoot.bridge.model.phone import to_e164, variants
from wuzapi_chatwoot.bridge.model.records import ConversationRow, EventState, Session, Source
from wuzapi_chatwoot.bridge.ports.gateway import OutgoingFile
from wuzapi_chatwoot.bridge.to_whatsapp.message_parts import LONGEST_TEXT
from wuzapi_chatwoot.frappe_host.files.file_types import type_of
from wuzapi_chatwoot.frappe_host.i18n.refusal import refuse
from wuzapi_chatwoot.frappe_host.settings import every_session, sessions
from wuzapi_chatwoot.frappe_host.wiring.bridge import bridge_of_site

# Kinds that are about another message, or about nobody's: WhatsApp has nothing there to answer or to react to.
_NOT_FOR_ANSWERS = frozenset({"reaction", "edit", "revoke", "pin", "kept", "phonecall", "group_change"})


def queue_message(
	*,
	session: str,
	conversation: int | None,
	phone: str | None,
	text: str,
	file: str | None,
	user: str,
	reply_to: int | None = None,
	location: Location | None = None,
	id: str | None = None,
) -> int:
	"""To a conversation or, with none, to a phone number; `file` names a File, `reply_to` is a message's number.

	The number of the pending message. The same `id` once more is the same message.
	"""
	bridge, known = _bridge_of(session)
	if id is not None and (queued := _queued(bridge, known, id)) is not None:
		return queued
	if not text.strip() and not file and location is None:
		refuse(frappe._("There is nothing to send"))
	if len(text) > LONGEST_TEXT:
		refuse(frappe._("WhatsApp takes texts of up to {0} characters").format(LONGEST_TEXT))
	if file and location is not None:
		refuse(frappe._("Send a file or a place, one after the other"))
	to = _conversation(bridge, known, conversation, phone)
	answered = _whatsapp_id(bridge, to, reply_to) if reply_to is not None else None
	try:
		return queue_from_desk(
			bridge,
			known,
			to,
			text,
			_author(user),
			_file(file) if file else None,
			location=location,
			reply_to=answered,
			id=id,
		).id
	except DuplicateRow:
		# The same call came twice at once: the other one was first.
		queued = _queued(bridge, known, id) if id is not None else None
		if queued is None:
			refuse(frappe._("This id belongs to another message"))
		return queued
	except Permanent as error:
		_say(error)


def _queued(bridge: Bridge, session: Session, id: str) -> int | None:
	row = find_queued(bridge, session, id)
	return row.id if row is not None else None


def queue_emoji(message: int, emoji: str, user: str) -> None:
	"""React to a message; empty takes our reaction back."""
	row = bridge_of_site().store.get_message(message)
	if row is None:
		refuse(frappe._("This message is not there any more"))
	bridge, known = _bridge_of(row.session)
	to = _conversation(bridge, known, row.conversation, None)
	target = _whatsapp_id(bridge, to, message)
	try:
		queue_reaction(bridge, known, to, target, emoji, _author(user))
	except Permanent as error:
		_say(error)


def _say(error: Permanent) -> NoReturn:
	"""What the bridge does not take is said to whoever wrote it."""
	refuse(frappe._(error.reason))


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
		known = every_session().get(row.session)
		whose = known.chatwoot_key if known is not None else row.session
		key = event_key(whose, Source.CHATWOOT, f"message_created/{row.chatwoot_message_id}")
	event = frappe.db.get_value("WuzAPI Event", {"event_key": key, "state": EventState.DEAD.value})
	return bool(event) and replay_event(bridge_of_site(), int(event)) is not None


def _bridge_of(session: str) -> tuple[Bridge, Session]:
	known = sessions().get(session)
	if known is None:
		refuse(frappe._("The session {0} is not enabled").format(session))
	return bridge_of_site(), known


def _author(user: str) -> str:
	return frappe.db.get_value("User", user, "full_name") or user


def _whatsapp_id(bridge: Bridge, to: ConversationRow, message: int) -> str:
	"""Of a message that can be answered and reacted to in this conversation."""
	row = bridge.store.get_message(message)
	if row is None or row.conversation != to.id:
		refuse(frappe._("The message is not one of this conversation"))
	if row.deleted_at is not None:
		refuse(frappe._("This message was deleted"))
	if row.status is Status.FAILED or row.kind in _NOT_FOR_ANSWERS:
		refuse(frappe._("There is no such message on WhatsApp that could be answered"))
	return row.whatsapp_id


def _conversation(
	bridge: Bridge, session: Session, conversation: int | None, phone: str | None
) -> ConversationRow:
	if conversation is not None:
		row = bridge.store.get_conversation(int(conversation))
		if row is None or row.session != session.name:
			refuse(frappe._("This conversation is not one of the session {0}").format(session.name))
		return row
	number = to_e164(phone or "", session.default_region)
	if number is None:
		refuse(frappe._("{0} is not a phone number").format(phone))
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
	if doc.is_folder or doc.is_remote_file:
		refuse(frappe._("Only a file that is kept on this site can be sent"))
	doc.validate_file_url()
	# Not `get_content`: Frappe 16 takes the bytes for a text in any of several encodings, and they would be sent as others.
	content = Path(doc.get_full_path()).read_bytes()
	return OutgoingFile(content, type_of(doc.file_name) or "application/octet-stream", doc.file_name)
