"""Pairing a number from the desk: connect, the QR code or a code to type, progress in words; and parting from it again:
disconnect, log out. Everything that calls the gateway runs in a job; the desk sees what is remembered.
"""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import frappe

from wuzapi_chatwoot.bridge.context import Bridge
from wuzapi_chatwoot.bridge.model.errors import BridgeError, Fault, Permanent, Retriable
from wuzapi_chatwoot.bridge.model.events import SessionChanged, SessionState
from wuzapi_chatwoot.bridge.model.records import Session
from wuzapi_chatwoot.bridge.ports.gateway_setup import GatewaySetup, GatewayStatus
from wuzapi_chatwoot.bridge.sessions.connect_session import code_to_type, is_starting
from wuzapi_chatwoot.bridge.sessions.session_troubles import troubles_of
from wuzapi_chatwoot.bridge.sessions.status_messages import words_of
from wuzapi_chatwoot.frappe_host.gateways import setup_clients as sides
from wuzapi_chatwoot.frappe_host.gateways.connects import (
	ConnectsOfSession,
	exclusive_gateway_of,
	outside_transactions,
)
from wuzapi_chatwoot.frappe_host.i18n.refusal import refuse
from wuzapi_chatwoot.frappe_host.i18n.time_format import told_to
from wuzapi_chatwoot.frappe_host.i18n.translation import translate_for_reader
from wuzapi_chatwoot.frappe_host.live.live_updates import session_hint, show_qr
from wuzapi_chatwoot.frappe_host.sessions import unfinished_setup
from wuzapi_chatwoot.frappe_host.sessions.setup import enqueue_once
from wuzapi_chatwoot.frappe_host.sessions.watch import watch_one
from wuzapi_chatwoot.frappe_host.sessions.workers import workers_trouble
from wuzapi_chatwoot.frappe_host.settings import sessions
from wuzapi_chatwoot.frappe_host.store.times import to_site
from wuzapi_chatwoot.frappe_host.task_state.task_state import forget, recall, remember
from wuzapi_chatwoot.frappe_host.wiring.bridge import bridge_of_site

# Seconds. So long a code to type is good.
_KNOWN_FOR = 180
# Right after a phone has taken a code, the gateway still says that nobody has.
_JUST_PAIRED = timedelta(seconds=5)
# Until the gateway speaks with WhatsApp.
_CONNECTING = 10.0
_PAUSE = 0.5


def begin(name: str, phone: str) -> None:
	"""Let a job connect the session, and ask for a code if there is a `phone`. Throws if nothing could come of it."""
	prepare(name)
	enqueue_once("connect", name, phone=phone)


def prepare(name: str) -> None:
	"""Somebody wants it connected."""
	throw_if_off(name)
	forget(name, "pairing")
	frappe.db.set_value("WuzAPI Session", name, "held", 0)


def progress(name: str) -> dict[str, Any]:
	"""As `seen`. Lets a job look again; what it finds is told by realtime, and by the next call of this."""
	enqueue_once("look", name)
	shown = seen(name)
	return {**shown, "trouble": shown["trouble"] or workers_trouble()}


def seen(name: str) -> dict[str, Any]:
	"""`{"state", "sentence", "advice", "qr", "code", "trouble", "number", "name", "parted"}` as far as known."""
	known, qr = recall(name, "pairing"), recall(name, "qr")
	status = bridge_of_site().store.session_status(name)
	found = words_of(status, told_to())
	connected = status is not None and status.state is SessionState.CONNECTED
	pairing = status is not None and status.state in (SessionState.STARTING, SessionState.SCAN_QR)
	return {
		"state": status.state.value if status else "",
		"sentence": translate_for_reader(found.sentence),
		"advice": translate_for_reader(found.advice),
		"qr": qr.get("picture") if pairing else None,
		"code": known.get("code") if pairing else None,
		"trouble": translate_for_reader(known["trouble"]) if known.get("trouble") else None,
		"number": f"+{status.address.user}" if connected and status and status.address else None,
		"name": status.name if connected and status else None,
		"parted": known.get("parted"),
	}


def words(doc: Any) -> dict[str, Any]:
	"""`{"sentence", "advice", "since", "troubles"}`."""
	if doc.setup_unfinished:
		return unfinished_setup.words(doc)
	store, told = bridge_of_site().store, told_to()
	status = store.session_status(doc.name)
	found = troubles_of(store.new_chats(doc.name), store.dead_events(doc.name).get(doc.name), told)
	troubles = [
		f"{translate_for_reader(each.sentence)} {translate_for_reader(each.advice)}" for each in found
	]
	since = frappe._("Since {0}.").format(told(status.since)) if status is not None else ""
	if doc.held:
		return {
			"sentence": frappe._("Disconnected by hand: nothing comes in or goes out."),
			"advice": frappe._("Connect it when it shall go on."),
			"since": since,
			"troubles": troubles,
		}
	stands = words_of(status, told)
	return {
		"sentence": translate_for_reader(stands.sentence),
		"advice": translate_for_reader(stands.advice),
		"since": since,
		"troubles": troubles,
	}


def changes(name: str, limit: int) -> list[dict[str, Any]]:
	"""`[{"at", "state", "detail"}]`, the latest first; `at` as the site's columns have it."""
	return [
		{"at": str(to_site(each.at)), "state": each.state.value, "detail": translate_for_reader(each.detail)}
		for each in bridge_of_site().store.session_changes(name, limit)
	]


def begin_parting(name: str, act: str) -> None:
	"""`act`: `disconnect` or `log_out`. Throws if nothing could come of it."""
	prepare_parting(name)
	enqueue_once(act, name)


def prepare_parting(name: str) -> None:
	throw_if_off(name)
	forget(name, "pairing")


def throw_if_off(name: str) -> None:
	if not frappe.get_doc("WuzAPI Session", name).enabled:
		refuse(frappe._("The session is switched off: set it up, or switch it on first"))


# ---- in a job


def connect(name: str, phone: str) -> None:
	bridge, session = bridge_of_site(in_job=True), sessions().get(name)
	if session is None:
		return
	own = outside_transactions(bridge, sides.gateway_setup_of(session))
	gateway = exclusive_gateway_of(bridge, session, own)
	try:
		status = _connected(bridge, session, gateway)
		if phone and not status.logged_in:
			_remember(name, code=code_to_type(session, gateway, phone))
	except BridgeError as error:
		_remember(name, trouble=str(error))
		return
	_look(bridge, session)


def look(name: str) -> None:
	"""See how the session stands now, and tell."""
	bridge, session = bridge_of_site(in_job=True), sessions().get(name)
	status = bridge.store.session_status(name)
	if session is None or status is None:
		return
	if status.state is not SessionState.STARTING or bridge.clock.now() - status.since > _JUST_PAIRED:
		_look(bridge, session)


def _look(bridge: Bridge, session: Session) -> None:
	name = session.name
	if not watch_one(name):
		return
	status = bridge.store.session_status(name)
	gateway = outside_transactions(bridge, sides.gateway_setup_of(session))
	try:
		if status is not None and status.state is SessionState.SCAN_QR:
			show_qr(name, gateway.qr())
		elif status is not None and status.state is SessionState.CONNECTED:
			show_qr(name, None)
	except BridgeError as error:
		_remember(name, trouble=str(error))


def disconnect(name: str) -> None:
	"""Until somebody connects it again: the watchdog leaves it alone."""
	_part(name, "disconnect", SessionChanged(SessionState.FAILED, "disconnected by hand"), held=True)


def log_out(name: str) -> None:
	_part(name, "log_out", SessionChanged(SessionState.LOGGED_OUT, "logged out by hand"), held=False)


def _part(name: str, act: str, change: SessionChanged, *, held: bool) -> None:
	bridge, session = bridge_of_site(in_job=True), sessions().get(name)
	if session is None:
		return
	gateway = outside_transactions(bridge, sides.gateway_setup_of(session))
	with ConnectsOfSession(name).alone() as alone:
		try:
			if not alone:
				raise Retriable("somebody else is at work on this session; try again in a moment")
			if act == "log_out" and not gateway.status().logged_in:
				raise Permanent(
					"It is not connected, and only then can it be logged out from here: connect it first, or remove it on "
					"the phone, under Linked devices"
				)
			getattr(gateway, act)()
		except BridgeError as error:
			_remember(name, trouble=str(error))
			return
		# Before anybody else has a turn: a watchdog would connect it again.
		frappe.db.set_value("WuzAPI Session", name, "held", int(held))
		bridge.store.note_session_change(name, change, bridge.clock.now())
	_remember(name, parted=act)


def _connected(bridge: Bridge, session: Session, gateway: GatewaySetup) -> GatewayStatus:
	"""The session's status as soon as it speaks with WhatsApp. Raises what kept it from that."""
	status = gateway.status()
	if status.connected:
		return status
	known = bridge.store.session_status(session.name)
	if is_starting(known, ConnectsOfSession(session.name).asked_at(), bridge.clock.now()):
		raise Retriable("It is being connected already: wait a minute, then try again", fault=Fault.REQUEST)
	gateway.connect()
	session_hint(session.name, "pairing")
	ends = time.monotonic() + _CONNECTING
	while not status.connected:
		if time.monotonic() > ends:
			raise Retriable(
				"The gateway does not reach WhatsApp: look whether it has internet, then try again"
			)
		time.sleep(_PAUSE)
		status = gateway.status()
	return status


def _remember(session: str, /, **news: str) -> None:
	known = {**recall(session, "pairing"), **news}
	if "trouble" not in news:
		known.pop("trouble", None)
	remember(session, "pairing", known, _KNOWN_FOR)
	session_hint(session, "pairing")
