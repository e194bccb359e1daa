"""A message deleted in Chatwoot is taken back on WhatsApp too, if it is ours and the session wants it."""

from __future__ import annotations

from wuzapi_chatwoot.bridge.context import Bridge
from wuzapi_chatwoot.bridge.inbox.effects import Effects
from wuzapi_chatwoot.bridge.model.errors import Ignored
from wuzapi_chatwoot.bridge.model.events import ChatwootDeletion, Status
from wuzapi_chatwoot.bridge.model.records import Direction, MessageRow, Session


def revoke_on_whatsapp(bridge: Bridge, session: Session, deletion: ChatwootDeletion) -> Effects:
	if not session.revoke_deleted:
		raise Ignored("deleted in Chatwoot only, as this session is set")
	rows = bridge.store.find_messages_by_chatwoot_id(session.name, deletion.id)
	left = [row for row in rows if row.deleted_at is None]
	if not left:
		raise Ignored("a deletion of what is not on WhatsApp, or not any more")
	if any(row.direction is Direction.IN for row in left):
		raise Ignored("what the customer wrote can be deleted in Chatwoot only")
	for row in left:
		_revoke(bridge, session, row)

	def write() -> None:
		for row in left:
			bridge.store.change_message(row.id, {"deleted_at": deletion.at})

	return write


def _revoke(bridge: Bridge, session: Session, row: MessageRow) -> None:
	conversation = bridge.store.get_conversation(row.conversation)
	if row.status.rank >= Status.SENT.rank and conversation is not None:
		bridge.gateway(session).revoke(conversation.reply_to, row.whatsapp_id)
