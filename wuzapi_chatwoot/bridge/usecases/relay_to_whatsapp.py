"""Send one Chatwoot message to WhatsApp, part by part, and show a failure on that very message."""

from __future__ import annotations

from datetime import timedelta

from ..addresses import Address
from ..errors import BridgeError, Deferred, DuplicateRow, Ignored, Permanent, Retriable, Uncertain
from ..events import Attachment, ChatwootMessage, Status
from ..message_ids import derived_id
from ..phone import to_e164, variants
from ..ports import Bridge, OutgoingFile
from ..records import ConversationRow, Direction, EventRow, MessageRow, Session
from .effects import Effects, nothing_to_write
from .local_chat import current
from .mark_read import mark_read
from .parts import Part, parts_of
from .reply_of import reply_to_chatwoot
from .send_part import Outgoing, send_part

FETCHED = "message fetched"
"""Kind of an event that no webhook has told of."""
FETCHED_FAILED = "message fetched, marked failed"
"""Kind of an event that Chatwoot could not deliver and therefore shows as failed."""

# After this long without success the agent is told that the message is still waiting.
_PATIENCE = timedelta(seconds=60)


def relay_to_whatsapp(bridge: Bridge, session: Session, event: EventRow, message: ChatwootMessage) -> Effects:
	known = bridge.store.find_messages_by_chatwoot_id(session.name, message.id)
	if _sent(known) and _shown_failed(known):
		_clear_failure(bridge, session, message)
		return nothing_to_write
	_refuse_done(event, message, known)
	try:
		conversation = _conversation_of(bridge, session, message)
		parts = parts_of(session, message)
		rows = known or _add_rows(bridge, session, event, conversation, message, parts)
		_send_all(bridge, session, conversation, message, parts, rows)
	except Permanent as error:
		show_failure(bridge, session, message, error.reason)
		raise
	except (Retriable, Uncertain) as error:
		_tell_if_late(bridge, session, event, message, error)
		raise
	_clear_failure(bridge, session, message)
	if session.mark_read_on_reply:
		mark_read(bridge, session, conversation)
	return lambda: bridge.store.update_conversation(conversation.id, {"last_message_at": event.occurred_at})


def _sent(rows: list[MessageRow]) -> bool:
	return bool(rows) and all(row.status.rank >= Status.SENT.rank for row in rows)


def _shown_failed(rows: list[MessageRow]) -> bool:
	return any(row.chatwoot_status is Status.FAILED for row in rows)


def _refuse_done(event: EventRow, message: ChatwootMessage, known: list[MessageRow]) -> None:
	if any(row.deleted_at is not None for row in known):
		raise Ignored("deleted in Chatwoot before it was sent")
	if _sent(known):
		raise Ignored("sent already")
	unsent = [row for row in known if row.status.rank < Status.SENT.rank]
	if not message.retried:
		return
	if not known and not message.retry_certain:
		raise Ignored("an old message changed, and it is not ours to send")
	if known and not any(row.status is Status.FAILED for row in unsent):
		raise Ignored("still being sent")
	if any(row.status is Status.FAILED and row.status_at > event.received_at for row in unsent):
		raise Ignored("has been tried again since the button was pressed")


def _conversation_of(bridge: Bridge, session: Session, message: ChatwootMessage) -> ConversationRow:
	store = bridge.store
	told = message.conversation
	row = store.find_conversation_by_chatwoot_id(session.name, told.id)
	if row is not None:
		return row
	address = _address_of(session, message)
	spellings = [Address.of_phone(phone) for phone in variants(address.phone)] if address.phone else [address]
	with store.atomic():
		contact = store.find_contact(session.name, spellings) or store.add_contact(
			session.name, told.name or str(address.user), [address]
		)
		row = store.find_conversation_of_contact(contact.id) or store.add_conversation(
			session.name, address, contact.id
		)
		# Answers to what an agent began belong where the agent began it.
		store.update_conversation(
			row.id,
			{
				"chatwoot_conversation_id": told.id,
				"chatwoot_contact_id": told.contact_id,
				"chatwoot_status": told.status,
			},
		)
	return row


def _address_of(session: Session, message: ChatwootMessage) -> Address:
	"""Where a conversation that an agent began leads to: its link, else the contact's identifier or phone."""
	told = message.conversation
	for text in (told.source_id, told.identifier):
		address = Address.parse(text)
		if address is not None:
			return address
	phone = to_e164(told.phone, session.default_region) if told.phone else None
	if phone is None:
		raise Permanent("this contact has no phone number, so there is nowhere to send to")
	return Address.of_phone(phone)


def _add_rows(
	bridge: Bridge,
	session: Session,
	event: EventRow,
	conversation: ConversationRow,
	message: ChatwootMessage,
	parts: list[Part],
) -> list[MessageRow]:
	"""Known before they are sent, so that receipts and echoes find them."""
	shown = Status.FAILED if event.kind == FETCHED_FAILED else Status.SENT
	with bridge.store.atomic():
		conversation = current(bridge, conversation)
		return [
			_add_row(bridge, session, conversation, message, number, part, shown)
			for number, part in enumerate(parts)
		]


def _add_row(
	bridge: Bridge,
	session: Session,
	conversation: ConversationRow,
	message: ChatwootMessage,
	number: int,
	part: Part,
	shown: Status,
) -> MessageRow:
	now = bridge.clock.now()
	offered = message.offer.all_options if message.offer is not None else ()
	row = MessageRow(
		id=0,
		session=session.name,
		conversation=conversation.id,
		chat=conversation.chat,
		whatsapp_id=derived_id(session.chatwoot_key, message.id, number),
		part=number,
		direction=Direction.OUT,
		status=Status.PENDING,
		sent_at=message.created_at,
		status_at=now,
		chatwoot_message_id=message.id,
		chatwoot_conversation_id=message.conversation.id,
		chatwoot_status=shown,
		origin="chatwoot",
		kind=part.kind,
		text=part.text or "",
		sender_name=message.author_name,
		options=tuple(option.title for option in offered),
		option_values=tuple(option.value or option.title for option in offered),
	)
	try:
		return bridge.store.add_message(row)
	except DuplicateRow:
		return bridge.store.find_messages(session.name, [row.whatsapp_id])[0]


def _send_all(
	bridge: Bridge,
	session: Session,
	conversation: ConversationRow,
	message: ChatwootMessage,
	parts: list[Part],
	rows: list[MessageRow],
) -> None:
	reply = reply_to_chatwoot(bridge, session, conversation, message)
	for number, (row, part) in enumerate(zip(rows, parts, strict=True)):
		if row.status.rank >= Status.SENT.rank:
			continue
		file = _fetch(bridge, session, part.attachment) if part.attachment else None
		what = Outgoing(part.text or "", file, part.location, part.voice)
		first = reply if number == 0 else None
		send_part(bridge, session, conversation.reply_to, row.whatsapp_id, what, first)
		with bridge.store.atomic():
			bridge.store.advance_status(row.id, Status.SENT, bridge.clock.now())
			if file is not None:
				bridge.keep_media(row, file)


def _fetch(bridge: Bridge, session: Session, attachment: Attachment) -> OutgoingFile:
	content = bridge.chatwoot(session).fetch_attachment(attachment.url, session.largest_file)
	return OutgoingFile(content, attachment.mime_type or "application/octet-stream", attachment.file_name)


def show_failure(bridge: Bridge, session: Session, message: ChatwootMessage, cause: str) -> None:
	"""Mark the message failed in Chatwoot, with its cause, and here."""
	bridge.chatwoot(session).set_status(message.conversation.id, message.id, Status.FAILED, cause)
	now = bridge.clock.now()
	with bridge.store.atomic():
		for row in bridge.store.find_messages_by_chatwoot_id(session.name, message.id):
			bridge.store.advance_status(row.id, Status.FAILED, now, cause)
			bridge.store.note_in_chatwoot(row.id, message.id, message.conversation.id, Status.FAILED)


def _tell_if_late(
	bridge: Bridge, session: Session, event: EventRow, message: ChatwootMessage, error: Retriable | Uncertain
) -> None:
	rows = bridge.store.find_messages_by_chatwoot_id(session.name, message.id)
	if not rows or _shown_failed(rows) or bridge.clock.now() - event.received_at < _PATIENCE:
		return
	cause = "waiting for the gateway" if isinstance(error, Deferred) else error.reason
	try:
		bridge.chatwoot(session).set_status(
			message.conversation.id, message.id, Status.FAILED, f"Not sent yet, still trying: {cause}"
		)
	except BridgeError as failure:
		bridge.observer.notice("a late message could not be marked", error=failure.reason, event=event.id)
		return
	for row in rows:
		bridge.store.note_in_chatwoot(row.id, message.id, message.conversation.id, Status.FAILED)


def _clear_failure(bridge: Bridge, session: Session, message: ChatwootMessage) -> None:
	"""Chatwoot shows a failure for what has arrived now: ours from a late try, or its own of a lost webhook."""
	rows = bridge.store.find_messages_by_chatwoot_id(session.name, message.id)
	if not _shown_failed(rows):
		return
	status = min((row.status for row in rows), key=lambda status: status.rank)
	bridge.chatwoot(session).set_status(message.conversation.id, message.id, status)
	with bridge.store.atomic():
		for row in rows:
			bridge.store.note_in_chatwoot(row.id, message.id, message.conversation.id, status)
