"""A bridge whose both sides, store, clock and ids are twins in memory. Webhooks are given as typed events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone

from wuzapi_chatwoot.bridge.context import Bridge
from wuzapi_chatwoot.bridge.guards.circuit_breaker import Breakers
from wuzapi_chatwoot.bridge.guards.circuit_breaker_client import CircuitBreakerClient
from wuzapi_chatwoot.bridge.guards.notice_limit import NoticeLimit
from wuzapi_chatwoot.bridge.inbox.desk_messages import DeskConnector
from wuzapi_chatwoot.bridge.inbox.internal_work import InternalConnector
from wuzapi_chatwoot.bridge.inbox.receive_webhook import Answer, receive_webhook
from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.content import Content, Text
from wuzapi_chatwoot.bridge.model.errors import Permanent
from wuzapi_chatwoot.bridge.model.events import (
	AgentTyping,
	ChatwootDeletion,
	ChatwootMessage,
	ConversationChanged,
	Event,
	WhatsAppMessage,
)
from wuzapi_chatwoot.bridge.model.records import EventRow, EventState, MessageRow, Secret, Session, Source
from wuzapi_chatwoot.bridge.ports.connector import Malformed, Reading, WebhookRequest
from wuzapi_chatwoot.bridge.ports.gateway import OutgoingFile, VoiceNote
from wuzapi_chatwoot.bridge.worker.typing_relay import relay_typing
from wuzapi_chatwoot.bridge.worker.work_lane import work_lane
from wuzapi_chatwoot.chatwoot.webhook import connector as chatwoot_webhook
from wuzapi_chatwoot.testkit.twins.clock import START, FixedClock
from wuzapi_chatwoot.testkit.twins.fake_chatwoot import FakeChatwoot
from wuzapi_chatwoot.testkit.twins.fake_gateway import FakeGateway
from wuzapi_chatwoot.testkit.twins.ids import CountingIds
from wuzapi_chatwoot.testkit.twins.memory.files import MemoryFiles
from wuzapi_chatwoot.testkit.twins.memory.store import MemoryStore
from wuzapi_chatwoot.testkit.twins.observer import RecordingObserver

ANA = Address("447700900123", "s.whatsapp.net")
ANA_LID = Address("222200002222000", "lid")
GROUP = Address("120363000000000001", "g.us")
BEN = Address("333300003333000", "lid")
OWNER = Address("12025550100", "s.whatsapp.net")
KEY = "front-desk\nhttp://chatwoot.example\n3"
"""The session's `chatwoot_key`."""
ID_KEY = Secret("the key of message ids")
NO_PICTURE, STILL = b"these bytes are no picture", b"a picture that stands still"
NO_SOUND = b"these bytes are no sound"


@dataclass
class TypedConnector:
	"""Stands for a protocol: the body names an event that the test has put here. `signature: good` proves it."""

	source: Source
	readings: dict[str, Reading] = field(default_factory=dict)

	def signed(self, request: WebhookRequest) -> bool:
		return "signature" in request.headers

	def verify(self, request: WebhookRequest, secrets: Sequence[Secret], now: datetime) -> bool:
		return request.headers["signature"] in [secret.value for secret in secrets]

	def read(self, request: WebhookRequest) -> Reading:
		if request.body.decode() not in self.readings:
			raise Malformed("that is not JSON")
		return self.readings[request.body.decode()]

	def parse(self, payload: str) -> Event:
		if payload in self.readings:
			return self.readings[payload].event
		# What was fetched from the fake Chatwoot is shaped like a real webhook.
		return chatwoot_webhook.connector.parse(payload)


@dataclass
class World:
	session: Session
	clock: FixedClock = field(default_factory=FixedClock)
	store: MemoryStore = field(default_factory=MemoryStore)
	files: MemoryFiles = field(default_factory=MemoryFiles)
	observer: RecordingObserver = field(default_factory=RecordingObserver)
	gateway: FakeGateway = field(default_factory=FakeGateway)
	woken: list[str] = field(default_factory=list)

	def __post_init__(self) -> None:
		self.sessions = {self.session.name: self.session}
		self.store.settle_in_inbox(self.session, self.clock.now())
		self.chatwoot = FakeChatwoot(account_id=3, inbox_id=7, clock=self.clock)
		self.breakers = Breakers()
		self.connectors = {source: TypedConnector(source) for source in (Source.GATEWAY, Source.CHATWOOT)}
		self.kept: list[tuple[MessageRow, OutgoingFile]] = []
		self.recovered: list[str] = []
		self.passed: list[tuple[str, Source, str]] = []
		gateway = CircuitBreakerClient(self.gateway, "gateway", self.breakers, self.clock)
		chatwoot = CircuitBreakerClient(
			self.chatwoot, "Chatwoot", self.breakers, self.clock, self.recovered.append
		)
		self.bridge = Bridge(
			store=self.store,
			files=self.files,
			clock=self.clock,
			ids=CountingIds(),
			observer=self.observer,
			breakers=self.breakers,
			sessions=lambda: self.sessions,
			gateway=lambda session: gateway,
			chatwoot=lambda session: chatwoot,
			connectors={**self.connectors, Source.DESK: DeskConnector(), Source.BRIDGE: InternalConnector()},
			message_key=lambda: ID_KEY,
			voice_note=self.voice_note,
			film_of_gif=self.film_of_gif,
			sticker_of=self.sticker_of,
			keep_media=lambda message, file: self.kept.append((message, file)),
			first_time=NoticeLimit(self.clock).first_time,
			wake=self.woken.append,
			typing_relay=lambda session, source, payload: self.passed.append((session, source, payload)),
		)
		self._count = 0

	def voice_note(self, content: bytes) -> VoiceNote:
		"""Any sound but one that says that it is none."""
		if content == NO_SOUND:
			raise Permanent("this is no sound that can be read")
		return VoiceNote(b"opus of " + content, seconds=3, waveform=bytes(range(64)))

	def film_of_gif(self, content: bytes) -> bytes | None:
		"""Of any picture but one that cannot be read and one that stands still."""
		if content == NO_PICTURE:
			raise Permanent("this is no picture that can be read")
		return None if content == STILL else b"film of " + content

	def sticker_of(self, content: bytes) -> bytes:
		if content == NO_PICTURE:
			raise Permanent("this is no picture that can be read")
		return content if content.startswith(b"webp") else b"webp of " + content

	def show_passed(self) -> None:
		"""Work what was handed on in passing."""
		passed, self.passed = self.passed, []
		for one in passed:
			relay_typing(self.bridge, *one)

	def change_session(self, **fields: object) -> None:
		self.session = replace(self.session, **fields)
		self.sessions[self.session.name] = self.session
		self.store.settle_in_inbox(self.session, self.clock.now())

	def told(
		self, event: Event, key: str | None = None, media: bytes | None = None, **reading: object
	) -> str:
		"""Make the event readable by its connector; the body that stands for it."""
		self._count += 1
		body = key or f"event-{self._count}"
		source = Source.CHATWOOT if isinstance(event, ChatwootMessage) else Source.GATEWAY
		source = reading.pop("source", source)
		self.connectors[source].readings[body] = Reading(
			event=event, kind=type(event).__name__, payload=body, key=body, media=media, **reading
		)
		return body

	def receive(
		self, event: Event, key: str | None = None, media: bytes | None = None, source: Source | None = None
	) -> Answer:
		"""A proved webhook of that event."""
		if source is None:
			source = (
				Source.CHATWOOT
				if isinstance(event, ChatwootMessage | ChatwootDeletion | AgentTyping | ConversationChanged)
				else Source.GATEWAY
			)
		body = self.told(event, key, media, source=source)
		request = WebhookRequest(body.encode(), {"signature": "good"})
		return receive_webhook(self.bridge, source, request)

	def work(self, seconds: float = 1.0) -> int:
		"""Let that much time pass, then work every lane that is due until none is."""
		self.clock.advance(seconds)
		ended = 0
		while lanes := self.store.due_lanes(self.clock.now(), 100):
			ended += sum(work_lane(self.bridge, lane, "worker") for lane in lanes)
		return ended

	def outlast(self, rounds: int = 40) -> None:
		"""Work until nothing waits, however long the pauses are."""
		for _ in range(rounds):
			due = self.store.next_due()
			if due is None:
				return
			self.work(max((due - self.clock.now()).total_seconds(), 0.0) + 0.001)
		raise AssertionError("something still waits")

	def events(self, state: EventState) -> list[EventRow]:
		return self.store.list_events(state, 100)

	def customer(self, text: str = "Hello", id: str = "3A01", **fields: object) -> WhatsAppMessage:
		content: Content = fields.pop("content", Text(text))
		defaults = {
			"chat": ANA,
			"sender": ANA,
			"sent_at": self.clock.now().replace(microsecond=0),
			"push_name": "Ana Example",
		}
		return WhatsAppMessage(id=id, content=content, **{**defaults, **fields})

	def started(self, text: str = "Hello", **fields: object) -> int:
		"""Have a conversation in Chatwoot that a customer began, its contact's name looked up; its id there."""
		self.receive(self.customer(text, id="3A00", **fields))
		self.work()
		self.work()
		self.gateway.calls.clear()
		return next(iter(self.chatwoot.conversations))


def at(seconds: float) -> datetime:
	return START + timedelta(seconds=seconds)


UTC = timezone.utc


def new_world() -> World:
	return World(
		Session(
			name="front-desk",
			gateway_url="http://gateway.example",
			gateway_token=Secret("t"),
			chatwoot_url="http://chatwoot.example",
			chatwoot_token=Secret("c"),
			account_id=3,
			inbox_id=7,
			gateway_secrets=(Secret("good"), Secret("older")),
			chatwoot_secrets=(Secret("good"),),
		)
	)
