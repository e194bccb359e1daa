"""An edit, a deletion or a reaction that comes before its message: kept for it, and shown as it is if none comes.

Gateways post each webhook on its own and repeat what failed minutes later, so the second may be first.

A deletion in a group is kept in the same way while the gateway cannot be asked whether an administrator made it.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta

from wuzapi_chatwoot.bridge.contacts.referenced_message import target_of
from wuzapi_chatwoot.bridge.context import Bridge
from wuzapi_chatwoot.bridge.inbox.effects import Effects
from wuzapi_chatwoot.bridge.inbox.enqueue_internal import enqueue_internal, lane_of_internal
from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.content import Edit, Pin, PollVote, Reaction, Revoke
from wuzapi_chatwoot.bridge.model.events import HeldChange, WhatsAppMessage
from wuzapi_chatwoot.bridge.model.records import ConversationRow, EventRow, EventState, Session, Source

_HELD = timedelta(hours=4)
# Of one message: nobody reacts to it more often before it comes.
_MOST = 50


def may_be_early(message: WhatsAppMessage) -> bool:
	return isinstance(message.content, Edit | Revoke | Reaction | Pin | PollVote) and bool(target_of(message))


def hold_change(
	bridge: Bridge, session: Session, event: EventRow, message: WhatsAppMessage, conversation: ConversationRow
) -> Effects:
	"""The event itself is done; it is looked at again when its message has come, or after hours."""
	about = _about(conversation.chat, target_of(message) or "")
	return lambda: enqueue_internal(
		bridge, session, HeldChange(event.id), key=f"{event.id}/late", about=about, after=_HELD
	)


def ask_again(
	bridge: Bridge, session: Session, event: EventRow, message: WhatsAppMessage, conversation: ConversationRow
) -> Effects:
	"""The event itself is done; it is looked at again in a lane of its own, for as long as its gateway cannot be asked."""
	about = f"asked {_about(conversation.chat, target_of(message) or '')}"
	return lambda: enqueue_internal(
		bridge, session, HeldChange(event.id), key=f"{event.id}/asked", about=about
	)


def release_changes(
	bridge: Bridge, session: Session, message: WhatsAppMessage, conversation: ConversationRow
) -> None:
	"""The message has come: what was kept for it is done now, in the order in which it came.

	Under every address of the chat: of two that were apart when it was kept, one may have become the other's since.
	"""
	chats = dict.fromkeys((conversation.chat, message.chat, message.chat_alt))
	kept = [row for chat in chats if chat is not None for row in _kept(bridge, session, chat, message.id)]
	for row in sorted(kept, key=lambda row: row.id):
		held = bridge.connectors[Source.BRIDGE].parse(row.payload)
		if row.state is EventState.WAITING and isinstance(held, HeldChange):
			# In a lane of its own: that one is not due for hours.
			about = f"now {_about(conversation.chat, message.id)}"
			enqueue_internal(bridge, session, held, key=f"{held.event}/now", about=about)


def _kept(bridge: Bridge, session: Session, chat: Address, id: str) -> list[EventRow]:
	since = bridge.clock.now() - 2 * _HELD
	return bridge.store.events_of_lane(lane_of_internal(session, _about(chat, id)), since, _MOST)


def original_of(bridge: Bridge, row: EventRow, held: HeldChange) -> EventRow | None:
	"""The event that was held, to be worked as often as this one."""
	original = bridge.store.get_event(held.event)
	return replace(original, begun=row.begun, attempts=row.attempts) if original is not None else None


def _about(chat: Address, target_id: str) -> str:
	digest = hashlib.sha256(f"{chat}\n{target_id}".encode("utf-8", "replace")).hexdigest()
	return f"change {digest[:32]}"
