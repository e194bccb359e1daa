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

from wuzapi_chatwoot.bridge.context import Bridge
from wuzapi_chatwoot.bridge.guards.circuit_breaker import Breakers
from wuzapi_chatwoot.bridge.guards.circuit_breaker_client import CircuitBreakerClient
from wuzapi_chatwoot.bridge.guards.known_signers import KnownSigners
from wuzapi_chatwoot.bridge.inbox.desk_messages import DeskConnector
from wuzapi_chatwoot.bridge.inbox.internal_work import InternalConnector
from wuzapi_chatwoot.bridge.model.errors import Deferred
from wuzapi_chatwoot.bridge.model.records import Session, Source
from wuzapi_chatwoot.bridge.ports.chatwoot import Chatwoot
from wuzapi_chatwoot.bridge.ports.gateway import Gateway
from wuzapi_chatwoot.bridge.ports.gateway_setup import GatewaySetup
from wuzapi_chatwoot.bridge.ports.store import Store
from wuzapi_chatwoot.chatwoot import connector as chatwoot_connector
from wuzapi_chatwoot.chatwoot.client.client import ChatwootInbox
from wuzapi_chatwoot.frappe_host.files.media import keep_media
from wuzapi_chatwoot.frappe_host.files.webhook_files import SiteFiles
from wuzapi_chatwoot.frappe_host.gateways import setup_clients as sides
from wuzapi_chatwoot.frappe_host.gateways.connects import exclusive_gateway_of
from wuzapi_chatwoot.frappe_host.live.live_store import LiveStore
from wuzapi_chatwoot.frappe_host.settings import every_session, retries, sessions
from wuzapi_chatwoot.frappe_host.store.connection import store_trouble
from wuzapi_chatwoot.frappe_host.task_state.enqueue import fetch_missed_soon, show_soon, wake
from wuzapi_chatwoot.frappe_host.task_state.notice_limit import first_time
from wuzapi_chatwoot.frappe_host.task_state.secret_changes import secret_changes
from wuzapi_chatwoot.frappe_host.telemetry.observer import SiteObserver
from wuzapi_chatwoot.frappe_host.threads.call_interceptor import CallInterceptor
from wuzapi_chatwoot.frappe_host.wiring.message_key import message_key
from wuzapi_chatwoot.gateways.wuzapi import connector as wuzapi_connector
from wuzapi_chatwoot.gateways.wuzapi.client.client import WuzapiGateway
from wuzapi_chatwoot.media.moving_pictures import film_of_gif, sticker_of
from wuzapi_chatwoot.media.voice_notes import voice_note
from wuzapi_chatwoot.runtime.system import RandomIds, SystemClock

_breakers = Breakers()
_signers: dict[str, KnownSigners] = {}
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
		signers=_signers.setdefault(frappe.local.site, KnownSigners()),
		sessions=every_session,
		gateway=_gateway,
		chatwoot=_chatwoot,
		connectors={
			Source.GATEWAY: wuzapi_connector,
			Source.CHATWOOT: chatwoot_connector,
			Source.DESK: DeskConnector(),
			Source.BRIDGE: InternalConnector(),
		},
		message_key=store_trouble()(message_key),
		gateway_setup=lambda session: exclusive_gateway_of(bridge, session, sides.gateway_setup_of(session)),
		voice_note=voice_note,
		film_of_gif=film_of_gif,
		sticker_of=sticker_of,
		keep_media=store_trouble()(keep_media),
		secret_changes=store_trouble()(secret_changes),
		first_time=first_time,
		wake=lambda lane: wake(),
		typing_relay=show_soon,
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
		gateway = CallInterceptor(sides.gateway_setup_of(session), partial(before_call, session))
		return exclusive_gateway_of(own, session, cast(GatewaySetup, gateway))

	own = replace(
		bridge,
		store=cast(Store, store),
		gateway=lambda session: cast(
			Gateway, CallInterceptor(_gateway(session), partial(before_call, session))
		),
		chatwoot=lambda session: cast(
			Chatwoot, CallInterceptor(_chatwoot(session), partial(before_call, session))
		),
		gateway_setup=setup,
	)
	return own


def _gateway(session: Session) -> Gateway:
	name = f"gateway of {session.name} on {frappe.local.site}"
	with _lock:
		client = _clients.get(("gateway", session))
		if client is None:
			client = _clients["gateway", session] = CircuitBreakerClient(
				WuzapiGateway(session), name, _breakers, SystemClock()
			)
	return cast(Gateway, client)


def _chatwoot(session: Session) -> Chatwoot:
	name = f"Chatwoot {session.chatwoot_url} account {session.account_id}"
	with _lock:
		client = _clients.get(("chatwoot", session))
		if client is None:
			client = _clients["chatwoot", session] = CircuitBreakerClient(
				ChatwootInbox(session),
				name,
				_breakers,
				SystemClock(),
				lambda _: fetch_missed_soon(session.name),
			)
	return cast(Chatwoot, client)
