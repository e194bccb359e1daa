"""Puts the bridge together for one request or job on this site. What is dear (clients, breakers) lives as long as
the process.
"""

from __future__ import annotations

import threading
from typing import Any, cast

import frappe

from ..bridge.breaker import Breakers
from ..bridge.desk_messages import DeskConnector
from ..bridge.guard import Guard
from ..bridge.ports import Bridge, Chatwoot, Gateway, Store
from ..bridge.records import Session, Source
from ..chatwoot import connector as chatwoot_connector
from ..chatwoot.client import ChatwootInbox
from ..system import RandomIds, SystemClock
from ..wuzapi import connector as wuzapi_connector
from ..wuzapi.client import WuzapiGateway
from .files import SiteFiles
from .live_store import LiveStore
from .observer import SiteObserver
from .settings import sessions
from .wake import fetch_missed_soon, wake

_breakers = Breakers()
_clients: dict[tuple[str, Session], Any] = {}
_lock = threading.Lock()


def bridge_of_site(*, in_job: bool = False) -> Bridge:
	"""`in_job`: the store commits after each unit of work. Never in a request or a document's event."""
	return Bridge(
		store=cast(Store, LiveStore(commits=in_job)),
		files=SiteFiles(),
		clock=SystemClock(),
		ids=RandomIds(),
		observer=SiteObserver(),
		breakers=_breakers,
		sessions=sessions,
		gateway=_gateway,
		chatwoot=_chatwoot,
		connectors={
			Source.GATEWAY: wuzapi_connector,
			Source.CHATWOOT: chatwoot_connector,
			Source.DESK: DeskConnector(),
		},
		wake=lambda lane: wake(),
	)


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
