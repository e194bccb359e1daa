"""Send one Chatwoot message to WhatsApp, part by part, and show a failure on that very message."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial

from wuzapi_chatwoot.bridge.contacts.resolve_contact import current
from wuzapi_chatwoot.bridge.context import Bridge
from wuzapi_chatwoot.bridge.guards.file_trouble import FILE_TRIES, ask_chatwoot
from wuzapi_chatwoot.bridge.inbox.effects import Effects, nothing_to_write
from wuzapi_chatwoot.bridge.inbox.enqueue_internal import enqueue_internal
from wuzapi_chatwoot.bridge.inbox.store_event import event_key
from wuzapi_chatwoot.bridge.model.errors import (
	BridgeError,
	Deferred,
	DuplicateRow,
	Fault,
	Ignored,
	NotThereYet,
	Permanent,
	Retriable,
	Uncertain,
)
from wuzapi_chatwoot.bridge.model.events import Attachment, ChatwootMessage, ShowFailure, Status
from wuzapi_chatwoot.bridge.model.message_ids import derived_id
from wuzapi_chatwoot.bridge.model.records import (
	ConversationRow,
	Direction,
	EventRow,
	MessageChanges,
	MessageRow,
	Session,
	Source,
)
from wuzapi_chatwoot.bridge.ports.gateway import OutgoingFile
from wuzapi_chatwoot.bridge.to_whatsapp.mark_read import mark_read
from wuzapi_chatwoot.bridge.to_whatsapp.message_parts import Part, parts_of
from wuzapi_chatwoot.bridge.to_whatsapp.new_chat import send_where_allowed
from wuzapi_chatwoot.bridge.to_whatsapp.quoted_message import quoted_in_chatwoot, reply_to
from wuzapi_chatwoot.bridge.to_whatsapp.recipient import recipient_of
from wuzapi_chatwoot.bridge.to_whatsapp.send_part import Outgoing, send_part

FETCHED = "message fetched"
"""Kind of an event that no webhook has told of."""
FETCHED_FAILED = "message fetched, marked failed"
"""Kind of an event that Chatwoot could not deliver and therefore shows as failed."""

# After this long without success the agent is told that the message is still waiting.
_PATIENCE = timedelta(seconds=60)
# After that a file that Chatwoot's storage does not have will not come.
_STORED_WITHIN = timedelta(minutes=5)


def relay_to_whatsapp(bridge: Bridge, session: Session, event: EventRow, message: ChatwootMessage) -> Effects:
	known = bridge.store.find_messages_by_chatwoot_id(session.name, message.id)
	if _sent(known) and _shown_failed(known):
		_clear_failure(bridge, session, message)
		return nothing_to_write
	_refuse_done(event, message, known)
	try:
		quoted = quoted_in_chatwoot(bridge, session, message)
		conversation = _recipient(bridge, session, message, quoted, known)
		parts = parts_of(session, message)
		rows = known or _add_rows(bridge, session, event, conversation, message, parts)
		_send_all(bridge, session, event, conversation, message, parts, rows, quoted)
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


def _recipient(
	bridge: Bridge,
	session: Session,
	message: ChatwootMessage,
	quoted: MessageRow | None,
	known: list[MessageRow],
) -> ConversationRow:
	"""Of what is sent again, too: until then the contact's number may have been corrected."""
	sent = next((row for row in known if row.status.rank >= Status.SENT.rank), None)
	begun = bridge.store.get_conversation(sent.conversation) if sent is not None else None
	if begun is not None:
		return begun
	conversation = recipient_of(bridge, session, message, quoted)
	with bridge.store.atomic():
		for number, row in enumerate(known):
			if row.conversation != conversation.id:
				moved: MessageChanges = {"conversation": conversation.id, "chat": conversation.chat}
				bridge.store.change_message(row.id, moved)
				known[number] = replace(row, **moved)
	return conversation


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


def _refuse_deleted(
	bridge: Bridge, session: Session, message: ChatwootMessage, unsent: Sequence[MessageRow]
) -> None:
	"""The deletion waits behind the message: what nobody wants any more is not sent first."""
	key = event_key(session.chatwoot_key, Source.CHATWOOT, f"message_deleted/{message.id}")
	deletion = bridge.store.find_event(key)
	if deletion is None:
		return
	with bridge.store.atomic():
		for row in unsent:
			bridge.store.change_message(row.id, {"deleted_at": deletion.occurred_at})
	raise Ignored("deleted in Chatwoot before it was sent")


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
		whatsapp_id="",
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
	taken = 0
	while True:
		id = derived_id(bridge.message_key(), session.chatwoot_key, message.id, number, taken)
		try:
			return bridge.store.add_message(replace(row, whatsapp_id=id))
		except DuplicateRow:
			there = bridge.store.find_messages(session.name, conversation.chat, [id])
		for other in there:
			if other.part == number and other.direction is Direction.OUT and other.origin == "chatwoot":
				return other
		# Somebody else's message bears it: ours is not taken for sent because of that.
		taken += 1


def _send_all(
	bridge: Bridge,
	session: Session,
	event: EventRow,
	conversation: ConversationRow,
	message: ChatwootMessage,
	parts: list[Part],
	rows: list[MessageRow],
	quoted: MessageRow | None,
) -> None:
	reply = reply_to(bridge, session, conversation, quoted) if quoted is not None else None
	for number, (row, part) in enumerate(zip(rows, parts, strict=True)):
		if row.status.rank >= Status.SENT.rank:
			continue
		file = _fetch(bridge, session, event, part.attachment) if part.attachment else None
		what = Outgoing(part.text or "", file, part.location, part.voice)
		first = reply if number == 0 else None
		_refuse_deleted(bridge, session, message, rows[number:])
		send = partial(send_part, bridge, session, conversation.reply_to, row.whatsapp_id, what, first)
		send_where_allowed(bridge, session, conversation, send)
		with bridge.store.atomic():
			bridge.store.advance_status(row.id, Status.SENT, bridge.clock.now())
			if file is not None:
				bridge.keep_media(row, file)


def _fetch(bridge: Bridge, session: Session, event: EventRow, attachment: Attachment) -> OutgoingFile:
	try:
		content = bridge.chatwoot(session).fetch_attachment(attachment.url, session.largest_file)
	except NotThereYet as error:
		# Chatwoot tells of a file before its storage has it, but not minutes before.
		if bridge.clock.now() - event.received_at < _STORED_WITHIN:
			raise
		raise Permanent(
			"the file is not in Chatwoot's storage: attach it again", detail=error.detail
		) from error
	except (Retriable, Uncertain) as error:
		ask_chatwoot(bridge.chatwoot(session))
		# Its storage does not answer for this file, though Chatwoot does: what was written next waits for minutes only.
		raise Retriable(
			"the file could not be fetched from Chatwoot's storage",
			detail="" if isinstance(error, Deferred) else f"{error.reason} {error.detail}".strip(),
			fault=Fault.REQUEST,
			tries=(error.tries if isinstance(error, Retriable) else None) or FILE_TRIES,
		) from error
	return OutgoingFile(content, attachment.mime_type or "application/octet-stream", attachment.file_name)


def show_failure(bridge: Bridge, session: Session, message: ChatwootMessage, cause: str) -> None:
	"""Mark the message failed here, with its cause, and in Chatwoot: later, if that cannot be done now.

	Raises nothing that Chatwoot does: the cause must not be lost over the mark.
	"""
	now = bridge.clock.now()
	with bridge.store.atomic():
		for row in bridge.store.find_messages_by_chatwoot_id(session.name, message.id):
			bridge.store.advance_status(row.id, Status.FAILED, now, cause)
			bridge.store.note_in_chatwoot(row.id, message.id, message.conversation.id, Status.FAILED)
	try:
		bridge.chatwoot(session).set_status(message.conversation.id, message.id, Status.FAILED, cause)
	except (Permanent, Ignored) as error:
		bridge.observer.notice(
			"a failed message could not be marked in Chatwoot", error=error.reason, message=message.id
		)
	except (Retriable, Uncertain):
		work = ShowFailure(message.conversation.id, message.id, cause)
		with bridge.store.atomic():
			enqueue_internal(
				bridge,
				session,
				work,
				key=f"{message.id}/{now.isoformat()}",
				about=f"failure {message.id}",
			)


def mark_failure(bridge: Bridge, session: Session, work: ShowFailure) -> Effects:
	"""What `show_failure` could not do at once. Not over a message that has been sent again since."""
	rows = bridge.store.find_messages_by_chatwoot_id(session.name, work.message_id)
	if _sent(rows):
		raise Ignored("the message has been sent since")
	bridge.chatwoot(session).set_status(work.conversation_id, work.message_id, Status.FAILED, work.cause)
	return nothing_to_write


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
