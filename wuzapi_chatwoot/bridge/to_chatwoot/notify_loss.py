"""Tell the agents that something a customer wrote could not be brought to them."""

from __future__ import annotations

from wuzapi_chatwoot.bridge.context import Bridge
from wuzapi_chatwoot.bridge.inbox.enqueue_internal import enqueue_internal
from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.errors import BridgeError
from wuzapi_chatwoot.bridge.model.events import Call, Event, TellAgents, WhatsAppMessage
from wuzapi_chatwoot.bridge.model.phone import display
from wuzapi_chatwoot.bridge.model.records import EventRow, Session
from wuzapi_chatwoot.bridge.text.markup import escape


def notify_loss(bridge: Bridge, session: Session, row: EventRow, event: Event, error: BridgeError) -> None:
	"""In the bridge's own conversation: the customer's may be what fails. Once an hour of each chat."""
	if isinstance(event, WhatsAppMessage):
		chat, alternative = event.chat, event.chat_alt
	elif isinstance(event, Call):
		chat, alternative = event.caller, event.caller_alt
	else:
		return
	text = (
		f"⚠️ A message of {escape(_name(bridge, session, chat, alternative))} could not be shown here: "
		f"{escape(error.reason)}. Read it on the phone. It is kept as event {row.id} and can be tried again."
	)
	hour = bridge.clock.now().strftime("%Y-%m-%dT%H")
	enqueue_internal(
		bridge, session, TellAgents(text), key=f"loss {session.name} {chat} {hour}", about="control"
	)


def _name(bridge: Bridge, session: Session, *addresses: Address | None) -> str:
	known = [address for address in addresses if address is not None]
	contact = bridge.store.find_contact(session.name, known)
	phone = next((address.phone for address in known if address.phone), None)
	return contact.name if contact is not None else display(phone) if phone else str(known[0])
