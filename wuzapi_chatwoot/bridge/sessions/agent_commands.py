"""Do what an agent asks the bridge in its own conversation in Chatwoot: say how it stands, pair, connect again.

Only for agents whom the session names. Nothing of that conversation ever goes to WhatsApp.
"""

from __future__ import annotations

import base64
import binascii

from wuzapi_chatwoot.bridge.context import Bridge
from wuzapi_chatwoot.bridge.inbox.effects import Effects
from wuzapi_chatwoot.bridge.model.errors import Fault, Ignored, Permanent, Retriable
from wuzapi_chatwoot.bridge.model.events import Author, ChatwootMessage
from wuzapi_chatwoot.bridge.model.phone import display, to_e164
from wuzapi_chatwoot.bridge.model.records import EventRow, Session
from wuzapi_chatwoot.bridge.ports.gateway import OutgoingFile
from wuzapi_chatwoot.bridge.ports.gateway_setup import GatewaySetup
from wuzapi_chatwoot.bridge.sessions.status_messages import words_of
from wuzapi_chatwoot.bridge.text.command_parser import CONTROL, HELP, Asked, Command, read_command
from wuzapi_chatwoot.bridge.text.time_format import in_zone
from wuzapi_chatwoot.bridge.to_chatwoot.notify_agents import notify_agents

# A gateway needs a moment to get a code from WhatsApp: it is asked so many times.
_TRIES = 4


def is_for_bridge(message: ChatwootMessage) -> bool:
	told = message.conversation
	return str(CONTROL) in (told.source_id, told.identifier)


def run_agent_command(bridge: Bridge, session: Session, event: EventRow, message: ChatwootMessage) -> Effects:
	if message.author is not Author.AGENT:
		# A bot or an automation that answers whatever comes in would talk with us for ever.
		raise Ignored("not an agent's word")
	if not _may(session, message):
		return notify_agents(
			bridge,
			session,
			event,
			"You are not among the agents who may ask me. Whoever looks after the bridge can add you.",
		)
	if bridge.gateway_setup is None:
		raise Permanent("this host cannot set up sessions")
	try:
		text, picture = _answer(
			bridge, session, event, read_command(message.text), bridge.gateway_setup(session)
		)
	except (Permanent, Retriable) as error:
		if isinstance(error, Retriable) and error.fault is Fault.REQUEST and event.attempts < _TRIES:
			raise
		text, picture = f"That did not work: {error.reason}", None
	return notify_agents(bridge, session, event, text, picture)


def _may(session: Session, message: ChatwootMessage) -> bool:
	"""By e-mail address: names are chosen freely."""
	allowed = {each.strip().lower() for each in session.control_agents}
	return message.author_email.strip().lower() in allowed - {""}


def _answer(
	bridge: Bridge, session: Session, event: EventRow, asked: Asked, gateway: GatewaySetup
) -> tuple[str, OutgoingFile | None]:
	match asked.command:
		case Command.STATUS:
			return _status(bridge, session), None
		case Command.QR:
			return _qr(bridge, session, event, gateway)
		case Command.PAIR:
			return _pair(bridge, session, event, gateway, asked.argument), None
		case Command.RECONNECT:
			status = gateway.status()
			if status.connected and status.logged_in:
				return "It is connected already.", None
			gateway.connect()
			return "Connecting. Ask me for the status in a moment.", None
	return HELP, None


def _status(bridge: Bridge, session: Session) -> str:
	status = bridge.store.session_status(session.name)
	words = words_of(status, in_zone(session.time_zone))
	phone = status.address.phone if status is not None and status.address is not None else None
	number = f"**{display(phone)}**: " if phone else ""
	return "\n".join(line for line in (f"{number}{words.sentence}", words.advice) if line)


def _qr(
	bridge: Bridge, session: Session, event: EventRow, gateway: GatewaySetup
) -> tuple[str, OutgoingFile | None]:
	_begin_pairing(bridge, session, event, gateway)
	picture = _png(gateway.qr())
	if picture is None:
		raise Retriable("no code has come from WhatsApp", fault=Fault.REQUEST)
	text = (
		"On the phone: WhatsApp, Settings, Linked devices, Link a device; then scan this. "
		"It holds for about 20 seconds: write **qr** again for a new one."
	)
	return text, OutgoingFile(picture, "image/png", "scan-with-whatsapp.png")


def _pair(bridge: Bridge, session: Session, event: EventRow, gateway: GatewaySetup, argument: str) -> str:
	phone = to_e164(argument, session.default_region)
	if phone is None:
		return "Write the phone's number behind it, with its country code: **pair +447700900123**"
	_begin_pairing(bridge, session, event, gateway)
	code = gateway.pair_by_phone(phone)
	return (
		f"Type **{code}** on {display(phone)}: WhatsApp, Settings, Linked devices, Link a device, "
		"Link with phone number instead."
	)


def _begin_pairing(bridge: Bridge, session: Session, event: EventRow, gateway: GatewaySetup) -> None:
	status = gateway.status()
	if status.logged_in:
		raise Permanent("the number is paired already")
	if not status.connected:
		# Once for each asking: the connect of the first try may still be under way.
		if event.begun == 1:
			gateway.connect()
		raise Retriable("the gateway is connecting", fault=Fault.REQUEST)


def _png(data_url: str | None) -> bytes | None:
	try:
		return base64.b64decode((data_url or "").partition(",")[2], validate=True) or None
	except (binascii.Error, ValueError):
		return None
