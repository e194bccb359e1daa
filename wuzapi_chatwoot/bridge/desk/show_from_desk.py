"""Show in Chatwoot what was done in the host's own desk: as an outgoing message with its author's name."""

from __future__ import annotations

from wuzapi_chatwoot.bridge.context import Bridge
from wuzapi_chatwoot.bridge.model.records import ConversationRow, EventRow, MessageRow, Session
from wuzapi_chatwoot.bridge.ports.chatwoot import Post
from wuzapi_chatwoot.bridge.ports.gateway import OutgoingFile
from wuzapi_chatwoot.bridge.text.markup import escape, to_markdown
from wuzapi_chatwoot.bridge.to_chatwoot.compose_post import mark_of
from wuzapi_chatwoot.bridge.to_chatwoot.deliver_post import DeliveredPost, deliver_posts


def show_from_desk(
	bridge: Bridge,
	session: Session,
	event: EventRow,
	conversation: ConversationRow,
	id: str,
	text: str,
	author_name: str,
	*,
	file: OutgoingFile | None = None,
	answered: MessageRow | None = None,
) -> DeliveredPost:
	"""The token behind it is the bridge's own, so the author stands in the text, which is in WhatsApp's marks."""
	shown = to_markdown(text)
	in_reply_to = None
	if answered is not None and answered.chatwoot_conversation_id == conversation.chatwoot_conversation_id:
		in_reply_to = answered.chatwoot_message_id
	post = Post(
		text=f"**{escape(author_name)}:**\n{shown}" if author_name else shown,
		incoming=False,
		source_id=mark_of(id, 0),
		sent_at=event.occurred_at,
		files=(file,) if file else (),
		from_phone=True,
		in_reply_to=in_reply_to,
	)
	contact = bridge.store.get_contact(conversation.contact)
	name = contact.name if contact is not None else str(conversation.chat.user)
	return deliver_posts(bridge, session, event, conversation, name, [post], as_it_is=True)


def note_place(bridge: Bridge, conversation: ConversationRow, placed: DeliveredPost) -> None:
	"""To be written when the message is done."""
	bridge.store.update_conversation(
		conversation.id, {"chatwoot_conversation_id": placed.posted.conversation_id}
	)
	if placed.contact_id is not None:
		bridge.store.update_conversation(conversation.id, {"chatwoot_contact_id": placed.contact_id})
		bridge.store.set_chatwoot_contact(conversation.contact, placed.contact_id)
