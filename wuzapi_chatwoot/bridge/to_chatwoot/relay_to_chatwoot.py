"""Bring one WhatsApp message into its Chatwoot conversation: one call in steady state, at most three at first."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from wuzapi_chatwoot.bridge.contacts.apply_message_change import (
	apply_message_change,
	refuse_forged,
	remove_in_chatwoot,
	removes_in_chatwoot,
	shared,
)
from wuzapi_chatwoot.bridge.contacts.referenced_message import (
	ReferencedMessage,
	find_referenced_message,
	target_of,
)
from wuzapi_chatwoot.bridge.contacts.resolve_contact import (
	LocalChat,
	current,
	learn_pair,
	name_told,
	resolve_contact,
)
from wuzapi_chatwoot.bridge.context import Bridge
from wuzapi_chatwoot.bridge.guards.file_trouble import FILE_TRIES, ask_chatwoot
from wuzapi_chatwoot.bridge.inbox.effects import Effects, nothing_to_write
from wuzapi_chatwoot.bridge.inbox.enqueue_internal import enqueue_internal
from wuzapi_chatwoot.bridge.model.content import AlbumStart, Content, Media, Poll, files_of
from wuzapi_chatwoot.bridge.model.errors import BridgeError, Fault, Ignored, Retriable, TooLarge, Uncertain
from wuzapi_chatwoot.bridge.model.events import FetchMedia, RefreshContact, Status, WhatsAppMessage
from wuzapi_chatwoot.bridge.model.records import (
	ConversationChanges,
	ConversationRow,
	Direction,
	EventRow,
	MessageRow,
	Session,
)
from wuzapi_chatwoot.bridge.to_chatwoot.chosen_option import chosen_option
from wuzapi_chatwoot.bridge.to_chatwoot.compose_post import Composed, compose_post, part_of, without_files
from wuzapi_chatwoot.bridge.to_chatwoot.deliver_post import DeliveredPost, deliver_posts
from wuzapi_chatwoot.bridge.to_chatwoot.early_changes import (
	ask_again,
	hold_change,
	may_be_early,
	release_changes,
)
from wuzapi_chatwoot.bridge.to_chatwoot.relay_filter import check_relay_filter

# The gateway has just failed to bring a file: it is asked again after this long.
_FETCH_AFTER = timedelta(seconds=30)
# More parts than one message has here. The next ones are another author's who chose the same id.
_PARTS = 100


def relay_to_chatwoot(
	bridge: Bridge, session: Session, event: EventRow, message: WhatsAppMessage, *, waited: bool = False
) -> Effects:
	"""`waited`: its lane is its own, since it is about a message that has not come for hours or has just come, or since
	nobody could say whether an administrator deleted it.
	"""
	check_relay_filter(session, message.chat, message.chat_alt)
	if isinstance(message.content, AlbumStart):
		raise Ignored("an album's pictures come as messages of their own")
	chat = resolve_contact(bridge, session, message)
	rows = bridge.store.find_messages(session.name, chat.conversation.chat, [message.id])
	earlier = [row for row in rows if _is_same(message, row)]
	_refuse_known(message, earlier)
	part = part_of(message) + _first_part(rows, earlier)
	if message.chat.is_group:
		learn_pair(bridge, session, message.sender, message.sender_alt)
	answered = find_referenced_message(bridge, session, chat.conversation, message, earlier)
	if answered.row is None and not waited and may_be_early(message):
		return hold_change(bridge, session, event, message, chat.conversation)
	try:
		refuse_forged(bridge, session, message, answered.row)
	except (Retriable, Uncertain):
		if waited:
			raise
		# The group does not wait for the gateway to tell who its administrators are.
		return ask_again(bridge, session, event, message, chat.conversation)
	if answered.row is not None and removes_in_chatwoot(session, message, answered.row):
		remove_in_chatwoot(bridge, session, message, answered.row)
		return nothing_to_write
	chosen = chosen_option(bridge, event, chat.conversation, message, answered)
	composed = compose_post(bridge, session, event, message, answered, part, chosen)
	composed, placed = _place(bridge, session, event, chat, message, composed)
	_tell_ad(bridge, session, message, placed)

	def write() -> None:
		conversation = current(bridge, chat.conversation)
		row = bridge.store.add_message(
			_message_row(session, event, message, conversation, answered, composed, placed, part)
		)
		for file in composed.posts[0].files:
			bridge.keep_media(row, file)
		bridge.store.update_conversation(conversation.id, _changes(event, message, placed, conversation))
		if placed.contact_id is not None:
			bridge.store.set_chatwoot_contact(chat.contact.id, placed.contact_id)
		if answered.row is not None:
			apply_message_change(bridge, message, answered.row)
		_give_work(bridge, session, event, message, chat, composed, row)
		release_changes(bridge, session, message, conversation)

	return write


def _is_same(message: WhatsAppMessage, row: MessageRow) -> bool:
	"""Is the row this very message, told before, and not another author's under the same id?"""
	if message.from_me or row.direction is Direction.OUT:
		return message.from_me and row.direction is Direction.OUT
	if not shared(message.chat) or row.sender is None:
		return True
	people = [each for each in (message.sender, message.sender_alt) if each is not None]
	# Told by phone once and by LID the next time, nobody can say that it is somebody else.
	return row.sender in people or all(each.kind is not row.sender.kind for each in people)


def _first_part(rows: list[MessageRow], earlier: list[MessageRow]) -> int:
	"""Where the parts of this message begin: 0, unless somebody else took its id first."""
	if earlier:
		return min(row.part for row in earlier) // _PARTS * _PARTS
	return (max(row.part for row in rows) // _PARTS + 1) * _PARTS if rows else 0


def _refuse_known(message: WhatsAppMessage, earlier: list[MessageRow]) -> None:
	part = part_of(message)
	for row in earlier:
		if row.origin in ("chatwoot", "desk"):
			raise Ignored("our own send coming back")
		if row.part % _PARTS <= part and row.chatwoot_message_id is not None:
			raise Ignored("in Chatwoot already")


def _place(
	bridge: Bridge,
	session: Session,
	event: EventRow,
	chat: LocalChat,
	message: WhatsAppMessage,
	composed: Composed,
) -> tuple[Composed, DeliveredPost]:
	conversation, name = chat.conversation, chat.contact.name
	try:
		return composed, deliver_posts(bridge, session, event, conversation, name, composed.posts)
	except TooLarge as error:
		# The words are worth more than the file: they go alone, with a line that says what is missing.
		bridge.observer.notice("a file was too large for Chatwoot", event=event.id)
		slim = without_files(composed, message, error.reason)
	except (Retriable, Uncertain) as error:
		if not composed.posts[0].files:
			raise
		ask_chatwoot(bridge.chatwoot(session))
		if event.attempts + 1 < FILE_TRIES:
			raise _of_the_file(error) from error
		# It may be the file: the words go alone, and the file as soon as it can.
		bridge.observer.notice("a file is not taken by Chatwoot", event=event.id, error=error.reason)
		slim = without_files(composed, message, "could not be stored in Chatwoot yet; open it on the phone")
		slim = replace(slim, missing=(*slim.missing, *composed.carried))
	return slim, deliver_posts(bridge, session, event, conversation, name, slim.posts, may_exist=True)


def _of_the_file(error: Retriable | Uncertain) -> Retriable | Uncertain:
	"""It counts against the message: Chatwoot answers."""
	if isinstance(error, Uncertain):
		return Uncertain(error.reason, detail=error.detail, fault=Fault.REQUEST)
	return Retriable(error.reason, detail=error.detail, fault=Fault.REQUEST, retry_after=error.retry_after)


def _tell_ad(bridge: Bridge, session: Session, message: WhatsAppMessage, placed: DeliveredPost) -> None:
	"""Where the customer came from, as attributes of the conversation. Best effort: the text says it as well."""
	ad = message.ad
	if ad is None:
		return
	told = {
		"ad_title": ad.title,
		"ad_body": ad.body,
		"ad_url": ad.url,
		"ad_id": ad.source_id,
		"ad_click_id": ad.click_id,
	}
	try:
		bridge.chatwoot(session).add_attributes(
			placed.posted.conversation_id, {key: value for key, value in told.items() if value}
		)
	except BridgeError as error:
		bridge.observer.notice("an advertisement could not be noted in Chatwoot", error=error.reason)


def _changes(
	event: EventRow, message: WhatsAppMessage, placed: DeliveredPost, conversation: ConversationRow
) -> ConversationChanges:
	at = event.occurred_at
	changes: ConversationChanges = {"chatwoot_conversation_id": placed.posted.conversation_id}
	# What comes late does not go before what came since.
	if conversation.last_message_at is None or at >= conversation.last_message_at:
		changes["reply_to"] = message.chat
		changes["last_message_at"] = at
	if not message.from_me:
		if conversation.last_incoming_at is None or at >= conversation.last_incoming_at:
			changes["last_incoming_id"] = message.id
			changes["last_incoming_sender"] = message.sender
			changes["last_incoming_at"] = at
		# An incoming message opens a resolved conversation again, in Chatwoot as here.
		changes["chatwoot_status"] = "open"
	if placed.contact_id is not None:
		changes["chatwoot_contact_id"] = placed.contact_id
	return changes


def _message_row(
	session: Session,
	event: EventRow,
	message: WhatsAppMessage,
	conversation: ConversationRow,
	answered: ReferencedMessage,
	composed: Composed,
	placed: DeliveredPost,
	part: int,
) -> MessageRow:
	media = _only_file(message.content)
	return MessageRow(
		id=0,
		session=session.name,
		conversation=conversation.id,
		chat=conversation.chat,
		whatsapp_id=message.id,
		part=part,
		direction=Direction.OUT if message.from_me else Direction.IN,
		status=Status.SENT if message.from_me else Status.DELIVERED,
		sent_at=event.occurred_at,
		status_at=event.occurred_at,
		chatwoot_message_id=placed.posted.message_id,
		chatwoot_conversation_id=placed.posted.conversation_id,
		chatwoot_status=Status.SENT,
		origin="phone" if message.from_me else "customer",
		kind=media.kind.value if media else type(message.content).__name__.lower(),
		text=composed.text,
		file=media.file if media else None,
		sender_name="" if message.from_me else message.push_name,
		sender=message.sender,
		reply_to_id=target_of(message),
		options=message.content.options if isinstance(message.content, Poll) else (),
	)


def _only_file(content: Content) -> Media | None:
	"""A message with exactly one file is of the file's kind, whatever words come with it."""
	files = files_of(content)
	return files[0] if len(files) == 1 else None


def _give_work(
	bridge: Bridge,
	session: Session,
	event: EventRow,
	message: WhatsAppMessage,
	chat: LocalChat,
	composed: Composed,
	row: MessageRow,
) -> None:
	was = _renamed(bridge, message, chat)
	if chat.is_new or was or chat.phone:
		enqueue_internal(
			bridge,
			session,
			RefreshContact(chat.contact.id, was=was, phone=chat.phone),
			key=str(event.id),
			about=f"contact {chat.contact.id}",
		)
	for number, media in enumerate(composed.missing):
		work = FetchMedia(message.id, media, row=row.id)
		name = f"{row.id}/{number}" if number else str(row.id)
		enqueue_internal(
			bridge,
			session,
			replace(work, part=work.part + number),
			key=name,
			about=f"file {name}",
			after=_FETCH_AFTER,
		)


def _renamed(bridge: Bridge, message: WhatsAppMessage, chat: LocalChat) -> str:
	"""The name before, if the message tells another one that is as good or better."""
	told = name_told(message)
	contact = chat.contact
	if chat.is_new or told is None or told[0] == contact.name or told[1].rank < contact.name_source.rank:
		return ""
	bridge.store.update_contact(contact.id, {"name": told[0], "name_source": told[1]})
	return contact.name
