"""Puts the bridge together for this host: real store, files, clock, clients, threads. The only place that knows all."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, cast

from prometheus_client import CollectorRegistry, Counter

from wuzapi_chatwoot.bridge.context import Bridge
from wuzapi_chatwoot.bridge.guards.circuit_breaker import Breakers
from wuzapi_chatwoot.bridge.guards.circuit_breaker_client import CircuitBreakerClient
from wuzapi_chatwoot.bridge.guards.memory_budget import MemoryBudget
from wuzapi_chatwoot.bridge.guards.notice_limit import NoticeLimit
from wuzapi_chatwoot.bridge.inbox.internal_work import InternalConnector
from wuzapi_chatwoot.bridge.model.records import Secret, Session, Source
from wuzapi_chatwoot.bridge.ports.chatwoot import Chatwoot
from wuzapi_chatwoot.bridge.ports.gateway import Gateway
from wuzapi_chatwoot.bridge.ports.gateway_setup import GatewaySetup, WebhookSettings
from wuzapi_chatwoot.bridge.ports.host import Clock
from wuzapi_chatwoot.bridge.ports.store import Store
from wuzapi_chatwoot.bridge.sessions.connect_session import careful_gateway
from wuzapi_chatwoot.bridge.sessions.watch_session import Watched, watch_session
from wuzapi_chatwoot.bridge.worker.typing_relay import relay_typing
from wuzapi_chatwoot.chatwoot.client.client import ChatwootInbox
from wuzapi_chatwoot.chatwoot.webhook import connector as chatwoot_webhook
from wuzapi_chatwoot.gateways.wuzapi.client.client import WuzapiGateway
from wuzapi_chatwoot.gateways.wuzapi.webhook import connector as wuzapi_webhook
from wuzapi_chatwoot.media.moving_pictures import film_of_gif, sticker_of
from wuzapi_chatwoot.media.voice_notes import voice_note
from wuzapi_chatwoot.runtime.system import RandomIds, SystemClock
from wuzapi_chatwoot.standalone_host.config.message_key import message_key_of
from wuzapi_chatwoot.standalone_host.config.settings import Settings
from wuzapi_chatwoot.standalone_host.registry.secret_changes import SecretChanges
from wuzapi_chatwoot.standalone_host.registry.session_registry import SessionRegistry
from wuzapi_chatwoot.standalone_host.registry.session_store import SessionStoreFile
from wuzapi_chatwoot.standalone_host.registry.setup_clients import SetupClients
from wuzapi_chatwoot.standalone_host.storage.files import FolderFiles
from wuzapi_chatwoot.standalone_host.storage.store import SqlStore
from wuzapi_chatwoot.standalone_host.telemetry.health import Health
from wuzapi_chatwoot.standalone_host.telemetry.metrics import StoreCollector
from wuzapi_chatwoot.standalone_host.telemetry.observer import LoggingObserver
from wuzapi_chatwoot.standalone_host.telemetry.webhook_log import WebhookLog
from wuzapi_chatwoot.standalone_host.workers.connects import ConnectsOfSession, gateway_and_settings
from wuzapi_chatwoot.standalone_host.workers.dispatcher import Dispatcher
from wuzapi_chatwoot.standalone_host.workers.housekeeping import Housekeeping
from wuzapi_chatwoot.standalone_host.workers.typing_relay import TypingRelay
from wuzapi_chatwoot.standalone_host.workers.watcher import Watcher

# So many waiting lanes are looked through at start for sessions that are missing from the configuration.
_LANES_LOOKED_AT = 1000

# Bytes of large files that are carried at a time.
_LARGE_FILES = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Host:
	"""A wired bridge with its threads, not yet started."""

	settings: Settings
	sessions: SessionRegistry
	bridge: Bridge
	store: SqlStore
	dispatcher: Dispatcher
	housekeeping: Housekeeping
	passing: TypingRelay
	watcher: Watcher
	arrivals: WebhookLog
	secret_changes: SecretChanges
	clients: Clients
	health: Health
	registry: CollectorRegistry
	refused_logins: Counter

	def start(self) -> None:
		# This process is the only one (the data folder is locked): what was leased, was leased by one that died.
		freed = self.store.release_all_leases()
		if freed:
			self.bridge.observer.notice("lanes of an earlier run are taken up again", lanes=freed)
		known = self.sessions.sessions()
		for name in sorted({lane.session for lane in self.store.list_lanes(_LANES_LOOKED_AT)} - set(known)):
			self.bridge.observer.notice("events wait for a session that is not configured", session=name)
		# First the fetching: what waits for it must not be handed out before it has begun.
		self.housekeeping.start()
		self.dispatcher.start()
		self.passing.start()
		self.watcher.start()

	def stop(self, patience: float = 25.0) -> None:
		"""To be called when no request is being answered any more. Waits for what is being worked, so many seconds."""
		deadline = time.monotonic() + patience
		self.passing.stop()
		self.watcher.stop(0.0)
		self.housekeeping.stop(0.0)
		self.dispatcher.stop(patience)
		self.housekeeping.stop(max(deadline - time.monotonic(), 0.0))
		self.watcher.stop(max(deadline - time.monotonic(), 0.0))
		self.health.close()
		if self.at_work:
			# The store stays open: closing it under a thread that uses it helps nobody.
			self.bridge.observer.notice(
				"some work was still going on at the end; it is repeated at the next start"
			)
		else:
			self.store.close()

	@property
	def at_work(self) -> bool:
		return bool(
			not self.dispatcher.ended or self.dispatcher.busy or self.housekeeping.busy or self.watcher.busy
		)


@dataclass(frozen=True, slots=True)
class Clients:
	"""How the clients of a session are made. Tests give twins."""

	gateway: Callable[[Session], Gateway] = WuzapiGateway
	chatwoot: Callable[[Session], Chatwoot] = ChatwootInbox
	setup: SetupClients = field(default_factory=SetupClients)


class _GuardedClients:
	"""One client a session, made when first needed; before each stands the breaker of its destination.

	Kept as long as the session is the same: one that has changed gets a new client.
	"""

	def __init__(
		self, clients: Clients, breakers: Breakers, clock: Clock, on_recovery: Callable[[str], None]
	) -> None:
		"""`on_recovery` gets the name of a Chatwoot that answers again, as `chatwoot_name` gives it."""
		self._clients = clients
		self._breakers = breakers
		self._clock = clock
		self._on_recovery = on_recovery
		self._gateways: dict[str, tuple[Session, Any]] = {}
		self._inboxes: dict[str, tuple[Session, Any]] = {}
		self._lock = threading.Lock()

	def gateway(self, session: Session) -> Gateway:
		def make() -> Any:
			return CircuitBreakerClient(
				self._clients.gateway(session), f"gateway of {session.name}", self._breakers, self._clock
			)

		return cast(Gateway, self._kept(self._gateways, session, make))

	def chatwoot(self, session: Session) -> Chatwoot:
		def make() -> Any:
			return CircuitBreakerClient(
				self._clients.chatwoot(session),
				chatwoot_name(session),
				self._breakers,
				self._clock,
				self._on_recovery,
			)

		return cast(Chatwoot, self._kept(self._inboxes, session, make))

	def forget_others(self, sessions: Mapping[str, Session]) -> None:
		"""Drop what belongs to sessions that are gone."""
		with self._lock:
			for clients in (self._gateways, self._inboxes):
				for name in set(clients) - set(sessions):
					del clients[name]

	def _kept(
		self, clients: dict[str, tuple[Session, Any]], session: Session, make: Callable[[], Any]
	) -> Any:
		with self._lock:
			known = clients.get(session.name)
			if known is None or (known[0] is not session and known[0] != session):
				known = clients[session.name] = (session, make())
			return known[1]


def chatwoot_name(session: Session) -> str:
	"""Sessions of one account share a breaker: it is one Chatwoot that is up or down."""
	return f"Chatwoot {session.chatwoot_url} account {session.account_id}"


def wire(settings: Settings, *, clients: Clients | None = None, clock: Clock | None = None) -> Host:
	"""What is not given is the real thing. Raises `StoreUnavailable`, `SessionStoreUnusable`."""
	clients = clients or Clients()
	clock = clock or SystemClock()
	ids = RandomIds()
	registry = CollectorRegistry()
	breakers = Breakers()
	sessions = SessionRegistry(
		settings.sessions,
		settings.session_defaults,
		SessionStoreFile(settings.data_dir / "sessions.json"),
		clock,
	)
	store = SqlStore.open(settings.database_url)
	message_key = message_key_of(settings.data_dir)
	secret_changes = SecretChanges(clock)
	threads: dict[str, Any] = {}

	def fetch_after_outage(chatwoot: str) -> None:
		for name, session in sessions.sessions().items():
			if chatwoot_name(session) == chatwoot:
				threads["housekeeping"].fetch_soon(name)

	def wake(lane: str) -> None:
		threads["dispatcher"].wake(lane)

	def caught_up(session: str) -> bool:
		return bool(threads["housekeeping"].caught_up(session))

	def gateway_setup(session: Session) -> GatewaySetup:
		connects = ConnectsOfSession(watcher, session.name, lambda name: sessions.set_stopped(name, False))
		return careful_gateway(bridge, session, *settings_of(session), connects)

	def settings_of(session: Session) -> tuple[GatewaySetup, WebhookSettings, Secret | None]:
		gateway = clients.setup.gateway(session.gateway_url, session.gateway_token)
		by_hand = sessions.is_fixed(session.name)
		return gateway_and_settings(session, gateway, settings.public_url, by_hand=by_hand)

	guarded = _GuardedClients(clients, breakers, clock, fetch_after_outage)
	bridge = Bridge(
		store=cast(Store, store),
		files=FolderFiles(settings.data_dir / "files"),
		clock=clock,
		ids=ids,
		observer=LoggingObserver(registry),
		breakers=breakers,
		sessions=sessions.sessions,
		room=MemoryBudget(_LARGE_FILES),
		gateway=guarded.gateway,
		chatwoot=guarded.chatwoot,
		connectors={
			Source.GATEWAY: wuzapi_webhook.connector,
			Source.CHATWOOT: chatwoot_webhook.connector,
			Source.BRIDGE: InternalConnector(),
		},
		message_key=lambda: message_key,
		gateway_setup=gateway_setup,
		voice_note=voice_note,
		film_of_gif=film_of_gif,
		sticker_of=sticker_of,
		caught_up=caught_up,
		secret_changes=secret_changes,
		first_time=NoticeLimit(clock).first_time,
		wake=wake,
		typing_relay=lambda session, source, payload: threads["passing"].put(session, source, payload),
	)
	passing = threads["passing"] = TypingRelay(
		partial(relay_typing, bridge),
		lambda error: bridge.observer.notice("typing could not be shown", error=type(error).__name__),
	)
	dispatcher = threads["dispatcher"] = Dispatcher(bridge, ids.new(), settings.workers)
	housekeeping = threads["housekeeping"] = Housekeeping(
		bridge, settings.fetch_seconds, settings.retention_seconds
	)
	registry.register(StoreCollector(bridge))
	refused_logins = Counter("wuzapi_chatwoot_refused_logins_total", "Wrong ADMIN_TOKENs", registry=registry)

	def look(session: Session, watched: Watched) -> Watched:
		return watch_session(bridge, session, *settings_of(session), watched)

	watcher = Watcher(bridge, look, sessions.stopped, settings.watch_seconds)

	def checks() -> dict[str, tuple[Callable[[], None], Callable[[], None]]]:
		"""Health asks the real thing: a breaker's opinion is no answer."""
		return {
			name: (clients.gateway(session).check, clients.chatwoot(session).check)
			for name, session in sessions.sessions().items()
		}

	health = Health(bridge, checks, lambda: dispatcher.alive)

	settled: dict[str, Session] = {}

	def settle() -> None:
		"""A session that has got another inbox begins anew there, and keeps what was said."""
		for name, session in sessions.sessions().items():
			# A write for each: of hundreds, only the one that has changed.
			if settled.get(name) is not session:
				if store.settle_in_inbox(session, clock.now()):
					bridge.observer.notice("a session has another inbox now", session=name)
				settled[name] = session

	settle()
	sessions.on_change(settle)
	sessions.on_change(housekeeping.sessions_changed)
	sessions.on_change(watcher.sessions_changed)
	sessions.on_change(lambda: guarded.forget_others(sessions.sessions()))
	return Host(
		settings,
		sessions,
		bridge,
		store,
		dispatcher,
		housekeeping,
		passing,
		watcher,
		WebhookLog(clock),
		secret_changes,
		clients,
		health,
		registry,
		refused_logins,
	)
