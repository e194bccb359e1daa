"""Say something to the agents in the bridge's own conversation in Chatwoot. Opens it when it is needed first."""

from __future__ import annotations

from ..control_words import CONTROL
from ..ports import Bridge, OutgoingFile, Post
from ..records import EventRow, Session
from .compose_post import mark_of
from .effects import Effects
from .place_post import place_posts


def tell_agents(
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
	placed = place_posts(bridge, session, event, conversation, name, [post])

	def write() -> None:
		bridge.store.update_conversation(
			conversation.id,
			{"chatwoot_conversation_id": placed.posted.conversation_id, "chatwoot_status": "open"},
		)
		if placed.contact_id is not None:
			bridge.store.set_chatwoot_contact(contact.id, placed.contact_id)
			bridge.store.update_conversation(conversation.id, {"chatwoot_contact_id": placed.contact_id})

	return write
