"""Show on the other side that somebody types. At once or not at all: never stored, never tried again."""

from __future__ import annotations

from wuzapi_chatwoot.bridge.context import Bridge
from wuzapi_chatwoot.bridge.model.errors import BridgeError
from wuzapi_chatwoot.bridge.model.events import AgentTyping, Typing
from wuzapi_chatwoot.bridge.model.records import Session, Source
from wuzapi_chatwoot.bridge.to_whatsapp.mark_read import mark_read
from wuzapi_chatwoot.bridge.to_whatsapp.recipient import PUBLIC
from wuzapi_chatwoot.bridge.to_whatsapp.track_conversation import has_seen


def relay_typing(bridge: Bridge, session_name: str, source: Source, payload: str) -> None:
	"""What `Bridge.typing_relay` was given. Raises nothing that the other sides do."""
	session = bridge.sessions().get(session_name)
	if session is None:
		return
	event = bridge.connectors[source].parse(payload)
	try:
		if isinstance(event, Typing):
			_customer_types(bridge, session, event)
		elif isinstance(event, AgentTyping):
			_agent_types(bridge, session, event)
	except BridgeError as error:
		bridge.observer.notice(
			"it could not be shown that somebody types", session=session_name, error=error.reason
		)


def _customer_types(bridge: Bridge, session: Session, event: Typing) -> None:
	addresses = [address for address in (event.chat, event.chat_alt) if address is not None]
	conversation = bridge.store.find_conversation(session.name, event.chat)
	if conversation is None and not event.chat.is_group:
		contact = bridge.store.find_contact(session.name, addresses)
		conversation = bridge.store.find_conversation_of_contact(contact.id) if contact is not None else None
	if conversation is None or conversation.chatwoot_conversation_id is None:
		return
	bridge.chatwoot(session).show_typing(
		conversation.chatwoot_conversation_id, str(conversation.chat), event.active
	)


def _agent_types(bridge: Bridge, session: Session, event: AgentTyping) -> None:
	conversation = bridge.store.find_conversation_by_chatwoot_id(session.name, event.conversation.id)
	if conversation is None:
		return
	if session.mark_read_on_view and has_seen(conversation, event.conversation):
		mark_read(bridge, session, conversation)
	if session.typing and conversation.chat.kind not in PUBLIC:
		bridge.gateway(session).show_typing(conversation.reply_to, event.active)
