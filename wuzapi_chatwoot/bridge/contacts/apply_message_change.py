"""What a reaction, an edit or a deletion does to the message it is about: to our row of it, and in Chatwoot."""

from __future__ import annotations

from wuzapi_chatwoot.bridge.context import Bridge
from wuzapi_chatwoot.bridge.model.addresses import Address, AddressKind, canonical
from wuzapi_chatwoot.bridge.model.content import Edit, Media, Reaction, Revoke, Text
from wuzapi_chatwoot.bridge.model.errors import Ignored, Permanent
from wuzapi_chatwoot.bridge.model.events import WhatsAppMessage
from wuzapi_chatwoot.bridge.model.records import Deletions, Direction, MessageRow, Reacted, Session


def refuse_forged(
	bridge: Bridge, session: Session, message: WhatsAppMessage, target: MessageRow | None
) -> None:
	"""Only its author may change a message, or take it back; in a group its administrators may take it back.

	That somebody is an administrator is never taken from his own words: the gateway is asked. Raises `Ignored`, or
	what keeps the gateway from telling.
	"""
	content = message.content
	if target is None or not isinstance(content, Edit | Revoke) or is_author(message, target):
		return
	if isinstance(content, Revoke) and content.by_admin and _by_admin(bridge, session, message):
		return
	bridge.observer.notice(
		"a change of another one's message was not believed", session=session.name, message=target.id
	)
	raise Ignored("only its author, or an administrator of its group, may change a message")


def _by_admin(bridge: Bridge, session: Session, message: WhatsAppMessage) -> bool:
	if not message.chat.is_group:
		return False
	if message.from_me:
		# Our own phone, and WhatsApp let it.
		return True
	people = [each for each in (message.sender, message.sender_alt) if each is not None]
	try:
		return bridge.gateway(session).is_group_admin(message.chat, people)
	except Permanent:
		# There is no such group for us any more: nobody can say so.
		return False


def apply_message_change(bridge: Bridge, message: WhatsAppMessage, target: MessageRow) -> None:
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


def is_author(message: WhatsAppMessage, target: MessageRow) -> bool:
	"""Was the target written by the author of this message? Both are of one chat."""
	if message.from_me or target.direction is Direction.OUT:
		return message.from_me and target.direction is Direction.OUT
	# In a chat of two only one can have written it; where several write it is kept who did.
	if not shared(message.chat):
		return True
	return target.sender in (message.sender, message.sender_alt)


def shared(chat: Address) -> bool:
	"""Do several people write under this address?"""
	return chat.is_group or chat.kind is AddressKind.BROADCAST


def _author(message: WhatsAppMessage) -> Address:
	return canonical(message.sender, message.sender_alt) or message.sender
