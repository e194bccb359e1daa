"""Makes one contact out of two, as Chatwoot's merge does: conversations and links move, blanks are filled."""

from __future__ import annotations

from wuzapi_chatwoot.sandbox.chatwoot.records import Contact, Json
from wuzapi_chatwoot.sandbox.chatwoot.store import UNIQUE, Store


def merge_contacts(store: Store, base: Contact, mergee: Contact) -> None:
	"""Move everything of the mergee to the base and delete the mergee; what the base has, it keeps."""
	if base is mergee:
		return
	for conversation in mergee.conversations:
		for message in conversation.messages:
			if message.sender is mergee:
				message.sender = base
	for link in mergee.inboxes:
		link.contact = base
	base.conversations.extend(mergee.conversations)
	base.inboxes.extend(mergee.inboxes)
	mergee.conversations, mergee.inboxes = [], []
	filled: Json = {
		name: getattr(mergee, name)
		for name in ("name", *UNIQUE)
		if getattr(mergee, name) and not getattr(base, name)
	}
	for name in ("additional_attributes", "custom_attributes"):
		filled[name] = merged_deeply(getattr(mergee, name), getattr(base, name))
	# First gone, then filled: until then its phone number and identifier are taken.
	store.remove_contact(mergee)
	store.update_contact(base, filled)


def merged_deeply(under: Json, over: Json) -> Json:
	"""Lay one object over another, level by level."""
	merged = dict(under)
	for key, value in over.items():
		below = merged.get(key)
		if isinstance(below, dict) and isinstance(value, dict):
			value = merged_deeply(below, value)
		merged[key] = value
	return merged
