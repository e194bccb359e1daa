"""Messages written in the host's own desk: stored at once, then sent to WhatsApp and shown in Chatwoot, each once."""

from __future__ import annotations

from datetime import datetime, timedelta

from ..desk_messages import payload_of
from ..errors import Ignored, NotFound, Permanent
from ..events import DeskMessage, Status
from ..lanes import chat_lane
from ..message_ids import fresh_id
from ..ports import Bridge, OutgoingFile, Post, Posted
from ..records import (
	ECHO_MARK,
	ConversationRow,
	Direction,
	EventRow,
	MessageRow,
	NewEvent,
	Session,
	Source,
)
from .effects import Effects
from .open_in_chatwoot import Opening, open_in_chatwoot
from .receive_webhook import event_key

# How far Chatwoot's clock may be behind ours when we look for a message that we may have posted already.
_CLOCK_MARGIN = timedelta(minutes=5)


def queue_from_desk(
	bridge: Bridge,
	session: Session,
	conversation: ConversationRow,
	text: str,
	author_name: str,
	file: OutgoingFile | None = None,
) -> MessageRow:
	"""Store a message and what is to be done about it. The row is pending, and is there when this returns.

	Sound has no caption on WhatsApp: its text becomes a message of its own and goes ahead. The answer is the file's row.
	"""
	if file is not None and text and file.mime_type.startswith("audio/"):
		with bridge.store.atomic():
			queue_from_desk(bridge, session, conversation, text, author_name)
			return queue_from_desk(bridge, session, conversation, "", author_name, file)
	now = bridge.clock.now()
	id = fresh_id(bridge.ids.new())
	key = event_key(session.name, Source.DESK, id)
	if file is not None:
		bridge.files.save(key, file.content)
	message = DeskMessage(
		whatsapp_id=id,
		conversation=conversation.id,
		text=text,
		author_name=author_name,
		file=key if file else None,
		file_name=file.file_name if file else "",
		mime_type=file.mime_type if file else "",
	)
	row = _pending_row(session, conversation, message, now)
	lane = chat_lane(
		session.name, Direction.OUT, str(conversation.chatwoot_conversation_id or conversation.chat)
	)
	event = NewEvent(
		key=key,
		session=session.name,
		source=Source.DESK,
		kind="message from the desk",
		lane=lane,
		payload=payload_of(message),
		occurred_at=now,
		order=0,
		trace_id=bridge.ids.new(),
		file=message.file,
	)
	with bridge.store.atomic():
		stored = bridge.store.add_message(row)
		if file is not None:
			bridge.keep_media(stored, file)
		bridge.store.add_event(event, due_at=now, received_at=now)
	bridge.wake(lane)
	return stored


def _pending_row(
	session: Session, conversation: ConversationRow, message: DeskMessage, at: datetime
) -> MessageRow:
	return MessageRow(
		id=0,
		session=session.name,
		conversation=conversation.id,
		chat=conversation.chat,
		whatsapp_id=message.whatsapp_id,
		part=0,
		direction=Direction.OUT,
		status=Status.PENDING,
		sent_at=at,
		status_at=at,
		origin="desk",
		kind=message.mime_type.partition("/")[0] if message.file else "text",
		text=message.text,
		file=message.file,
		sender_name=message.author_name,
	)


def send_from_desk(bridge: Bridge, session: Session, event: EventRow, message: DeskMessage) -> Effects:
	conversation = bridge.store.get_conversation(message.conversation)
	rows = bridge.store.find_messages(session.name, [message.whatsapp_id])
	if conversation is None or not rows:
		raise Ignored("the message or its conversation is gone")
	row = rows[0]
	if row.chatwoot_message_id is not None:
		raise Ignored("sent already")
	file = _file(bridge, session, message)
	if row.status.rank < Status.SENT.rank:
		_send(bridge, session, conversation, message, row, file)
	posted, contact_id = _show_in_chatwoot(bridge, session, event, conversation, message, file)

	def write() -> None:
		bridge.store.note_in_chatwoot(row.id, posted.message_id, posted.conversation_id, Status.SENT)
		bridge.store.update_conversation(
			conversation.id, {"chatwoot_conversation_id": posted.conversation_id}
		)
		if contact_id is not None:
			bridge.store.update_conversation(conversation.id, {"chatwoot_contact_id": contact_id})
			bridge.store.set_chatwoot_contact(conversation.contact, contact_id)

	return write


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
) -> None:
	gateway = bridge.gateway(session)
	try:
		if file is None:
			gateway.send_text(conversation.reply_to, message.text, message.whatsapp_id)
		else:
			gateway.send_file(conversation.reply_to, file, message.whatsapp_id, caption=message.text or None)
	except Permanent as error:
		bridge.store.advance_status(row.id, Status.FAILED, bridge.clock.now(), error.reason)
		raise
	bridge.store.advance_status(row.id, Status.SENT, bridge.clock.now())


def _show_in_chatwoot(
	bridge: Bridge,
	session: Session,
	event: EventRow,
	conversation: ConversationRow,
	message: DeskMessage,
	file: OutgoingFile | None,
) -> tuple[Posted, int | None]:
	"""As an outgoing message with its author's name: the token behind it is the bridge's own."""
	text = f"**{message.author_name}:**\n{message.text}" if message.author_name else message.text
	post = Post(
		text=text,
		incoming=False,
		source_id=f"{ECHO_MARK}{message.whatsapp_id}",
		sent_at=event.occurred_at,
		files=(file,) if file else (),
		from_phone=True,
	)
	chatwoot, known = bridge.chatwoot(session), conversation.chatwoot_conversation_id
	since = event.received_at - _CLOCK_MARGIN
	if known is not None:
		try:
			found = chatwoot.find_post(known, post.source_id, since) if event.begun > 1 else None
			return found or chatwoot.post_message(known, post), None
		except NotFound:
			bridge.observer.notice(
				"a conversation is gone from Chatwoot; opening it again", conversation=conversation.id
			)
	opening = Opening(
		address=conversation.chat,
		name=str(conversation.chat.user),
		contact_id=conversation.chatwoot_contact_id,
		may_exist=event.begun > 1,
		posted_since=since,
	)
	return open_in_chatwoot(bridge, session, opening, post)


def fail_from_desk(bridge: Bridge, session: Session, message: DeskMessage, cause: str) -> None:
	"""Mark the message failed where its author looks: at its row."""
	for row in bridge.store.find_messages(session.name, [message.whatsapp_id]):
		bridge.store.advance_status(row.id, Status.FAILED, bridge.clock.now(), cause)
