"""Say something to the agents: in the bridge's own conversation in Chatwoot, which is opened when it is needed first, or
as a note in another one.
"""

from __future__ import annotations

from datetime import timedelta

from wuzapi_chatwoot.bridge.context import Bridge
from wuzapi_chatwoot.bridge.inbox.effects import Effects, nothing_to_write
from wuzapi_chatwoot.bridge.model.events import NoteToAgents
from wuzapi_chatwoot.bridge.model.records import EventRow, Session
from wuzapi_chatwoot.bridge.ports.chatwoot import Post
from wuzapi_chatwoot.bridge.ports.gateway import OutgoingFile
from wuzapi_chatwoot.bridge.text.command_parser import CONTROL
from wuzapi_chatwoot.bridge.to_chatwoot.compose_post import mark_of
from wuzapi_chatwoot.bridge.to_chatwoot.deliver_post import deliver_posts

# How far Chatwoot's clock may be behind ours.
_CLOCK_MARGIN = timedelta(minutes=5)


def notify_agents(
	bridge: Bridge,
	session: Session,
	event: EventRow,
	text: str,
	file: OutgoingFile | None = None,
) -> Effects:
	"""In Markdown, as an answer to `event`: told once, however often that is tried."""
	name = f"WhatsApp bridge ({session.name})"
	with bridge.store.atomic():
		contact = bridge.store.find_contact(session.name, [CONTROL]) or bridge.store.add_contact(
			session.name, name, [CONTROL]
		)
		conversation = bridge.store.add_conversation(session.name, CONTROL, contact.id)
	post = Post(
		text=text,
		# As the bridge's own word: agents are told of it as of a customer's.
		incoming=True,
		source_id=mark_of(f"told-{event.key[:20]}", 0),
		sent_at=bridge.clock.now(),
		files=(file,) if file else (),
	)
	placed = deliver_posts(bridge, session, event, conversation, name, [post])

	def write() -> None:
		bridge.store.update_conversation(
			conversation.id,
			{"chatwoot_conversation_id": placed.posted.conversation_id, "chatwoot_status": "open"},
		)
		if placed.contact_id is not None:
			bridge.store.set_chatwoot_contact(contact.id, placed.contact_id)
			bridge.store.update_conversation(conversation.id, {"chatwoot_contact_id": placed.contact_id})

	return write


def note_to_agents(bridge: Bridge, session: Session, event: EventRow, note: NoteToAgents) -> Effects:
	mark = mark_of(note.id, 0)
	chatwoot = bridge.chatwoot(session)
	if event.begun > 1 and chatwoot.find_post(note.conversation_id, mark, event.received_at - _CLOCK_MARGIN):
		return nothing_to_write
	post = Post(note.text, incoming=False, source_id=mark, sent_at=bridge.clock.now(), private=True)
	chatwoot.post_message(note.conversation_id, post)
	return nothing_to_write
