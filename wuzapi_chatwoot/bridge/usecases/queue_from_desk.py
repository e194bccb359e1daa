"""Store what people do in the host's own desk, and what is to be done about it. Sends nothing: a lane does."""

from __future__ import annotations

from datetime import datetime

from ..content import Location
from ..describe import describe
from ..desk_messages import payload_of
from ..errors import Permanent
from ..events import DeskEvent, DeskMessage, DeskReaction, Status
from ..lanes import chat_lane
from ..message_ids import fresh_id, further_id
from ..ports import Bridge, OutgoingFile
from ..records import ConversationRow, Direction, MessageRow, NewEvent, Session, Source
from .parts import LONGEST_CAPTION
from .store_event import event_key


def queue_from_desk(
	bridge: Bridge,
	session: Session,
	conversation: ConversationRow,
	text: str,
	author_name: str,
	file: OutgoingFile | None = None,
	*,
	location: Location | None = None,
	reply_to: str | None = None,
	voice: bool = True,
	id: str | None = None,
) -> MessageRow:
	"""The row is pending, and is there when this returns. `reply_to`: WhatsApp id of the message answered to.

	Sound and places have no caption on WhatsApp, and others no long one: the text becomes a message of its own and goes
	ahead. The answer is the row of what follows it. Without a text, sound is somebody speaking (`voice`).

	`id`: the WhatsApp id that the message shall bear, from a caller that may repeat itself; `DuplicateRow` if it does.
	"""
	sound = file is not None and file.mime_type.startswith("audio/")
	too_long = file is not None and len(text) > LONGEST_CAPTION
	if text and (sound or too_long or location is not None):
		with bridge.store.atomic():
			ahead = further_id(id, 1) if id else None
			queue_from_desk(bridge, session, conversation, text, author_name, reply_to=reply_to, id=ahead)
			return queue_from_desk(
				bridge, session, conversation, "", author_name, file, location=location, voice=False, id=id
			)
	now = bridge.clock.now()
	id = id or fresh_id(bridge.ids.new())
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
		voice=voice and sound,
		location=location,
		reply_to=reply_to,
	)
	row = _pending_row(session, conversation, message, now)
	with bridge.store.atomic():
		stored = bridge.store.add_message(row)
		if file is not None:
			bridge.keep_media(stored, file)
		_add_event(bridge, session, conversation, message, key, "message from the desk", now, message.file)
	return stored


def find_queued(bridge: Bridge, session: Session, id: str) -> MessageRow | None:
	"""The message that was queued under this id before. `Permanent`: the id is another message's."""
	rows = bridge.store.find_messages(session.name, [id])
	if any(row.origin != "desk" for row in rows):
		raise Permanent("This id belongs to another message")
	return rows[0] if rows else None


def queue_reaction(
	bridge: Bridge,
	session: Session,
	conversation: ConversationRow,
	target_id: str,
	emoji: str,
	author_name: str,
) -> None:
	"""`emoji` empty takes back the reaction that was given before."""
	id = fresh_id(bridge.ids.new())
	reaction = DeskReaction(id, conversation.id, target_id, emoji, author_name)
	key = event_key(session.name, Source.DESK, id)
	with bridge.store.atomic():
		_add_event(
			bridge, session, conversation, reaction, key, "reaction from the desk", bridge.clock.now(), None
		)


def _add_event(
	bridge: Bridge,
	session: Session,
	conversation: ConversationRow,
	what: DeskEvent,
	key: str,
	kind: str,
	now: datetime,
	file: str | None,
) -> None:
	lane = chat_lane(
		session.name, Direction.OUT, str(conversation.chatwoot_conversation_id or conversation.chat)
	)
	event = NewEvent(
		key=key,
		session=session.name,
		source=Source.DESK,
		kind=kind,
		lane=lane,
		payload=payload_of(what),
		occurred_at=now,
		order=0,
		trace_id=bridge.ids.new(),
		file=file,
	)
	bridge.store.add_event(event, due_at=now, received_at=now)
	bridge.wake(lane)


def _pending_row(
	session: Session, conversation: ConversationRow, message: DeskMessage, at: datetime
) -> MessageRow:
	kind = message.mime_type.partition("/")[0] if message.file else "text"
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
		kind="location" if message.location else kind,
		text=describe(message.location) if message.location else message.text,
		file=message.file,
		sender_name=message.author_name,
		reply_to_id=message.reply_to,
	)
