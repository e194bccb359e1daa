"""Find or create a contact and its conversation in Chatwoot, and put the first message there.

Three calls at most for somebody new, and as many for somebody Chatwoot knows: look up, create contact or find its
conversation, post. Does not know where the message came from, nor what is stored of it here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ..addresses import Address
from ..errors import BridgeError, Deferred, DuplicateRow, NotFound, Uncertain
from ..phone import variants
from ..ports import Bridge, Chatwoot, ChatwootContact, Post, Posted
from ..records import ConversationPolicy, Session

# A message whose inbox is gone is tried again after this long.
_INBOX_AGAIN = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Opening:
	"""Whose conversation is to be opened."""

	address: Address
	"""Becomes the contact's identifier and the link's `source_id`."""
	name: str
	contact_id: int | None
	"""Chatwoot's contact, if it is known from before."""
	may_exist: bool
	"""An earlier try may have got half-way."""
	posted_since: datetime
	"""An earlier try cannot have posted before this."""
	over: int | None = None
	"""Chatwoot's conversation that is not to be reopened, by what is known of it here."""
	own_link: bool = False
	"""By the link of this very address only, whatever other links the contact has: what stands there goes to it."""


def open_in_chatwoot(bridge: Bridge, session: Session, opening: Opening, post: Post) -> tuple[Posted, int]:
	"""The message's place and the contact's id. Raises `Deferred` while the inbox is gone: people can give it another."""
	try:
		return _open(bridge, session, opening, post)
	except NotFound as error:
		if _inbox_is_there(bridge, session):
			raise
		raise Deferred(
			f"inbox {session.inbox_id} is gone from Chatwoot: set the session up again, and this is brought there",
			bridge.clock.now() + _INBOX_AGAIN,
		) from error


def _inbox_is_there(bridge: Bridge, session: Session) -> bool:
	try:
		bridge.chatwoot(session).check()
	except NotFound:
		return False
	except BridgeError:
		# Whatever else is wrong with it.
		return True
	return True


def _open(bridge: Bridge, session: Session, opening: Opening, post: Post) -> tuple[Posted, int]:
	chatwoot = bridge.chatwoot(session)
	contact, created = _contact(chatwoot, opening)
	source_id = _source_id(contact, opening)
	if not created or opening.may_exist:
		posted = _into_existing(bridge, session, opening, source_id, post)
		if posted is not None:
			return posted, contact.id
	try:
		posted = chatwoot.create_conversation(
			contact.id, source_id, post, pending=session.start_pending and post.incoming
		)
		return posted, contact.id
	except NotFound:
		# The contact we remembered was deleted or merged away. Forget it and look once more.
		if opening.contact_id is None:
			raise
		return _open(bridge, session, replace(opening, contact_id=None), post)


def _contact(chatwoot: Chatwoot, opening: Opening) -> tuple[ChatwootContact, bool]:
	if opening.contact_id is not None:
		return ChatwootContact(opening.contact_id), False
	identifier = str(opening.address)
	phone = opening.address.phone
	phones = variants(phone) if phone else ()
	found = chatwoot.find_contacts(identifier, phones)
	if found:
		return _best(found, identifier), False
	try:
		return chatwoot.create_contact(opening.name, identifier, phone, identifier), True
	except DuplicateRow as error:
		# Taken, but not to be found by the filter: some versions leave contacts without a phone out of it.
		taken = chatwoot.find_taken_contact(identifier) or next(
			iter(chatwoot.find_contacts(identifier, phones)), None
		)
		if taken is None:
			raise Uncertain(
				"Chatwoot says this contact exists, but does not find it", detail=error.reason
			) from error
		return taken, False


def _best(found: list[ChatwootContact], identifier: str) -> ChatwootContact:
	"""By identifier if there is one; of several with the same phone, one that this inbox knows already."""
	if found[0].identifier == identifier:
		return found[0]
	return next((contact for contact in found if contact.source_ids), found[0])


def _source_id(contact: ChatwootContact, opening: Opening) -> str:
	own = str(opening.address)
	if opening.own_link or own in contact.source_ids or not contact.source_ids:
		return own
	return contact.source_ids[0]


def _into_existing(
	bridge: Bridge, session: Session, opening: Opening, source_id: str, post: Post
) -> Posted | None:
	chatwoot = bridge.chatwoot(session)
	conversation = chatwoot.latest_conversation(source_id)
	if conversation is None:
		return None
	if opening.may_exist:
		found = find_again(chatwoot, conversation.id, post, opening.posted_since)
		if found is not None:
			return found
	resolved = conversation.status == "resolved"
	# For Chatwoot its being resolved was an activity, too: what we know of the last message goes first.
	if resolved and conversation.id == opening.over:
		return None
	if resolved and not may_reopen(bridge, session, conversation.last_activity_at):
		return None
	return chatwoot.post_message(conversation.id, post)


def find_again(chatwoot: Chatwoot, conversation_id: int, post: Post, since: datetime) -> Posted | None:
	"""The same post of an earlier try. What bears no mark is never found."""
	return chatwoot.find_post(conversation_id, post.source_id, since) if post.source_id is not None else None


def may_reopen(bridge: Bridge, session: Session, last_message_at: datetime | None) -> bool:
	"""May a message go into a resolved conversation whose last message was written then?"""
	match session.conversation_policy:
		case ConversationPolicy.NEW:
			return False
		case ConversationPolicy.AGE if last_message_at is not None:
			return bridge.clock.now() - last_message_at < timedelta(days=session.reopen_within_days)
	return True
