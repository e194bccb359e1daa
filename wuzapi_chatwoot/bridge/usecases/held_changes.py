"""An edit, a deletion or a reaction that comes before its message: kept for it, and shown as it is if none comes.

Gateways post each webhook on its own and repeat what failed minutes later, so the second may be first.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta

from ..content import Edit, Pin, PollVote, Reaction, Revoke
from ..events import HeldChange, WhatsAppMessage
from ..ports import Bridge
from ..records import ConversationRow, EventRow, EventState, Session, Source
from .answered import target_of
from .effects import Effects
from .give_work import give_work, lane_of_work

_HELD = timedelta(hours=4)
# Of one message: nobody reacts to it more often before it comes.
_MOST = 50


def may_be_early(message: WhatsAppMessage) -> bool:
	return isinstance(message.content, Edit | Revoke | Reaction | Pin | PollVote) and bool(target_of(message))


def hold_change(
	bridge: Bridge, session: Session, event: EventRow, message: WhatsAppMessage, conversation: ConversationRow
) -> Effects:
	"""The event itself is done; it is looked at again when its message has come, or after hours."""
	about = _about(conversation, target_of(message) or "")
	return lambda: give_work(
		bridge, session, HeldChange(event.id), key=f"{event.id}/late", about=about, after=_HELD
	)


def release_changes(
	bridge: Bridge, session: Session, message: WhatsAppMessage, conversation: ConversationRow
) -> None:
	"""The message has come: what was kept for it is done now, in the order in which it came."""
	about = _about(conversation, message.id)
	since = bridge.clock.now() - 2 * _HELD
	for row in bridge.store.events_of_lane(lane_of_work(session, about), since, _MOST):
		held = bridge.connectors[Source.BRIDGE].parse(row.payload)
		if row.state is EventState.WAITING and isinstance(held, HeldChange):
			# In a lane of its own: that one is not due for hours.
			give_work(bridge, session, held, key=f"{held.event}/now", about=f"now {about}")


def original_of(bridge: Bridge, row: EventRow, held: HeldChange) -> EventRow | None:
	"""The event that was held, to be worked as often as this one."""
	original = bridge.store.get_event(held.event)
	return replace(original, begun=row.begun, attempts=row.attempts) if original is not None else None


def _about(conversation: ConversationRow, target_id: str) -> str:
	digest = hashlib.sha256(f"{conversation.chat}\n{target_id}".encode("utf-8", "replace")).hexdigest()
	return f"change {digest[:32]}"
