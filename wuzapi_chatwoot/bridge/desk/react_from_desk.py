"""React to a message from the host's own desk: on WhatsApp, in Chatwoot as a small answer, and on our row of it."""

from __future__ import annotations

from wuzapi_chatwoot.bridge.contacts.apply_message_change import set_reaction
from wuzapi_chatwoot.bridge.context import Bridge
from wuzapi_chatwoot.bridge.desk.show_from_desk import note_place, show_from_desk
from wuzapi_chatwoot.bridge.inbox.effects import Effects
from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.content import Reaction
from wuzapi_chatwoot.bridge.model.errors import Ignored
from wuzapi_chatwoot.bridge.model.events import DeskReaction, Status
from wuzapi_chatwoot.bridge.model.records import Direction, EventRow, MessageRow, Reacted, Session
from wuzapi_chatwoot.bridge.text.describe import describe
from wuzapi_chatwoot.bridge.to_whatsapp.quoted_message import author_of, own_address

# Stands for us where nobody can tell our address. Nobody has this one.
OURSELVES = Address("ourselves", "s.whatsapp.net")


def react_from_desk(bridge: Bridge, session: Session, event: EventRow, reaction: DeskReaction) -> Effects:
	target = _target(bridge, session, reaction)
	conversation = bridge.store.get_conversation(target.conversation) if target is not None else None
	if conversation is None or target is None or target.deleted_at is not None:
		raise Ignored("the message that was reacted to is gone")
	if bridge.store.find_messages(session.name, conversation.chat, [reaction.id]):
		raise Ignored("done already")
	ours = target.direction is Direction.OUT
	author = None if ours else author_of(bridge, session, conversation, target)
	bridge.gateway(session).react(conversation.reply_to, target.whatsapp_id, reaction.emoji, author)
	text = describe(Reaction(target.whatsapp_id, reaction.emoji))
	placed = show_from_desk(
		bridge, session, event, conversation, reaction.id, text, reaction.author_name, answered=target
	)

	by = own_address(bridge, session, conversation) or OURSELVES

	def write() -> None:
		set_reaction(bridge, target, Reacted(by, reaction.emoji, reaction.author_name))
		note_place(bridge, conversation, placed)
		bridge.store.add_message(
			MessageRow(
				id=0,
				session=session.name,
				conversation=conversation.id,
				chat=conversation.chat,
				whatsapp_id=reaction.id,
				part=0,
				direction=Direction.OUT,
				status=Status.SENT,
				sent_at=event.occurred_at,
				status_at=bridge.clock.now(),
				chatwoot_message_id=placed.posted.message_id,
				chatwoot_conversation_id=placed.posted.conversation_id,
				chatwoot_status=Status.SENT,
				origin="desk",
				kind="reaction",
				text=text,
				sender_name=reaction.author_name,
				reply_to_id=reaction.target_id,
			)
		)

	return write


def _target(bridge: Bridge, session: Session, reaction: DeskReaction) -> MessageRow | None:
	if reaction.target:
		return bridge.store.get_message(reaction.target)
	# From an earlier release.
	conversation = bridge.store.get_conversation(reaction.conversation)
	if conversation is None:
		return None
	return next(iter(bridge.store.find_messages(session.name, conversation.chat, [reaction.target_id])), None)
