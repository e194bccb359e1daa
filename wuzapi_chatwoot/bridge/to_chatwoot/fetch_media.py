"""Bring the file of a message that came without it, as a message of its own that answers to the line in its place."""

from __future__ import annotations

from dataclasses import replace

from wuzapi_chatwoot.bridge.context import Bridge
from wuzapi_chatwoot.bridge.inbox.effects import Effects
from wuzapi_chatwoot.bridge.model.errors import Ignored
from wuzapi_chatwoot.bridge.model.events import FetchMedia, Status
from wuzapi_chatwoot.bridge.model.records import EventRow, MessageRow, Session
from wuzapi_chatwoot.bridge.ports.chatwoot import Post
from wuzapi_chatwoot.bridge.to_chatwoot.compose_post import mark_of
from wuzapi_chatwoot.bridge.to_chatwoot.deliver_post import deliver_posts
from wuzapi_chatwoot.bridge.to_chatwoot.media_file import fetch_media_file


def fetch_media(bridge: Bridge, session: Session, event: EventRow, work: FetchMedia) -> Effects:
	"""Raises as long as the gateway cannot bring it; the inbox tries again, and keeps it as dead in the end."""
	line = bridge.store.get_message(work.row)
	if line is None or line.deleted_at is not None:
		raise Ignored("the message is gone")
	part = line.part + work.part
	rows = bridge.store.find_messages(session.name, line.chat, [line.whatsapp_id])
	if any(row.part == part for row in rows):
		raise Ignored("the file is there already")
	conversation = bridge.store.get_conversation(line.conversation)
	contact = bridge.store.get_contact(conversation.contact) if conversation is not None else None
	if conversation is None or contact is None:
		raise Ignored("the conversation is gone")
	file = fetch_media_file(bridge, session, work.media)
	same = conversation.chatwoot_conversation_id == line.chatwoot_conversation_id
	post = Post(
		text="",
		incoming=line.direction.value == "in",
		source_id=mark_of(line.whatsapp_id, part),
		sent_at=line.sent_at,
		files=(file,),
		from_phone=line.direction.value == "out",
		in_reply_to=line.chatwoot_message_id if same else None,
	)
	placed = deliver_posts(bridge, session, event, conversation, contact.name, [post], as_it_is=True)

	def write() -> None:
		# Read again: its conversation may have become part of another while the file was on its way.
		beside = bridge.store.get_message(line.id) or line
		row = bridge.store.add_message(
			_row(beside, part, placed.posted.message_id, placed.posted.conversation_id)
		)
		bridge.keep_media(row, file)

	return write


def _row(line: MessageRow, part: int, message_id: int, conversation_id: int) -> MessageRow:
	return replace(
		line,
		part=part,
		text="",
		chatwoot_message_id=message_id,
		chatwoot_conversation_id=conversation_id,
		chatwoot_status=Status.SENT,
		reactions=(),
		earlier_texts=(),
	)
