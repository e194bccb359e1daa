"""Every SQL statement about sessions and their history, built once. No logic."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import bindparam, case, func, select
from sqlalchemy.dialects.sqlite import insert

from wuzapi_chatwoot.bridge.model.records import SESSION_CHANGES_KEPT, Source
from wuzapi_chatwoot.standalone_host.storage.database.tables import (
	CONTACT,
	CONVERSATION,
	MESSAGE,
	SESSION,
	SESSION_CHANGE,
)

_v = CONVERSATION.c
_m = MESSAGE.c
_s = SESSION.c
_h = SESSION_CHANGE.c

RECONCILE_MARKS = select(_s.reconcile_since, _s.fetched_to).where(_s.name == bindparam("session"))
_new_session = insert(SESSION).values(
	name=bindparam("session"),
	session_name=bindparam("session"),
	reconcile_since=bindparam("now"),
	fetched_to=bindparam("now"),
)
BEGIN_RECONCILING = _new_session.on_conflict_do_update(
	index_elements=[_s.name],
	set_={
		"reconcile_since": func.coalesce(_s.reconcile_since, _new_session.excluded.reconcile_since),
		"fetched_to": func.coalesce(_s.fetched_to, _new_session.excluded.fetched_to),
	},
).inline()
INBOX_OF_SESSION = select(_s.chatwoot_url, _s.account_id, _s.inbox_id).where(_s.name == bindparam("session"))
_settled = insert(SESSION).values(
	name=bindparam("session"),
	session_name=bindparam("session"),
	chatwoot_url=bindparam("url"),
	account_id=bindparam("account"),
	inbox_id=bindparam("inbox"),
)
SET_INBOX_OF_SESSION = _settled.on_conflict_do_update(
	index_elements=[_s.name],
	set_={
		"chatwoot_url": _settled.excluded.chatwoot_url,
		"account_id": _settled.excluded.account_id,
		"inbox_id": _settled.excluded.inbox_id,
	},
).inline()
BEGIN_ANEW = _new_session.on_conflict_do_update(
	index_elements=[_s.name],
	set_={
		"reconcile_since": _new_session.excluded.reconcile_since,
		"fetched_to": _new_session.excluded.fetched_to,
		"inbox_since": _new_session.excluded.fetched_to,
	},
).inline()
INBOX_SINCE = select(_s.inbox_since).where(_s.name == bindparam("session"))
FORGET_CHATWOOT = (
	sa.update(CONTACT)
	.where(CONTACT.c.session == bindparam("of_session"))
	.values(chatwoot_contact_id=sa.null(), avatar_id=sa.null()),
	sa.update(CONVERSATION)
	.where(_v.session == bindparam("of_session"))
	.values(
		chatwoot_contact_id=sa.null(),
		chatwoot_conversation_id=sa.null(),
		chatwoot_conversation_key=sa.null(),
		chatwoot_status=sa.null(),
		reconciled_up_to=sa.null(),
	),
	sa.update(MESSAGE)
	.where(_m.session == bindparam("of_session"))
	.values(chatwoot_message_id=sa.null(), chatwoot_conversation_id=sa.null(), chatwoot_status=sa.null()),
)
_fetched = insert(SESSION).values(
	name=bindparam("session"), session_name=bindparam("session"), fetched_to=bindparam("at")
)
SET_FETCHED_TO = _fetched.on_conflict_do_update(
	index_elements=[_s.name], set_={"fetched_to": _fetched.excluded.fetched_to}
).inline()
_changed = insert(SESSION).values(
	name=bindparam("session"),
	session_name=bindparam("session"),
	state=bindparam("state"),
	state_detail=bindparam("detail"),
	state_since=bindparam("at"),
	address=bindparam("address"),
	lid=bindparam("lid"),
	banned_until=bindparam("banned_until"),
	profile_name=bindparam("profile_name"),
)
# Of one that was not known, nobody can say so.
_another_number = _s.address != _changed.excluded.address
NOTE_SESSION_CHANGE = _changed.on_conflict_do_update(
	index_elements=[_s.name],
	set_={
		"state": _changed.excluded.state,
		"state_detail": _changed.excluded.state_detail,
		"state_since": case(
			(
				sa.or_(_s.state_since.is_(None), _s.state.is_distinct_from(_changed.excluded.state)),
				_changed.excluded.state_since,
			),
			else_=_s.state_since,
		),
		"address": func.coalesce(_changed.excluded.address, _s.address),
		"lid": func.coalesce(_changed.excluded.lid, _s.lid),
		"banned_until": _changed.excluded.banned_until,
		"profile_name": case(
			(_changed.excluded.profile_name.is_not(None), _changed.excluded.profile_name),
			# Another number's; one that was not known may come after its name.
			(_another_number, sa.null()),
			else_=_s.profile_name,
		),
		# WhatsApp locked the number, not the session.
		**{
			column.name: case((_another_number, sa.null()), else_=column)
			for column in (_s.new_chats_locked_since, _s.new_chats_refused_at)
		},
	},
).inline()
# To be executed before: a row only where the state was another one.
ADD_SESSION_CHANGE = (
	sa.insert(SESSION_CHANGE)
	.from_select(
		["session", "at", "state", "detail"],
		select(
			bindparam("session", type_=_h.session.type),
			bindparam("at", type_=_h.at.type),
			bindparam("state", type_=_h.state.type),
			bindparam("detail", type_=_h.detail.type),
		).where(
			~sa.exists().where(
				_s.name == bindparam("session"),
				_s.state_since.is_not(None),
				_s.state == bindparam("state"),
			)
		),
	)
	.inline()
)
_history = select(_h.name).where(_h.session == bindparam("of_session")).order_by(_h.name.desc())
# To be executed where no row was added, and before the session's own.
GIVE_REASON = (
	sa.update(SESSION_CHANGE)
	.where(
		_h.name == _history.limit(1).scalar_subquery(),
		_h.state == bindparam("of_state"),
		func.coalesce(_h.detail, "") == "",
	)
	.values(detail=bindparam("reason"))
)
TRIM_SESSION_CHANGES = sa.delete(SESSION_CHANGE).where(
	_h.session == bindparam("of_session"),
	_h.name < _history.limit(1).offset(SESSION_CHANGES_KEPT - 1).scalar_subquery(),
)
SESSION_CHANGES = (
	select(_h.at, _h.state, _h.detail)
	.where(_h.session == bindparam("session"))
	.order_by(_h.name.desc())
	.limit(bindparam("limit"))
)
SIGNING = select(_s.gateway_signed_at, _s.chatwoot_signed_at, _s.key_posted_at).where(
	_s.name == bindparam("session")
)


def _noted(column: str, *, first_counts: bool) -> sa.Insert:
	made = insert(SESSION).values(
		{"name": bindparam("session"), "session_name": bindparam("session"), column: bindparam("at")}
	)
	new = made.excluded[column]
	value = func.coalesce(_s[column], new) if first_counts else new
	return made.on_conflict_do_update(index_elements=[_s.name], set_={column: value}).inline()


NOTE_SIGNED = {
	Source.GATEWAY: _noted("gateway_signed_at", first_counts=True),
	Source.CHATWOOT: _noted("chatwoot_signed_at", first_counts=True),
}
NOTE_KEY_POSTED = _noted("key_posted_at", first_counts=False)
NEW_CHATS = select(_s.new_chats_locked_since, _s.new_chats_refused_at).where(_s.name == bindparam("session"))
_refused = insert(SESSION).values(
	name=bindparam("session"),
	session_name=bindparam("session"),
	new_chats_locked_since=bindparam("at"),
	new_chats_refused_at=bindparam("at"),
)
NOTE_NEW_CHAT_REFUSED = _refused.on_conflict_do_update(
	index_elements=[_s.name],
	set_={
		"new_chats_locked_since": func.coalesce(
			_s.new_chats_locked_since, _refused.excluded.new_chats_locked_since
		),
		"new_chats_refused_at": _refused.excluded.new_chats_refused_at,
	},
).inline()
NOTE_NEW_CHAT_BEGUN = (
	sa.update(SESSION)
	.where(_s.name == bindparam("of_session"))
	.values(new_chats_locked_since=sa.null(), new_chats_refused_at=sa.null())
)
OWN_ADDRESSES = select(_s.address, _s.lid).where(_s.name == bindparam("session"))
SESSION_STATUS = select(
	_s.name, _s.state, _s.state_detail, _s.state_since, _s.address, _s.lid, _s.banned_until, _s.profile_name
).where(_s.name == bindparam("session"), _s.state_since.is_not(None))
