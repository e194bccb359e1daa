"""The standalone host with its real routes, store and files, between twins of gateway and Chatwoot."""

from __future__ import annotations

import hashlib
import hmac
import json
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

import httpx

from wuzapi_chatwoot.bridge.diagnosis.findings import Reached
from wuzapi_chatwoot.bridge.model.errors import BridgeError, Permanent
from wuzapi_chatwoot.bridge.model.records import EventRow, EventState, Secret, Session
from wuzapi_chatwoot.bridge.ports.chatwoot import Chatwoot
from wuzapi_chatwoot.bridge.worker.work_lane import work_lane
from wuzapi_chatwoot.standalone_host.config.settings import Settings
from wuzapi_chatwoot.standalone_host.registry.setup_clients import SetupClients
from wuzapi_chatwoot.standalone_host.web.app import create_app
from wuzapi_chatwoot.standalone_host.wiring.host import Clients, wire
from wuzapi_chatwoot.testkit.twins.clock import FixedClock
from wuzapi_chatwoot.testkit.twins.fake_chatwoot import FakeChatwoot
from wuzapi_chatwoot.testkit.twins.fake_chatwoot_setup import FakeChatwootProfile, FakeChatwootSetup
from wuzapi_chatwoot.testkit.twins.fake_gateway import FakeGateway
from wuzapi_chatwoot.testkit.twins.fake_gateway_setup import FakeGatewayAdmin
from wuzapi_chatwoot.testkit.twins.observer import SeenAttempt, SeenNotice, SeenWebhook

with warnings.catch_warnings():
	# Newer releases of Starlette ask for a newer httpx by a warning; both work here.
	warnings.simplefilter("ignore")
	from fastapi.testclient import TestClient

PAYLOADS = Path(__file__).parent / "payloads"
ADMIN = {"Authorization": "Bearer Fictional-Admin-Token"}

SESSION = Session(
	name="front-desk",
	gateway_url="http://gateway.example",
	gateway_token=Secret("Fictional-Gateway-Token"),
	chatwoot_url="http://chatwoot.example",
	chatwoot_token=Secret("Fictional-Chatwoot-Token"),
	account_id=3,
	inbox_id=7,
	gateway_secrets=(Secret("Fictional-Hmac-Key"),),
	chatwoot_secrets=(Secret("Fictional-Chatwoot-Secret"),),
)
DEFAULTS = Session(
	name="",
	gateway_url="http://unused.invalid",
	gateway_token=Secret("unused"),
	chatwoot_url="http://unused.invalid",
	chatwoot_token=Secret("unused"),
	account_id=1,
	inbox_id=1,
	settle_seconds=0.0,
	time_zone="Europe/Berlin",
)
BY_TOKEN = replace(
	SESSION,
	gateway_secrets=(),
	chatwoot_secrets=(),
	webhook_tokens=(Secret("Fictional-Old-Token"), Secret("Fictional-New-Token")),
)


def settings_in(folder: Path, *sessions: Session, **changes: Any) -> Settings:
	folder.mkdir(parents=True, exist_ok=True)
	values = {
		"host": "127.0.0.1",
		"port": 0,
		"log_level": "info",
		"log_format": "json",
		"data_dir": folder,
		"database_url": f"sqlite:///{folder / 'bridge.db'}",
		"admin_token": Secret("Fictional-Admin-Token"),
		"workers": 4,
		"largest_body": 1024 * 1024,
		"fetch_seconds": 180.0,
		"retention_seconds": 86400.0,
		"watch_seconds": 3600.0,
		"public_url": "http://bridge.example",
		"session_defaults": DEFAULTS,
		"sessions": {session.name: session for session in sessions or (SESSION,)},
	}
	return Settings(**{**values, **changes})


class CountedObserver:
	"""Hands on to the real observer and keeps what it was told."""

	def __init__(self, real: Any) -> None:
		self._real = real
		self.webhooks: list[SeenWebhook] = []
		self.attempts: list[SeenAttempt] = []
		self.notices: list[SeenNotice] = []

	def webhook(self, *told: Any) -> None:
		self.webhooks.append(SeenWebhook(*told))
		self._real.webhook(*told)

	def attempt(self, *told: Any) -> None:
		self.attempts.append(SeenAttempt(*told))
		self._real.attempt(*told)

	def notice(self, what: str, **ids: object) -> None:
		self.notices.append(SeenNotice(what, ids))
		self._real.notice(what, **ids)


class StandaloneWorld:
	"""Threads run only inside `with world.http:`; without it, `work` works what is due."""

	def __init__(self, folder: Path, *sessions: Session, **changes: Any) -> None:
		self.settings = settings_in(folder, *sessions, **changes)
		self.clock = FixedClock()
		self.gateways = {name: FakeGateway() for name in self.settings.sessions}
		self.chatwoots = {
			name: FakeChatwoot(account_id=session.account_id, inbox_id=session.inbox_id, clock=self.clock)
			for name, session in self.settings.sessions.items()
		}
		self.users = FakeGatewayAdmin()
		"""What the gateway is set up by; it knows nothing of `gateways`, nor `inboxes` of `chatwoots`."""
		self.profile = FakeChatwootProfile()
		self.inboxes = FakeChatwootSetup(time=self.clock)
		clients = Clients(
			gateway=lambda session: self.gateways[session.name],
			chatwoot=lambda session: self.chatwoots[session.name],
			setup=SetupClients(
				admin=lambda url, token: self.users,
				gateway=lambda url, token: self.users.setup(token),
				profile=lambda url, token: self.profile,
				chatwoot=lambda url, token, account: self.inboxes,
			),
		)
		self.host = wire(self.settings, clients=clients, clock=self.clock)
		self.bridge = self.host.bridge
		self.store = self.host.store
		self.observer = CountedObserver(self.bridge.observer)
		object.__setattr__(self.bridge, "observer", self.observer)
		self.reached = Reached()
		"""What comes of the doctor's webhook to ourselves."""

	@cached_property
	def http(self) -> TestClient:
		"""Made for those who ask for it: the routes are most of what a world costs."""
		app = create_app(self.host, lambda url, session, now: self.reached)
		return TestClient(app, raise_server_exceptions=False)

	@property
	def gateway(self) -> FakeGateway:
		return next(iter(self.gateways.values()))

	@property
	def chatwoot(self) -> FakeChatwoot:
		return next(iter(self.chatwoots.values()))

	def close(self) -> None:
		self.host.health.close()
		self.store.close()

	# ---- webhooks

	def told_by_gateway(
		self, body: bytes | dict[str, Any], path: str = "/webhook/wuzapi", **headers: str
	) -> httpx.Response:
		"""A signed webhook of the gateway in JSON mode."""
		content = body if isinstance(body, bytes) else json.dumps(body).encode()
		signed = {"x-hmac-signature": gateway_signature(content), "content-type": "application/json"}
		return self.http.post(path, content=content, headers={**signed, **headers})

	def told_by_chatwoot(
		self, body: bytes | dict[str, Any], path: str = "/webhook/chatwoot", **headers: str
	) -> httpx.Response:
		"""A signed webhook of Chatwoot."""
		content = body if isinstance(body, bytes) else json.dumps(body).encode()
		signed = {**self.chatwoot_signature(content), "content-type": "application/json"}
		return self.http.post(path, content=content, headers={**signed, **headers})

	def chatwoot_signature(self, content: bytes) -> dict[str, str]:
		timestamp = str(int(self.clock.now().timestamp()))
		signed = timestamp.encode() + b"." + content
		digest = hmac.new(b"Fictional-Chatwoot-Secret", signed, hashlib.sha256).hexdigest()
		return {"x-chatwoot-timestamp": timestamp, "x-chatwoot-signature": f"sha256={digest}"}

	def told(self, source: str, body: bytes | dict[str, Any], **rest: Any) -> httpx.Response:
		return (self.told_by_gateway if source == "wuzapi" else self.told_by_chatwoot)(body, **rest)

	def customer_writes(self, text: str = "Good morning", id: str = "3AFICTION01") -> httpx.Response:
		return self.told_by_gateway(customer_message(text, id))

	@contextmanager
	def chatwoot_fails(self, error: BridgeError) -> Iterator[None]:
		"""Whatever call comes first fails in that way."""
		methods = [name for name in dir(Chatwoot) if not name.startswith("_") and name != "check"]
		for method in methods:
			self.chatwoot.fail_next(method, error, times=20)
		yield
		for method in methods:
			self.chatwoot._failures.pop(method)

	# ---- what happened

	def events(self, *states: EventState) -> list[EventRow]:
		return [row for state in states or EventState for row in self.store.list_events(state, 500)]

	@property
	def files(self) -> list[Path]:
		return [path for path in (self.settings.data_dir / "files").rglob("*") if path.is_file()]

	def work(self, seconds: float = 1.0) -> None:
		"""Let that much time pass, then work every lane that is due until none is."""
		self.clock.advance(seconds)
		while lanes := self.store.due_lanes(self.clock.now(), 100):
			for lane in lanes:
				work_lane(self.bridge, lane, "worker")

	def outlast(self, rounds: int = 60) -> None:
		"""Work until nothing waits, however long the pauses are."""
		for _ in range(rounds):
			due = self.store.next_due()
			if due is None:
				return
			self.work(max((due - self.clock.now()).total_seconds(), 0.0) + 0.001)
		raise AssertionError("something still waits")


@contextmanager
def world_in(folder: Path, *sessions: Session, **changes: Any) -> Iterator[StandaloneWorld]:
	world = StandaloneWorld(folder, *sessions, **changes)
	try:
		yield world
	finally:
		world.close()


def gateway_signature(content: bytes) -> str:
	return hmac.new(b"Fictional-Hmac-Key", content, hashlib.sha256).hexdigest()


def recorded(name: str) -> bytes:
	"""A recorded webhook by its path below `tests/payloads`."""
	return (PAYLOADS / name).read_bytes()


def recordings(source: str) -> list[Path]:
	"""Every recorded webhook of `wuzapi` or `chatwoot`."""
	return sorted((PAYLOADS / f"{source}-webhooks").glob("*.json"))


def customer_message(text: str, id: str = "3AFICTION01") -> dict[str, Any]:
	hook = json.loads(recorded("wuzapi-webhooks/message-text.json"))
	hook["event"]["Message"] = {"conversation": text}
	hook["event"]["Info"]["ID"] = id
	return hook


def agent_message(text: str, id: int = 9001) -> dict[str, Any]:
	"""As the session of these tests gets it; the conversation is Chatwoot's number 1."""
	hook = json.loads(recorded("chatwoot-webhooks/01_message_created_outgoing_text_agent.json"))
	hook |= {"id": id, "content": text}
	hook["account"] = {"id": SESSION.account_id}
	hook["inbox"] = {"id": SESSION.inbox_id}
	hook["conversation"] |= {"inbox_id": SESSION.inbox_id}
	return hook


def form_of(hook: dict[str, Any]) -> dict[str, str]:
	"""The fields in which WuzAPI's form mode sends it."""
	inner = {key: value for key, value in hook.items() if key not in ("userID", "instanceName")}
	return {
		"instanceName": hook.get("instanceName", ""),
		"jsonData": json.dumps(inner, ensure_ascii=False),
		"userID": hook.get("userID", ""),
	}


TEXT = "Recognisable words of a customer"


def a_dead_event(world: StandaloneWorld, id: str = "3ADEAD01") -> int:
	with world.chatwoot_fails(Permanent("Chatwoot refused it")):
		world.customer_writes(TEXT, id)
		world.work()
	return world.events(EventState.DEAD)[0].id
