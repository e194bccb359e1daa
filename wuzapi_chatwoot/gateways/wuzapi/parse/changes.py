"""What changed about people and groups: pictures, names, who came and who left. Not messages, not the session."""

from __future__ import annotations

import hashlib
import json

from wuzapi_chatwoot.bridge.model.events import GroupChanged, PictureChanged
from wuzapi_chatwoot.gateways.wuzapi.parse.fields import Fields
from wuzapi_chatwoot.gateways.wuzapi.parse.message import NO_TIME


def picture(hook: Fields) -> PictureChanged | None:
	"""`None` if it does not say whose."""
	event = hook.inner("event")
	about = event.address("JID")
	if about is None:
		return None
	return PictureChanged(about=about, at=event.time("Timestamp") or NO_TIME, removed=event.flag("Remove"))


def group_info(hook: Fields) -> GroupChanged | None:
	"""`None` if neither people nor the name changed (a description, a permission, …)."""
	event = hook.inner("event")
	group = event.address("JID")
	joined, left = event.addresses("Join"), event.addresses("Leave")
	name = event.inner("Name").name("Name") or None
	if group is None or not (joined or left or name):
		return None
	by, by_alt = event.address("Sender"), event.address("SenderPN")
	return GroupChanged(
		group=group,
		id=_digest(event),
		at=event.time("Timestamp") or NO_TIME,
		by=by or by_alt,
		by_alt=by_alt if by != by_alt and by else None,
		joined=joined,
		left=left,
		name=name,
	)


def joined_group(hook: Fields) -> GroupChanged | None:
	"""We came to a group. Nobody else did, and nobody renamed it: this tells what it is called. It bears no time."""
	event = hook.inner("event")
	group, name = event.address("JID"), event.name("Name") or None
	if group is None or name is None:
		return None
	return GroupChanged(group=group, id=_digest(event), at=NO_TIME, name=name)


def _digest(event: Fields) -> str:
	"""Of what was changed, when and by whom. The version that WhatsApp gives is of the people only, not of the name."""
	name = event.inner("Name")
	facts = [
		[event.text(key) for key in ("JID", "Timestamp", "Sender", "SenderPN", "ParticipantVersionID")],
		[event.texts(key) for key in ("Join", "Leave")],
		[event.text("Name"), name.text("Name"), name.text("NameSetAt"), event.text("GroupCreated")],
	]
	return hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:32]
