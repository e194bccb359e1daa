"""Find or create a contact and its conversation in Chatwoot, and put the first message there.

Three calls at most for somebody new, and as many for somebody Chatwoot knows: look up, create contact or find its
conversation, post. Does not know where the message came from, nor what is stored of it here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from wuzapi_chatwoot.bridge.context import Bridge
from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.errors import (
	BridgeError,
	Deferred,
	DuplicateRow,
	Fault,
	NotFound,
	Retriable,
	Uncertain,
)
from wuzapi_chatwoot.bridge.model.phone import variants
from wuzapi_chatwoot.bridge.model.records import ConversationPolicy, Session
from wuzapi_chatwoot.bridge.ports.chatwoot import Chatwoot, ChatwootContact, Post, Posted

# A message whose inbox is gone is tried again after this long.
_INBOX_AGAIN = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Opening:
	"""Whose conversation is to be opened."""

	address: Address
	"""The conversation's own. Becomes the contact's identifier and the link's `source_id`."""
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


def ensure_conversation(bridge: Bridge, session: Session, opening: Opening, post: Post) -> tuple[Posted, int]:
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


def _open(
	bridge: Bridge, session: Session, opening: Opening, post: Post, holder: ChatwootContact | None = None
) -> tuple[Posted, int]:
	"""`holder`: whoever bears this address in Chatwoot, once that had to be asked."""
	contact = holder
	try:
		contact, created = (holder, False) if holder is not None else _contact(bridge, session, opening)
		return _put(bridge, session, opening, contact, created, post), contact.id
	except (NotFound, Retriable, Uncertain) as error:
		if holder is not None or not _says_taken_or_gone(error):
			raise
		# The contact that we remembered was deleted or merged away, or the link is another contact's by now: Chatwoot
		# answers 500 to that.
		found = bridge.chatwoot(session).find_taken_contact(str(opening.address))
		if found is not None and (contact is None or found.id != contact.id):
			return _open(bridge, session, replace(opening, may_exist=True), post, found)
		if not isinstance(error, NotFound) or opening.contact_id is None:
			raise
	return _open(bridge, session, replace(opening, contact_id=None), post)


def _says_taken_or_gone(error: BridgeError) -> bool:
	if isinstance(error, Retriable | Uncertain):
		return error.fault is not Fault.UNREACHABLE
	return True


def _put(
	bridge: Bridge,
	session: Session,
	opening: Opening,
	contact: ChatwootContact,
	created: bool,
	post: Post,
) -> Posted:
	own = str(opening.address)
	if not created or opening.may_exist:
		posted = _into_existing(bridge, session, opening, _source_id(contact, opening), post)
		if posted is not None:
			return posted
	return bridge.chatwoot(session).create_conversation(
		contact.id, own, post, pending=session.start_pending and post.incoming
	)


def _contact(bridge: Bridge, session: Session, opening: Opening) -> tuple[ChatwootContact, bool]:
	if opening.contact_id is not None:
		return ChatwootContact(opening.contact_id), False
	chatwoot = bridge.chatwoot(session)
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
	"""By link, then by identifier; of several with the same phone, one that this inbox knows already."""
	for contact in found:
		if identifier in contact.source_ids:
			return contact
	if found[0].identifier == identifier:
		return found[0]
	return next((contact for contact in found if contact.source_ids), found[0])


def _source_id(contact: ChatwootContact, opening: Opening) -> str:
	"""The link to look for a conversation by: its own, or one of an agent's making. Never another WhatsApp address:
	contacts can be merged and numbers changed in Chatwoot, and what stands there is another person's.
	"""
	own = str(opening.address)
	if opening.own_link or own in contact.source_ids:
		return own
	return next((each for each in contact.source_ids if Address.parse(each) is None), own)


def _into_existing(
	bridge: Bridge, session: Session, opening: Opening, source_id: str, post: Post
) -> Posted | None:
	chatwoot = bridge.chatwoot(session)
	conversation = chatwoot.latest_conversation(source_id)
	if conversation is None:
		return None
	if _is_somebody_elses(bridge, session, opening, source_id, conversation.id):
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


def _is_somebody_elses(
	bridge: Bridge, session: Session, opening: Opening, source_id: str, chatwoot_conversation_id: int
) -> bool:
	"""Does another one on WhatsApp stand there?"""
	store = bridge.store
	holder = store.find_conversation_by_chatwoot_id(session.name, chatwoot_conversation_id)
	if holder is not None:
		return holder.chat != opening.address
	if source_id == str(opening.address):
		return False
	own = store.find_conversation(session.name, opening.address)
	there = store.conversations_in_chatwoot(session.name, chatwoot_conversation_id)
	return any(own is None or id != own.id for id in there)


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
