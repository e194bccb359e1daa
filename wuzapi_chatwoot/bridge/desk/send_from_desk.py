"""Send a message written in the host's own desk to WhatsApp and show it in Chatwoot, each once."""

from __future__ import annotations

from functools import partial

from wuzapi_chatwoot.bridge.context import Bridge
from wuzapi_chatwoot.bridge.desk.show_from_desk import note_place, show_from_desk
from wuzapi_chatwoot.bridge.inbox.effects import Effects
from wuzapi_chatwoot.bridge.model.errors import Ignored, Permanent
from wuzapi_chatwoot.bridge.model.events import DeskMessage, Status
from wuzapi_chatwoot.bridge.model.records import ConversationRow, EventRow, MessageRow, Session
from wuzapi_chatwoot.bridge.ports.gateway import OutgoingFile
from wuzapi_chatwoot.bridge.to_whatsapp.new_chat import send_where_allowed
from wuzapi_chatwoot.bridge.to_whatsapp.quoted_message import reply_to
from wuzapi_chatwoot.bridge.to_whatsapp.send_part import Outgoing, send_part


def send_from_desk(bridge: Bridge, session: Session, event: EventRow, message: DeskMessage) -> Effects:
	row = _row(bridge, session, message)
	# By the row, not by the event: two conversations may have become one since.
	conversation = bridge.store.get_conversation(row.conversation) if row is not None else None
	if row is None or conversation is None:
		raise Ignored("the message or its conversation is gone")
	if row.chatwoot_message_id is not None:
		raise Ignored("sent already")
	file = _file(bridge, session, message)
	answered = bridge.store.get_message(message.answered) if message.answered else None
	if row.status.rank < Status.SENT.rank:
		_send(bridge, session, conversation, message, row, file, answered)
	placed = show_from_desk(
		bridge,
		session,
		event,
		conversation,
		message.whatsapp_id,
		row.text,
		message.author_name,
		file=file,
		answered=answered,
	)

	def write() -> None:
		posted = placed.posted
		bridge.store.note_in_chatwoot(row.id, posted.message_id, posted.conversation_id, Status.SENT)
		note_place(bridge, conversation, placed)
		bridge.store.update_conversation(conversation.id, {"last_message_at": event.occurred_at})

	return write


def _row(bridge: Bridge, session: Session, message: DeskMessage) -> MessageRow | None:
	if message.row:
		return bridge.store.get_message(message.row)
	# From an earlier release.
	conversation = bridge.store.get_conversation(message.conversation)
	if conversation is None:
		return None
	return next(
		iter(bridge.store.find_messages(session.name, conversation.chat, [message.whatsapp_id])), None
	)


def _file(bridge: Bridge, session: Session, message: DeskMessage) -> OutgoingFile | None:
	if message.file is None:
		return None
	try:
		content = bridge.files.read(message.file)
	except Permanent as error:
		fail_from_desk(bridge, session, message, error.reason)
		raise
	return OutgoingFile(content, message.mime_type, message.file_name)


def _send(
	bridge: Bridge,
	session: Session,
	conversation: ConversationRow,
	message: DeskMessage,
	row: MessageRow,
	file: OutgoingFile | None,
	answered: MessageRow | None,
) -> None:
	reply = reply_to(bridge, session, conversation, answered) if answered is not None else None
	what = Outgoing(message.text, file, message.location, message.voice)
	send = partial(send_part, bridge, session, conversation.reply_to, message.whatsapp_id, what, reply)
	try:
		send_where_allowed(bridge, session, conversation, send)
	except Permanent as error:
		bridge.store.advance_status(row.id, Status.FAILED, bridge.clock.now(), error.reason)
		raise
	bridge.store.advance_status(row.id, Status.SENT, bridge.clock.now())


def fail_from_desk(bridge: Bridge, session: Session, message: DeskMessage, cause: str) -> None:
	"""Mark the message failed where its author looks: at its row."""
	row = _row(bridge, session, message)
	if row is not None:
		bridge.store.advance_status(row.id, Status.FAILED, bridge.clock.now(), cause)
