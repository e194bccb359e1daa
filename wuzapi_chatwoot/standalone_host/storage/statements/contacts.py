"""Every SQL statement about contacts and their addresses, built once. No logic."""

from __future__ import annotations

from functools import lru_cache

import sqlalchemy as sa
from sqlalchemy import bindparam, func, select
from sqlalchemy.dialects.sqlite import insert

from wuzapi_chatwoot.standalone_host.storage.database.tables import CONTACT, CONTACT_ADDRESS

_c = CONTACT.c
_a = CONTACT_ADDRESS.c

_CONTACT = (
	_c.name,
	_c.session,
	_c.contact_name,
	_c.chatwoot_contact_id,
	_c.name_source,
	_c.avatar_id,
	_a.address,
)
_hit = CONTACT_ADDRESS.alias("hit")
FIND_CONTACTS = (
	select(_hit.c.address.label("hit"), *_CONTACT)
	.select_from(
		_hit.join(CONTACT, _c.name == _hit.c.parent).outerjoin(CONTACT_ADDRESS, _a.parent == _hit.c.parent)
	)
	.where(_hit.c.session == bindparam("session"), _hit.c.address.in_(bindparam("addresses", expanding=True)))
	.order_by(_hit.c.name, _a.idx)
)
GET_CONTACT = (
	select(*_CONTACT)
	.select_from(CONTACT.outerjoin(CONTACT_ADDRESS, _a.parent == _c.name))
	.where(_c.name == bindparam("id"))
	.order_by(_a.idx)
)
ADD_CONTACT = (
	insert(CONTACT)
	.values({column: bindparam(column) for column in ("session", "contact_name", "name_source", "is_group")})
	.inline()
)
SESSION_OF_CONTACT = select(_c.session).where(_c.name == bindparam("id"))
ADD_ADDRESS = (
	insert(CONTACT_ADDRESS)
	.from_select(
		["parent", "parenttype", "parentfield", "idx", "session", "address", "phone"],
		select(
			bindparam("contact", type_=sa.BigInteger()),
			sa.literal_column("'WuzAPI Contact'"),
			sa.literal_column("'addresses'"),
			func.coalesce(func.max(_a.idx), 0) + 1,
			bindparam("for_session", type_=sa.Text()),
			bindparam("new_address", type_=sa.Text()),
			bindparam("new_phone", type_=sa.Text()),
		).where(_a.parent == bindparam("contact", type_=sa.BigInteger())),
	)
	.on_conflict_do_nothing(index_elements=[_a.session, _a.address])
	.inline()
)


@lru_cache(maxsize=64)
def update_contact(columns: tuple[str, ...]) -> sa.Update:
	"""Of these columns; each set of them is built once. Parameters: `id`, and `new_` before each column."""
	values: dict[str, sa.BindParameter[object]] = {column: bindparam(f"new_{column}") for column in columns}
	return sa.update(CONTACT).where(_c.name == bindparam("id")).values(values)


# ---- two contacts become one

LAST_ADDRESS = select(func.coalesce(func.max(_a.idx), 0)).where(_a.parent == bindparam("contact"))
MOVE_ADDRESSES = (
	sa.update(CONTACT_ADDRESS)
	.where(_a.parent == bindparam("gone"))
	.values(parent=bindparam("keep"), idx=_a.idx + bindparam("after", type_=sa.Integer()))
)
DELETE_CONTACT = sa.delete(CONTACT).where(_c.name == bindparam("gone"))
