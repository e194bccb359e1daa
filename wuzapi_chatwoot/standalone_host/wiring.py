"""Puts the bridge together for this host: real store, files, clock, clients, threads. The only place that knows all."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from prometheus_client import CollectorRegistry

from ..bridge.breaker import Breakers
from ..bridge.guard import Guard
from ..bridge.ports import Bridge, Chatwoot, Clock, Gateway, Store
from ..bridge.records import Session, Source
from ..chatwoot import webhook as chatwoot_webhook
from ..chatwoot.client import ChatwootInbox
from ..wuzapi import webhook as wuzapi_webhook
from ..wuzapi.client import WuzapiGateway
from .dispatcher import Dispatcher
from .files import FolderFiles
from .health import Health
from .housekeeping import Housekeeping
from .metrics import StoreCollector
from .observer import LoggingObserver
from .settings import Settings
from .store import SqlStore
from .system import RandomIds, SystemClock


@dataclass(frozen=True, slots=True)
class Host:
	"""A wired bridge with its threads, not yet started."""

	settings: Settings
	bridge: Bridge
	store: SqlStore
	dispatcher: Dispatcher
	housekeeping: Housekeeping
	health: Health
	registry: CollectorRegistry

	def start(self) -> None:
		# This process is the only one (the data folder is locked): what was leased, was leased by one that died.
		freed = self.store.release_all_leases()
		if freed:
			self.bridge.observer.notice("lanes of an earlier run are taken up again", lanes=freed)
		self.dispatcher.start()
		self.housekeeping.start()

	def stop(self, patience: float = 25.0) -> None:
		self.housekeeping.stop(1.0)
		if not self.dispatcher.stop(patience):
			self.bridge.observer.notice(
				"some work was still going on at the end; it is repeated at the next start"
			)
		self.store.close()


class _Clients:
	"""One client a session, made when first needed; before each stands the breaker of its destination."""

	def __init__(self, breakers: Breakers, clock: Clock, on_recovery: Callable[[str], None]) -> None:
		self._breakers = breakers
		self._clock = clock
		self._on_recovery = on_recovery
		self._gateways: dict[str, Any] = {}
		self._inboxes: dict[str, Any] = {}
		self._lock = threading.Lock()

	def gateway(self, session: Session) -> Gateway:
		with self._lock:
			if session.name not in self._gateways:
				name = f"gateway of {session.name}"
				self._gateways[session.name] = Guard(
					WuzapiGateway(session), name, self._breakers, self._clock
				)
			return cast(Gateway, self._gateways[session.name])

	def chatwoot(self, session: Session) -> Chatwoot:
		with self._lock:
			if session.name not in self._inboxes:
				# Sessions of one account share a breaker: it is one Chatwoot that is up or down.
				name = f"Chatwoot {session.chatwoot_url} account {session.account_id}"
				self._inboxes[session.name] = Guard(
					ChatwootInbox(session),
					name,
					self._breakers,
					self._clock,
					lambda _: self._on_recovery(session.name),
				)
			return cast(Chatwoot, self._inboxes[session.name])


def wire(settings: Settings) -> Host:
	"""Opens the store; raises `StoreUnavailable` if it cannot."""
	clock = SystemClock()
	ids = RandomIds()
	registry = CollectorRegistry()
	breakers = Breakers()
	store = SqlStore.open(settings.database_url)
	threads: dict[str, Any] = {}

	def fetch_soon(session: str) -> None:
		threads["housekeeping"].fetch_soon(session)

	def wake(lane: str) -> None:
		threads["dispatcher"].wake(lane)

	clients = _Clients(breakers, clock, fetch_soon)
	bridge = Bridge(
		store=cast(Store, store),
		files=FolderFiles(settings.data_dir / "files"),
		clock=clock,
		ids=ids,
		observer=LoggingObserver(registry),
		breakers=breakers,
		sessions=lambda: settings.sessions,
		gateway=clients.gateway,
		chatwoot=clients.chatwoot,
		connectors={Source.GATEWAY: wuzapi_webhook.connector, Source.CHATWOOT: chatwoot_webhook.connector},
		wake=wake,
	)
	dispatcher = threads["dispatcher"] = Dispatcher(bridge, ids.new(), settings.workers)
	housekeeping = threads["housekeeping"] = Housekeeping(
		bridge, settings.fetch_seconds, settings.retention_seconds
	)
	registry.register(StoreCollector(bridge))
	# Health asks the real thing: a breaker's opinion is no answer.
	checks = {
		name: (WuzapiGateway(session).check, ChatwootInbox(session).check)
		for name, session in settings.sessions.items()
	}
	health = Health(bridge, checks, lambda: dispatcher.alive)
	return Host(settings, bridge, store, dispatcher, housekeeping, health, registry)
