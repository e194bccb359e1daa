"""What a reaction, an edit or a deletion does to the message it is about: to our row of it, and in Chatwoot."""

from __future__ import annotations

from ..addresses import Address, canonical
from ..content import Edit, Media, Reaction, Revoke, Text
from ..errors import Ignored
from ..events import WhatsAppMessage
from ..ports import Bridge
from ..records import Deletions, Direction, MessageRow, Reacted, Session


def refuse_forged(message: WhatsAppMessage, target: MessageRow | None) -> None:
	"""Only its author may change a message, or take it back; a group's administrator may take it back."""
	content = message.content
	if target is None or not isinstance(content, Edit | Revoke):
		return
	if isinstance(content, Revoke) and content.by_admin:
		return
	if not _is_author(message, target):
		raise Ignored("only its author may change a message")


def change_target(bridge: Bridge, message: WhatsAppMessage, target: MessageRow) -> None:
	"""Keep on the row what the message did to it. May be repeated.

	Read again: since `target` was read for the call to Chatwoot, the other direction may have changed it.
	"""
	target = bridge.store.get_message(target.id) or target
	match message.content:
		case Reaction(emoji=emoji):
			by = _author(message)
			set_reaction(bridge, target, Reacted(by, emoji, "" if message.from_me else message.push_name))
		case Edit(content=Text(body=text) | Media(caption=str(text))) if text != target.text:
			earlier = (*target.earlier_texts, target.text)
			bridge.store.change_message(target.id, {"text": text, "earlier_texts": earlier})
		case Revoke() if target.deleted_at is None:
			bridge.store.change_message(target.id, {"deleted_at": message.sent_at})


def set_reaction(bridge: Bridge, target: MessageRow, reacted: Reacted) -> None:
	"""One for each person: the new one takes the old one's place, an empty one takes it away."""
	target = bridge.store.get_message(target.id) or target
	others = tuple(each for each in target.reactions if each.by != reacted.by)
	now = (*others, reacted) if reacted.emoji else others
	if now != target.reactions:
		bridge.store.change_message(target.id, {"reactions": now})


def removes_in_chatwoot(session: Session, message: WhatsAppMessage, target: MessageRow | None) -> bool:
	return (
		isinstance(message.content, Revoke)
		and session.deletions is Deletions.REMOVE
		and target is not None
		and target.chatwoot_message_id is not None
	)


def remove_in_chatwoot(
	bridge: Bridge, session: Session, message: WhatsAppMessage, target: MessageRow
) -> None:
	"""Marked here before the call: Chatwoot's own word of the deletion must not make us take it back on WhatsApp."""
	bridge.store.change_message(target.id, {"deleted_at": message.sent_at})
	shown, conversation_id = target.chatwoot_message_id, target.chatwoot_conversation_id
	if shown is None or conversation_id is None:
		return
	parts = bridge.store.find_messages_by_chatwoot_id(session.name, shown)
	if all(part.deleted_at is not None or part.id == target.id for part in parts):
		bridge.chatwoot(session).delete_message(conversation_id, shown)


def _is_author(message: WhatsAppMessage, target: MessageRow) -> bool:
	if message.from_me or target.direction is Direction.OUT:
		return message.from_me and target.direction is Direction.OUT
	# In a chat of two only one can have written it; in a group it is kept who did.
	if not message.chat.is_group or target.sender is None:
		return True
	return target.sender in (message.sender, message.sender_alt)


def _author(message: WhatsAppMessage) -> Address:
	return canonical(message.sender, message.sender_alt) or message.sender
