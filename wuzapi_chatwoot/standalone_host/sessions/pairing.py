"""Connect a session and pair it with a phone: the code of the moment, and how far it has come, in words."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.events import SessionState
from wuzapi_chatwoot.bridge.model.phone import display
from wuzapi_chatwoot.bridge.model.records import Session
from wuzapi_chatwoot.bridge.ports.gateway_setup import GatewaySetup, GatewayStatus
from wuzapi_chatwoot.bridge.sessions.connect_session import code_to_type, is_starting, note_code
from wuzapi_chatwoot.bridge.sessions.status_messages import words_of
from wuzapi_chatwoot.bridge.text.time_format import in_zone
from wuzapi_chatwoot.standalone_host.registry.refused import Refused, unknown
from wuzapi_chatwoot.standalone_host.wiring.host import Host

_OVER = (SessionState.LOGGED_OUT, SessionState.BANNED, SessionState.FAILED)


@dataclass(frozen=True, slots=True)
class Pairing:
	"""`phase`: `off`, `starting`, `scan`, `connected`, or `banned`: connecting again makes it worse. `qr` is a data URL, and `qr_id` changes with it."""

	phase: str
	sentence: str
	qr: str | None = None
	qr_id: str | None = None
	number: str | None = None
	name: str | None = None
	"""What the number is called on WhatsApp; both may be told a moment later."""


class Pairings:
	def __init__(self, host: Host) -> None:
		self._host = host
		self._begun: set[str] = set()
		"""Sessions that somebody is pairing: once paired, the gateway is looked at without delay."""

	def connect(self, name: str) -> str:
		"""Begin connecting; what comes of it is told by `pairing`. Raises `BridgeError`."""
		session = self.session(name)
		self._begun.add(name)
		self._gateway(session).connect()
		return "The gateway is connecting."

	def pairing(self, name: str) -> Pairing:
		"""Raises `BridgeError`."""
		session = self.session(name)
		status = self._gateway(session).status()
		if status.connected and status.logged_in:
			if name in self._begun:
				self._begun.discard(name)
				self._host.watcher.look_soon(name)
			number = self._number(session, status)
			return _connected(number, self._name(session))
		if not status.connected:
			return self._not_connected(session)
		if not status.qr:
			return Pairing("starting", "Waiting for a code from WhatsApp.")
		note_code(self._host.bridge, session)
		return Pairing(
			"scan",
			"On the phone: WhatsApp, Settings, Linked devices, Link a device; then scan the picture.",
			qr=status.qr,
			qr_id=hashlib.sha256(status.qr.encode()).hexdigest()[:12],
		)

	def by_phone(self, name: str, phone: str) -> str:
		"""The code to type on that phone. Raises `BridgeError`."""
		session = self.session(name)
		self._begun.add(name)
		return code_to_type(session, self._gateway(session), phone)

	def session(self, name: str) -> Session:
		session = self._host.bridge.sessions().get(name)
		if session is not None:
			return session
		if self._host.sessions.kept(name) is not None:
			raise Refused("This session's set-up has not come to its end; run it again first.")
		raise unknown(name)

	def _not_connected(self, session: Session) -> Pairing:
		name = session.name
		now = self._host.bridge.clock.now()
		known = self._host.bridge.store.session_status(name)
		words = words_of(known, in_zone(session.time_zone))
		why = f"{words.sentence} {words.advice}"
		if known is not None and known.banned_until is not None and known.banned_until > now:
			return Pairing("banned", why)
		if is_starting(known, self._host.watcher.connect_asked_at(name), now):
			return Pairing("starting", "The gateway is connecting to WhatsApp. This may take a minute.")
		if known is not None and known.state in _OVER and not self._host.sessions.stopped(name):
			return Pairing("off", why)
		return Pairing("off", "Not connected: no code is shown. Connect to get one.")

	def _gateway(self, session: Session) -> GatewaySetup:
		make = self._host.bridge.gateway_setup
		if make is None:
			raise Refused("This host does not pair sessions.")
		return make(session)

	def _number(self, session: Session, status: GatewayStatus) -> str | None:
		own: tuple[Address, ...] = self._host.bridge.store.own_addresses(session.name)
		# What the pairing told goes first: the gateway may still name the number that was paired before.
		phones = [address.phone for address in (*own, status.address) if address is not None]
		return next((display(phone) for phone in phones if phone), None)

	def _name(self, session: Session) -> str | None:
		known = self._host.bridge.store.session_status(session.name)
		return known.name or None if known is not None else None


def _connected(number: str | None, name: str | None) -> Pairing:
	who = number or name
	more = f" ({name})" if number and name else ""
	return Pairing(
		"connected", f"Connected as {who}{more}." if who else "Connected.", number=number, name=name
	)
