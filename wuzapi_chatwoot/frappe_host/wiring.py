"""Puts the bridge together for one request or job on this site. What is dear (clients, breakers) lives as long as
the process.
"""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any, cast

import frappe

from ..bridge.breaker import Breakers
from ..bridge.desk_messages import DeskConnector
from ..bridge.errors import Deferred
from ..bridge.gateway_setup_port import GatewaySetup
from ..bridge.guard import Guard
from ..bridge.own_work import OwnConnector
from ..bridge.ports import Bridge, Chatwoot, Gateway, Store
from ..bridge.records import Session, Source
from ..bridge.signers import Signers
from ..chatwoot import connector as chatwoot_connector
from ..chatwoot.client import ChatwootInbox
from ..moving_pictures import film_of_gif, sticker_of
from ..system import RandomIds, SystemClock
from ..voice_notes import voice_note
from ..wuzapi import connector as wuzapi_connector
from ..wuzapi.client import WuzapiGateway
from . import session_sides as sides
from .calls_outside import CallsOutside
from .files import SiteFiles
from .live_store import LiveStore
from .media import keep_media
from .message_key import message_key
from .observer import SiteObserver
from .secret_changes import secret_changes
from .session_connects import careful_gateway_of
from .settings import every_session, retries, sessions
from .store.connection import store_trouble
from .told_once import first_time
from .wake import fetch_missed_soon, show_soon, wake

_breakers = Breakers()
_signers: dict[str, Signers] = {}
"""By site."""
_clients: dict[tuple[str, Session], Any] = {}
_lock = threading.Lock()


# Events of a session that is switched off wait, and are looked at this often.
_SWITCHED_OFF = timedelta(seconds=60)
# Under a worker that lives, a lease is renewed: it says how soon a dead one is noticed. In seconds.
_LEASE = 30.0


def bridge_of_site(*, in_job: bool = False) -> Bridge:
	"""`in_job`: the store commits after each unit of work. Never in a request or a document's event."""
	bridge = Bridge(
		store=cast(Store, LiveStore()),
		files=SiteFiles(),
		clock=SystemClock(),
		ids=RandomIds(),
		observer=SiteObserver(),
		breakers=_breakers,
		signers=_signers.setdefault(frappe.local.site, Signers()),
		sessions=every_session,
		gateway=_gateway,
		chatwoot=_chatwoot,
		connectors={
			Source.GATEWAY: wuzapi_connector,
			Source.CHATWOOT: chatwoot_connector,
			Source.DESK: DeskConnector(),
			Source.BRIDGE: OwnConnector(),
		},
		message_key=store_trouble()(message_key),
		gateway_setup=lambda session: careful_gateway_of(bridge, session, sides.gateway_setup_of(session)),
		voice_note=voice_note,
		film_of_gif=film_of_gif,
		sticker_of=sticker_of,
		keep_media=store_trouble()(keep_media),
		secret_changes=store_trouble()(secret_changes),
		first_time=first_time,
		wake=lambda lane: wake(),
		in_passing=show_soon,
	)
	if not in_job:
		return bridge
	lease = frappe.db.get_single_value("WuzAPI Settings", "lease_seconds") or _LEASE
	return bridge_of_thread(replace(bridge, retries=retries(), lease_seconds=float(lease)))


def bridge_of_thread(bridge: Bridge) -> Bridge:
	"""A job's bridge for a thread of its own: a store, which is for one thread, and calls that keep no transaction
	open meanwhile. Asks the database for nothing.
	"""
	store = LiveStore(commits=True)

	def before_call(session: Session) -> None:
		store.end_reading()
		if session.name not in sessions():
			until = bridge.clock.now() + _SWITCHED_OFF
			raise Deferred("the session is switched off", until)

	def setup(session: Session) -> GatewaySetup:
		gateway = CallsOutside(sides.gateway_setup_of(session), partial(before_call, session))
		return careful_gateway_of(own, session, cast(GatewaySetup, gateway))

	own = replace(
		bridge,
		store=cast(Store, store),
		gateway=lambda session: cast(Gateway, CallsOutside(_gateway(session), partial(before_call, session))),
		chatwoot=lambda session: cast(
			Chatwoot, CallsOutside(_chatwoot(session), partial(before_call, session))
		),
		gateway_setup=setup,
	)
	return own


def _gateway(session: Session) -> Gateway:
	name = f"gateway of {session.name} on {frappe.local.site}"
	with _lock:
		client = _clients.get(("gateway", session))
		if client is None:
			client = _clients["gateway", session] = Guard(
				WuzapiGateway(session), name, _breakers, SystemClock()
			)
	return cast(Gateway, client)


def _chatwoot(session: Session) -> Chatwoot:
	name = f"Chatwoot {session.chatwoot_url} account {session.account_id}"
	with _lock:
		client = _clients.get(("chatwoot", session))
		if client is None:
			client = _clients["chatwoot", session] = Guard(
				ChatwootInbox(session),
				name,
				_breakers,
				SystemClock(),
				lambda _: fetch_missed_soon(session.name),
			)
	return cast(Chatwoot, client)
