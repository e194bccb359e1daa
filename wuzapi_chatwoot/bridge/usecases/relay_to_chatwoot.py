"""Bring one WhatsApp message into its Chatwoot conversation: one call in steady state, at most three at first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from ..addresses import Address, AddressKind, canonical
from ..content import AlbumStart, Media
from ..errors import Ignored, NotFound, TooLarge
from ..events import Status, WhatsAppMessage
from ..phone import display
from ..ports import Bridge, Post, Posted
from ..records import (
	ContactRow,
	ConversationChanges,
	ConversationPolicy,
	ConversationRow,
	Direction,
	EventRow,
	MessageRow,
	Session,
)
from .compose_post import compose_post, part_of, plain_text, without_files
from .effects import Effects
from .open_in_chatwoot import Opening, open_in_chatwoot

# How far Chatwoot's clock may be behind ours when we look for a message that we may have posted already.
_CLOCK_MARGIN = timedelta(minutes=5)


def relay_to_chatwoot(bridge: Bridge, session: Session, event: EventRow, message: WhatsAppMessage) -> Effects:
	_refuse_unwanted(session, message)
	_refuse_known(bridge, session, message)
	conversation = _local_conversation(bridge, session, message)
	post = compose_post(bridge, session, event, message)
	try:
		placed = _place(bridge, session, event, conversation, post, message, may_exist=event.begun > 1)
	except TooLarge as error:
		# The words are worth more than the file: they go alone, with a line that says what is missing.
		bridge.observer.notice("a file was too large for Chatwoot", event=event.id)
		slim = without_files(post, message, error.reason)
		placed = _place(bridge, session, event, conversation, slim, message, may_exist=True)

	def write() -> None:
		row = bridge.store.add_message(_message_row(session, event, message, conversation, placed.posted))
		for file in post.files:
			bridge.keep_media(row, file)
		bridge.store.update_conversation(conversation.id, _changes(message, placed))
		if placed.contact_id is not None:
			bridge.store.set_chatwoot_contact(conversation.contact, placed.contact_id)

	return write


def _refuse_unwanted(session: Session, message: WhatsAppMessage) -> None:
	match message.chat.kind:
		case AddressKind.BROADCAST:
			raise Ignored("status broadcasts are not relayed")
		case AddressKind.NEWSLETTER:
			raise Ignored("newsletters are not relayed")
		case AddressKind.GROUP if not session.groups:
			raise Ignored("groups are switched off for this session")
	if isinstance(message.content, AlbumStart):
		raise Ignored("an album's pictures come as messages of their own")


def _refuse_known(bridge: Bridge, session: Session, message: WhatsAppMessage) -> None:
	part = part_of(message)
	for row in bridge.store.find_messages(session.name, [message.id]):
		if row.origin in ("chatwoot", "desk"):
			raise Ignored("our own send coming back")
		if row.part <= part and row.chatwoot_message_id is not None:
			raise Ignored("in Chatwoot already")


def _local_conversation(bridge: Bridge, session: Session, message: WhatsAppMessage) -> ConversationRow:
	store = bridge.store
	addresses = [address for address in (message.chat, message.chat_alt) if address is not None]
	contact = store.find_contact(session.name, addresses)
	# Asked for outside the transaction: a gateway that takes its time must not hold up everybody's writing.
	name = _contact_name(bridge, session, message) if contact is None else ""
	with store.atomic():
		if contact is None:
			contact = store.add_contact(session.name, name, addresses)
		unknown = [address for address in addresses if address not in contact.addresses]
		if unknown:
			store.add_addresses(contact.id, unknown)
		return store.find_conversation_of_contact(contact.id) or store.add_conversation(
			session.name, _chat_key(contact, message), contact.id
		)


def _chat_key(contact: ContactRow, message: WhatsAppMessage) -> Address:
	return canonical(*contact.addresses, message.chat) or message.chat


def _contact_name(bridge: Bridge, session: Session, message: WhatsAppMessage) -> str:
	if message.chat.is_group:
		# A name is no reason to hold up a message: any failure leaves the plain one.
		try:
			name = bridge.gateway(session).group_name(message.chat)
		except Exception as error:  # noqa: BLE001 - best effort by design, and told to the operator
			bridge.observer.notice("a group's name could not be fetched", error=type(error).__name__)
			name = None
		return name or f"Group {message.chat.user}"
	phone = (canonical(message.chat, message.chat_alt) or message.chat).phone
	own_words = "" if message.from_me else message.verified_name or message.push_name
	return own_words or (display(phone) if phone else "WhatsApp contact")


@dataclass(frozen=True, slots=True)
class _Placed:
	posted: Posted
	contact_id: int | None = None
	"""Set when it had to be found or created."""


def _place(
	bridge: Bridge,
	session: Session,
	event: EventRow,
	conversation: ConversationRow,
	post: Post,
	message: WhatsAppMessage,
	*,
	may_exist: bool,
) -> _Placed:
	chatwoot = bridge.chatwoot(session)
	known = conversation.chatwoot_conversation_id
	if known is not None and not _needs_new_one(session, conversation):
		try:
			if may_exist:
				# An earlier try may have got through before its answer was lost.
				found = chatwoot.find_post(known, post.source_id, event.received_at - _CLOCK_MARGIN)
				if found is not None:
					return _Placed(found)
			return _Placed(chatwoot.post_message(known, post))
		except NotFound:
			bridge.observer.notice(
				"a conversation is gone from Chatwoot; opening it again", conversation=conversation.id
			)
	opening = Opening(
		address=conversation.chat,
		name=_contact_name_of(bridge, conversation, message),
		contact_id=conversation.chatwoot_contact_id,
		may_exist=may_exist,
		posted_since=event.received_at - _CLOCK_MARGIN,
	)
	posted, contact_id = open_in_chatwoot(bridge, session, opening, post)
	return _Placed(posted, contact_id)


def _needs_new_one(session: Session, conversation: ConversationRow) -> bool:
	return (
		session.conversation_policy is ConversationPolicy.NEW and conversation.chatwoot_status == "resolved"
	)


def _contact_name_of(bridge: Bridge, conversation: ConversationRow, message: WhatsAppMessage) -> str:
	contact = bridge.store.find_contact(conversation.session, [message.chat, conversation.chat])
	return contact.name if contact is not None else str(conversation.chat.user)


def _changes(message: WhatsAppMessage, placed: _Placed) -> ConversationChanges:
	changes: ConversationChanges = {
		"reply_to": message.chat,
		"chatwoot_conversation_id": placed.posted.conversation_id,
	}
	if not message.from_me:
		changes["last_incoming_id"] = message.id
		changes["last_incoming_sender"] = message.sender
		# An incoming message opens a resolved conversation again, in Chatwoot as here.
		changes["chatwoot_status"] = "open"
	if placed.contact_id is not None:
		changes["chatwoot_contact_id"] = placed.contact_id
	return changes


def _message_row(
	session: Session, event: EventRow, message: WhatsAppMessage, conversation: ConversationRow, posted: Posted
) -> MessageRow:
	media = message.content if isinstance(message.content, Media) else None
	return MessageRow(
		id=0,
		session=session.name,
		conversation=conversation.id,
		chat=conversation.chat,
		whatsapp_id=message.id,
		part=part_of(message),
		direction=Direction.OUT if message.from_me else Direction.IN,
		status=Status.SENT if message.from_me else Status.DELIVERED,
		sent_at=event.occurred_at,
		status_at=event.occurred_at,
		chatwoot_message_id=posted.message_id,
		chatwoot_conversation_id=posted.conversation_id,
		chatwoot_status=Status.SENT,
		origin="phone" if message.from_me else "customer",
		kind=media.kind.value if media else type(message.content).__name__.lower(),
		text=plain_text(message),
		file=media.file if media else None,
		sender_name="" if message.from_me else message.push_name,
	)
