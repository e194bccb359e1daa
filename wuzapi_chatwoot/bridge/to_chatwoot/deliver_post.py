"""Put one message into its Chatwoot conversation, wherever that is by now; each post once, however often it is tried."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from wuzapi_chatwoot.bridge.context import Bridge
from wuzapi_chatwoot.bridge.model.errors import NotFound
from wuzapi_chatwoot.bridge.model.records import ConversationRow, EventRow, Session
from wuzapi_chatwoot.bridge.ports.chatwoot import Post, Posted
from wuzapi_chatwoot.bridge.to_chatwoot.ensure_conversation import (
	Opening,
	ensure_conversation,
	find_again,
	may_reopen,
)

# How far Chatwoot's clock may be behind ours when we look for a message that we may have posted already.
_CLOCK_MARGIN = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class DeliveredPost:
	posted: Posted
	"""Of the first post."""
	contact_id: int | None = None
	"""Set when it had to be found or created."""


def deliver_posts(
	bridge: Bridge,
	session: Session,
	event: EventRow,
	conversation: ConversationRow,
	name: str,
	posts: Sequence[Post],
	*,
	may_exist: bool = False,
	as_it_is: bool = False,
) -> DeliveredPost:
	"""In order. `name` is the contact's, should it have to be created.

	`may_exist`: this very try may have put them there; of an earlier one the event tells. `as_it_is`: no new
	conversation is begun for them, though the present one is resolved.
	"""
	first, *more = posts
	may_exist = may_exist or event.begun > 1
	since = event.received_at - _CLOCK_MARGIN
	fresh = not as_it_is and _needs_new_one(bridge, session, conversation)
	placed = _place(bridge, session, conversation, name, first, since, may_exist, fresh)
	chatwoot = bridge.chatwoot(session)
	for post in more:
		id = placed.posted.conversation_id
		if not may_exist or find_again(chatwoot, id, post, since) is None:
			chatwoot.post_message(id, post)
	return placed


def deliver_once(
	bridge: Bridge, session: Session, conversation: ConversationRow, name: str, post: Post
) -> DeliveredPost:
	"""Without looking for an earlier try, and only where what is written goes to the conversation's own address.

	After an `Uncertain` it may be there: whether to repeat it is for people to say.
	"""
	fresh = _needs_new_one(bridge, session, conversation)
	now = bridge.clock.now()
	return _place(bridge, session, conversation, name, post, now, may_exist=False, fresh=fresh, own_link=True)


def _place(
	bridge: Bridge,
	session: Session,
	conversation: ConversationRow,
	name: str,
	post: Post,
	since: datetime,
	may_exist: bool,
	fresh: bool,
	own_link: bool = False,
) -> DeliveredPost:
	chatwoot = bridge.chatwoot(session)
	known = conversation.chatwoot_conversation_id
	if known is not None and not fresh:
		try:
			if may_exist:
				found = find_again(chatwoot, known, post, since)
				if found is not None:
					return DeliveredPost(found)
			return DeliveredPost(chatwoot.post_message(known, post))
		except NotFound:
			bridge.observer.notice(
				"a conversation is gone from Chatwoot; opening it again", conversation=conversation.id
			)
	opening = Opening(
		address=conversation.chat,
		name=name,
		contact_id=conversation.chatwoot_contact_id,
		may_exist=may_exist,
		posted_since=since,
		over=known if fresh else None,
		own_link=own_link,
	)
	posted, contact_id = ensure_conversation(bridge, session, opening, post)
	return DeliveredPost(posted, contact_id)


def _needs_new_one(bridge: Bridge, session: Session, conversation: ConversationRow) -> bool:
	if conversation.chatwoot_status != "resolved":
		return False
	return not may_reopen(bridge, session, conversation.last_message_at)
