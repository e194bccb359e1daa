"""Make one of contacts that turn out to be one person, here and in Chatwoot, and keep what was said with either."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from wuzapi_chatwoot.bridge.context import Bridge
from wuzapi_chatwoot.bridge.model.addresses import canonical
from wuzapi_chatwoot.bridge.model.errors import NotFound
from wuzapi_chatwoot.bridge.model.records import ECHO_MARK, ContactRow, ConversationRow, Session
from wuzapi_chatwoot.bridge.ports.chatwoot import Post

# A note left by an earlier try is not older than this.
_EARLIER_TRY = timedelta(days=1)


def merge_contacts(bridge: Bridge, session: Session, contacts: Sequence[ContactRow]) -> ContactRow:
	"""The one that stays: it has the phone number. Every step may be repeated."""
	address = canonical(*(address for contact in contacts for address in contact.addresses))
	keep = next((contact for contact in contacts if address in contact.addresses), contacts[0])
	for gone in contacts:
		if gone.id != keep.id:
			_merge(bridge, session, keep, gone)
			bridge.observer.notice("two contacts are one person", session=session.name, contact=keep.id)
	return bridge.store.get_contact(keep.id) or keep


def _merge(bridge: Bridge, session: Session, keep: ContactRow, gone: ContactRow) -> None:
	store, chatwoot = bridge.store, bridge.chatwoot(session)
	if (
		keep.chatwoot_contact_id is not None
		and gone.chatwoot_contact_id is not None
		and keep.chatwoot_contact_id != gone.chatwoot_contact_id
	):
		try:
			chatwoot.merge_contacts(keep.chatwoot_contact_id, gone.chatwoot_contact_id)
		except NotFound:
			# The one to be kept was deleted in Chatwoot: the other one is all there is.
			store.set_chatwoot_contact(keep.id, gone.chatwoot_contact_id)
	stays, ends = store.find_conversation_of_contact(keep.id), store.find_conversation_of_contact(gone.id)
	if stays is not None and ends is not None:
		_close(bridge, session, stays, ends)
	with store.atomic():
		store.merge_contacts(keep.id, gone.id)


def _close(bridge: Bridge, session: Session, stays: ConversationRow, ends: ConversationRow) -> None:
	"""Chatwoot cannot put two conversations together: leave a note in the one that ends, and resolve it."""
	here, there = ends.chatwoot_conversation_id, stays.chatwoot_conversation_id
	if here is None or there is None or here == there:
		return
	chatwoot, now = bridge.chatwoot(session), bridge.clock.now()
	mark = f"{ECHO_MARK}merged/{here}/{there}"
	post = Post(
		text=f"The same person writes under another address now. This goes on in conversation #{there}.",
		incoming=False,
		source_id=mark,
		sent_at=now,
		private=True,
	)
	try:
		if chatwoot.find_post(here, mark, now - _EARLIER_TRY) is None:
			chatwoot.post_message(here, post)
		chatwoot.set_conversation_status(here, "resolved")
	except NotFound:
		bridge.observer.notice("a conversation is gone from Chatwoot", conversation=ends.id)
