"""Every SQL statement about conversations and messages, built once. No logic."""

from __future__ import annotations

from functools import lru_cache

import sqlalchemy as sa
from sqlalchemy import bindparam, select
from sqlalchemy.dialects.sqlite import insert

from wuzapi_chatwoot.bridge.model.events import Status
from wuzapi_chatwoot.standalone_host.storage.database.tables import (
	CONVERSATION,
	MESSAGE,
	SESSION,
	SESSION_CHANGE,
)

_v = CONVERSATION.c
_m = MESSAGE.c
_s = SESSION.c
_h = SESSION_CHANGE.c

# ---- conversations

_CONVERSATION = select(
	_v.name,
	_v.session,
	_v.chat,
	_v.reply_to,
	_v.contact,
	_v.chatwoot_contact_id,
	_v.chatwoot_conversation_id,
	_v.chatwoot_status,
	_v.last_incoming_id,
	_v.last_incoming_sender,
	_v.last_incoming_at,
	_v.last_message_at,
	_v.read_up_to_id,
	_v.reconciled_up_to,
)
GET_CONVERSATION = _CONVERSATION.where(_v.name == bindparam("id"))
FIND_CONVERSATION = _CONVERSATION.where(_v.session == bindparam("session"), _v.chat == bindparam("chat"))
CONVERSATION_OF_CONTACT = (
	_CONVERSATION.where(_v.contact == bindparam("contact"), _v.is_group == 0).order_by(_v.name).limit(1)
)
CONVERSATIONS_OF_CONTACT = _CONVERSATION.where(_v.contact == bindparam("contact")).order_by(_v.name)
CONVERSATION_BY_CHATWOOT_ID = _CONVERSATION.where(
	_v.session == bindparam("session"), _v.chatwoot_conversation_key == bindparam("chatwoot_conversation")
)
# Another one than `id` that has it.
HOLDER_OF_CHATWOOT_CONVERSATION = (
	select(_v.name)
	.where(
		_v.session == select(_v.session).where(_v.name == bindparam("id")).scalar_subquery(),
		_v.chatwoot_conversation_key == bindparam("chatwoot_conversation"),
		_v.name != bindparam("id"),
	)
	.limit(1)
)
CLAIMS_ON_CHATWOOT_CONVERSATIONS = select(
	_v.name,
	_v.session,
	_v.chatwoot_conversation_id,
	select(sa.func.min(_m.sent_at, type_=_m.sent_at.type))
	.where(
		_m.session == _v.session,
		_m.chatwoot_conversation_id == _v.chatwoot_conversation_id,
		_m.conversation == _v.name,
		_m.direction == "in",
	)
	.correlate(CONVERSATION)
	.scalar_subquery()
	.label("first_incoming_at"),
).where(_v.chatwoot_conversation_id.is_not(None))
ADD_CONVERSATION = (
	insert(CONVERSATION)
	.values({column: bindparam(column) for column in ("session", "chat", "reply_to", "contact", "is_group")})
	.on_conflict_do_nothing(index_elements=[_v.session, _v.chat])
	.inline()
)


@lru_cache(maxsize=256)
def update_conversation(fields: tuple[str, ...]) -> sa.Update:
	"""Of these columns; each set of them is built once. Parameters: `id`, and `new_` before each column."""
	values: dict[str, sa.BindParameter[object]] = {field: bindparam(f"new_{field}") for field in fields}
	return sa.update(CONVERSATION).where(_v.name == bindparam("id")).values(values)


# ---- two conversations become one

GIVE_CONVERSATION = (
	sa.update(CONVERSATION).where(_v.name == bindparam("id")).values(contact=bindparam("keep"))
)
# Leaves behind what the other conversation has too.
MOVE_MESSAGES = (
	sa.update(MESSAGE)
	.prefix_with("OR IGNORE")
	.where(_m.conversation == bindparam("gone"))
	.values(conversation=bindparam("keep"), chat=bindparam("new_chat"))
)
DROP_MESSAGES = sa.delete(MESSAGE).where(_m.conversation == bindparam("gone"))
DELETE_CONVERSATION = sa.delete(CONVERSATION).where(_v.name == bindparam("gone"))

# ---- messages

_MESSAGE_VALUES = (
	"session",
	"conversation",
	"chat",
	"whatsapp_id",
	"part",
	"direction",
	"status",
	"sent_at",
	"status_at",
	"chatwoot_message_id",
	"chatwoot_conversation_id",
	"chatwoot_status",
	"origin",
	"kind",
	"text",
	"file",
	"sender_name",
	"error",
	"sender",
	"reply_to_id",
	"options",
	"option_values",
	"reactions",
	"earlier_texts",
	"deleted_at",
)
_MESSAGE = select(_m.name, *(_m[column] for column in _MESSAGE_VALUES))
ADD_MESSAGE = (
	insert(MESSAGE)
	.values({column: bindparam(column) for column in _MESSAGE_VALUES})
	.on_conflict_do_nothing(index_elements=[_m.session, _m.chat, _m.whatsapp_id, _m.part])
	.inline()
)
GET_MESSAGE = _MESSAGE.where(_m.name == bindparam("id"))
FIND_MESSAGES = _MESSAGE.where(
	_m.session == bindparam("session"),
	_m.chat == bindparam("chat"),
	_m.whatsapp_id.in_(bindparam("whatsapp_ids", expanding=True)),
)
_moved = MESSAGE.alias("moved")
# What would be in the way of the message `id` there.
SAME_PART_IN_CHAT = (
	select(_m.name)
	.join(
		_moved,
		sa.and_(
			_m.session == _moved.c.session,
			_m.whatsapp_id == _moved.c.whatsapp_id,
			_m.part == _moved.c.part,
		),
	)
	.where(_moved.c.name == bindparam("id"), _m.chat == bindparam("chat"), _m.name != bindparam("id"))
)
CONVERSATIONS_IN_CHATWOOT = (
	select(_m.conversation)
	.distinct()
	.where(
		_m.session == bindparam("session"), _m.chatwoot_conversation_id == bindparam("chatwoot_conversation")
	)
	.order_by(_m.conversation)
)


def _others_incoming(side: sa.ColumnElement[bool]) -> sa.Exists:
	return (
		select(_m.name)
		.where(
			_m.session == bindparam("session"),
			_m.chatwoot_conversation_id == bindparam("chatwoot_conversation"),
			side,
			_m.direction == "in",
			_m.sent_at >= bindparam("since"),
		)
		.exists()
	)


# In two ranges, so that what the conversation itself has there is not read.
OTHERS_WROTE_IN = select(
	sa.or_(
		_others_incoming(_m.conversation < bindparam("conversation")),
		_others_incoming(_m.conversation > bindparam("conversation")),
	)
)
FIND_MESSAGES_BY_CHATWOOT_ID = _MESSAGE.where(
	_m.session == bindparam("session"), _m.chatwoot_message_id == bindparam("chatwoot_message")
).order_by(_m.part, _m.name)

LATEST_MESSAGES = (
	_MESSAGE.where(_m.conversation == bindparam("conversation"), _m.direction == bindparam("direction"))
	.order_by(_m.sent_at.desc(), _m.name.desc())
	.limit(bindparam("limit"))
)


@lru_cache(maxsize=256)
def change_message(fields: tuple[str, ...]) -> sa.Update:
	"""Of these columns; each set of them is built once. Parameters: `id`, and `new_` before each column."""
	values: dict[str, sa.BindParameter[object]] = {field: bindparam(f"new_{field}") for field in fields}
	return sa.update(MESSAGE).where(_m.name == bindparam("id")).values(values)


def _advance_to(status: Status) -> sa.Update:
	passed = [each.value for each in Status if each.rank < status.rank]
	if status is Status.FAILED:
		passed.append(status.value)
	return (
		sa.update(MESSAGE)
		.where(_m.name == bindparam("id"), _m.status.in_(passed))
		.values(status=status.value, status_at=bindparam("at"), error=bindparam("cause"))
	)


ADVANCE_STATUS = {status: _advance_to(status) for status in Status}
NOTE_IN_CHATWOOT = (
	sa.update(MESSAGE)
	.where(_m.name == bindparam("id"))
	.values(
		chatwoot_message_id=bindparam("chatwoot_message"),
		chatwoot_conversation_id=bindparam("chatwoot_conversation"),
		chatwoot_status=bindparam("shown_status"),
	)
)
