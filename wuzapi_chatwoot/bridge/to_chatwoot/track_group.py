"""Keep up with a group: its name, and (if the session wants it) a line for who comes and who leaves."""

from __future__ import annotations

from wuzapi_chatwoot.bridge.context import Bridge
from wuzapi_chatwoot.bridge.inbox.effects import Effects
from wuzapi_chatwoot.bridge.inbox.enqueue_internal import enqueue_internal
from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.errors import Ignored
from wuzapi_chatwoot.bridge.model.events import GroupChanged, RefreshContact, Status
from wuzapi_chatwoot.bridge.model.phone import display
from wuzapi_chatwoot.bridge.model.records import (
	ContactRow,
	ConversationRow,
	Direction,
	EventRow,
	MessageRow,
	NameSource,
	Session,
)
from wuzapi_chatwoot.bridge.ports.chatwoot import Post
from wuzapi_chatwoot.bridge.text.markup import escape
from wuzapi_chatwoot.bridge.to_chatwoot.compose_post import mark_of
from wuzapi_chatwoot.bridge.to_chatwoot.deliver_post import deliver_posts
from wuzapi_chatwoot.bridge.to_chatwoot.relay_filter import check_relay_filter


def track_group(bridge: Bridge, session: Session, event: EventRow, change: GroupChanged) -> Effects:
	check_relay_filter(session, change.group)
	contact = bridge.store.find_contact(session.name, [change.group])
	conversation = bridge.store.find_conversation(session.name, change.group)
	if contact is None or conversation is None:
		raise Ignored("a group that nobody has written in yet")
	renamed = change.name if change.name and change.name != contact.name else None
	line = _line(bridge, session, change) if session.group_changes else ""
	if not renamed and not line:
		raise Ignored("nothing to show about the group")
	row = _show(bridge, session, event, contact, conversation, change, line) if line else None

	def write() -> None:
		if row is not None:
			bridge.store.add_message(row)
		if renamed:
			bridge.store.update_contact(contact.id, {"name": renamed, "name_source": NameSource.SAVED})
			work = RefreshContact(contact.id, was=contact.name)
			enqueue_internal(bridge, session, work, key=str(event.id), about=f"contact {contact.id}")

	return write


def _line(bridge: Bridge, session: Session, change: GroupChanged) -> str:
	by = _name(bridge, session, change.by, change.by_alt) if change.by is not None else ""
	lines = []
	for people, alone, by_other in (
		(change.joined, "➕ {who} joined the group", "➕ {by} added {who} to the group"),
		(change.left, "➖ {who} left the group", "➖ {by} removed {who} from the group"),
	):
		if not people:
			continue
		who = ", ".join(_name(bridge, session, person) for person in people)
		own_doing = change.by is None or people == (change.by,) or people == (change.by_alt,)
		lines.append((alone if own_doing else by_other).format(who=who, by=by))
	return "\n".join(lines)


def _name(bridge: Bridge, session: Session, *addresses: Address | None) -> str:
	known = [address for address in addresses if address is not None]
	contact = bridge.store.find_contact(session.name, known)
	phone = next((address.phone for address in known if address.phone), None)
	return contact.name if contact is not None else display(phone) if phone else "Somebody"


def _show(
	bridge: Bridge,
	session: Session,
	event: EventRow,
	contact: ContactRow,
	conversation: ConversationRow,
	change: GroupChanged,
	line: str,
) -> MessageRow:
	"""As a note: nobody wrote it, so nothing may be reopened or answered by a greeting because of it."""
	id = f"group-{change.id}"
	if bridge.store.find_messages(session.name, conversation.chat, [id]):
		raise Ignored("shown already")
	post = Post(
		text=escape(line),
		incoming=False,
		source_id=mark_of(id, 0),
		sent_at=event.occurred_at,
		private=True,
	)
	placed = deliver_posts(bridge, session, event, conversation, contact.name, [post], as_it_is=True)
	return MessageRow(
		id=0,
		session=session.name,
		conversation=conversation.id,
		chat=conversation.chat,
		whatsapp_id=id,
		part=0,
		direction=Direction.IN,
		status=Status.DELIVERED,
		sent_at=event.occurred_at,
		status_at=event.occurred_at,
		chatwoot_message_id=placed.posted.message_id,
		chatwoot_conversation_id=placed.posted.conversation_id,
		chatwoot_status=Status.SENT,
		origin="customer",
		kind="group_change",
		text=line,
	)
